"""`tapwatch logs`: what the watch has logged, and its apps with their tracebacks."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.device import development
from tapwatch.device.bench_commands import LEVELS
from tapwatch.device.repl import Repl
from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_READ = "from watch.system.workbench.journal import journal\njournal(watch, %d, %d)"
PAUSE_S = 3.0
"""Between two looks of --follow: the watch stands still during a look."""


@dataclass
class Place:
    """How far both logs have been read."""

    watch: int = 0
    apps: int = 0


def logs(arguments: argparse.Namespace) -> int:
    """Run the command; with --follow until it is interrupted. Raises UserError."""
    place, level = Place(), LEVELS.index(arguments.level)
    with development.opened(arguments) as repl:
        development.expect_watch(repl)
        show(read(repl, place), level, print)
    while arguments.follow:
        time.sleep(PAUSE_S)
        with Repl(development.find_port(arguments.port)) as repl:
            development.expect_watch(repl)
            show(read(repl, place), level, print)
    return EXIT_OK


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
