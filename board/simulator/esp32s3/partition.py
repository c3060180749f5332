"""`esp32.Partition` of the ESP32 port."""

import errno

from micropython import const

from board.simulator.esp32s3.flash import SECTOR
from board.simulator.esp32s3.hardware import current

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.esp32s3.flash import FlashChip

    Row = tuple[int, int, int, int, str]

_ANY = const(0xFF)
_INIT, _DEINIT, _SYNC, _COUNT, _SIZE, _ERASE = const(1), const(2), const(3), const(4), const(5), const(6)
_INVALID_SIZE = const(-0x104)
"""ESP_ERR_INVALID_SIZE; the port raises OSError with the code of ESP-IDF, negative."""


class Partition:
    """A part of the flash chip, by its label."""

    BOOT = 0
    RUNNING = 1
    TYPE_APP = 0
    TYPE_DATA = 1

    def __init__(self, id: "str | int", block_size: int = 4096) -> None:  # noqa: A002 # so called by the port
        """Raises OSError(ENOENT) where the table has no such label."""
        self._flash = _flash()
        self._row = _find(self._flash, id)
        self._block = block_size

    @staticmethod
    def find(
        type: int = TYPE_APP,  # noqa: A002 # so called by the port
        subtype: int = 0xFF,
        label: "str | None" = None,
        block_size: int = 4096,
    ) -> "list[Partition]":
        """All of a type, and of a subtype or label if one is given."""
        return [
            Partition(row[4], block_size)
            for row in _flash().partitions()
            if row[0] == type and subtype in (_ANY, row[1]) and label in (None, row[4])
        ]

    def info(self) -> "tuple[int, int, int, int, str, bool]":
        """Type, subtype, address, size, label, encrypted."""
        return self._row + (False,)

    def readblocks(self, block_num: int, buf: "bytearray | memoryview", offset: int = 0) -> None:
        """Fill the buffer. Raises OSError off the partition."""
        self._flash.read(self._at(block_num, offset, len(buf)), buf)

    def writeblocks(self, block_num: int, buf: "bytes | bytearray | memoryview", offset: "int | None" = None) -> None:
        """Program the buffer; without an offset the blocks are erased first. Raises OSError off the partition."""
        address = self._at(block_num, offset or 0, len(buf))
        if offset is None:
            for sector in range(address, address + len(buf), SECTOR):
                self._flash.erase(sector)
        self._flash.program(address, buf)

    def ioctl(self, op: int, arg: int = 0) -> "int | None":
        """The block device protocol. Raises OSError."""
        if op in (_INIT, _DEINIT, _SYNC):
            return 0
        if op == _COUNT:
            return self._row[3] // self._block
        if op == _SIZE:
            return self._block
        if op == _ERASE:
            self._flash.erase(self._at(arg, 0, self._block))
            return 0
        return None

    def _at(self, block: int, offset: int, length: int) -> int:
        start = block * self._block + offset
        if start < 0 or start + length > self._row[3]:
            raise OSError(_INVALID_SIZE, "ESP_ERR_INVALID_SIZE")
        return self._row[2] + start


def _flash() -> "FlashChip":
    flash = current().flash
    if flash is None:
        raise OSError(errno.ENODEV)
    return flash


def _find(flash: "FlashChip", wanted: "str | int") -> "Row":
    for row in flash.partitions():
        if row[4] == wanted or (isinstance(wanted, int) and row[0] == Partition.TYPE_APP):
            return row
    raise OSError(errno.ENOENT)
