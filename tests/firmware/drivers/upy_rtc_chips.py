"""PCF85063 and PCF8563: the drivers against models of their chips, which count digit by digit."""

import errno
import random

import micropython

from drivers.pcf_clock import END_S, FIRST_S, _fill, _seconds
from tests.firmware.drivers.panel_kit import raised
from tests.firmware.drivers.power_kit import CLOCKS, Clock8563, Clock85063, break_everywhere
from tests.fuzz.campaign import count

KNOWN = (
    # seconds since 1970 by Python's datetime, and the registers second to year
    (946684800, "00 00 00 01 06 01 00"),
    (951782399, "59 59 23 28 01 02 00"),
    (951782400, "00 00 00 29 02 02 00"),
    (951868800, "00 00 00 01 03 03 00"),
    (1709164800, "00 00 00 29 04 02 24"),
    (1735689599, "59 59 23 31 02 12 24"),
    (1795305600, "00 00 00 22 00 11 26"),
    (2147483648, "08 14 03 19 02 01 38"),
    (2524608000, "00 00 00 01 06 01 50"),
    (3981313937, "17 32 00 29 03 02 96"),
    (3981398400, "00 00 00 01 04 03 96"),
    (4102444799, "59 59 23 31 04 12 99"),
)


NONSENSE = (b"\x60\x5a", b"\x60\x0f", b"\x24\x1a", b"\x00\x32\x2b", b"\x07", b"\x00\x13", b"\xa0\x9a")
"""For second to year."""


def registers(desk):
    """Second to year as the chip holds them, as text."""
    chip = desk.chip
    masks = chip.masks
    return " ".join("%02x" % (chip.registers[chip.time_at + index] & masks[index]) for index in range(7))


def running(kind, unix_s=1795305600):
    """A clock that was set."""
    desk = kind()
    desk.clock.start()
    desk.clock.set(unix_s)
    return desk


def test_known_times_are_set_and_read():
    for kind in CLOCKS:
        desk = running(kind)
        for unix_s, text in KNOWN:
            desk.clock.set(unix_s)
            assert registers(desk) == text, (unix_s, registers(desk), text)
            assert desk.clock.read() == unix_s
        assert desk.misuse == [], desk.misuse


def test_the_chip_counts_what_the_driver_says_from_each_second_to_the_next():
    for kind in CLOCKS:
        desk = running(kind)
        for unix_s, _ in KNOWN[:-1]:
            desk.clock.set(unix_s)
            for later in range(3):
                assert desk.clock.read() == unix_s + later
                desk.chip.time.advance(1000)


def test_days_of_a_century_are_what_the_counters_make_of_them():
    desk = running(Clock85063, FIRST_S + 43200)
    days = 0
    for days in range(36525):
        if days % 7 == 0 or days % 1461 > 1420:
            seconds = desk.chip.registers
            assert seconds[7] and desk.clock.read() == FIRST_S + days * 86400 + 43200, days
        desk.chip._day()
    print("NOTE clocks: %d days from 2000 to 2099, counted by the model, read by the driver" % (days + 1))


def test_every_day_goes_into_registers_and_back():
    time = memoryview(bytearray(7))
    for days in range(0, 36525, 5):
        unix_s = FIRST_S + days * 86400 + days * 7 % 86400
        _fill(time, unix_s)
        for index in range(7):
            time[index] = (time[index] >> 4) * 10 + (time[index] & 15)
        assert _seconds(time) == unix_s and time[4] == (days + 6) % 7


def test_after_the_last_year_there_is_no_time():
    desk = running(Clock8563, END_S - 1)
    desk.chip.time.advance(1500)
    assert desk.clock.read() is None, "the century bit"


def test_without_power_there_is_no_time():
    for kind in CLOCKS:
        desk = kind()
        desk.clock.start()
        assert desk.clock.read() is None
        desk.clock.set(1795305600)
        assert desk.clock.read() == 1795305600
        desk.chip.lose_power()
        desk.chip.time.advance(5000)
        assert desk.clock.read() is None
        assert desk.misuse == []


