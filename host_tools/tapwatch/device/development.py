"""What a watch on USB is, asked before it is interrupted: only a development image can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.device.repl import Repl
from tapwatch.device.self_test import ask_report
from tapwatch.device.serial_watch import SerialWatch
from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.flashing import ports
from tapwatch.images import boards

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from serial.tools.list_ports_common import ListPortInfo

    Say = Callable[[str], None]

ASK_S = 2.0
"""A watch that runs answers in this time; one that does not may stand at its REPL."""
_RELEASE = "a release image opens no REPL, so nobody with a cable can read or change what is on the watch"
_INSTEAD = "put a development image on a watch of your own: `tapwatch flash` (it erases the watch); docs/doctor.md"


def find_port(named: str | None, listed: Iterable[ListPortInfo] | None = None) -> str:
    """The port that is named, or the only one where a watch of any board may be. Raises UserError."""
    if named:
        ports.expect_usable(named)
        return named
    found = watches(listed)
    if not found:
        raise UserError("no watch was found on USB", "use a cable that carries data, or name a port with --port")
    if len(found) > 1:
        raise UserError(f"more than one watch may be meant: {', '.join(sorted(found))}", "name one with --port")
    return next(iter(found))


def watches(listed: Iterable[ListPortInfo] | None = None) -> dict[str, list[str]]:
    """Ports where a watch may be, each with the boards whose USB numbers it has."""
    found: dict[str, list[str]] = {}
    infos = list(listed) if listed is not None else None
    for name in boards.names():
        board = boards.read(name)
        for info in ports.matching(board) if infos is None else ports.matching(board, lambda: infos):
            found.setdefault(info.device, []).append(board.title)
    return found


def opened(arguments: argparse.Namespace) -> Repl:
    """The REPL of the watch that the command line means. Raises UserError, for a release image before it is touched."""
    port = find_port(arguments.port)
    posture = posture_of(port)
    if posture == "release":
        problem = UserError("this watch runs a release image", _INSTEAD, EXIT_FAILED)
        problem.__cause__ = RuntimeError(_RELEASE)
        raise problem
    return Repl(port)


def posture_of(port: str) -> str:
    """`release` or `development`; empty if nothing answers messages."""
    try:
        with SerialWatch(lambda: port, start_s=ASK_S) as watch:
            return ask_report(watch.ask).posture
    except UserError:
        return ""  # whoever opens the port next says why it cannot be used


def expect_watch(repl: Repl) -> None:
    """Raises UserError if the watch does not run behind this REPL; it starts anew then."""
    if not repl.has_watch:
        repl.restart = True
        raise UserError(
            "the watch stands at its REPL and does not run",
            "it starts anew now: give the command again in ten seconds; on stock MicroPython run `tapwatch flash`",
            EXIT_FAILED,
        )
