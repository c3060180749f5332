"""`tapwatch flash`: looks, checks, writes, reads back, starts."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.flashing import boot_lines, chip, keep_state, partitions, ports, regions, rescue, sources
from tapwatch.flashing.esptool_run import Esptool
from tapwatch.flashing.filesystem import FilesystemError
from tapwatch.flashing.partitions import SECTOR_BYTES, TABLE_OFFSET, TableError
from tapwatch.flashing.rescue import Rescue
from tapwatch.images import boards
from tapwatch.images.boards import MOST_FLASH_BYTES
from tapwatch.phone.progress import Bar

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tapwatch.flashing.chip import Chip
    from tapwatch.flashing.regions import Region
    from tapwatch.flashing.sources import Sources
    from tapwatch.images.boards import Board


def flash(arguments: argparse.Namespace) -> int:
    """Run the command. Raises UserError."""
    _check_arguments(arguments)
    board = boards.read(arguments.board)
    stock = Path(arguments.stock) if arguments.stock else None
    what = sources.read(board, Path(arguments.image), stock, arguments.stock_sha256, sources.BOOT)
    port = ports.find(board, arguments.port)
    esptool = Esptool(port, arguments.baud, ports.how_to_connect(board), stub=not arguments.no_stub)
    found = chip.look(esptool)
    chip.check(found, board)
    chip.check_unlocked(esptool)
    for line in (f"{board.title} on {port}", *chip.seen(found, board), *what.describe()):
        print(line)
    copy = Rescue(rescue.default_folder(), found.mac)
    written = _regions(esptool, board, found, what, arguments, copy)
    with _laid_out(written) as paths:
        try:
            _erase(esptool, min(found.flash_bytes, MOST_FLASH_BYTES) if arguments.erase else 0)
            _write(esptool, written, paths, start=not arguments.no_start)
        except KeyboardInterrupt:
            print("The watch is half written and starts nothing: give the same command again", file=sys.stderr)
            raise
    copy.drop()
    if not arguments.no_start:
        _show_start(port, board)
    return EXIT_OK


def _check_arguments(arguments: argparse.Namespace) -> None:
    if arguments.keep_state and arguments.erase:
        raise UserError("--erase and --keep-state exclude each other", exit_code=EXIT_USAGE)
    if arguments.lose_files and not arguments.keep_state:
        raise UserError("--lose-files belongs to --keep-state", exit_code=EXIT_USAGE)
    if not arguments.stock and not arguments.keep_state:
        raise UserError("a new watch needs --stock: the stock MicroPython image", "docs/flashing.md", EXIT_USAGE)


def _regions(
    esptool: Esptool, board: Board, found: Chip, what: Sources, arguments: argparse.Namespace, copy: Rescue
) -> list[Region]:
    """What is to be written, in order. Raises UserError."""
    try:
        if arguments.keep_state:
            return keep_state.plan(esptool, found, what, copy, lose_files=arguments.lose_files)
        if what.stock is None:
            raise UserError("a new watch needs --stock", exit_code=EXIT_USAGE)
        table = partitions.make_table(what.stock.table, found.flash_bytes)
        return regions.first_time(what.stock, table, found.flash_bytes, what.system, what.boot)
    except (FilesystemError, TableError) as problem:
        hint = "nothing has been written"
        raise UserError(f"a {board.title} cannot be made of these files", hint, EXIT_FAILED) from problem


def _erase(esptool: Esptool, everything: int) -> None:
    """Erase the flash up to `everything`, bytes; 0 for the partition table alone. Raises UserError."""
    if everything:
        print("Erasing the whole flash; this takes up to some minutes")
        esptool.run("erase-region", "0", f"{everything:#x}")
    else:
        esptool.run("erase-region", f"{TABLE_OFFSET:#x}", f"{SECTOR_BYTES:#x}")


@contextlib.contextmanager
def _laid_out(written: list[Region]) -> Iterator[list[str]]:
    """A file for each region, for esptool; all of them are there before the watch is touched. Raises UserError."""
    with contextlib.ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tapwatch-flash-")))
            paths = [folder / region.what for region in written]
            for path, region in zip(paths, written, strict=True):
                path.write_bytes(region.data)
        except OSError as problem:
            hint = f"make room in {tempfile.gettempdir()}; nothing has been written to the watch"
            raise UserError("the files for the watch cannot be laid out on this computer", hint) from problem
        yield [str(path) for path in paths]


def _write(esptool: Esptool, written: list[Region], paths: list[str], start: bool) -> None:
    """Write it all, then compare it. Raises UserError."""
    bar = Bar("Writing", sys.stdout)
    try:
        esptool.write(written, paths, bar)
    finally:
        bar.end()
    esptool.verify(written, paths, reset=start)
    print(f"{sum(len(region.data) for region in written)} bytes written and read back")


def _show_start(port: str, board: Board) -> None:
    print("It starts:")
    if not boot_lines.show(boot_lines.read(port, board), print):
        print(f"  nothing came in {boot_lines.SECONDS:.0f} s: a release image says nothing; look at its screen")
