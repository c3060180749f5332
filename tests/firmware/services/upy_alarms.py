"""Alarms: weekdays, snooze, clocks that jump, records, and random lives against a plain model."""

import random

import micropython

from tests.firmware.services.kit import refused
from tests.firmware.storage.norflash import NorFlash
from watch.kernel.errors import InputError, StateError, WriteError
from watch.services.alarm import EVERY_DAY, LATE_MIN, SNOOZE_MIN, unpack
from watch.services.alarms import Alarms
from watch.storage import records
from watch.storage.journal import Journal

DAY = 1440
MONDAY = 20_773 * DAY
"""Midnight of Monday 2026-11-16, in minutes since 1970."""


def journal():
    made = Journal(NorFlash(8))
    made.mount()
    return made


def loaded(memory):
    alarms = Alarms(memory)
    alarms.load()
    return alarms


def at(day, hour, minute=0):
    return MONDAY + day * DAY + hour * 60 + minute


def ring_times(alarms, start, end):
    """Each minute from start to end at which something rings."""
    times = []
    for now in range(start, end):
        while alarms.take_due(now) >= 0:
            times.append(now)
    return times


def test_once_is_once():
    memory = journal()
    alarms = loaded(memory)
    number = alarms.add(7, 30, 0, at(0, 22), "up")
    assert alarms.next_due(at(0, 22)) == at(1, 7, 30)
    assert ring_times(alarms, at(0, 22), at(4, 0)) == [at(1, 7, 30)]
    assert not alarms.places[number].enabled and alarms.next_due(at(2, 0)) == -1
    again = loaded(memory).places[number]
    assert (again.hour, again.minute, again.label, again.enabled) == (7, 30, "up", False)


def test_weekdays():
    alarms = loaded(journal())
    alarms.add(6, 0, 0b0010101, at(0, 7))  # Monday, Wednesday, Friday; set on Monday an hour too late
    assert ring_times(alarms, at(0, 7), at(8, 0)) == [at(2, 6), at(4, 6), at(7, 6)]
    weekly = loaded(journal())
    weekly.add(9, 0, 1, at(0, 8))
    assert ring_times(weekly, at(0, 8), at(0, 10)) == [at(0, 9)]
    assert weekly.next_due(at(0, 10)) == at(7, 9) and weekly.next_due(at(0, 8)) == at(7, 9)


def test_set_just_after_its_time_it_means_tomorrow():
    alarms = loaded(journal())
    alarms.add(7, 0, EVERY_DAY, at(0, 7, 10))
    assert alarms.take_due(at(0, 7, 10)) == -1 and alarms.next_due(at(0, 7, 10)) == at(1, 7)


def test_a_clock_set_back_does_not_ring_it_again():
    alarms = loaded(journal())
    alarms.add(7, 0, EVERY_DAY, at(0, 1))
    assert ring_times(alarms, at(0, 6, 50), at(0, 7, 5)) == [at(0, 7)]
    assert ring_times(alarms, at(0, 6), at(0, 23)) == []
    assert alarms.next_due(at(0, 6)) == at(1, 7)


def test_a_clock_that_was_wrong_by_years_costs_no_morning():
    alarms = loaded(journal())
    alarms.add(7, 0, EVERY_DAY, at(0, 1))
    assert ring_times(alarms, at(3000, 6, 50), at(3000, 7, 5)) == [at(3000, 7)]
    assert ring_times(alarms, at(0, 6, 50), at(1, 8)) == [at(0, 7), at(1, 7)]


def test_a_clock_set_forward_over_it():
    alarms = loaded(journal())
    alarms.add(2, 30, EVERY_DAY, at(0, 1))
    assert alarms.take_due(at(0, 1, 59)) == -1
    assert alarms.take_due(at(0, 3)) == 0  # summer time begins: better late than never
    alarms.add(7, 0, EVERY_DAY, at(0, 5))
    assert alarms.take_due(at(0, 7) + LATE_MIN + 1) == -1  # a flight: that morning is over


def test_snooze():
    memory = journal()
    alarms = loaded(memory)
    number = alarms.add(7, 0, 0, at(0, 6))
    assert alarms.take_due(at(0, 7)) == number
    alarms.snooze(number, at(0, 7, 1))
    alarms = loaded(memory)  # a power cut in between
    assert alarms.next_due(at(0, 7, 2)) == at(0, 7, 1) + SNOOZE_MIN
    assert ring_times(alarms, at(0, 7, 2), at(2, 0)) == [at(0, 7, 1) + SNOOZE_MIN]


def test_a_snooze_never_outlasts_a_jump_of_the_clock():
    for jumped in (-480, -1, 480):
        alarms = loaded(journal())
        number = alarms.add(7, 0, 0, at(1, 6))
        alarms.take_due(at(1, 7))
        alarms.snooze(number, at(1, 7))
        first = ring_times(alarms, at(1, 7) + jumped, at(1, 7) + jumped + 30)
        assert len(first) == 1 and first[0] - at(1, 7) - jumped <= SNOOZE_MIN, jumped


def test_switching_off_ends_the_snooze():
    alarms = loaded(journal())
    number = alarms.add(7, 0, EVERY_DAY, at(0, 6))
    alarms.take_due(at(0, 7))
    alarms.snooze(number, at(0, 7))
    alarms.enable(number, False, at(0, 7, 2))
    assert alarms.next_due(at(0, 7, 3)) == -1
    alarms.enable(number, True, at(0, 7, 3))
    assert alarms.next_due(at(0, 7, 3)) == at(1, 7)


