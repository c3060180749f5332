"""Where each fact is: the only part of the journal that is kept in RAM."""

from array import array

from micropython import const

from watch.storage.nor import SECTOR
from watch.storage.record import ALIGN, DELETED, fact_size, facts

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.storage.record import Buffer

_LENGTH_BITS = const(12)  # a value is shorter than a sector of 4096 bytes
_LENGTH_MASK = const(0xFFF)


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

    def apply(self, address: int, data: "Buffer", at: int, size: int) -> None:
        """Take over the facts of the valid record that stands at `address` on flash and at `at` in `data`."""
        for key, _, length in facts(data, at, size):
            if length == DELETED:
                self.drop(key)
            else:
                self.put(key, address, length)

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

    def put(self, key: int, address: int, length: int) -> None:
        """The newest value of `key` is in the record at `address`."""
        self.drop(key)
        self._entries[key] = address // ALIGN << _LENGTH_BITS | length
        self._live[address // SECTOR] += fact_size(length)
        self.total += fact_size(length)

    def drop(self, key: int) -> None:
        """`key` has been deleted."""
        address = self.address(key)
        if address is not None:
            size = self.size(key)
            self._live[address // SECTOR] -= size
            self.total -= size
            del self._entries[key]

    def live(self, sector_index: int) -> int:
        """Bytes of facts in a sector that nothing newer has replaced."""
        return self._live[sector_index]
