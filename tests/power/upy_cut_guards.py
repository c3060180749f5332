"""Journals with one thing done wrong: every campaign must notice, or it proves nothing."""

from tests.firmware.storage.norflash import Cut, PowerCut, RuleBroken
from tests.power.campaign import Campaign, Failed, remember
from tests.power.stories import before_copy, prepared
from tests.power.weakflash import FEW, WeakCut, WeakFlash
from watch.storage import recovery, sector
from watch.storage.journal import Journal
from watch.storage.log import Log
from watch.storage.nor import SECTOR, is_blank

SHARE = "cuts and faults"


def expect_caught(name, make, flash, steps, cut=Cut):
    """The campaign must fail for this journal and pass for the real one."""
    Campaign(flash, steps, cut=cut).run()
    try:
        Campaign(flash, steps, make, cut).run()
    except (Failed, RuleBroken) as error:
        print(f"NOTE broken journal caught, {name}: {error}")
        return
    raise AssertionError(f"not noticed: {name}")


class MarksFirst(Log):
    def append(self, record):
        self.confirm(self.end)
        return Log.append(self, record)


class ForgetsTheMove(Log):
    """Goes on after a torn record without a new sector."""

    def advance(self):
        if self.room < 3000:
            Log.advance(self)


class FreesBeforeCopying(Journal):
    def _gather_oldest(self, index):
        size = Journal._gather_oldest(self, index)
        self._log.nor.erase(self._log.oldest % self._log.nor.sectors)
        return size


class OneByOne(Journal):
    def commit(self, changes):
        for key, value in changes.items():
            Journal.commit(self, {key: value})


class DeletesFirst(Journal):
    def commit(self, changes):
        Journal.commit(self, dict.fromkeys(changes))
        Journal.commit(self, changes)


class WipesWithoutNote(Journal):
    def wipe(self):
        for index in range(self._log.nor.sectors):
            self._log.nor.erase(index)
        self.mount()


def on(log_class):
    """Builds journals on this kind of log."""

    def make(flash):
        journal = Journal(flash)
        journal._log = log_class(journal._log.nor)
        return journal

    return make


TWO = {1: b"new one", 2: b"new two"}


def old_two():
    return prepared(4, [{1: b"old one", 2: b"old two"}])


def test_guard_marks_before_the_record():
    expect_caught("marks before the record", on(MarksFirst), old_two(), [remember(TWO)])


def test_guard_appends_behind_a_torn_record():
    expect_caught("appends behind a torn record", on(ForgetsTheMove), old_two(), [remember(TWO)])


def test_guard_frees_before_copying():
    expect_caught(
        "frees before copying", FreesBeforeCopying, before_copy(6, 5, 100, 600), [remember({100: b"q" * 600})]
    )


def test_guard_facts_one_by_one():
    expect_caught("facts one by one", OneByOne, old_two(), [remember(TWO)])


def test_guard_deletes_the_old_value_first():
    expect_caught("deletes the old value first", DeletesFirst, old_two(), [remember({1: b"new"})])


def test_guard_wipe_without_a_note():
    expect_caught("wipe without a note", WipesWithoutNote, old_two(), [lambda journal: journal.wipe()])


def weak_story(flash, steps, boots):
    """The story on weak cells that read differently for each `boots`."""
    return Campaign(WeakFlash(flash.size // flash.sector, flash.image, boots=boots), steps, cut=WeakCut)


def does_nothing(recovering):
    """Instead of a part of the recovery."""


def erases_what_reads_torn(recovering):
    """Instead of `_doubt_next`: believes one reading of the next header, and that a valid one is from before."""
    nor = recovering._log.nor
    index = (recovering._log.head.sequence + 1) % nor.sectors
    data = bytearray(sector.HEADER_BYTES)
    nor.read(index * SECTOR, data)
    if any(data) and not is_blank(data) and sector.unpack(data, index, nor.sectors) is None:
        nor.erase(index)


def expect_needed(method, flash, steps, at, instead=does_nothing):
    """A cut at operation `at` that leaves few weak cells does harm with `instead` of `method`, none with `method`."""
    for boots in range(0, 2000, 20):
        campaign = weak_story(flash, steps, boots)
        campaign.rehearse()
        for pattern in FEW:
            campaign.cut_once(at, pattern)
            if harms(method, instead, campaign, at, pattern):
                return
    raise AssertionError(f"never needed: {method}")


def harms(method, instead, campaign, at, pattern):
    """True if the cut does harm once the recovery does something else than `method`."""
    whole = getattr(recovery.Recovery, method)
    setattr(recovery.Recovery, method, instead)
    campaign.recovered.clear()
    try:
        campaign.cut_once(at, pattern)
    except Failed as error:
        print(f"NOTE broken recovery caught, {instead.__name__} instead of {method}: {error}")
        return True
    finally:
        setattr(recovery.Recovery, method, whole)
        campaign.recovered.clear()
    return False


def test_guard_weak_record_is_written_again():
    expect_needed("_confirm_last", old_two(), [remember(TWO)], at=1)


def test_guard_weak_header_in_the_next_sector_is_buried():
    story = prepared(6, [{1: b"x" * 3200}]), [remember({2: b"y" * 900})]
    expect_needed("_doubt_next", *story, at=1, instead=erases_what_reads_torn)


def doubted(boots):
    """A flash on which one boot found a torn record and took it for never written; None if it read valid."""
    flash = WeakFlash(4, old_two().image, boots=boots)
    journal = Journal(flash)
    journal.mount()
    flash.fault = WeakCut(flash.operations + 1, 2)  # past the zeros for the next header
    try:
        journal.commit({1: b"torn"})
    except PowerCut:
        flash = flash.restored()
    journal = Journal(flash)
    journal.mount()
    return None if journal.get(1) == b"torn" else flash


def doubts_believed_later():
    """How many flashes let a torn record come back when the next sector is torn too, and again at its repair."""
    believed = 0
    for boots in range(0, 1000, 100):
        flash = doubted(boots)
        try:
            if flash:
                Campaign(flash, [remember({3: b"next"})], cut=WeakCut).run()
        except Failed:
            believed += 1
    return believed


def test_guard_torn_record_is_buried():
    assert doubts_believed_later() == 0
    whole = recovery.Recovery._bury_torn
    recovery.Recovery._bury_torn = lambda self: None
    try:
        assert doubts_believed_later() > 0
    finally:
        recovery.Recovery._bury_torn = whole
