"""The subcommand `tapwatch flash`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tapwatch.flashing.esptool_run import BAUD

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_EPILOG = """The stock MicroPython image is downloaded by you; docs/flashing.md says where. A cable pulled in the middle
harms nothing: give the same command again."""


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommands."""
    flash = subparsers.add_parser(
        "flash",
        help="write MicroPython and the system to a watch on USB",
        description="Find a watch on USB, check that it is the board you name, write stock MicroPython and a system "
        "image to it, read both back, and start it. Everything on it is lost, except with --keep-state.",
        epilog=_EPILOG,
    )
    flash.add_argument("--board", required=True, metavar="NAME", help="what it is, as its folder in board/ is called")
    flash.add_argument("--image", required=True, metavar="FILE.twi", help="the system image to start with")
    flash.add_argument("--stock", metavar="FILE.bin", help="the stock MicroPython image; optional with --keep-state")
    flash.add_argument("--stock-sha256", default="", metavar="HASH", help="for a stock image that is on no list here")
    flash.add_argument(
        "--keep-state", action="store_true", help="keep vault, files and bonds; renew boot.py and system"
    )
    flash.add_argument(
        "--lose-files", action="store_true", help="with --keep-state: make new files if the old are broken"
    )
    flash.add_argument("--erase", action="store_true", help="erase the whole flash first, old data in free blocks too")
    _port(flash)
    flash.add_argument("--no-start", action="store_true", help="leave it in download mode; do not show how it starts")
    flash.set_defaults(run=_runner("flash", "flash"))


def _port(parser: argparse.ArgumentParser) -> None:
    """What every command with a watch on a cable has."""
    parser.add_argument("--port", metavar="PORT", help="the serial port (default: looked for by its USB numbers)")
    parser.add_argument("--baud", type=int, default=BAUD, help="speed of a UART (%(default)s)")
    parser.add_argument("--no-stub", action="store_true", help="esptool without its own program in the chip: slower")


def _runner(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        return getattr(importlib.import_module(f"tapwatch.flashing.{module}"), name)(arguments)

    return run
