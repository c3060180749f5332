"""Random changes with random cuts against a dictionary, and long runs of boots that are cut again and again."""

import random

from tests.firmware.storage.norflash import RANDOM, Cut, NorFlash, PowerCut
from tests.power.campaign import LONG, contents
from watch.kernel.errors import FullError
from watch.storage.journal import Journal

SHARE = "cuts and faults"
TIMEOUT_S = 240
BOOTS = 5000 if LONG else 400
KEYS = 12
PATTERNS = Cut.FIXED + RANDOM


def some_change(largest):
    """One to three facts; a third of them deletions."""
    change = {}
    for _ in range(random.randint(1, 3)):
        size = random.choice((0, 3, 20, 90, largest))
        value = bytes([random.getrandbits(8)]) * size
        change[random.randrange(KEYS)] = None if random.randrange(3) == 0 else value
    return change


def applied(model, change):
    """The model after a change."""
    after = model.copy()
    for key, value in change.items():
        if value is None:
            after.pop(key, None)
        else:
            after[key] = value
    return after


class Life:
    """One watch that loses power all the time, and the two states its memory may be in."""

    def __init__(self, sectors, largest, patience):
        self.flash = NorFlash(sectors)
        self.largest = largest
        self.patience = patience
        self.allowed = [{}]
        self.commits = 0
        self.full = 0

    def boot(self):
        """Mount, check, change until the power goes."""
        self.flash = self.flash.restored()
        self.flash.fault = Cut(random.randrange(self.patience), random.choice(PATTERNS))
        try:
            journal = Journal(self.flash)
            journal.mount()
            model = contents(journal)
            assert model in self.allowed, f"found {model}, allowed {self.allowed}"
            self.allowed = [model]
            while True:
                self._change(journal)
        except PowerCut:
            return

    def _change(self, journal):
        model = self.allowed[0]
        if random.randrange(200) == 0:
            self.allowed = [model, {}]
            journal.wipe()
            self.allowed = [{}]
            return
        change = some_change(self.largest)
        after = applied(model, change)
        self.allowed = [model, after]
        try:
            journal.commit(change)
            self.commits += 1
        except FullError:
            after = model
            self.full += 1
        self.allowed = [after]


def live(seed, sectors, largest, patience, boots):
    random.seed(seed)
    life = Life(sectors, largest, patience)
    for _ in range(boots):
        life.boot()
    life.flash = life.flash.restored()
    journal = Journal(life.flash)
    journal.mount()
    assert contents(journal) in life.allowed
    return life


def test_cut_random_changes():
    for seed, sectors, largest in ((1, 4, 300), (2, 5, 900), (3, 8, 1200), (4, 64, 1300)):
        life = live(seed, sectors, largest, 150, BOOTS if sectors < 64 else BOOTS // 8)
        assert life.commits > BOOTS // 2
        print(
            f"NOTE random cuts, {sectors} sectors: {life.commits} commits, {life.full} refused as full, 0 differences"
        )


def test_cut_storm_never_wears_the_journal_into_a_corner():
    for seed, sectors in ((11, 4), (12, 5), (13, 6)):
        life = live(seed, sectors, 500, 9, 3 * BOOTS)
        print(f"NOTE cut storm, {sectors} sectors: {3 * BOOTS} boots of at most 9 operations, {life.commits} commits")
