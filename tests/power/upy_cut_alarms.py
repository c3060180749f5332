"""Cuts in everything that happens to alarms: none is lost, none is mixed, and one that rang rings once more at most."""

from tests.firmware.storage.norflash import NorFlash
from tests.power.campaign import Campaign, Failed
from watch.services.alarm import SNOOZE_MIN
from watch.services.alarms import Alarms

SHARE = "cuts and faults"
NOW = 29_916_720
"""2026-11-18 12:00 on the wall, minutes since 1970."""
SEVEN = NOW + 19 * 60
"""When the alarm of seven rings."""


def loaded(journal):
    """The alarms as the next boot finds them."""
    alarms = Alarms(journal)
    alarms.load()
    return alarms


def a_day(alarms):
    """Set two, change one, switch it off and on, let it ring, snooze, ring again, delete; the phone sets its own."""
    alarms.add(7, 0, 0x1F, NOW, "Work")
    alarms.add(22, 30, 0, NOW)
    alarms.change(1, 23, 0, 0x60, NOW, "Bed")
    alarms.enable(1, False, NOW)
    alarms.enable(1, True, NOW)
    alarms.take_due(SEVEN)
    alarms.snooze(0, SEVEN)
    alarms.take_due(SEVEN + SNOOZE_MIN)
    alarms.from_phone({"d": [{"h": 6, "m": 5, "rep": 3, "on": True}, {"h": 6, "m": 9, "rep": 0, "on": False}]}, NOW)
    alarms.remove(0)
    alarms.from_phone({"d": [{"h": 8, "m": 15, "rep": 0, "on": True}]}, NOW)


class OneByOne:
    """Stands for the alarms and notes each change as a step of its own."""

    def __init__(self):
        self.steps = []

    def __getattr__(self, name):
        return lambda *arguments: self.steps.append(lambda journal: getattr(loaded(journal), name)(*arguments))


class AlarmCampaign(Campaign):
    """Checks as well that what is found are alarms."""

    def _mounted_state(self, journal, where):
        state = Campaign._mounted_state(self, journal, where)
        alarms = loaded(journal)
        if alarms.refused:
            raise Failed(f"{where}: {alarms.refused} records are no alarms")
        return state


def test_cut_alarms():
    story = OneByOne()
    a_day(story)
    campaign = AlarmCampaign(NorFlash(4), story.steps)
    campaign.run()
    deeds = len(campaign.states) - 1
    assert deeds == 11 and all(campaign.states[n] != campaign.states[n + 1] for n in range(deeds)), (
        "a deed wrote nothing"
    )
    print(f"NOTE cuts, alarms set, changed, switched, rung, snoozed, deleted: {campaign.points()}, 0 lost or mixed")


def test_an_alarm_rings_once_more_at_most_after_a_cut():
    for cut in (True, False):
        kept = _Kept()
        loaded(kept).add(7, 0, 0x7F, NOW)
        kept.closed = cut
        assert loaded(kept).take_due(SEVEN) == 0
        kept.closed = False
        assert loaded(kept).take_due(SEVEN + 1) == (0 if cut else -1)
        assert loaded(kept).take_due(SEVEN + 2) == -1


def test_the_campaign_notices_a_change_in_two_parts():
    def in_two(journal):
        alarms = loaded(journal)
        old = alarms.places[0]
        alarms.remove(0)
        alarms.change(0, 9, 0, old.days, NOW, old.label)

    campaign = AlarmCampaign(NorFlash(4), [lambda journal: loaded(journal).add(7, 0, 0x1F, NOW, "Work"), in_two])
    try:
        campaign.run()
    except Failed as error:
        print(f"NOTE cuts, an alarm deleted before the new one was safe is noticed: {error}")
        return
    raise AssertionError("an alarm that was lost was not noticed")


class _Kept:
    """A journal of facts that takes no change while it is closed: the power went before the write."""

    def __init__(self):
        self.facts, self.closed = {}, False

    def get(self, record):
        return self.facts.get(record)

    def commit(self, changes):
        if not self.closed:
            self.facts.update(changes)
