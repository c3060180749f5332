"""The arguments of the commands for a watch on the desk: doctor, shell, logs, screenshot, backup, restore."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tapwatch.flashing.esptool_run import BAUD

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

LEVELS = ("debug", "info", "warning", "error")
"""Of a line of the log, as `watch.kernel.log` calls them."""
_EPILOG = "docs/doctor.md shows each of them."
_DEVELOPMENT = "Only for a development image: a release image opens no REPL."


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the subcommands."""
    _add_doctor(subparsers)
    shell = _add(subparsers, "shell", "shell", "talk to the MicroPython of a development watch")
    shell.add_argument("-c", "--execute", metavar="CODE", help="run these lines, print what they print, and leave")
    logs = _add(subparsers, "logs", "logs", "print the log of a development watch and that of its apps")
    logs.add_argument("--follow", action="store_true", help="look again every three seconds, until Ctrl-C")
    logs.add_argument("--level", choices=LEVELS, default="info", help="the least level shown (default %(default)s)")
    picture = _add(subparsers, "screenshot", "screenshot", "save what is in front on a development watch")
    picture.add_argument("file", metavar="FILE.png")
    backup = _add(subparsers, "backup", "backup", "save settings and alarms of a development watch")
    backup.add_argument("file", metavar="FILE")
    backup.add_argument("--force", action="store_true", help="overwrite the file")
    restore = _add(subparsers, "backup", "restore", "bring saved settings and alarms to a development watch")
    restore.add_argument("file", metavar="FILE")


def _add_doctor(subparsers: argparse._SubParsersAction) -> None:
    doctor = subparsers.add_parser(
        "doctor",
        help="say how a watch on USB is, and what to do about it",
        description="Ask a watch how it is: its system, else its REPL, else the ROM of its chip. Nothing is written.",
        epilog=_EPILOG,
    )
    _port(doctor)
    doctor.add_argument("--rom", action="store_true", help="ask the ROM of the chip at once; resets the watch")
    doctor.add_argument("--baud", type=int, default=BAUD, help="speed of a UART (%(default)s)")
    doctor.add_argument(
        "--field", type=float, default=10.0, metavar="S", help="seconds to wait for a phone at the watch, 0: do not ask"
    )
    doctor.add_argument("--json", action="store_true", help="print JSON")
    doctor.set_defaults(run=_runner("doctor", "doctor"))


def _add(subparsers: argparse._SubParsersAction, module: str, name: str, text: str) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}. {_DEVELOPMENT}", epilog=_EPILOG
    )
    _port(parser)
    parser.set_defaults(run=_runner(module, name))
    return parser


def _port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", metavar="PORT", help="the serial port (default: looked for by its USB numbers)")


def _runner(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        return getattr(importlib.import_module(f"tapwatch.device.{module}"), name)(arguments)

    return run
