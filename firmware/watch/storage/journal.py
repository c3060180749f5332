"""The record journal: facts by number on raw NOR flash, changed atomically, safe at any power cut.

A change is appended, never written over; see `log`. Space comes back by copying what is still wanted of the oldest
sector to the head, as one record, and letting the sector go with the next header. Deletions need no copying: when one
reaches the oldest sector, nothing older is left.
"""

from micropython import const

from watch.kernel.errors import CorruptError, FullError, InputError, StorageError
from watch.storage import recovery, sector
from watch.storage.index import Index
from watch.storage.log import Log
from watch.storage.nor import Nor
from watch.storage.record import ALIGN, DELETED, FACT_BYTES, HEAD_BYTES, MAX_KEY, RECORD_BYTES, encode, fact_size, facts
from watch.storage.sector import BODY_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.ports import Flash

_SLACK_SECTORS = const(2)
"""Sectors in use beyond twice what the facts need: fewer copies for a longer mount."""


class Journal:
    """Facts: a number (0 to 65535) and up to about 4,000 bytes each."""

    def __init__(self, flash: "Flash") -> None:
        """Take the vault flash. Raises ValueError if its geometry does not fit. Call `mount` before anything else."""
        self._log = Log(Nor(flash))
        self._index: "Optional[Index]" = None
        self._doubtful = False

    def mount(self) -> None:
        """Read the journal and repair what a power cut left. Blank flash becomes an empty journal.

        Raises CorruptError if bytes that were valid once are not now, or if the flash holds something unknown;
        WriteError if a repair fails, StorageError if reading fails. Then nothing can be read until a mount succeeds.
        """
        self._index = None
        index = Index(self._log.nor.sectors)
        found = recovery.Recovery(self._log)
        found.replay(index.load)
        index.count()
        self._drop_dead(index)
        found.repair()
        self._drop_dead(index)
        if self._log.window > self._most_sectors():
            self._copy_oldest(index)
        self._index = index
        self._doubtful = False

    def get(self, key: int) -> "Optional[bytes]":
        """The value of `key`, None if there is none. Raises CorruptError, StorageError."""
        address = self._mounted().address(key)
        if address is None:
            return None
        record = self._log.read_record(address)
        for found, at, length in facts(record, 0, len(record)):
            if found == key and length != DELETED:
                return bytes(memoryview(record)[at : at + length])
        raise CorruptError(f"record {key} is not where it was")

    def keys(self) -> "list[int]":
        """The numbers of all facts, in no order."""
        return self._mounted().keys()

    def commit(self, changes: "dict[int, Optional[bytes]]") -> None:
        """Write several facts as one change: all of them or none, at whatever point the power goes. None deletes.

        Raises InputError for a bad key or more than a sector, FullError if there is no room: nothing was written then.
        Raises WriteError if the flash failed: read back what is there, it is all of the change or nothing of it.
        """
        index = self._mounted()
        record = self._encode(index, changes)
        if len(record) == RECORD_BYTES:
            return
        self._expect_room(index, changes)
        self._doubtful = True  # whatever stops this half way, the next use reads the flash again
        self._make_room(index, len(record))
        address = self._log.append(record)
        index.apply(address, record, 0, len(record))
        self._doubtful = False

    def free_bytes(self) -> int:
        """Bytes that more facts may take, each with 4 bytes for itself and rounded up to 4."""
        return max(0, self._capacity() - self._mounted().total)

    def wear(self) -> "tuple[int, ...]":
        """Erases of each sector so far. Sectors that were erased but not used since count like the head."""
        most = self._log.nor.sectors
        headers = [sector.read(self._log.nor, index) for index in range(most)]
        return tuple([header.erases if header else self._log.head.erases for header in headers])

    def wipe(self) -> None:
        """Erase everything, mounted or not, damaged or not. Raises WriteError; then mount or wipe again.

        Once begun, it is finished by the next mount, whatever cuts it.
        """
        self._index = None
        recovery.wipe(self._log)
        self._index = Index(self._log.nor.sectors)
        self._doubtful = False

    def _mounted(self) -> Index:
        """The index. After a failed write the flash is read again first, so that both tell the same."""
        if self._doubtful:
            self.mount()
        if self._index is None:
            raise StorageError("the journal is not mounted")
        return self._index

    def _encode(self, index: Index, changes: "dict[int, Optional[bytes]]") -> bytearray:
        """The record of the changes, without deletions of what is not there. Raises InputError."""
        for key in changes:
            if not isinstance(key, int) or not 0 <= key <= MAX_KEY:
                raise InputError(f"{key!r} is not a record number")
        wanted = {key: value for key, value in changes.items() if value is not None or index.size(key)}
        if sum([fact_size(len(value or b"")) for value in wanted.values()]) > BODY_BYTES - RECORD_BYTES:
            raise InputError("one change does not fit a sector")
        return encode(wanted)

    def _expect_room(self, index: Index, changes: "dict[int, Optional[bytes]]") -> None:
        """Raise FullError if the changes need more than there is. What frees bytes is always allowed."""
        after = index.total
        for key, value in changes.items():
            after += (0 if value is None else fact_size(len(value))) - index.size(key)
        if after > index.total and after > self._capacity():
            raise FullError("the journal is full")

    def _capacity(self) -> int:
        """Bytes of facts for which cleaning always ends.

        Copying sector after sector packs facts so that two neighbours together are more than full. So facts of T bytes
        need at most 2 T / BODY_BYTES + 1 sectors; one more takes the next record, and one is always free to be erased.
        """
        sectors = self._log.nor.sectors
        return (sectors - 3) * BODY_BYTES // 2 - sectors * RECORD_BYTES - ALIGN

    def _target(self, index: Index) -> int:
        """Sectors to use for the present facts before copying starts."""
        needed = 2 * (index.total + self._log.nor.sectors * RECORD_BYTES) // BODY_BYTES
        return min(needed + _SLACK_SECTORS, self._most_sectors())

    def _most_sectors(self) -> int:
        """Sectors in use between changes: one is left for a torn head, one for the next erase."""
        return self._log.nor.sectors - 2

    def _make_room(self, index: Index, size: int) -> None:
        """Let `size` bytes fit the head. What is left of the head takes copies first, if it can."""
        log = self._log
        while log.room < size:
            self._drop_dead(index)
            if log.window < self._target(index):
                log.advance()
            elif RECORD_BYTES + index.live(log.oldest % log.nor.sectors) <= log.room:
                self._copy_oldest(index)
            else:
                log.advance()
                self._copy_oldest(index)

    def _drop_dead(self, index: Index) -> None:
        """Let go of oldest sectors that hold nothing wanted."""
        log = self._log
        while log.oldest < log.head.sequence and not index.live(log.oldest % log.nor.sectors):
            log.oldest += 1

    def _copy_oldest(self, index: Index) -> None:
        """Copy the wanted facts of the oldest sector to the head as one record; the sector is free after that."""
        size = self._gather_oldest(index)
        record = memoryview(self._log.buffer)[:size]
        address = self._log.append(record)
        index.apply(address, record, 0, size)
        self._log.oldest += 1

    def _gather_oldest(self, index: Index) -> int:
        """Move the wanted facts to the front of the buffer, with room for the rest of a record; returns its size."""
        log = self._log
        data = memoryview(log.buffer)
        end = HEAD_BYTES
        for offset, record_size in log.sealed_records(log.oldest, log.sealed_end(log.oldest)):
            address = log.address(log.oldest, offset)
            for key, at, length in facts(data, offset, record_size):
                if length != DELETED and index.address(key) == address:
                    fact = fact_size(length)
                    data[end : end + fact] = data[at - FACT_BYTES : at - FACT_BYTES + fact]
                    end += fact
        if end != HEAD_BYTES + index.live(log.oldest % log.nor.sectors):
            raise CorruptError(f"sector {log.oldest} lacks facts that it held")
        return end - HEAD_BYTES + RECORD_BYTES
