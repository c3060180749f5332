"""Steps: hours, days, counters that start anew, and what survives."""

import random

import micropython

from tests.firmware.services.kit import FakeClock
from tests.firmware.storage.norflash import NorFlash
from watch.kernel.errors import WriteError
from watch.services.activity import Activity, estimated_metres
from watch.storage import records
from watch.storage.journal import Journal

START = FakeClock.START_S // 60 // 1440 * 1440


def journal():
    made = Journal(NorFlash(4))
    made.mount()
    return made


def loaded(memory):
    steps = Activity(memory)
    steps.load()
    return steps


def test_hours_and_days():
    steps = loaded(journal())
    steps.update(START + 60, 5000)  # what was counted before is not today's
    steps.update(START + 61, 5100)
    steps.update(START + 130, 5350)
    steps.update(START + 1440, 5360)
    assert steps.today(START + 130) == 350 and steps.today(START + 1441) == 10
    assert list(steps.day(START + 1441, 1).steps[:4]) == [0, 100, 250, 0]
    assert steps.day(START + 1441, 2).total() == 0 and steps.day(START, 8).total() == 0
    assert steps.percent(START + 130) == 4 and estimated_metres(1000) == 700


def test_a_counter_that_starts_anew():
    steps = loaded(journal())
    for counter in (1000, 1200, 0, 50, 20, 20):
        steps.update(START, counter)
    assert steps.today(START) == 200 + 50 + 20


def test_a_clock_that_jumps():
    steps = loaded(journal())
    steps.update(START, 0)
    steps.update(START + 5, 100)
    steps.update(START + 401 * 1440, 300)  # wrong by a year
    steps.update(START + 20, 350)
    assert steps.today(START) == 150 and steps.today(START + 401 * 1440) == 200


def test_what_survives_the_power():
    memory = journal()
    steps = loaded(memory)
    steps.update(START, 0)
    steps.update(START + 5, 100)
    steps.update(START + 60, 100)  # the hour is over: written
    steps.update(START + 61, 150)  # lost with the power
    again = loaded(memory)
    assert again.today(START) == 100 and again.refused == 0
    steps.save()
    assert loaded(memory).today(START) == 150
    steps.save()
    steps.clear()
    assert steps.today(START) == 0


def test_a_flash_that_refuses_costs_nothing_while_the_power_is_on():
    memory = journal()
    steps = loaded(memory)
    commit = memory.commit

    def refuse(changes):
        raise WriteError("no")

    steps.update(START, 0)
    steps.update(START + 1, 10)
    memory.commit = refuse
    steps.update(START + 61, 20)
    memory.commit = commit
    steps.update(START + 121, 20)
    assert steps.failed == 1 and steps.today(START) == 20 and loaded(memory).today(START) == 20


def test_records_that_hold_no_steps():
    memory = journal()
    memory.commit({records.STEPS: b"", records.STEPS + 1: b"\x00" * 52, records.STEPS + 2: b"x" * 53})
    steps = loaded(memory)
    assert steps.refused == 3 and steps.today(START) == 0


def test_a_second_without_steps_allocates_nothing():
    steps = loaded(journal())
    steps.update(START, 7)
    steps.update(START, 9)
    micropython.heap_lock()
    try:
        steps.update(START + 1, 12)
        steps.today(START + 1)
        steps.percent(START + 1)
    finally:
        micropython.heap_unlock()
    assert steps.today(START) == 5


def test_random_weeks_against_a_model():
    random.seed(3)
    memory = journal()
    steps = loaded(memory)
    model = {}
    now, counter = START, 40
    steps.update(now, counter)
    for _ in range(2000):
        now += random.randrange(1, 20)
        if random.randrange(300) == 0:
            counter = random.randrange(30)
            made = counter if counter < steps._counter else counter - steps._counter
        else:
            made = random.randrange(120)
            counter += made
        steps.update(now, counter)
        model[now // 60] = model.get(now // 60, 0) + made
    for ago in range(8):
        day = now // 1440 - ago
        assert list(steps.day(now, ago).steps) == [model.get(day * 24 + hour, 0) for hour in range(24)], ago
    steps.save()
    assert loaded(memory).day(now, 3).total() == steps.day(now, 3).total() > 0
