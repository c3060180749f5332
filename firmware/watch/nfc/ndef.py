"""A read-only NFC Forum Type 4 tag with one message, beside the payment applications.

NFC Forum Type 4 Tag, mapping version 2.0: application D2760000850101, capability container E103, NDEF file E104.
"""

from micropython import const

from watch.kernel.errors import InputError
from watch.nfc import apdu, status
from watch.nfc.ndef_records import MOST_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.nfc.apdu import Buffer

_AID = b"\xd2\x76\x00\x00\x85\x01\x01"
_CONTAINER_ID = const(0xE103)
_FILE_ID = const(0xE104)
_LENGTH_BYTES = const(2)
_FILE_BYTES = const(514)
"""NLEN and the longest message. The size is fixed, so the container says nothing of the message; the rest is zero."""
_MOST_LE = const(255)
"""MLe: an Le of one byte; 00 means 256 and is served as well."""
_MOST_LC = const(255)
_SELECT_FIRST_BY_ID = const(0x00)
_P2_KNOWN = (0x00, 0x0C)
"""First or only file, with control information (there is none) or without."""

_CONTAINER = bytes(
    (0x00, 0x0F, 0x20, 0x00, _MOST_LE, 0x00, _MOST_LC)
    + (0x04, 0x06, _FILE_ID >> 8, _FILE_ID & 0xFF, _FILE_BYTES >> 8, _FILE_BYTES & 0xFF, 0x00, 0xFF)
)
"""Length, version 2.0, MLe, MLc; then the NDEF file as readable by all and writable by nobody."""


class NdefTag:
    """One router application."""

    aid = _AID

    def __init__(self, message: "Callable[[], bytes]") -> None:
        """`message` is asked at each SELECT for a complete NDEF message of at most 512 bytes.

        What it gives is kept, and read, until the tag is left: no reader sees half of one message and half of another.
        """
        self._message = message
        self._content = bytearray(_FILE_BYTES)
        self._files = {_CONTAINER_ID: _CONTAINER, _FILE_ID: self._content}
        self._here = False
        self._file: "Optional[bytes | bytearray]" = None

    def select(self, reply: "Buffer") -> int:
        """Take the message and answer SELECT with no data. Raises InputError if the message is too long."""
        self.deselect()
        message = self._message()
        size = len(message)
        if size > MOST_BYTES:
            raise InputError("the NDEF message is too long")
        content = self._content
        content[0] = size >> 8
        content[1] = size & 0xFF
        content[_LENGTH_BYTES : _LENGTH_BYTES + size] = message
        self._here = True
        return 0

    def deselect(self) -> None:
        """Forget the selected file and the message; nothing is readable before the next SELECT."""
        self._here = False
        self._file = None
        content = self._content
        used = _LENGTH_BYTES + (content[0] << 8 | content[1])
        for i in range(used):
            content[i] = 0

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Answer SELECT by file id and READ BINARY; refuse UPDATE BINARY."""
        if request[apdu.CLA]:
            return -status.UNKNOWN_CLASS
        if not self._here:
            return -status.CONDITIONS_NOT_SATISFIED
        if request[apdu.INS] == apdu.INS_SELECT:
            return self._select_file(request, length)
        if request[apdu.INS] == apdu.INS_READ_BINARY:
            return self._read(request, length, reply)
        if request[apdu.INS] == apdu.INS_UPDATE_BINARY:
            return -status.SECURITY_STATUS_NOT_SATISFIED
        return -status.UNKNOWN_INSTRUCTION

    def _select_file(self, request: "Buffer", length: int) -> int:
        if request[apdu.P1] != _SELECT_FIRST_BY_ID or request[apdu.P2] not in _P2_KNOWN:
            return -status.WRONG_P1_P2
        if apdu.data_length(request, length) != 2:
            return -status.FILE_NOT_FOUND
        file = self._files.get(request[apdu.DATA] << 8 | request[apdu.DATA + 1])
        if file is None:
            return -status.FILE_NOT_FOUND
        self._file = file
        return 0

    def _read(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """READ BINARY with an offset in P1 P2: exactly Le bytes, or what there is up to the end of the file."""
        file = self._file
        if file is None:
            return -status.NO_CURRENT_FILE
        if length != apdu.DATA:
            return -status.WRONG_LENGTH
        offset = request[apdu.P1] << 8 | request[apdu.P2]
        if offset >= len(file):  # also every P1 with the short-file bit, since files end below 8000
            return -status.WRONG_OFFSET
        part = file[offset : offset + (request[apdu.LC] or _MOST_LE + 1)]
        reply[: len(part)] = part
        return len(part)