def test_places_and_numbers():
    alarms = loaded(journal())
    for _ in range(records.ALARMS):
        alarms.add(1, 2, 3, at(0, 0))
    refused(StateError, alarms.add, 1, 2, 3, at(0, 0))
    alarms.remove(5)
    assert len(alarms) == records.ALARMS - 1 and alarms.add(4, 4, 0, at(0, 0)) == 5
    for bad in ((24, 0, 0), (-1, 0, 0), (0, 60, 0), (0, -1, 0), (0, 0, 128), (0, 0, -1)):
        refused(InputError, alarms.change, 0, *bad, at(0, 0))
    refused(InputError, alarms.remove, 16)
    refused(InputError, alarms.enable, -1, True, at(0, 0))
    alarms.remove(3)
    refused(InputError, alarms.snooze, 3, at(0, 0))


def test_the_phones_list_replaces_only_its_own():
    memory = journal()
    alarms = loaded(memory)
    own = alarms.add(5, 5, 0, at(0, 0), "mine")
    alarms.from_phone(
        {"d": [{"h": 6, "m": 1, "rep": 31, "on": True}, {"h": 8, "m": 2, "rep": 0, "on": False}]}, at(0, 0)
    )
    assert len(alarms) == 3
    alarms.from_phone({"d": [{"h": 9, "m": 3}]}, at(0, 0))
    alarms = loaded(memory)
    assert sorted([(one.hour, one.from_phone) for one in alarms.places if one]) == [(5, False), (9, True)]
    assert alarms.places[own].label == "mine"
    for bad in ({}, {"d": 1}, {"d": [1]}, {"d": [{"h": 24, "m": 0}]}, {"d": [{"h": 1, "m": 1, "rep": 128}]},
                {"d": [{"h": 1, "m": 1, "on": 1}]}, {"d": [{"h": 1, "m": 1}] * 11}):  # fmt: skip
        refused(InputError, alarms.from_phone, bad, at(0, 0))
    assert len(alarms) == 2


def test_a_flash_that_refuses():
    memory = journal()
    alarms = loaded(memory)
    number = alarms.add(7, 0, EVERY_DAY, at(0, 6))

    def refuse(changes):
        raise WriteError("full of errors")

    memory.commit = refuse
    refused(WriteError, alarms.add, 1, 1, 1, at(0, 6))
    refused(WriteError, alarms.enable, number, False, at(0, 6))
    assert len(alarms) == 1 and alarms.places[number].enabled
    assert ring_times(alarms, at(0, 6, 58), at(0, 8)) == [at(0, 7)]  # it rings, and only once
    assert alarms.unsaved == 1


def test_records_that_are_no_alarms():
    good = b"\x07\x1e\x00\x01" + bytes(8) + b"tea"
    assert unpack(good).label == "tea" and unpack(good).pack() == good
    bad = (b"", good[:11], b"\x18" + good[1:], b"\x07\x3c" + good[2:], b"\x07\x00\x80" + good[3:], good[:12] + b"\xff")
    bad += (good + b"x" * 32,)
    assert [unpack(data) for data in bad] == [None] * len(bad)
    memory = journal()
    memory.commit({records.ALARM + place: data for place, data in enumerate(bad[1:])})
    memory.commit({records.ALARM + 9: good})
    alarms = loaded(memory)
    assert (len(alarms), alarms.refused) == (1, len(bad) - 1)


def test_asking_allocates_nothing():
    alarms = loaded(journal())
    for place in range(records.ALARMS):
        alarms.add(place, 0, 1 << place % 7, at(0, 0))
    now = at(0, 23)
    alarms.take_due(now)
    micropython.heap_lock()
    try:
        alarms.next_due(now)
        alarms.take_due(now)
    finally:
        micropython.heap_unlock()


def _model_rings(rows, now):
    """What must ring at this minute, if the clock only ever goes forward by single minutes."""
    day, minute = divmod(now, DAY)
    return any(row[0] == minute and (row[1] == 0 or row[1] >> (day + 3) % 7 & 1) for row in rows)


def test_random_weeks_against_a_model():
    random.seed(7)
    rung = 0
    for _ in range(6):
        alarms = loaded(journal())
        rows = []
        for _ in range(random.randrange(1, 6)):
            minute, days = random.randrange(DAY), random.randrange(128)
            alarms.add(minute // 60, minute % 60, days, MONDAY)
            rows.append([minute, days])
        now, end = MONDAY + 1, MONDAY + 9 * DAY
        while now < end:  # sleep as long as the alarms allow, as the kernel does
            due = alarms.next_due(now)
            due = end if due < 0 else min(due, end)
            assert not any(_model_rings(rows, quiet) for quiet in range(now, due, 1 if due - now < 90 else 61))
            if due == end:
                break
            assert _model_rings(rows, due)
            while alarms.take_due(due) >= 0:
                rung += 1
            rows = [row for row in rows if row[1] or row[0] != due % DAY]
            now = due + 1
    assert rung > 20
    print("NOTE alarms: 6 random lives of 9 days,", rung, "rings, 0 differences")
