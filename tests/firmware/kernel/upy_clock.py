"""Ticks, display time, security time and dates, for both epochs."""

import gc
import time

import micropython

from watch.kernel.calendar import date_time
from watch.kernel.clock import Clock, ticks_add, ticks_diff, unix_offset_s
from watch.kernel.errors import InputError
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime

PERIOD = 1 << 30
HALF = 1 << 29
BUILT = 1_760_000_000


def test_ticks_wrap_at_2_30():
    for start in (0, 1, HALF - 1, HALF, PERIOD - 1, PERIOD - 500):
        for delta in (0, 1, -1, 999, -999, HALF - 1, -HALF + 1, -HALF):
            later = ticks_add(start, delta)
            assert later == (start + delta) % PERIOD, (start, delta, later)
            assert ticks_diff(later, start) == delta, (start, delta)


def test_ticks_match_the_port_within_its_period():
    for a in (5, 1000, PERIOD - 1):
        for b in (0, 7, HALF // 2):
            if abs(a - b) < HALF:
                assert ticks_diff(a, b) == time.ticks_diff(a, b)


def test_tick_arithmetic_allocates_nothing():
    ticks_diff(PERIOD - 1, 3)
    micropython.heap_lock()
    try:
        ticks_diff(PERIOD - 1, 3)
        ticks_diff(3, PERIOD - 1)
        ticks_add(PERIOD - 1, HALF - 1)
        ticks_add(3, -HALF)
    finally:
        micropython.heap_unlock()


def test_clock_ticks_wrap_whatever_the_source_does():
    source = VirtualTime(ticks_ms=PERIOD - 2)
    clock = Clock(source, BUILT)
    before = clock.ticks_ms()
    source.step(5)
    assert before == PERIOD - 2 and clock.ticks_ms() == 3
    assert 0 <= clock.ticks_us() < PERIOD


def test_epochs():
    assert unix_offset_s(1970) == 0
    assert unix_offset_s(2000) == 946684800
    assert unix_offset_s(time.gmtime(0)[0]) + int(time.time()) > 1_700_000_000
    try:
        unix_offset_s(1980)
    except ValueError:
        return
    raise AssertionError("an unknown epoch was accepted")


class Epoch2000:
    """A clock source over a port that counts from 2000, as the board does."""

    def __init__(self, port_s):
        self.port_s = port_s
        self.ticks_us = self.ticks_ms = lambda: 0

    def unix_s(self):
        return self.port_s + unix_offset_s(2000)

    def set_unix_s(self, seconds):
        self.port_s = seconds - unix_offset_s(2000)


def test_display_time_is_the_same_on_both_epochs():
    unix_s = 1_795_337_798
    for source in (VirtualTime(unix_s), Epoch2000(unix_s - 946684800)):
        clock = Clock(source, BUILT)
        assert clock.display_s() == unix_s
        clock.set_display(unix_s + 3600)
        assert clock.display_s() == unix_s + 3600
        assert date_time(clock.display_s()) == (2026, 11, 22, 9, 56, 38, 6), date_time(clock.display_s())


def test_dates_agree_with_the_port():
    days = 0
    offset_s = unix_offset_s(time.gmtime(0)[0])
    for unix_s in range(951782400 - 86400, 4107542400, 86400 * 7 + 3601):
        assert date_time(unix_s) == time.gmtime(unix_s - offset_s)[:7], unix_s
        days += 1
    print("NOTE kernel.dates_compared", days)
    assert date_time(951782400)[:3] == (2000, 2, 29)
    assert date_time(4107542400)[:3] == (2100, 3, 1)


def test_display_time_refuses_nonsense():
    clock = Clock(VirtualTime(), BUILT)
    for bad in (0, -1, 946684799, 4102444800, 1 << 62):
        try:
            clock.set_display(bad)
        except InputError:
            continue
        raise AssertionError(bad)
    assert not clock.display_known()


def test_security_time_starts_at_the_build_and_counts():
    source = VirtualTime(BUILT + 1000)
    clock = Clock(source, BUILT)
    assert clock.security_s() == BUILT
    for _ in range(10):
        source.step(2999)
        clock.security_s()
    assert clock.security_s() == BUILT + 29


def test_nobody_can_set_security_time_back_or_forward_with_the_display():
    source = VirtualTime(BUILT + 50)
    clock = Clock(source, BUILT)
    clock.raise_floor(BUILT + 5000)
    for display_s in (BUILT - 10**8, BUILT + 10**8, 946684800):
        clock.set_display(display_s)
        assert clock.security_s() == BUILT + 5000
    clock.raise_floor(BUILT + 10)
    assert clock.security_s() == BUILT + 5000


def test_security_time_counts_while_the_clock_chip_has_lost_power():
    source = VirtualTime(None)
    clock = Clock(source, BUILT)
    assert not clock.display_known()
    source.step(61_000)
    assert clock.security_s() == clock.display_s() == BUILT + 61
    source.set_unix_s(BUILT + 10**6)
    source.lose_power()
    source.step(1000)
    assert clock.security_s() == BUILT + 62


def test_security_time_counts_over_the_wrap_of_the_ticks():
    source = VirtualTime(ticks_ms=PERIOD - 1000)
    clock = Clock(source, BUILT)

    async def main():
        for _ in range(40):
            await sleep_ms(86_400_000)
            clock.security_s()

    run(main(), source)
    assert clock.security_s() == BUILT + 40 * 86400


def test_time_off_is_counted_from_the_saved_state():
    source = VirtualTime(BUILT + 700)
    clock = Clock(source, BUILT)
    clock.raise_floor(BUILT + 900)
    saved = clock.saved()
    assert saved == (BUILT + 900, BUILT + 700)
    assert Clock(VirtualTime(BUILT + 1000), BUILT, saved).security_s() == BUILT + 1200


def test_a_wrong_clock_chip_adds_nothing_and_takes_nothing():
    saved = (BUILT + 900, BUILT + 700)
    for rtc_s in (None, BUILT + 700, BUILT - 10**7, 946684800, BUILT + 400 * 86400):
        assert Clock(VirtualTime(rtc_s), BUILT, saved).security_s() == BUILT + 900, rtc_s
    assert Clock(VirtualTime(BUILT + 5000), BUILT, (BUILT + 900, None)).security_s() == BUILT + 900


def test_a_newer_build_raises_the_floor():
    assert Clock(VirtualTime(None), BUILT + 50_000, (BUILT, None)).security_s() == BUILT + 50_000


def test_random_walk_of_clock_changes_never_goes_back():
    """10,000 random sets, losses, restarts and steps: security time is monotonic."""
    seed = 1
    source = VirtualTime(BUILT)
    clock = Clock(source, BUILT)
    last = clock.security_s()
    for _ in range(10_000):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        action, amount = seed >> 16 & 7, seed & 0xFFFF
        if action == 0:
            clock.set_display(946684800 + seed)
        elif action == 1:
            source.lose_power()
        elif action == 2:
            clock = Clock(source, BUILT, clock.saved())
        elif action == 3:
            clock.raise_floor(BUILT + amount)
        else:
            source.step(amount)
        now = clock.security_s()
        assert now >= last, (action, now, last)
        last = now
    gc.collect()
