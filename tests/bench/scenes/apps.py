"""What apps cost the watch: to check one, to open it, each answer of it, a unit of fuel, a tick of the face."""

import gc

from tests.bench.scenes.marks import NOT_OURS
from tests.bench.scenes.worn import without_scrub, worn_watch
from watch.apps.fuel import Tank, spend
from watch.apps.limits import FUEL, Limits, Turn
from watch.apps.shelf import checks
from watch.apps.shelf.bundle import Bundle
from watch.apps.verifier.mpy_file import Module, walk
from watch.apps.verifier.naming import Tables
from watch.apps.verifier.opcodes import Instructions
from watch.apps.verifier.prelude import Prelude
from watch.kernel.steps import finish

SMALL, LARGE = "torch", "calculator"
MANY = 1000


class _Dog:
    """A watchdog that does nothing."""

    def begin(self, note, timeout_ms):
        pass

    def end(self):
        pass


def _ops(bundle):
    """How many instructions the modules of a bundle have."""
    found = 0
    for name in bundle.manifest.modules:
        module = Module(bundle.read(name + ".mpy"), Tables().numbered)
        for code in walk(module.root):
            Prelude(code.reader, len(module.names))
            instructions = Instructions()
            finish(instructions.reading(code.reader))
            found += len(instructions)
    return found


def _launches(marks, watch):
    """The second start of a small app, from the launcher: its bundle was checked at the first."""
    for name in ("warm-up", "launch"):
        watch.navigator.apps.launcher()
        watch.stack.render()
        gc.collect()
        marks.cut(NOT_OURS)
        watch.navigator.apps.open(SMALL)
        watch.stack.render()
        marks.cut(name)
        if watch.navigator.apps.in_front() != SMALL:
            raise RuntimeError("the app was not opened")
        watch.stack.home()
        watch.stack.render()
    face = watch.stack.top
    for name in ("warm-up", "tick"):
        marks.cut(NOT_OURS)
        face.tick(0)
        marks.cut(name)


def _checks(marks, folder, notes):
    """All that is in a bundle, in one go, and the longest step of it."""
    for app in (SMALL, LARGE):
        bundle = Bundle("%s/%s.twb" % (folder, app))
        notes[app + "/bytes"], notes[app + "/instructions"] = bundle.size, _ops(bundle)
        gc.collect()
        marks.cut(NOT_OURS)
        for _ in checks.contents(bundle):
            marks.cut("check/" + app)
        marks.cut("check/" + app)
    gc.collect()
    steps = checks.contents(Bundle("%s/%s.twb" % (folder, LARGE)))
    marks.cut(NOT_OURS)
    for number, _ in enumerate(steps):
        marks.cut("step/%d" % number)


def _loop(values):
    total = 0
    for value in values:
        spend()
        total += value & 7
    return total


def _answers(marks, now_ms):
    """What stands around each answer, and a unit of fuel."""
    turn, values = Turn(Limits(now_ms, _Dog()), SMALL), range(MANY)
    for name in ("warm-up", "answer"):
        gc.collect()
        marks.cut(NOT_OURS)
        for _ in range(MANY):
            turn.begin()
            turn.end()
        marks.cut(name)
        tank = Tank(FUEL, FUEL)
        tank.open(0)
        marks.cut(NOT_OURS)
        for _ in range(MANY):
            spend()
        marks.cut(name + "/spend")
        tank.shut()
        tank = Tank(FUEL, FUEL)
        tank.open(0)
        marks.cut(NOT_OURS)
        _loop(values)
        marks.cut(name + "/loop")
        tank.shut()


def apps(marks):
    """Everything once, on the counting board."""
    without_scrub()
    watch, board = worn_watch()
    notes = {"many": MANY}
    _launches(marks, watch)
    _checks(marks, board.info.apps, notes)
    _answers(marks, watch.services.clock.ticks_ms)
    return notes
