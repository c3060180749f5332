"""Commands over T=0, where the card cannot take and give data in one go (ISO/IEC 7816-3 section 12.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MORE, _WRONG_LE = 0x61, 0x6C
_HEADER = 4
MAX_PARTS = 16
"""Parts of one answer; 256 bytes each are more than any short command needs."""


def exchange(send: Callable[[bytes], bytes], command: bytes) -> bytes:
    """Send a command and fetch its whole answer: GET RESPONSE after 61xx, the right Le after 6Cxx.

    An answer that never ends is handed back as it stands, with its 61xx.
    """
    answer = send(_without_le(command))
    if answer[-2] == _WRONG_LE and _data_length(command) is None:
        answer = send(command[:_HEADER] + answer[-1:])
    data = b""
    for _ in range(MAX_PARTS):
        if answer[-2] != _MORE:
            break
        data += answer[:-2]
        answer = send(bytes((command[0] & 0x03, 0xC0, 0x00, 0x00, answer[-1])))
        if answer[-2] == _WRONG_LE:
            answer = send(bytes((command[0] & 0x03, 0xC0, 0x00, 0x00, answer[-1])))
    return data + answer


def _data_length(command: bytes) -> int | None:
    """Lc of a short command with data, None for one without."""
    return command[_HEADER] if len(command) > _HEADER + 1 else None


def _without_le(command: bytes) -> bytes:
    length = _data_length(command)
    return command if length is None else command[: _HEADER + 1 + length]
