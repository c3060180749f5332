"""The log of the watch and that of its apps, for a computer."""

import json

from micropython import const

from watch.apps.app_log import MOST_AT_ONCE
from watch.system.workbench.blocks import put_all

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from watch.apps.app_log import AppLog


def journal(watch: "Any", first: int, first_app: int, say: "Callable[[str], object]" = print) -> None:
    """Print what was logged from these numbers on, or what is left of it: two lists of lines and the numbers behind.

    `watch`: a `Watch`, or one that did not start, which has only its error.
    """
    log = getattr(watch, "log", None)
    if log is None:
        put_all(json.dumps([0, ["0 error start: " + type(watch.error).__name__], 0, []]).encode(), say)
        return
    lines = log.lines()
    new = min(max(log.written - first, 0), len(lines))
    next_app, apps = _all(watch.services.app_log, first_app)
    put_all(json.dumps([log.written, lines[len(lines) - new :], next_app, apps]).encode(), say)


def _all(log: "AppLog", first: int) -> "tuple[int, list[str]]":
    lines: "list[str]" = []
    while True:
        first, more = log.since(first)
        lines += more
        if len(more) < MOST_AT_ONCE:
            return first, lines
