"""What happens at mount: find the head, read everything once, and repair what a power cut left unfinished.

Everything here may itself be cut at any operation and is then done again. What is believed once stays so: a record or
header that reads valid but was not vouched for is programmed again, since an interrupted program may leave cells that
read either way; one that reads invalid is made invalid for good.
"""

from micropython import const

from watch.kernel.errors import CorruptError
from watch.storage import sector
from watch.storage.nor import MARK, SECTOR, is_blank, is_marked
from watch.storage.record import LENGTH_OFFSET, RECORD_BYTES, valid_size
from watch.storage.sector import FIRST, HEADER_BYTES, Header

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.storage.log import Log
    from watch.storage.nor import Nor

    Visitor = Callable[[int, bytearray, int, int], None]
    """Called with address, buffer, offset in the buffer and size of each valid record, oldest first."""

_ALIGN = const(4)  # of records


class Recovery:
    """One mount of one log."""

    def __init__(self, log: "Log") -> None:
        self._log = log
        self._torn = False
        self._last = HEADER_BYTES  # offset of the last record of the head
        self._last_size = 0

    def replay(self, visit: "Visitor") -> None:
        """Set the log to the newest head and visit every record. Finishes a format or a wipe that was cut.

        Raises CorruptError if anything that was valid once is not now, or if the flash holds something unknown.
        """
        head = newest_header(self._log.nor)
        if head is None:
            format_blank(self._log)
            return
        self._log.start(head)
        if head.wiping:
            finish_wipe(self._log)
            return
        if head.moved:
            raise CorruptError(f"sector {head.sequence + 1} is gone")
        self._expect_window()
        for sequence in range(head.oldest, head.sequence):
            for offset, size in self._log.sealed_records(sequence):
                visit(self._log.address(sequence, offset), self._log.buffer, offset, size)
        self._replay_head(visit)

    def repair(self) -> None:
        """Leave the head ready for the next record. Raises WriteError, CorruptError."""
        if self._log.end == HEADER_BYTES:
            self._repair_empty()
        elif self._torn:
            self._bury_torn()
            self._log.advance()
        elif self._last_size:
            self._confirm_last()
        self._clear_next()

    def _expect_window(self) -> None:
        """Every sector in use is there."""
        for sequence in range(self._log.oldest, self._log.head.sequence):
            index = sequence % self._log.nor.sectors
            header = sector.read(self._log.nor, index)
            if header is None or header.sequence != sequence:
                raise CorruptError(f"sector {sequence} is gone")

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
        self._torn = not is_blank(memoryview(log.buffer)[log.end :])
        if not self._torn:
            return
        if is_marked(log.buffer, log.end):
            raise CorruptError(f"a record of the head is damaged at {log.end}")
        for offset in range(log.end + _ALIGN, SECTOR, _ALIGN):
            if valid_size(log.buffer, offset, log.head.sequence):
                raise CorruptError(f"the head is damaged before {offset}")

    def _repair_empty(self) -> None:
        """A head without records: nobody was told of anything in it, so it may be made again."""
        log = self._log
        if self._moved_before():
            raise CorruptError(f"the records of sector {log.head.sequence} are gone")
        if self._torn:
            log.take(log.head)
        else:
            log.nor.program(log.address(log.head.sequence), log.head.pack(log.nor.sectors))

    def _moved_before(self) -> bool:
        """True if the sector before the head says that the head has records."""
        sequence = self._log.head.sequence - 1
        header = sector.read(self._log.nor, sequence % self._log.nor.sectors)
        return header is not None and header.sequence == sequence and header.moved

    def _bury_torn(self) -> None:
        """Make sure that the torn record can never read valid: clear its length and CRC."""
        log = self._log
        if log.room >= RECORD_BYTES:
            address = log.address(log.head.sequence, log.end)
            log.nor.program(address + LENGTH_OFFSET, bytes(RECORD_BYTES - LENGTH_OFFSET))

    def _confirm_last(self) -> None:
        """Finish an append that was cut after its record was complete."""
        log = self._log
        record = memoryview(log.buffer)[self._last : self._last + self._last_size]
        if bytes(record[: len(MARK)]) != MARK:
            address = log.address(log.head.sequence, self._last)
            log.nor.program(address + LENGTH_OFFSET, record[LENGTH_OFFSET:])
            log.confirm(self._last)

    def _clear_next(self) -> None:
        """Erase what an interrupted move left in the next sector, lest it read as a header one day."""
        index = (self._log.head.sequence + 1) % self._log.nor.sectors
        if not sector.is_untouched(self._log.nor, index):
            self._log.nor.erase(index)


def newest_header(nor: "Nor") -> "Optional[Header]":
    """The valid header with the highest sequence number, or None."""
    newest = None
    for index in range(nor.sectors):
        header = sector.read(nor, index)
        if header and (newest is None or header.sequence > newest.sequence):
            newest = header
    return newest


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
    return all([(data[place] & byte) == byte for place, byte in enumerate(packed)])


def wipe(log: "Log") -> None:
    """Forget everything, whatever the flash holds; mounting finishes a wipe that was cut. Raises WriteError."""
    newest = newest_header(log.nor)
    sequence = newest.sequence + 1 if newest else FIRST
    erases = newest.erases + 2 if newest else 1
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
