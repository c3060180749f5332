"""Somebody who wants this watch bricked, or to run what it must not: cuts upon cuts, weak cells, starved starts.

Written without a look at the other campaigns. A start is judged by the file that boot.py took `main.py` from, and by
the floor in the vault; nothing that a system says counts.
"""

import os

from tests.firmware.storage.norflash import Cut, PowerCut
from tests.firmware.update.adversary_kit import Dead, Story, System
from tests.power.weakflash import WeakCut

LONG = bool(os.getenv("TAPWATCH_LONG"))
SESSIONS = 5
"""Starts of a story in which it is cut: the old system, the new one, and what follows."""
_STARVED = 4
"""Starts of which boot.py counts three."""
_RETRIES = 40
"""Starts that littlefs may fail in while cells of its own read either way."""


def story(does="good", by_delta=False):
    """The new system asks for a floor above the old one."""
    return Story(System("old", (1, 0, 0), (1, 0, 0)), System("new", (2, 0, 0), (2, 0, 0), does), by_delta)


def powered(told, flash, fault=None, plays=True):
    """A start with this fault: the flash after it, and what ran; None if the power went."""
    flash = flash.again(fault)
    try:
        return flash, told.start(flash, plays)
    except PowerCut:
        return flash, None


def settles(told, flash):
    """Starts without faults until one system runs three times in a row. Raises Dead, AssertionError."""
    ran = []
    for _ in range(9):
        flash, name = powered(told, flash)
        ran.append(name)
        if ran[-3:] == [name] * 3:
            return ran
    raise Dead("it does not settle: %s" % ran)


def starves(told, flash):
    """Power goes at each start before the first frame; then it stays."""
    for _ in range(_STARVED):
        flash, _ = powered(told, flash, None, False)
    settles(told, flash)


class Campaign:
    """Cuts of one story, and of each recovery."""

    def __init__(self, told, first, every, depth):
        """`first`: pattern. One of `every` first cuts is followed by others at each operation, `depth` cuts in all."""
        self.points = self._turn = 0
        self._told, self._every, self._depth = told, every, depth
        flash = told.flash()
        for _ in range(SESSIONS):
            before = flash
            flash, _ = powered(told, flash)
            for at in range(flash.supply.operations) if LONG else range(first % 2, flash.supply.operations, 2):
                for pattern in range(10) if LONG else ((at + first) % 10,):
                    self._first(before, Cut(at, pattern))

    def _first(self, before, fault):
        self._turn += 1
        flash, _ = powered(self._told, before, fault)
        self._judge(flash)
        if self._turn % self._every == 0:
            self._again(flash, 2)

    def _again(self, before, depth):
        """Cut the start that follows, at every operation."""
        name, at = None, 0
        while name is None:
            flash, name = powered(self._told, before, Cut(at, at % 10))
            if name is None:
                self._judge(flash)
            if name is None and depth < self._depth and at % 3 == 0:
                self._again(flash, depth + 1)
            at += 1

    def _judge(self, flash):
        self.points += 1
        if LONG or self.points % 2:
            settles(self._told, flash)
        if LONG or self.points % 2 == 0:
            starves(self._told, flash)


def test_cuts_upon_cuts_and_starved_starts():
    points = starts = 0
    for number, does in enumerate(("good", "crash", "sick", "liar")):
        for by_delta in (False, True) if LONG else (number % 2 == 0,):
            told = story(does, by_delta)
            points += Campaign(told, 3 * number, 7 if LONG else 37, 3 if LONG else 2).points
            starts += told.starts
    print("NOTE R7 adversary: %d points, %d starts, 0 bricks, 0 below the floor" % (points, starts))


def test_weak_cells_in_the_slot_record_and_in_the_vault():
    """Cut where littlefs writes nothing, so that only our own records have cells that read either way."""
    points = starts = 0
    for does in ("good", "crash", "liar") if LONG else ("good",):
        told = story(does)
        flash = told.flash()
        for _ in range(SESSIONS):
            before = flash
            flash, _ = powered(told, flash)
            for at in range(flash.supply.operations):
                for pattern in range(2, 10) if LONG else (2 + at % 8,):
                    cut, _ = powered(told, before, WeakCut(at, pattern))
                    if not any(cut.disk.weak):
                        settles(told, cut)
                        starves(told, cut)
                        points += 1
        starts += told.starts
    print("NOTE R7 adversary, weak cells in slot record and vault: %d points, %d starts, 0 bricks" % (points, starts))


def test_weak_cells_in_littlefs_take_starts_but_no_watch():
    """Of itself littlefs writes no weak cell anew: what it reads is luck, and each start tries it again."""
    points = failed = most = 0
    told = story()
    before = told.flash()
    flash, _ = powered(told, before)
    for at in range(flash.supply.operations):
        for pattern in range(2, 10) if LONG else (3 + at % 2,):
            cut, _ = powered(told, before, WeakCut(at, pattern))
            if any(cut.disk.weak):
                points += 1
                bad = _until_three_run(told, cut)
                failed, most = failed + (bad > 0), max(most, bad)
    print(
        "NOTE R7 adversary, weak cells in littlefs: %d points, %d with failed starts, %d at most"
        % (points, failed, most)
    )
    assert most < _RETRIES


def _until_three_run(told, flash):
    """How many starts fail before three in a row do not."""
    bad = row = 0
    while row < 3:
        try:
            flash, _ = powered(told, flash)
            row += 1
        except (Dead, OSError, ValueError):
            flash, bad, row = flash.again(), bad + 1, 0
        if bad == _RETRIES:
            break
    return bad


def test_a_system_below_the_floor_would_be_noticed():
    told = story("crash")
    told.systems["old"].version = (0, 9, 0)
    try:
        powered(told, told.flash())
    except AssertionError:
        return
    raise AssertionError("it was not")
