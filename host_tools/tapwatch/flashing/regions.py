"""What is written where, in which order.

The order is the safety. The partition table of the watch is erased before anything is written and comes back last of
all: without it the bootloader starts nothing. So whatever is cut off when, a watch is either as it was, or as it shall
be, or it starts nothing and waits to be flashed again; the ROM of the chip always answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.flashing import filesystem, slot_record, stock_image
from tapwatch.flashing.partitions import APP, TABLE_OFFSET, named, table_bytes

if TYPE_CHECKING:
    from tapwatch.flashing.partitions import Partition
    from tapwatch.flashing.stock_image import StockImage
    from tapwatch.flashing.volume import Run


@dataclass(frozen=True)
class Region:
    """A piece of the flash; `what` is a name for it, and for a file."""

    what: str
    offset: int
    data: bytes


def first_time(stock: StockImage, table: list[Partition], flash_bytes: int, system: bytes, boot: bytes) -> list[Region]:
    """All of a new watch: nothing of what was on it stays. Raises FilesystemError if the system does not fit."""
    vault, vfs = named(table, "vault"), named(table, "vfs")
    files = filesystem.build({filesystem.BOOT: boot, filesystem.SLOT_A: system}, vfs.size)
    image = stock_image.prepared(stock, table, flash_bytes)
    return [
        Region("vault", vault.offset, b"\xff" * vault.size),
        *_in(vfs, filesystem.used(files)),
        _slots(table, system),
        Region("bootloader", 0, image[:TABLE_OFFSET]),
        Region("micropython", stock.after_table, image[stock.after_table :]),
        _table(table),
    ]


def keeping(
    table: list[Partition], changes: list[Run], system: bytes, stock: StockImage | None, flash_bytes: int
) -> list[Region]:
    """What is written if the watch keeps vault, files and the port's own records.

    Args:
        table: that of the watch.
        changes: what changes in its file system.
        system: the system image in it.
        stock: another stock image, or None to leave the one it has.
        flash_bytes: size of the flash.
    """
    regions = [*_in(named(table, "vfs"), changes), _slots(table, system)]
    if stock is not None:
        image = stock_image.prepared(stock, table, flash_bytes)
        program = next(part for part in table if part.type == APP)
        regions += [
            Region("bootloader", 0, image[:TABLE_OFFSET]),
            Region("micropython", program.offset, image[program.offset : program.end]),
        ]
    return [*regions, _table(table)]


def _in(vfs: Partition, runs: list[Run]) -> list[Region]:
    return [Region(f"files-{run.offset:x}", vfs.offset + run.offset, run.data) for run in runs]


def _slots(table: list[Partition], system: bytes) -> Region:
    return Region("slots", named(table, "slots").offset, slot_record.first_start(system))


def _table(table: list[Partition]) -> Region:
    return Region("table", TABLE_OFFSET, table_bytes(table))
