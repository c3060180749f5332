"""What happens at mount: find the head, read everything once, and repair what a power cut left unfinished.

Everything here may itself be cut at any operation and is then done again. What is believed once stays so: a record or
header that reads valid but was not vouched for is programmed again, since an interrupted program may leave cells that
read either way; one that reads invalid, or not at all where the next header would be, is made invalid for good.
"""

from micropython import const

from watch.kernel.errors import CorruptError
from watch.storage import sector
from watch.storage.nor import MARK, SECTOR, is_blank, is_marked
from watch.storage.record import ALIGN, HEAD_BYTES, LENGTH_OFFSET, RECORD_BYTES, valid_size
from watch.storage.sector import FIRST, HEADER_BYTES, Header

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.storage.log import Log
    from watch.storage.nor import Nor

    Visitor = Callable[[int, bytearray, int, int], None]
    """Called with address, buffer, offset in the buffer and size of each valid record, oldest first."""


class Recovery:
    """One mount of one log."""

    def __init__(self, log: "Log") -> None:
        self._log = log
        self._headers: "list[Optional[Header]]" = []
        self._torn = False
        self._last = HEADER_BYTES  # offset of the last record of the head
        self._last_size = 0

    def replay(self, visit: "Visitor") -> None:
        """Set the log to the newest head and visit every record. Finishes a format or a wipe that was cut.

        Raises CorruptError if anything that was valid once is not now, or if the flash holds something unknown.
        """
        self._headers = scan(self._log.nor)
        head = newest(self._headers)
        if head is None:
            format_blank(self._log)
            return
        self._log.start(head)
        if head.moved:
            raise CorruptError(f"sector {head.sequence + 1} is gone")
        if head.wiping:
            finish_wipe(self._log)
            return
        for sequence in range(head.oldest, head.sequence):
            for offset, size in self._log.sealed_records(sequence, self._sealed_end(sequence)):
                visit(self._log.address(sequence, offset), self._log.buffer, offset, size)
        self._replay_head(visit)

    def repair(self) -> None:
        """Leave the head ready for the next record. Raises WriteError, CorruptError."""
        log = self._log
        empty = log.end == HEADER_BYTES
        if empty and self._moved_before():
            raise CorruptError(f"the records of sector {log.head.sequence} are gone")
        if self._torn and empty and log.head.sequence != FIRST:
            log.take(log.head)  # nobody was told of anything in it: the same sector again, so that no cut uses one up
        elif self._torn:
            self._bury_torn()
            log.advance()
        elif empty:
            log.nor.program(log.address(log.head.sequence), log.head.pack(log.nor.sectors))
        else:
            self._confirm_last()
        self._doubt_next()

    def _header(self, sequence: int) -> "Optional[Header]":
        """The header that the scan found for a sequence number."""
        header = self._headers[sequence % len(self._headers)]
        return header if header and header.sequence == sequence else None

    def _sealed_end(self, sequence: int) -> int:
        """Where the records of a sector in use end. Raises CorruptError unless it and the next are there."""
        following = self._header(sequence + 1)
        if following is None or self._header(sequence) is None:
            raise CorruptError(f"sector {sequence} or the one after it is gone")
        return following.sealed

    def _replay_head(self, visit: "Visitor") -> None:
        log = self._log
        log.nor.read(log.address(log.head.sequence), log.buffer)
        size = valid_size(log.buffer, log.end, log.head.sequence)
        while size:
            visit(log.address(log.head.sequence, log.end), log.buffer, log.end, size)
            self._last, self._last_size = log.end, size
            log.end += size
            size = valid_size(log.buffer, log.end, log.head.sequence)
        self._judge_rest()

    def _judge_rest(self) -> None:
        """What follows the last valid record is blank, or one torn record that nobody was told of, or damage."""
        log = self._log
        written = log.end + len(bytes(memoryview(log.buffer)[log.end :]).rstrip(b"\xff"))
        self._torn = written > log.end
        if self._torn and is_marked(log.buffer, log.end):
            raise CorruptError(f"a record of the head is damaged at {log.end}")
        for offset in range(log.end + ALIGN, written, ALIGN):
            if valid_size(log.buffer, offset, log.head.sequence):
                raise CorruptError(f"the head is damaged before {offset}")

    def _moved_before(self) -> bool:
        """True if the sector before the head says that the head has records."""
        header = self._header(self._log.head.sequence - 1)
        return header is not None and header.moved

    def _bury_torn(self) -> None:
        """Make sure that the torn record can never read valid: clear its length."""
        log = self._log
        if log.room >= RECORD_BYTES:
            log.nor.program(log.address(log.head.sequence, log.end + LENGTH_OFFSET), bytes(HEAD_BYTES - LENGTH_OFFSET))

    def _confirm_last(self) -> None:
        """Finish an append that was cut after its record was complete."""
        log = self._log
        record = memoryview(log.buffer)[self._last : self._last + self._last_size]
        if bytes(record[: len(MARK)]) != MARK:
            address = log.address(log.head.sequence, self._last)
            log.nor.program(address + LENGTH_OFFSET, record[LENGTH_OFFSET:])
            log.confirm(self._last)

    def _doubt_next(self) -> None:
        """Bury what an interrupted move left in the next sector.

        No reading tells that there is nothing: the cells of a header may read blank now and valid later. A header from
        an earlier round is proof, as a move erases it first. What reads torn is buried here, so that every boot finds
        the same; what reads blank or buried before the next record, so that a boot that only reads needs no write.
        """
        log = self._log
        index = (log.head.sequence + 1) % log.nor.sectors
        if self._headers[index] is None:
            log.next_doubted = True
            found = bytearray(HEADER_BYTES)
            log.nor.read(index * SECTOR, found)
            if any(found) and not is_blank(found):
                log.bury_next()


