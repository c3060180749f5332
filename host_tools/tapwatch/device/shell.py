"""`tapwatch shell`: MicroPython's REPL on a development watch, with `watch` and `board` at hand."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

from mpremote.console import Console
from mpremote.repl import do_repl_main_loop

from tapwatch.device import development
from tapwatch.device.repl import WatchRaised, pulled
from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError

if TYPE_CHECKING:
    import argparse

    from mpremote.transport_serial import SerialTransport

    from tapwatch.device.repl import Repl

_WELCOME = "MicroPython on the watch; `watch` and `board` are there. Ctrl-] leaves, and the watch goes on."


def shell(arguments: argparse.Namespace) -> int:
    """Run the command. Raises UserError."""
    console = _console() if arguments.execute is None else None
    with development.opened(arguments) as repl:
        if arguments.execute is not None:
            return _run(repl, arguments.execute)
        print(_WELCOME)
        _talk(repl, console)
    return EXIT_OK


def _run(repl: Repl, source: str) -> int:
    """Run lines and print what they print, however long they take; the exit code: 1 if they raised."""
    try:
        _print(repl.run(source, silence_s=math.inf))
    except WatchRaised as raised:
        _print(raised.printed)
        sys.stderr.write(raised.traceback.replace("\r\n", "\n"))
        return EXIT_FAILED
    return EXIT_OK


def _print(printed: bytes) -> None:
    sys.stdout.write(printed.decode("utf-8", "replace").replace("\r\n", "\n"))
    sys.stdout.flush()


class _State:
    """What mpremote's loop wants to know."""

    def __init__(self, transport: SerialTransport) -> None:
        self.transport = transport


def _console() -> Any:
    """The terminal of whoever types. Raises UserError if there is none: mpremote would fall over it, or never end."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UserError("the shell is for a person at a terminal", "a program gives its lines with -c", EXIT_USAGE)
    return Console()


def _talk(repl: Repl, console: Any) -> None:
    with repl.friendly() as transport:
        console.enter()
        try:
            gone = do_repl_main_loop(
                _State(transport),
                console,
                console.write,
                escape_non_printable=True,
                code_to_inject=None,
                file_to_inject=None,
            )
        finally:
            console.exit()
        if gone:
            raise pulled()
