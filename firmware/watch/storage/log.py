"""The circular log: sectors in use, from the oldest to the head, and the end of the records in the head.

Order of every append, each step read back before the next: record, then the mark in the sector before (once per
sector: from now on a head that cannot be read is damage, not an unfinished move), then the mark of the record (from now
on a bad CRC is damage, not an unfinished write). A new head is erased, then gets its header, which also says where
the records of the sector before end. The header is the one place that moves the oldest sector forward, so a sector is
erased only after a header that no longer counts it.
"""

from micropython import const

from watch.kernel.errors import CorruptError
from watch.storage import sector
from watch.storage.nor import MARK, SECTOR
from watch.storage.record import HEAD_BYTES, LENGTH_OFFSET, RECORD_BYTES, finish, valid_size
from watch.storage.sector import FIRST, HEADER_BYTES, MOVED_OFFSET, Header

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterator, Union

    from watch.storage.nor import Nor

    Buffer = Union[bytearray, memoryview]


class Log:
    """Sectors and records; what the records mean is the journal's business."""

    def __init__(self, nor: "Nor") -> None:
        """Take the flash; `head`, `oldest` and `end` mean something once recovery has set them."""
        self.nor = nor
        self.buffer = bytearray(SECTOR)
        """One sector, lent to whoever reads or copies a whole one."""
        self.head = Header(FIRST, FIRST, 1, HEADER_BYTES, False)
        self.oldest = FIRST
        self.end = HEADER_BYTES
        self.next_doubted = False
        """True while the next sector may hold an unfinished header that no reading shows; set by recovery."""

    def start(self, head: Header) -> None:
        """Go on from a head that was found on flash or just written, as if it had no records."""
        self.head = head
        self.next_doubted = False
        self.oldest = head.oldest
        self.end = HEADER_BYTES

    @property
    def room(self) -> int:
        """Bytes left for records in the head."""
        return SECTOR - self.end

    @property
    def window(self) -> int:
        """Sectors in use."""
        return self.head.sequence - self.oldest + 1

    def address(self, sequence: int, offset: int = 0) -> int:
        """Where on flash a byte of a sector is."""
        return sequence % self.nor.sectors * SECTOR + offset

    def append(self, record: "Buffer") -> int:
        """Write a record from `record.encode` at the end of the head; returns its address. Raises WriteError."""
        if self.next_doubted:
            self.bury_next()
        address = self.address(self.head.sequence, self.end)
        finish(record, self.head.sequence, self.end)
        self.nor.program(address + LENGTH_OFFSET, memoryview(record)[LENGTH_OFFSET:])
        self.confirm(self.end)
        self.end += len(record)
        return address

    def confirm(self, offset: int) -> None:
        """Set the marks that vouch for the verified record at `offset` of the head. Raises WriteError."""
        if offset == HEADER_BYTES and self.head.sequence != FIRST:
            self.nor.program(self.address(self.head.sequence - 1, MOVED_OFFSET), MARK)
        self.nor.program(self.address(self.head.sequence, offset), MARK)

    def bury_next(self) -> None:
        """Put zeros where the next header comes. Raises WriteError.

        A header that a cut left there ends the records of the head where the move began: one day it would read valid
        and hide what was written since.
        """
        self.nor.program(self.address(self.head.sequence + 1), bytes(HEADER_BYTES))
        self.next_doubted = False

    def advance(self) -> None:
        """Make the next sector the head; no more records go to the present one. Raises WriteError."""
        sequence = self.head.sequence + 1
        before = sector.read(self.nor, sequence % self.nor.sectors)
        erases = before.erases + 1 if before else self.head.erases
        self.take(Header(sequence, self.oldest, erases, self.end, False))

    def take(self, header: Header) -> None:
        """Erase the sector of `header` and make it the head. Raises WriteError, CorruptError."""
        if header.sequence - header.oldest > self.nor.sectors - 2:
            raise CorruptError("no sector is free: this journal was not written by this log")
        self.nor.erase(header.sequence % self.nor.sectors)
        self.nor.program(self.address(header.sequence), header.pack(self.nor.sectors))
        self.start(header)

    def read_record(self, address: int) -> bytearray:
        """One whole record. Raises CorruptError if it is not valid any more."""
        offset = address % SECTOR
        record = bytearray(HEAD_BYTES)
        self.nor.read(address, record)
        size = RECORD_BYTES + (record[LENGTH_OFFSET] | record[LENGTH_OFFSET + 1] << 8)
        record = bytearray(min(size, SECTOR - offset))
        self.nor.read(address, record)
        if not valid_size(record, offset, self._sequence_of(address), offset):
            raise CorruptError(f"the record at {address} has changed")
        return record

    def sealed_end(self, sequence: int) -> int:
        """Where the records of a sector that is not the head end. Raises CorruptError."""
        following = sector.read(self.nor, (sequence + 1) % self.nor.sectors)
        if following is None or following.sequence != sequence + 1:
            raise CorruptError(f"sector {sequence + 1} is gone")
        return following.sealed

    def sealed_records(self, sequence: int, end: int) -> "Iterator[tuple[int, int]]":
        """Load a sector into `buffer`; offset and size of each record up to `end`. Raises CorruptError."""
        self.nor.read(self.address(sequence), self.buffer)
        offset = HEADER_BYTES
        while offset < end:
            size = valid_size(self.buffer, offset, sequence)
            if not size or offset + size > end:
                raise CorruptError(f"sector {sequence} is damaged at {offset}")
            yield offset, size
            offset += size

    def _sequence_of(self, address: int) -> int:
        behind = (self.head.sequence - address // SECTOR) % self.nor.sectors
        return self.head.sequence - behind
