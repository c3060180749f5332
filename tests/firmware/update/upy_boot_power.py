"""Power cuts around the choice of a slot, R7: 0 bricks. And that the campaign notices what it is there for."""

from tests.firmware.storage.norflash import SECTOR
from tests.firmware.update.boot_campaign import Campaign, install, starts
from tests.firmware.update.boot_kit import (
    BLANK,
    BOOT,
    CRASH,
    GOOD,
    LIAR,
    TEXT,
    UNWELL,
    flash,
    image,
    packed,
    sector,
)
from tests.power.verified import Failed
from watch.update.slots import EMPTY, PROVED, Slots

LONG_HEAP = "64M"
OLD, STALE = image("old", GOOD), image("stale", GOOD)
NEW = image("new", GOOD)
BOTH = ("old", "new")


def proved(active, a, b, marks=b"\x00"):
    """A flash with a proved system in each slot, one of which runs; the other sector never had a record."""
    record = packed(7, active, (PROVED, PROVED), 2, (len(a), len(b)))
    return flash({"/a.twi": a, "/b.twi": b}, sector(record, marks) + BLANK)


def alone(a):
    """A flash as it comes from `tapwatch flash`: one proved system."""
    return flash({"/a.twi": a}, sector(packed(1, 0, (PROVED, EMPTY), 2, (len(a), 0))) + BLANK)


def first_start():
    return flash({"/a.twi": OLD}), (starts, starts), ("old",), ("old",)


def update():
    return alone(OLD), (starts, install(1, NEW), starts, starts), BOTH, BOTH


def update_over_a_stale_one():
    return proved(1, STALE, OLD), (install(0, NEW), starts, starts), BOTH, BOTH


def on_trial(new):
    """A flash on which the next start is the first one of a new system."""
    on = alone(OLD)
    install(1, new)(on, BOOT)
    return on


def never_proves():
    return on_trial(image("new", UNWELL)), (starts, starts, starts), BOTH, ("old",)


def crashes_on_trial():
    return on_trial(image("new", CRASH)), (starts, starts, starts), BOTH, ("old",)


def proved_and_crashes():
    return proved(1, OLD, image("new", CRASH)), (starts, starts, starts, starts), BOTH, ("old",)


def no_record():
    damaged = b"TWS1" + bytes(100)
    return flash({"/b.twi": OLD}, 2 * sector(damaged)), (starts, starts), ("old",), ("old",)


def file_gone():
    slots = sector(packed(3, 1, (PROVED, PROVED), 2, (len(OLD), 50))) + BLANK
    return flash({"/a.twi": OLD}, slots), (starts, starts), ("old",), ("old",)


def wrong_length():
    slots = sector(packed(3, 1, (PROVED, PROVED), 2, (len(OLD), len(NEW) + 1))) + BLANK
    return flash({"/a.twi": OLD, "/b.twi": NEW}, slots), (starts, starts), ("old",), ("old",)


def marks_used_up():
    return proved(1, STALE, OLD, bytes(4096 - 256 - 1)), (starts, starts, starts), ("old",), ("old",)


STORIES = (
    first_start,
    update,
    update_over_a_stale_one,
    never_proves,
    crashes_on_trial,
    proved_and_crashes,
    no_record,
    file_gone,
    wrong_length,
    marks_used_up,
)


def test_no_cut_leaves_a_watch_that_does_not_start():
    points = 0
    for story in STORIES:
        campaign = Campaign(*story())
        try:
            campaign.run()
        except Failed as error:
            raise Failed("%s: %s" % (story.__name__, error))
        points += campaign.points
    print("NOTE R7 boot and slot record: %d points, 0 bricks" % points)


MISTAKES = (
    ("the record is written in place", "sector, marks = 1 - sector, b", "marks = b", marks_used_up),
    ("starts are not counted", "partition.writeblocks(sector, _BEGUN, _MARKS + len(marks))", "pass", never_proves),
    ("crashes are not counted", "len(begun) >= _CRASHES and", "False and", proved_and_crashes),
    ("a trial never ends", "spent = len(begun) >= record[_TRIES]", "spent = False", crashes_on_trial),
    ("there is no way back", "else (slot, 1 - slot):", "else (slot,):", file_gone),
    ("any length will do", "length not in (0, os.stat(self._path)[6]) or ", "", wrong_length),
    ("a record needs no CRC", " and crc == crc32(data[:_CRC])", "", no_record),
    ("the older record counts", "data[:_ACTIVE] > best[:_ACTIVE]", "data[:_ACTIVE] < best[:_ACTIVE]", update),
    ("what is decided is not written down", "chosen, _FAILED, None", "chosen, _FAILED, marks", never_proves),
)


def test_a_boot_py_with_a_mistake_is_noticed():
    for name, right, wrong, story in MISTAKES:
        assert TEXT.count(right) == 1, (name, TEXT.count(right))
        boot = compile(TEXT.replace(right, wrong), "boot.py", "exec")
        noticed(name, *story(), boot)


def noticed(name, *campaign):
    """The campaign must fail."""
    try:
        Campaign(*campaign).run()
    except Failed:
        return
    raise AssertionError("the campaign did not notice: " + name)


class InPlace(Slots):
    """A record that is erased before the next one is written."""

    def _change(self, record, slot, state, length, digest8):
        record.states[slot], record.lengths[slot], record.digests[slot] = state, length, digest8
        sector_at = self._expected()[0] * SECTOR
        self._flash.erase(sector_at)
        self._flash.program(
            sector_at, packed(record.sequence + 1, record.active, record.states, record.tries, record.lengths)
        )


def test_a_running_system_that_writes_in_place_is_noticed():
    on, _, allowed, final = update_over_a_stale_one()
    noticed("in place", on, (install(0, NEW, InPlace), starts, starts), allowed, final)


def with_dead_panel(main):
    on = on_trial(image("new", main))
    on.dead = ("panel",)
    return on


def test_a_build_that_lies_about_its_own_check_is_noticed():
    """Its panel is dead, and it calls itself proved: only someone outside of it can tell."""
    try:
        Campaign(with_dead_panel(LIAR), (starts,), BOTH, BOTH).run()
    except Failed as error:
        assert "calls itself proved" in str(error), error
    else:
        raise AssertionError("nobody noticed the lie")


def test_an_honest_build_with_a_dead_panel_goes_back():
    Campaign(with_dead_panel(GOOD), (starts, starts, starts), BOTH, ("old",)).run()
