"""`tapwatch logs`: what the watch has logged, and its apps with their tracebacks."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.device import development
from tapwatch.device.bench_commands import LEVELS
from tapwatch.device.repl import Repl
from tapwatch.errors import EXIT_ENVIRONMENT, EXIT_FAILED, EXIT_OK, UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_READ = "from watch.system.workbench.journal import journal\njournal(watch, %d, %d)"
PAUSE_S = 3.0
"""Between two looks of --follow: the watch stands still during a look."""
AWAY_S = 30.0
"""--follow waits so long for a watch that has gone: it may be starting anew."""


@dataclass
class Place:
    """How far both logs have been read."""

    watch: int = 0
    apps: int = 0


def logs(arguments: argparse.Namespace) -> int:
    """Run the command; with --follow until it is interrupted. Raises UserError."""
    place, level = Place(), LEVELS.index(arguments.level)
    _look(development.opened(arguments), place, level)
    while arguments.follow:
        time.sleep(PAUSE_S)
        try:
            _look(Repl(development.find_port(arguments.port)), place, level)
        except UserError as problem:
            print(f"tapwatch: {problem.message}; waiting {AWAY_S:.0f} s for the watch", file=sys.stderr)
            _look_again(arguments, place, level)
    return EXIT_OK


def _look(opened: Repl, place: Place, level: int) -> None:
    with opened as repl:
        development.expect_watch(repl)
        before = place.watch
        lines = read(repl, place)
        if place.watch < before:
            print("tapwatch: the watch has started anew", file=sys.stderr)
            place.watch = place.apps = 0
            lines = read(repl, place)
    show(lines, level, lambda line: print(line, flush=True))


def _look_again(arguments: argparse.Namespace, place: Place, level: int) -> None:
    """After a look that failed: the watch may be starting, and may run another image now. Raises UserError."""
    until = time.monotonic() + AWAY_S
    while True:
        time.sleep(PAUSE_S)
        try:
            return _look(development.opened(arguments), place, level)
        except UserError as problem:
            if problem.exit_code != EXIT_ENVIRONMENT or time.monotonic() > until:
                raise


def read(repl: Repl, place: Place) -> list[str]:
    """New lines of both logs; `place` moves behind them. Raises UserError."""
    try:
        place.watch, lines, place.apps, apps = json.loads(b"".join(repl.blocks(_READ % (place.watch, place.apps))))
        return [*map(_printable, lines), *(f"app {_printable(line)}" for line in apps)]
    except (ValueError, TypeError, AttributeError) as problem:
        raise UserError("the watch sent no log", "is its system of this version?", EXIT_FAILED) from problem


def show(lines: list[str], level: int, say: Callable[[str], None]) -> None:
    """Print those of this level and above; lines of apps have none and are always shown."""
    for line in lines:
        words = line.split(" ", 2)
        if words[0] == "app" or len(words) < 2 or words[1] not in LEVELS or LEVELS.index(words[1]) >= level:
            say(line)


def _printable(line: str) -> str:
    return "".join(character if character.isprintable() else "·" for character in line)
