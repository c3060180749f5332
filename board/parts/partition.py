"""`ports.Flash` over a partition of the ESP32's own flash.

`writeblocks` with an offset programs without erasing; without one it would erase first. Any length at any place will
do: ESP-IDF cuts unaligned ends itself. The port raises OSError with negative codes of ESP-IDF. Source: MicroPython,
ports/esp32/esp32_partition.c.
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    Buffer = bytes | bytearray | memoryview

    class Partition(Protocol):
        """What is used of `esp32.Partition`."""

        def readblocks(self, block_num: int, buf: bytearray, offset: int) -> object:
            """Fill the buffer."""
            ...

        def writeblocks(self, block_num: int, buf: "bytes | bytearray", offset: int) -> object:
            """Program without erasing."""
            ...

        def ioctl(self, op: int, arg: int) -> object:
            """The block device protocol."""
            ...


_BLOCK_COUNT = const(4)
_BLOCK_ERASE = const(6)
_SECTOR_BYTES = const(4096)


class PartitionFlash:
    """`ports.Flash`."""

    sector = _SECTOR_BYTES

    def __init__(self, partition: "Partition") -> None:
        """`partition` has blocks of one sector."""
        self._partition = partition
        self.size = int(partition.ioctl(_BLOCK_COUNT, 0)) * _SECTOR_BYTES  # type: ignore[call-overload] # a number

    def read(self, address: int, into: bytearray) -> None:
        """Fill `into` from `address`. Raises OSError(EIO); ValueError off the partition."""
        self._inside(address, len(into))
        try:
            self._partition.readblocks(address // _SECTOR_BYTES, into, address % _SECTOR_BYTES)
        except OSError:
            raise OSError(errno.EIO)

    def program(self, address: int, data: bytes) -> None:
        """Clear bits. Raises OSError(EIO); ValueError off the partition."""
        self._inside(address, len(data))
        try:
            self._partition.writeblocks(address // _SECTOR_BYTES, data, address % _SECTOR_BYTES)
        except OSError:
            raise OSError(errno.EIO)

    def erase(self, address: int) -> None:
        """Erase the sector that starts at `address`. Raises OSError(EIO); ValueError for another place."""
        self._inside(address, _SECTOR_BYTES)
        if address % _SECTOR_BYTES:
            raise ValueError("flash: not the start of a sector")
        try:
            self._partition.ioctl(_BLOCK_ERASE, address // _SECTOR_BYTES)
        except OSError:
            raise OSError(errno.EIO)

    def _inside(self, address: int, count: int) -> None:
        if address < 0 or address + count > self.size:
            raise ValueError("flash: off the partition")
