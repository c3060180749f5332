"""Raw NOR flash with every write checked: what was programmed is read back, what was erased is blank."""

from micropython import const

from watch.kernel.errors import StorageError, WriteError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    from board.ports import Flash

    Bytes = Union[bytes, bytearray, memoryview]

SECTOR = const(4096)
"""Smallest unit of erasure in bytes; the same on every SPI NOR chip of the supported boards."""
MIN_SECTORS = const(4)
"""One to write, one to copy into, one free to erase, one to let old records die."""
MARK_BYTES = const(2)
MARK = bytes(MARK_BYTES)
"""A mark that is set. Marks are programmed after what they vouch for has been read back."""
_PAGE = const(256)
"""Bytes programmed and compared at a time: the page of SPI NOR flash."""
_BLANK_PAGE = b"\xff" * _PAGE


class Nor:
    """The flash port in whole sectors, raising the watch's errors."""

    def __init__(self, flash: "Flash") -> None:
        """Take a flash of at least MIN_SECTORS sectors. Raises ValueError for another geometry."""
        if flash.sector != SECTOR or flash.size % SECTOR or flash.size < MIN_SECTORS * SECTOR:
            raise ValueError("the vault needs whole 4096-byte sectors, at least four")
        self.sectors = flash.size // SECTOR
        self._flash = flash

    def read(self, address: int, into: bytearray) -> None:
        """Fill `into` from `address`. Raises StorageError: unreadable is never "not there"."""
        try:
            self._flash.read(address, into)
        except OSError:
            raise StorageError(f"flash read failed at {address}")

    def program(self, address: int, data: "Bytes") -> None:
        """Clear bits, page by page, and read each page back. Raises WriteError."""
        view = memoryview(data)
        for start in range(0, len(view), _PAGE):
            page = bytes(view[start : start + _PAGE])
            self._program_page(address + start, page)

    def _program_page(self, address: int, page: bytes) -> None:
        found = bytearray(len(page))
        try:
            self._flash.program(address, page)
            self._flash.read(address, found)
        except OSError:
            raise WriteError(f"flash program failed at {address}")
        if found != page:
            raise WriteError(f"flash holds something else than was programmed at {address}")

    def erase(self, index: int) -> None:
        """Erase one sector and see that it is blank. Raises WriteError."""
        try:
            self._flash.erase(index * SECTOR)
            blank = self._is_blank(index)
        except OSError:
            raise WriteError(f"flash erase failed in sector {index}")
        if not blank:
            raise WriteError(f"sector {index} is not blank after its erase")

    def _is_blank(self, index: int) -> bool:
        page = bytearray(_PAGE)
        for address in range(index * SECTOR, (index + 1) * SECTOR, _PAGE):
            self._flash.read(address, page)
            if page != _BLANK_PAGE:
                return False
        return True


def is_blank(data: "Bytes") -> bool:
    """True if no bit of `data` has been cleared."""
    view = memoryview(data)
    for start in range(0, len(view), _PAGE):
        page = bytes(view[start : start + _PAGE])
        if page != _BLANK_PAGE[: len(page)]:
            return False
    return True


def is_marked(data: "Bytes", offset: int) -> bool:
    """True if the mark at `offset` has been set: more than half of its bits are cleared.

    A cut may leave any part of a mark, and a cell may fail: one wrong bit never turns a mark over.
    """
    bits = int.from_bytes(bytes(data[offset : offset + MARK_BYTES]), "little")
    cleared = 8 * MARK_BYTES
    while bits:
        cleared -= bits & 1
        bits >>= 1
    return cleared > 4 * MARK_BYTES
