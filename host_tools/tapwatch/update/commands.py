"""The subcommand `tapwatch update`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

_EPILOG = """A link that breaks and a command that is stopped lose nothing: give the same command again. Exit codes: 0
the new system runs and has proved itself; 1 it was refused, or did not start well and the old one is back; 3 no
watch answers. docs/updates.md has all of it."""


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommand."""
    update = subparsers.add_parser(
        "update",
        help="bring a new system to a watch that runs",
        description="Bring a system image to a watch, wait for its wearer's yes, for the restart, and for the word of "
        "the new system that all of the watch works with it.",
        epilog=_EPILOG,
    )
    update.add_argument("image", metavar="FILE.twi", help="the system image")
    text = "an image that the watch may run now: only what differs is sent; may be repeated"
    update.add_argument("--base", metavar="FILE.twi", action="append", default=[], help=text)
    update.add_argument("--check", action="store_true", help="say whether the watch would take it, and send nothing")
    _add_links(update)
    update.add_argument("--json", action="store_true", help="print JSON")
    update.set_defaults(run=_run)


def _add_links(parser: argparse.ArgumentParser) -> None:
    """How a command is told which watch is meant."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--port", metavar="PORT", help="its serial port (default: looked for by its USB numbers)")
    which.add_argument("--watch", metavar="WATCH", help="by Bluetooth, as for `tapwatch phone`")
    which.add_argument("--sim", metavar="URL", help="that of a simulator which runs")
    parser.add_argument("--state", type=Path, metavar="DIR", help="with --watch: the folder of `tapwatch phone`")


def _run(arguments: argparse.Namespace) -> int:
    from tapwatch.update.actions import update

    return update(arguments)