def test_an_oscillator_that_does_not_run_yet_is_an_error():
    for kind in CLOCKS:
        desk = kind()
        desk.chip.lose_power()
        desk.chip.time.advance(desk.chip.starting_ms)
        assert raised(OSError, desk.clock.set, 1795305600).errno == errno.EIO
        assert desk.clock.read() is None
        desk.chip.time.advance(600)
        desk.clock.set(1795305600)
        assert desk.clock.read() == 1795305600


def test_nonsense_in_the_registers_is_no_time():
    bad = 0
    for kind in CLOCKS:
        first = kind().chip.time_at
        for index, values in enumerate(
            ((0x60, 0x5A), (0x60, 0x0F), (0x24, 0x1A), (0, 0x32, 0x2B), (7,), (0, 0x13), (0xA0, 0x9A))
        ):
            for value in values:
                desk = running(kind)
                desk.chip.registers[first + index] = value
                assert desk.clock.read() is None, (index, value)
                bad += 1
        for month, day in ((2, 0x30), (4, 0x31), (0x11, 0x31), (2, 0x29)):
            desk = running(kind)
            desk.chip.registers[first + 5], desk.chip.registers[first + 3] = month, day
            assert desk.clock.read() is None, (month, day)
            bad += 1
    desk = running(Clock85063)
    desk.chip.registers[0] = 0x02
    assert desk.clock.read() is None, "hours to 12"
    print("NOTE clocks: %d kinds of nonsense are no time" % (bad + 1))


def test_noise_is_a_time_of_the_century_or_none():
    random.seed(7)
    times = 0
    tried = count(400, 50)
    for kind in CLOCKS:
        desk = running(kind)
        for _ in range(tried):
            for index in range(7):
                value = random.getrandbits(8)
                desk.chip.registers[desk.chip.time_at + index] = value & (0x17 if random.getrandbits(2) else 0xFF)
            found = desk.clock.read()
            assert found is None or FIRST_S <= found < END_S
            times += found is not None
    assert times
    print("NOTE clocks: %d times noise in the registers, %d of them a time, all of this century" % (2 * tried, times))


def test_years_outside_the_century_are_refused():
    for kind in CLOCKS:
        desk = running(kind)
        for bad in (0, FIRST_S - 1, END_S, 1 << 40, -1):
            assert raised(ValueError, desk.clock.set, bad)
        assert raised(ValueError, desk.clock.alarm, END_S)
        assert desk.clock.read() == 1795305600


def test_the_second_begins_when_the_clock_is_let_go():
    for kind in CLOCKS:
        desk = running(kind)
        desk.chip.time.advance(900)
        desk.clock.set(1709164799)
        desk.chip.time.advance(500)
        assert desk.clock.read() == 1709164799, "the rest of the old second is forgotten"
        desk.chip.time.advance(20)
        assert desk.clock.read() == 1709164800


def set_without_stop(desk, unix_s):
    """What a careless driver would do: register by register, into a clock that counts."""
    time = memoryview(bytearray(7))
    _fill(time, unix_s)
    for index in range(7):
        desk.i2c.writeto_mem(0x51, desk.chip.time_at + index, time[index : index + 1])


def test_a_second_that_ends_while_the_time_is_set_harms_nothing():
    caught = tried = 0
    for kind in CLOCKS:
        for part_ms in range(0, 1000, 100):
            for careful in (True, False):
                desk = running(kind, 1735689598)
                desk.chip.time.advance(part_ms)
                desk.i2c.between = lambda chip=desk.chip: chip.time.advance(60)
                if careful:
                    desk.clock.set(1709164799)
                    assert desk.clock.read() - 1709164799 in (0, 1)
                    tried += 1
                else:
                    set_without_stop(desk, 1709164799)
                    found = desk.clock.read()
                    caught += found is None or found - 1709164799 not in (0, 1)
    assert caught, "the model does not notice a set without STOP"
    print("NOTE clocks: set %d times across a second; without STOP %d of them would be wrong" % (tried, caught))


