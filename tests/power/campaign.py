"""Cuts a journal at every program and erase of a story, then cuts its recovery at every operation as well.

A story is a list of steps; a step takes the journal (never mounted before the first step) and changes it once. At
whatever point the power goes, the next mount must find exactly what stood before the interrupted step or what stands
after it. The first boot writes one more fact, and the boot after it must find that fact and all before it. A second
boot of what the first one left before it wrote must find the same, and what it writes must be found by the third. A
boot that changed nothing needs no second one: it depends on nothing but what is on the flash.
"""

import os

from tests.firmware.storage.norflash import RANDOM, Cut, PowerCut
from tests.power.verified import Failed, digest
from watch.kernel.errors import WatchError
from watch.storage.journal import Journal

LONG = bool(os.getenv("TAPWATCH_LONG"))
PROBE = 0xFFFE
"""Record that each recovered journal must be able to take."""


def contents(journal):
    """All facts."""
    stored = journal.keys()
    return {key: journal.get(key) for key in stored}


def remember(change):
    """A step that commits `change`."""
    return lambda journal: journal.commit(change)


class Campaign:
    """One story on one flash, cut everywhere."""

    def __init__(self, flash, steps, make=Journal, cut=Cut):
        """`flash` is where the story starts; `make` builds the journal under test; `cut` is how the power goes."""
        self.flash = flash
        self.steps = steps
        self.make = make
        self.cut = cut
        self.first_points = 0
        self.second_points = 0
        self.states = []
        self.recovered = {}
        """Operations of the first boot, by what was on the flash and might be found there: it is looked at once."""
        self._operations = 0

    def run(self):
        """Cut at every operation in every pattern. Raises Failed."""
        self.rehearse()
        for at in range(self._operations):
            for pattern in self.cut.FIXED + RANDOM:
                self.cut_once(at, pattern)

    def points(self):
        """How many cuts were tried."""
        return self.first_points + self.second_points

    def rehearse(self):
        """The story without a cut: the state after each step and the number of operations."""
        flash = self.flash.restored()
        journal = self.make(flash)
        journal.mount()
        self.states = [contents(journal)]
        for step in self.steps:
            step(journal)
            self.states.append(contents(journal))
        self._operations = flash.operations

    def cut_once(self, at, pattern):
        """Cut the story at one operation, then the recovery at each of its operations. Raises Failed."""
        flash = self.flash.restored()
        flash.fault = self.cut(at, pattern)
        allowed = self._play(flash)
        self.first_points += 1
        where = f"cut at {at}, pattern {pattern}"
        operations = self._expect_recovery(flash, allowed, where)
        for second in range(operations):
            for again in self._second_patterns():
                torn = flash.restored()
                torn.fault = self.cut(second, again)
                self._mount_into_cut(torn)
                self.second_points += 1
                self._expect_recovery(torn, allowed, f"{where}, then at {second}, pattern {again}")

    def _second_patterns(self):
        """All patterns in the long form; else one, another one each time."""
        patterns = self.cut.FIXED + RANDOM
        return patterns if LONG else (patterns[self.second_points % len(patterns)],)

    def _play(self, flash):
        """Tell the story until the cut; the states that may be found afterwards."""
        done = 0
        try:
            journal = self.make(flash)
            journal.mount()
            for step in self.steps:
                step(journal)
                done += 1
        except PowerCut:
            return self.states[done : done + 2]
        raise Failed("the story ended without a cut")

    def _mount_into_cut(self, flash):
        try:
            self.make(flash).mount()
        except PowerCut:
            return

    def _expect_recovery(self, flash, allowed, where):
        """A boot finds what is allowed; returns its operations."""
        name = self.states.index(allowed[0]), len(allowed), digest(flash.cells())
        if name not in self.recovered:
            self.recovered[name] = self._recover(flash, allowed, where)
        return self.recovered[name]

    def _recover(self, flash, allowed, where):
        """Boot twice and use the journal after either; returns the operations of the first boot."""
        state, operations, left = self._boot_and_write(flash, where)
        if state not in allowed:
            raise Failed(f"{where}: found {brief(state)}, not one of {[brief(one) for one in allowed]}")
        if left.cells() != flash.cells() and self._boot_and_write(left, where + ", second boot")[0] != state:
            raise Failed(f"{where}: the second boot differs from the first")
        return operations

    def _boot_and_write(self, flash, where):
        """What a boot finds, its operations, and the flash it left. The boot after it must find what it then wrote."""
        flash = flash.restored()
        journal = self.make(flash)
        state = self._mounted_state(journal, where)
        operations = flash.operations
        left = flash.restored()
        journal.commit({PROBE: b"probe"})
        written = dict(state)
        written[PROBE] = b"probe"
        if self._mounted_state(self.make(flash.restored()), where) != written:
            raise Failed(f"{where}: the next boot does not find what this one wrote")
        return state, operations, left

    def _mounted_state(self, journal, where):
        try:
            journal.mount()
            return contents(journal)
        except WatchError as error:
            raise Failed(f"{where}: failed mount, {error!r}")  # noqa: B904 - MicroPython keeps no cause


def brief(state):
    """A state that fits a line."""
    return {key: value[:4] + b".." if len(value) > 4 else value for key, value in state.items()}
