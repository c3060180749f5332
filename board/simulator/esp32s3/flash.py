"""The flash chip of a board with the partition table in it, as `esp32.Partition` finds it. NOR rules hold.

Partition table: ESP-IDF, "Partition Tables": at 8000h, 32 bytes each: AA 50, type, subtype, offset, size, label of 16
bytes, flags.
"""

import struct

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Store(Protocol):
        """Bytes of the chip: a file opened `r+b`, or io.BytesIO."""

        def seek(self, offset: int, whence: int = ...) -> int:
            """Go there; where that is."""
            ...

        def readinto(self, into: "bytearray | memoryview") -> "int | None":
            """Fill the buffer."""
            ...

        def write(self, data: "bytes | bytearray | memoryview") -> "int | None":
            """Put the bytes there."""
            ...


SECTOR = const(4096)
_TABLE_AT = const(0x8000)
_TABLE_BYTES = const(0xC00)
_ENTRY_BYTES = const(32)
_ENTRY = "<2sBBII16sI"
_MAGIC = b"\xaa\x50"
_END = const(2)


class FlashChip:
    """A NOR flash: programming clears bits, erasing sets a sector to FF."""

    def __init__(self, store: "Store", misuse: "list[str] | None" = None) -> None:
        """`misuse`: where it is written down that a program wanted to set a bit."""
        self._store = store
        self.size = store.seek(0, _END)
        self.misuse: "list[str]" = [] if misuse is None else misuse

    def read(self, address: int, into: "bytearray | memoryview") -> None:
        """Fill `into`."""
        self._store.seek(address)
        self._store.readinto(into)

    def program(self, address: int, data: "bytes | bytearray | memoryview") -> None:
        """Clear bits."""
        held = bytearray(len(data))
        self.read(address, held)
        lost = False
        for index in range(len(held)):
            lost = lost or bool(data[index] & ~held[index])
            held[index] &= data[index]
        if lost:
            self.misuse.append("flash: %d bytes programmed at %x that were not erased" % (len(data), address))
        self._store.seek(address)
        self._store.write(held)

    def erase(self, address: int) -> None:
        """Set the sector that begins at `address` to FF."""
        self._store.seek(address)
        self._store.write(b"\xff" * SECTOR)

    def partitions(self) -> "list[tuple[int, int, int, int, str]]":
        """Type, subtype, offset, size and label of each, in the order of the table."""
        table = bytearray(_TABLE_BYTES)
        self.read(_TABLE_AT, table)
        found = []
        for at in range(0, _TABLE_BYTES, _ENTRY_BYTES):
            magic, kind, subtype, offset, size, label, _ = struct.unpack_from(_ENTRY, table, at)
            if magic != _MAGIC:
                break
            found.append((kind, subtype, offset, size, label.rstrip(b"\0").decode()))
        return found