def test_a_second_that_ends_while_the_time_is_read_harms_nothing():
    caught = 0
    for kind in CLOCKS:
        for part_ms in range(0, 1000, 50):
            desk = running(kind, 1735689599)
            desk.chip.time.advance(part_ms)
            desk.i2c.between = lambda chip=desk.chip: chip.time.advance(60)
            assert desk.clock.read() in (1735689599, 1735689600)
            desk = running(kind, 1735689599)
            desk.chip.time.advance(part_ms)
            time, one = memoryview(bytearray(7)), bytearray(1)
            for index in range(7):
                desk.chip.time.advance(60)
                desk.i2c.readfrom_mem_into(0x51, desk.chip.time_at + index, one)
                value = one[0] & desk.chip.masks[index]
                time[index] = (value >> 4) * 10 + (value & 15)
            caught += _seconds(time) not in (1735689599, 1735689600)
    assert caught, "the model does not notice a read in pieces"
    print("NOTE clocks: read in one piece always right, in seven pieces wrong %d times of 40" % caught)


def test_an_alarm_rings_at_its_minute_and_stays():
    for kind in CLOCKS:
        for at in (1709164800 - 86400, 1709164801, 1735689600, 1735689599 + 7200):
            minute = -(-at // 60) * 60
            desk = running(kind, minute - 130)
            desk.clock.alarm(at)
            desk.chip.time.advance(129_000)
            assert desk.line() == 1 and not desk.clock.rang()
            desk.chip.time.advance(1_000)
            assert desk.line() == 0, minute
            desk.chip.time.advance(70_000)
            assert desk.line() == 0, "it stays"
            assert desk.clock.rang() and desk.line() == 1 and not desk.clock.rang()
            desk.chip.time.advance(3_600_000)
            assert desk.line() == 1 and not desk.clock.rang()
            assert desk.misuse == []


def test_an_alarm_that_is_taken_back_does_not_ring():
    for kind in CLOCKS:
        desk = running(kind, 1735689500)
        desk.clock.alarm(1735689600)
        desk.clock.alarm(None)
        desk.chip.time.advance(200_000)
        assert desk.line() == 1 and not desk.clock.rang()
        desk.clock.alarm(1735689720)
        desk.chip.time.advance(200_000)
        assert desk.line() == 0
        desk.clock.alarm(1735700000)
        assert desk.line() == 1 and not desk.clock.rang(), "what rang before is forgotten"


def test_reading_who_rang_keeps_the_alarm_on():
    for kind in CLOCKS:
        desk = running(kind, 1735689500)
        desk.clock.alarm(1735689600)
        assert not desk.clock.rang()
        desk.chip.time.advance(101_000)
        assert desk.clock.rang()
        assert desk.chip.registers[1] & desk.chip.alarm_on


def test_the_start_switches_off_what_nobody_uses_and_keeps_the_time():
    for kind in CLOCKS:
        desk = running(kind)
        desk.chip.registers[1] = 0xF0 if kind is Clock85063 else 0x1F
        desk.chip.registers[desk.chip.alarm_at] = 0
        desk.clock.start()
        assert desk.clock.read() == 1795305600
        if kind is Clock85063:
            assert desk.chip.registers[1] & 0xC7 == 0x07 and desk.chip.registers[0x11] == 0x18
            assert desk.chip.registers[0x0B] == 0x80
        else:
            assert desk.chip.registers[1] & 0x1B == 0 and desk.chip.registers[0x0D] == 0
            assert desk.chip.registers[0x0E] == 3 and desk.chip.registers[0] == 0
        assert desk.line() == 1 and desk.misuse == [], desk.misuse


def test_a_bus_that_breaks_at_any_transfer_leaves_a_time_that_is_right_or_none():
    points = 0
    for kind in CLOCKS:

        def run(desk):
            desk.clock.start()
            desk.clock.set(1709164799)
            desk.clock.alarm(1709164920)
            desk.clock.rang()
            desk.clock.read()

        for desk in break_everywhere(lambda kind=kind: running(kind, 1795305600), run):
            points += 1
            desk.i2c.break_at = ()
            desk.chip.time.advance(100)
            found = desk.clock.read()
            assert found in (1795305600, 1795305601, 1709164799, 1709164800, None)
            desk.chip.time.advance(10_000)
            later = desk.clock.read()
            assert later is None if found is None else later - found in (9, 10, 11), "a clock that stands shows no time"
            run(desk)
            assert desk.misuse == []
    print("NOTE clocks: bus broken at each of %d transfers: the old time, the new one, or none" % points)


def test_a_chip_that_is_not_there():
    for kind in CLOCKS:
        desk = kind()
        desk.chip.powered = False
        for access in (desk.clock.start, desk.clock.read, desk.clock.rang):
            assert raised(OSError, access).errno == errno.ENODEV


def test_registers_begin_again_after_the_last():
    for kind, last in ((Clock85063, 0x11), (Clock8563, 0x0F)):
        desk = running(kind)
        desk.chip.registers[0] = 0
        two = bytearray(2)
        desk.i2c.readfrom_mem_into(0x51, last, two)
        assert two[0] == desk.chip.registers[last] and two[1] == desk.chip.registers[0]
        desk.i2c.writeto_mem(0x51, last + 1, b"\0")
        assert len(desk.misuse) == 1


def test_the_model_notices_what_is_no_bcd_and_test_bits():
    for kind in CLOCKS:
        desk = running(kind)
        desk.i2c.writeto_mem(0x51, desk.chip.time_at, b"\x0a")
        desk.i2c.writeto_mem(0x51, 0, b"\x80")
        assert len(desk.misuse) == 2, desk.misuse


def test_a_reset_of_the_pcf85063_is_like_power():
    desk = running(Clock85063)
    desk.i2c.writeto_mem(0x51, 0, b"\x58")
    assert desk.clock.read() is None and desk.chip.registers[0] == 0


def test_a_pcf85063_that_came_up_with_nonsense_is_reset_and_one_that_kept_the_time_is_not():
    """NXP, PCF85063A data sheet, section 7.2.1.1: registers may be corrupt after the automatic power-on reset."""
    desk = Clock85063()
    desk.chip.lose_power()
    desk.chip.registers = bytearray(b"\x82\xbf\xff\x5a\xd5" + b"\x99" * 13)  # the offset slows it by 4 s a day
    desk.chip.time.advance(3000)
    desk.clock.start()
    assert desk.chip.registers[:4] == b"\x00\x07\x00\x00", desk.chip.registers
    desk.clock.set(1795305600)
    desk.chip.time.advance(60_000)
    assert desk.clock.read() in (1795305659, 1795305660) and desk.misuse == [], desk.misuse
    desk.chip.registers[2] = 3  # somebody's fine tuning of a clock that runs
    desk.clock.start()
    assert desk.chip.registers[2] == 3 and desk.clock.read() in (1795305659, 1795305660)


def test_the_load_of_the_crystal_is_the_boards():
    desk = running(Clock85063)
    assert desk.chip.registers[0] == 0
    large = type(desk.clock)(desk.i2c, crystal_12pf5=True)
    large.set(1795305600)
    assert desk.chip.registers[0] == 1


def test_asking_whether_it_rang_allocates_nothing():
    desk = running(Clock8563)
    control = bytearray(b"\x0a")

    class _Canned:
        def readfrom_mem_into(self, addr, memaddr, buf):
            """Copy out."""
            buf[0] = control[0]

        def writeto_mem(self, addr, memaddr, buf):
            """Copy in."""
            control[0] = buf[0]

    desk.clock._i2c = _Canned()
    micropython.heap_lock()
    try:
        rang = desk.clock.rang()
    finally:
        micropython.heap_unlock()
    assert rang and control[0] == 0x06
