"""A read-only NFC Forum Type 4 tag with one public record, beside the payment applications.

NFC Forum Type 4 Tag, mapping version 2.0: application D2760000850101, capability container E103, NDEF file E104.
"""

from micropython import const

from watch.kernel.errors import InputError
from watch.nfc import apdu, status

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.nfc.apdu import Buffer

_AID = b"\xd2\x76\x00\x00\x85\x01\x01"
_CONTAINER_ID = const(0xE103)
_FILE_ID = const(0xE104)
_MOST_MESSAGE = const(1024)
"""Longest message kept: a link or a contact, not a picture."""
_LENGTH_BYTES = const(2)
_MOST_READ = const(255)
_SELECT_FIRST_BY_ID = const(0x00)
_P2_NO_DATA = const(0x0C)


class NdefTag:
    """One router application."""

    aid = _AID

    def __init__(self, message: bytes) -> None:
        """Serve `message`, a complete NDEF message. Raises InputError if it is too long."""
        if len(message) > _MOST_MESSAGE:
            raise InputError("NDEF message too long")
        size = _LENGTH_BYTES + len(message)
        self._files = {
            _CONTAINER_ID: _container(size),
            _FILE_ID: bytes((len(message) >> 8, len(message) & 0xFF)) + message,
        }
        self._file: "Optional[bytes]" = None

    def select(self, reply: "Buffer") -> int:
        """Answer SELECT with no data."""
        self._file = None
        return 0

    def deselect(self) -> None:
        """Forget the selected file."""
        self._file = None

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Answer SELECT by file id and READ BINARY."""
        if request[apdu.CLA]:
            return -status.UNKNOWN_CLASS
        if request[apdu.INS] == apdu.INS_SELECT:
            return self._select_file(request, length)
        if request[apdu.INS] == apdu.INS_READ_BINARY:
            return self._read(request, length, reply)
        return -status.UNKNOWN_INSTRUCTION

    def _select_file(self, request: "Buffer", length: int) -> int:
        if request[apdu.P1] != _SELECT_FIRST_BY_ID or request[apdu.P2] & ~_P2_NO_DATA:
            return -status.WRONG_P1_P2
        if apdu.data_length(request, length) != 2:
            return -status.FILE_NOT_FOUND
        file = self._files.get(request[apdu.DATA] << 8 | request[apdu.DATA + 1])
        if file is None:
            return -status.FILE_NOT_FOUND
        self._file = file
        return 0

    def _read(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """READ BINARY with an offset in P1 P2; never more than Le bytes."""
        if self._file is None:
            return -status.CONDITIONS_NOT_SATISFIED
        if length != apdu.DATA:
            return -status.WRONG_LENGTH
        offset = request[apdu.P1] << 8 | request[apdu.P2]
        if offset >= len(self._file):  # also every P1 with the short-file bit, since files end below 8000
            return -status.WRONG_OFFSET
        part = self._file[offset : offset + (request[apdu.LC] or _MOST_READ + 1)]
        reply[: len(part)] = part
        return len(part)


def _container(file_size: int) -> bytes:
    """The capability container: MLe, MLc, and the NDEF file as readable by all and writable by nobody."""
    return bytes(
        (0x00, 0x0F, 0x20, 0x00, _MOST_READ, 0x00, _MOST_READ)
        + (0x04, 0x06, _FILE_ID >> 8, _FILE_ID & 0xFF, file_size >> 8, file_size & 0xFF, 0x00, 0xFF)
    )
