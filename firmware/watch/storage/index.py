"""Where each fact is: the only part of the journal that is kept in RAM."""

from array import array

from micropython import const

from watch.storage.record import ALIGN, DELETED, fact_size, facts

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.storage.record import Buffer

_LENGTH_BITS = const(12)  # a value is shorter than a sector of 4096 bytes
_LENGTH_MASK = const(0xFFF)
_SECTOR_SHIFT = const(22)  # 12 bits of length, 10 of words in a sector


class Index:
    """Key to address and length, and how many bytes of each sector are still wanted.

    An entry is one small integer up to 1 MB of flash: the address in words, then 12 bits of length.
    """

    def __init__(self, sectors: int) -> None:
        """An empty index for a flash of `sectors`."""
        self._entries: "dict[int, int]" = {}
        self._live = array("H", bytes(2 * sectors))
        self.total = 0
        """Bytes that all facts take in records, without the headers of the records."""

    def load(self, address: int, data: "Buffer", at: int, size: int) -> None:
        """`apply` for the many records of a mount: nothing is counted until `count`."""
        entries = self._entries
        place = address // ALIGN << _LENGTH_BITS
        for key, _, length in facts(data, at, size):
            if length != DELETED:
                entries[key] = place | length
            elif key in entries:
                del entries[key]

    def count(self) -> None:
        """Count everything that `load` has left."""
        for entry in self._entries.values():
            self._add(entry, fact_size(entry & _LENGTH_MASK))

    def apply(self, address: int, data: "Buffer", at: int, size: int) -> None:
        """Take over the facts of the valid record that stands at `address` on flash and at `at` in `data`."""
        for key, _, length in facts(data, at, size):
            entry = self._entries.pop(key, None)
            if entry is not None:
                self._add(entry, -fact_size(entry & _LENGTH_MASK))
            if length != DELETED:
                entry = address // ALIGN << _LENGTH_BITS | length
                self._entries[key] = entry
                self._add(entry, fact_size(length))

    def keys(self) -> "list[int]":
        """All keys."""
        return list(self._entries)

    def address(self, key: int) -> "Optional[int]":
        """Address of the record that holds the fact, or None."""
        entry = self._entries.get(key)
        return None if entry is None else (entry >> _LENGTH_BITS) * ALIGN

    def size(self, key: int) -> int:
        """Bytes the fact takes in a record; 0 if there is none."""
        entry = self._entries.get(key)
        return 0 if entry is None else fact_size(entry & _LENGTH_MASK)

    def live(self, sector_index: int) -> int:
        """Bytes of facts in a sector that nothing newer has replaced."""
        return self._live[sector_index]

    def _add(self, entry: int, size: int) -> None:
        self._live[entry >> _SECTOR_SHIFT] += size
        self.total += size
