"""Countdown timers and the stopwatch: deadlines over ticks that wrap."""

from tests.firmware.services.kit import FakeClock, refused
from watch.kernel.errors import InputError, StateError
from watch.services import stopwatch, timers
from watch.services.timers import MOST_S, OVER, PLACES, Timers


def test_a_timer_rings_once():
    clock = FakeClock()
    clock.ms = 0x3FFFFFFF - 500  # the ticks wrap while it runs
    some = Timers(clock)
    tea = some.start(180, "tea\x07")
    assert (some.left_ms(tea), some.next_due_ms(), len(some)) == (180_000, 180_000, 1)
    clock.ms += 179_999
    assert some.take_due() is None and some.left_ms(tea) == 1
    clock.ms += 5
    rung = some.take_due()
    assert rung is some.places[tea] and rung.label == "tea" and rung.state == OVER
    assert some.take_due() is None and some.left_ms(tea) == 0 and some.next_due_ms() == -1
    some.again(tea)
    assert some.left_ms(tea) == 180_000
    some.cancel(tea)
    assert len(some) == 0


def test_pause_and_go_on():
    clock = FakeClock()
    some = Timers(clock)
    number = some.start(60)
    clock.ms += 20_000
    some.pause(number)
    clock.ms += 999_999
    assert some.left_ms(number) == 40_000 and some.next_due_ms() == -1 and some.take_due() is None
    some.resume(number)
    clock.ms += 40_000
    assert some.take_due() is some.places[number]


def test_several_at_once_and_no_more():
    clock = FakeClock()
    some = Timers(clock)
    numbers = [some.start(10 * (place + 1)) for place in range(PLACES)]
    refused(StateError, some.start, 5)
    assert some.next_due_ms() == 10_000
    clock.ms += 30_000
    rung = []
    while True:
        timer = some.take_due()
        if timer is None:
            break
        rung.append(timer.number)
    assert rung == numbers[:3]
    some.clear()
    assert len(some) == 0 and some.take_due() is None


def test_bounds():
    some = Timers(FakeClock())
    for seconds in (0, -1, MOST_S + 1, 1.5, True, "1", None):
        refused(InputError, some.start, seconds)
    refused(InputError, some.start, 1, None)
    longest = some.start(MOST_S)
    assert some.left_ms(longest) == MOST_S * 1000
    for call in (some.pause, some.resume, some.cancel, some.again, some.left_ms):
        refused(InputError, call, PLACES)
        refused(InputError, call, -1)
        refused(InputError, call, 0.5)


def test_stopwatch():
    clock = FakeClock()
    clock.ms = 0x3FFFFFFF - 100
    watch = Timers(clock).stopwatch
    assert not watch.lap()
    watch.start()
    clock.ms += 1500
    assert watch.lap() and watch.elapsed_ms() == 1500
    watch.stop()
    clock.ms += 10_000
    watch.start()
    clock.ms += 250
    assert watch.elapsed_ms() == 1750 and watch.laps == (1500,)
    for _ in range(stopwatch.LAPS - 1):
        assert watch.lap()
    assert not watch.lap()
    watch.reset()
    assert watch.elapsed_ms() == 0 and not watch.running and not watch.laps


def test_a_stopwatch_that_is_forgotten_stops_at_the_end():
    clock = FakeClock()
    some = Timers(clock)
    some.stopwatch.start()
    for _ in range(30):
        clock.ms += 86_400_000
        some.take_due()
    assert some.stopwatch.elapsed_ms() == stopwatch.MOST_MS and not some.stopwatch.running


def test_reading_once_a_second_allocates_nothing():
    import micropython

    clock = FakeClock()
    some = Timers(clock)
    number = some.start(60)
    some.stopwatch.start()
    some.left_ms(number)
    micropython.heap_lock()
    try:
        left = some.left_ms(number), timers.FREE
    except MemoryError:
        left = None  # the tuple itself, which shows that the lock holds
    try:
        some.left_ms(number)
        some.next_due_ms()
        some.take_due()
        some.stopwatch.elapsed_ms()
    finally:
        micropython.heap_unlock()
    assert left is None
