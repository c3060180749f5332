"""Opens and closes apps many times with the heap of a board; says what they have left. One line of JSON for each.

Run by tests/memory/test_runs.py with a folder, the number of runs of an app, and of those that are named behind it.
"""

import sys

from support.memory_watch import Bench, tell, used_bytes
from watch.apps.shelf.firmware_apps import APPS, FACES

WARM = 3
"""Runs before the heap is looked at: settings are written, pictures are read, texts are interned."""
FILLS = {"calculator": 14}
"""What keeps each figure that was touched needs more of them, until its display is full."""


def main(folder, runs, many, *cheap):
    """Built-in apps and faces, then apps of a developer."""
    bench = Bench(folder)
    for app in APPS + FACES:
        report(bench, app, many if app in cheap else runs)
    for app in bench.bundles():
        bench.install(app)
        report(bench, app, many if app in cheap else runs)


def report(bench, app, runs):
    """Run it, and say by how much heap and census have changed since the first runs."""
    for _ in range(FILLS.get(app, WARM)):
        bench.use(app)
    census, before = bench.census(), used_bytes()
    _repeat(bench, app, runs)
    grown = used_bytes() - before
    if grown > 0:  # the collector takes a stale word for a pointer at times
        before = used_bytes()
        _repeat(bench, app, runs)
        grown = min(grown, used_bytes() - before)
    now = bench.census()
    more = {kind: now.get(kind, 0) - census.get(kind, 0) for kind in now if now[kind] != census.get(kind, 0)}
    tell(app=app, runs=runs, grown=grown, more=more, objects=sum(now.values()))


def _repeat(bench, app, runs):
    for _ in range(runs):
        bench.use(app)


def leaky(folder):
    """A watch that keeps something of each run, for the measure to notice."""
    bench = Bench(folder)
    clean = bench.use

    def use(app):
        clean(app)
        bench.services.guard.listen(lambda old, new: None)

    bench.use = use
    report(bench, "torch", WARM)


if sys.argv[2] == "leaky":
    leaky(sys.argv[1])
else:
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
