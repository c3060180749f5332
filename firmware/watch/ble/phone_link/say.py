"""Lines for the phone: JSON in ASCII, one object a line.

Gadgetbridge reads bytes as Latin-1 and cuts one character before the newline, so every line ends in two.
"""

import json

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.ble.gatt import Characteristic, Link

END = b"\r\n"
_DIGITS = b"0123456789abcdef"


def line(message: "dict[str, Any]") -> bytes:
    """The bytes of a message, its end included."""
    return bytes(_ascii(json.dumps(message, separators=(",", ":")).encode())) + END


async def send(link: "Link", row: "Characteristic", data: bytes) -> None:
    """Notify a line in pieces as large as the link takes. Raises LinkError, DeadlineError."""
    at, view = 0, memoryview(data)
    while at < len(data):
        room = link.room()
        await link.notify(row, view[at : at + room])
        at += room


def _ascii(text: bytes) -> bytearray:
    """UTF-8 to ASCII with escapes of four digits: JSON has characters beyond ASCII in strings only."""
    out = bytearray()
    at = 0
    while at < len(text):
        first = text[at]
        if first < 0x80:
            out.append(first)
            at += 1
            continue
        follows = 1 if first < 0xE0 else 2 if first < 0xF0 else 3
        code = first & 0x3F >> follows
        for place in range(at + 1, at + 1 + follows):
            code = code << 6 | text[place] & 0x3F
        at += 1 + follows
        if code > 0xFFFF:  # RFC 8259 section 7: a surrogate pair
            _escape(out, 0xD800 + (code - 0x10000 >> 10))
            code = 0xDC00 + (code & 0x3FF)
        _escape(out, code)
    return out


def _escape(out: bytearray, unit: int) -> None:
    out.extend(b"\\u")
    for shift in (12, 8, 4, 0):
        out.append(_DIGITS[unit >> shift & 15])
