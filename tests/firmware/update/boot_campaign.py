"""Cuts the power at every program and erase of a story on both partitions, and again in every recovery.

A story is a list of steps: starts of the watch, and what the running system writes. Wherever the power goes, each of
the following starts runs one system out of those that are allowed, and after a few of them it is the one that the story
ends with. Which one ran is told from outside (boot_kit.Witness); a system that calls itself proved without having shown
anything on the panel and asked every chip ends the campaign.
"""

import gc
import os

from tests.firmware.storage.norflash import CLEAN, HALF, RANDOM, SECTOR, Cut, PowerCut
from tests.firmware.update.boot_kit import BOOT, FILES, Flash, Waits, Written, start
from tests.power.verified import Failed, digest
from watch.update.slots import Slots

LONG = bool(os.getenv("TAPWATCH_LONG"))
_TIDY = 32
"""Starts between two collections: what is kept lies together then, and leaves room for a table that grows."""
SETTLED = 5
"""Starts after which the story must have ended: three that crash, one that is cut, one that stays."""


def install(slot, data, kind=Slots):
    """A step: what `watch.update` writes to give an image a slot and try it."""

    def step(on, boot):
        with Written(on.disk) as folder:
            slots = kind(on.slots)
            with open(folder + "/new.twi", "wb") as file:
                file.write(data)
            slots.empty(slot)
            os.rename(folder + "/new.twi", folder + FILES[slot])
            slots.try_out(slot, len(data), bytes(8))

    return step


def starts(on, boot):
    """A step: the watch is switched on."""
    start(on, boot)


class Campaign:
    """One story, cut everywhere.

    Args:
        flash: where it begins.
        steps: what happens.
        allowed: names of the systems that may start after a cut.
        final: those that may still start in the end; without a cut it is the last of them.
        boot: boot.py, compiled.
    """

    def __init__(self, flash, steps, allowed, final, boot=BOOT):
        self._flash, self._steps, self._boot = flash, steps, boot
        self._allowed, self._final = allowed, final
        self.points = 0
        """Cuts that were tried."""
        self._twice = set()
        """Digests of states whose next start has been cut."""
        self._known = {}
        """What a start from a state came to: operations, name, slot record after it. By the digest of the state."""

    def run(self):
        """Cut everywhere. Raises Failed."""
        on = self._flash
        for number, step in enumerate(self._steps):
            after = on.again()
            step(after, self._boot)
            for at in range(after.supply.operations):
                for pattern in _patterns(at):
                    self._cut(on, step, at, pattern, "step %d" % number)
            on = after
        self._settle(on, "without a cut", self._final[-1:])

    def _cut(self, on, step, at, pattern, where):
        """Cut a step once, then the start after it at each of its operations."""
        where = "%s, cut at %d, pattern %d" % (where, at, pattern)
        torn = self._until_cut(on, step, Cut(at, pattern))
        operations = self._settle(torn, where)
        state = digest(torn.cells())
        if state in self._twice:
            return
        self._twice.add(state)
        for second in range(operations):
            for again in _second_patterns(self.points):
                twice = self._until_cut(torn, starts, Cut(second, again))
                self._settle(twice, "%s, then at %d, pattern %d" % (where, second, again))

    def _until_cut(self, on, step, cut):
        """What the cut leaves on the flash."""
        self.points += 1
        on = on.again(cut)
        try:
            step(on, self._boot)
        except (PowerCut, OSError):
            pass  # littlefs tells a cut as an error
        if not on.supply.dead:
            raise Failed("the story ended without a cut")
        return on

    def _settle(self, on, where, final=None):
        """Start until the story has ended; the operations of the first start."""
        first = None
        for count in range(SETTLED):
            operations, name, on = self._start(on, where)
            first = operations if first is None else first
            if name not in self._allowed:
                raise Failed("%s: start %d runs %s" % (where, count, name))
        if name not in (final or self._final):
            raise Failed("%s: still %s" % (where, name))
        return first

    def _start(self, before, where):
        """Operations, name of the system, and the flash after it."""
        state = digest(before.cells())
        if state not in self._known:
            on = before.again()
            ran = start(on, self._boot)
            if isinstance(ran.error, Waits):
                raise Failed(where + ": nothing starts")
            if ran.lied():
                raise Failed(
                    "%s: %s calls itself proved, and the panel shows %s" % (where, ran.name, ran.witness.shown)
                )
            if on.disk.image != before.disk.image:
                raise Failed(where + ": the start has written to the file system")
            self._known[state] = on.supply.operations, ran.name, _short(on.slots.image)
            if len(self._known) % _TIDY == 0:
                gc.collect()
        operations, name, slots = self._known[state]
        after = Flash(before.slots, before.disk, dead=before.dead)
        after.slots.image = _long(slots)
        return operations, name, after


def _short(image):
    """Both sectors of the slot record, without their blank ends."""
    return [bytes(image[at : at + SECTOR]).rstrip(b"\xff") for at in (0, SECTOR)]


def _long(sectors):
    return bytearray(b"".join([text + b"\xff" * (SECTOR - len(text)) for text in sectors]))


def _patterns(at):
    """All patterns in the long form; else a clean cut, a half one, and one of the others, another one each time."""
    return (CLEAN, HALF) + RANDOM if LONG else (CLEAN, HALF, RANDOM[at % len(RANDOM)])


def _second_patterns(points):
    """All in the long form; else one, another one each time."""
    return (CLEAN, HALF) + RANDOM if LONG else ((CLEAN, HALF) + RANDOM)[points % 10 :][:1]
