"""`tapwatch flash --keep-state`: a new system, with vault, files and bonds as they were."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.flashing import filesystem, partitions, regions
from tapwatch.flashing.filesystem import BOOT, SLOT_A, NoFilesystem
from tapwatch.flashing.partitions import SECTOR_BYTES, TABLE_OFFSET, Partition, TableError, named
from tapwatch.flashing.volume import Run, Volume, runs

if TYPE_CHECKING:
    from tapwatch.flashing.chip import Chip
    from tapwatch.flashing.esptool_run import Esptool
    from tapwatch.flashing.regions import Region
    from tapwatch.flashing.rescue import Rescue
    from tapwatch.flashing.sources import Sources

Table = list[Partition]
_NEW = "flash it without --keep-state: everything on it is lost then"


def plan(esptool: Esptool, found: Chip, what: Sources, copy: Rescue, lose_files: bool) -> list[Region]:
    """What to write so that the watch has the new system and keeps its state; its files are copied to this computer.

    Raises UserError, TableError, FilesystemError; nothing has been written then.
    """
    table = _table_on_watch(esptool)
    saved = copy.load() if table is None else None
    if saved is not None:
        print("An earlier run was cut off; the files of the watch are taken from the copy it made")
        table = partitions.read_table(saved[0])
    table = _usable(table or _table_of_stock(found, what), found, what)
    vfs = named(table, "vfs")
    volume = _copied(saved[1]) if saved is not None else _on_watch(esptool, vfs)
    changes = _renewed(volume, table, {BOOT: what.boot, SLOT_A: what.system}, copy, lose_files)
    if saved is not None:  # what is on the flash is a mixture
        changes = filesystem.used(volume.image())
    return regions.keeping(table, changes, what.system, what.stock, found.flash_bytes)


def _table_on_watch(esptool: Esptool) -> Table | None:
    try:
        return partitions.read_table(_read(esptool, TABLE_OFFSET, SECTOR_BYTES))
    except TableError:
        return None  # it never had one, or a run was cut off; what follows is decided by the caller


def _table_of_stock(found: Chip, what: Sources) -> Table:
    if what.stock is None:
        hint = "give the stock image it had with --stock: it says where things are"
        raise UserError("the watch has no partition table", hint, EXIT_FAILED)
    return partitions.make_table(what.stock.table, found.flash_bytes)


def _usable(table: Table, found: Chip, what: Sources) -> Table:
    """The table, if a watch with it has a state, and if the stock image fits to it. Raises UserError."""
    try:
        for name in ("vault", "slots", "vfs"):
            named(table, name)
    except TableError as problem:
        raise UserError("this is no Tapwatch watch: there is no state to keep", _NEW, EXIT_FAILED) from problem
    if what.stock is not None and partitions.make_table(what.stock.table, found.flash_bytes) != table:
        raise UserError(
            "this stock image divides the flash in another way than the one on the watch",
            "leave out --stock, or take the release it has; or " + _NEW,
            EXIT_FAILED,
        )
    return table


def _on_watch(esptool: Esptool, vfs: Partition) -> Volume:
    print("Reading the files of the watch")
    return Volume(vfs.size, lambda offset, size: _read(esptool, vfs.offset + offset, size))


def _copied(files: bytes) -> Volume:
    return Volume(len(files), lambda offset, size: files[offset : offset + size])


def _renewed(volume: Volume, table: Table, files: dict[str, bytes], copy: Rescue, lose_files: bool) -> list[Run]:
    """Renew the files, and copy them to this computer as they were; returns what has changed. Raises UserError."""
    try:
        filesystem.fetch_kept(volume)
        before = volume.image()
        filesystem.renew(volume, files)
    except NoFilesystem as problem:
        if not lose_files:
            raise UserError(
                "the file system of the watch cannot be mounted",
                "--lose-files makes a new one: apps and files are lost, and with them a device secret that is a file, "
                "without which nobody opens the vault; the vault itself is not touched",
                EXIT_FAILED,
            ) from problem
        print("The files of the watch are lost; its vault is not touched")
        volume.buffer[:] = filesystem.build(files, len(volume.buffer))
        return filesystem.used(volume.image())
    copy.save(partitions.table_bytes(table), before)
    print(f"{volume.fetched_bytes} bytes read; what stays is copied to {copy.path} until all is written")
    return runs(volume.image(), volume.changed)


def _read(esptool: Esptool, offset: int, size: int) -> bytes:
    """Part of the flash. Raises UserError."""
    with tempfile.TemporaryDirectory(prefix="tapwatch-read-") as folder:
        path = Path(folder) / "flash"
        esptool.run("read-flash", f"{offset:#x}", f"{size:#x}", str(path))
        return path.read_bytes()