def scan(nor: "Nor") -> "list[Optional[Header]]":
    """The header of each sector, None where there is no valid one. Raises StorageError."""
    return [sector.read(nor, index) for index in range(nor.sectors)]


def newest(headers: "list[Optional[Header]]") -> "Optional[Header]":
    """The header with the highest sequence number, or None."""
    found = None
    for header in headers:
        if header and (found is None or header.sequence > found.sequence):
            found = header
    return found


def format_blank(log: "Log") -> None:
    """Start a new journal on blank flash, or finish an earlier start that was cut.

    Raises CorruptError if the flash holds anything else. Nothing is erased, so nothing can be lost here.
    """
    first = Header(FIRST, FIRST, 1, HEADER_BYTES, False)
    packed = first.pack(log.nor.sectors)
    for index in range(log.nor.sectors):
        log.nor.read(index * SECTOR, log.buffer)
        if index == FIRST % log.nor.sectors and _is_part_of(log.buffer, packed):
            log.buffer[:HEADER_BYTES] = b"\xff" * HEADER_BYTES
        if not is_blank(log.buffer):
            raise CorruptError("the vault flash holds something that is not a journal")
    log.nor.program(log.address(FIRST), packed)
    log.start(first)


def _is_part_of(data: bytearray, packed: bytes) -> bool:
    """True if an interrupted program of `packed` may have left `data`: no other bits are cleared."""
    return all((data[place] & byte) == byte for place, byte in enumerate(packed))


def wipe(log: "Log") -> None:
    """Forget everything, whatever the flash holds; mounting finishes a wipe that was cut. Raises WriteError."""
    last = newest(scan(log.nor))
    sequence = last.sequence + 1 if last else FIRST
    erases = last.erases + 2 if last else 1
    log.take(Header(sequence, sequence, erases, HEADER_BYTES, True))
    finish_wipe(log)


def finish_wipe(log: "Log") -> None:
    """Erase every sector but the head, which says that a wipe is pending, then start an empty one."""
    nor, head = log.nor, log.head
    nor.program(log.address(head.sequence), head.pack(nor.sectors))
    after = head.sequence + 1
    for step in range(1, nor.sectors - 1):
        nor.erase((after + step) % nor.sectors)
    log.take(Header(after, after, head.erases, HEADER_BYTES, False))
