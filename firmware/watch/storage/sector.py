"""The header at the start of each sector of the journal.

    0  magic and format version, 4 bytes      16  end of the records in the sector before, 2 bytes
    4  sequence number of this sector, 4      18  1 while a wipe is pending, 2
    8  oldest sequence number still in use    20  sectors of this journal, 2
   12  erases this sector has seen            24  CRC-32 of the bytes before
   28  mark: the next sector has records, so it must be readable (programmed later)

Numbers are little-endian. Sector `sequence % sectors` holds sequence number `sequence`, so all sectors wear alike, and
a header found anywhere else is not a header. Zeros where the next one comes bury it (`log`).
"""

import struct
from binascii import crc32

from micropython import const

from watch.storage.nor import SECTOR, is_marked

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.storage.nor import Nor

HEADER_BYTES = const(32)
BODY_BYTES = const(4096 - 32)
"""Bytes for records in one sector."""
FIRST = const(1)
"""Sequence number of the first sector of a new journal."""
MOVED_OFFSET = const(28)

_MAGIC = b"TWJ\x02"
_FORMAT = "<4sIIIHHHxx"
_CRC_OFFSET = const(24)


class Header:
    """What a sector says about itself and about the one before it."""

    def __init__(self, sequence: int, oldest: int, erases: int, sealed: int, wiping: bool) -> None:
        self.sequence = sequence
        self.oldest = oldest
        self.erases = erases
        self.sealed = sealed
        self.wiping = wiping
        self.moved = False
        """True once records were written to the next sector; not part of what `pack` gives."""

    def pack(self, sectors: int) -> bytes:
        """The bytes to program for a journal of this many sectors."""
        fields = (self.sequence, self.oldest, self.erases, self.sealed, 1 if self.wiping else 0, sectors)
        packed = struct.pack(_FORMAT, _MAGIC, *fields)
        return packed + struct.pack("<I", crc32(packed))


def unpack(data: bytearray, index: int, sectors: int) -> "Optional[Header]":
    """The header in `data` if it is valid for sector `index` of a journal of `sectors`, else None."""
    if struct.unpack_from("<I", data, _CRC_OFFSET)[0] != crc32(memoryview(data)[:_CRC_OFFSET]):
        return None
    magic, sequence, oldest, erases, sealed, wiping, of = struct.unpack_from(_FORMAT, data)
    if magic != _MAGIC or of != sectors or sequence % sectors != index:
        return None
    if not oldest <= sequence <= oldest + sectors - 2:
        return None
    header = Header(sequence, oldest, erases, sealed, wiping == 1)
    header.moved = is_marked(data, MOVED_OFFSET)
    return header


def read(nor: "Nor", index: int) -> "Optional[Header]":
    """The valid header of sector `index`, else None. Raises StorageError."""
    data = bytearray(HEADER_BYTES)
    nor.read(index * SECTOR, data)
    return unpack(data, index, nor.sectors)
