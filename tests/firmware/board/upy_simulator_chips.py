"""The simulated watch behind its panel: what the host says happens to models of chips, drivers and parts tell it."""

import asyncio
import struct

from board.simulator import frames
from board.simulator.chips import pcf8563, pcf85063
from board.simulator.desk import Desk
from board.simulator.motor import haptics
from board.simulator.power import PowerRoom
from board.simulator.rtc import clock, digits_of
from board.simulator.wrist import accelerometer, hub
from drivers.pcf8563 import Pcf8563
from drivers.pcf85063 import Pcf85063
from watch.kernel import loop
from watch.kernel.virtual import VirtualTime

SENSORS = (hub, accelerometer)
CLOCKS = (("PCF85063", pcf85063.Chip, Pcf85063), ("PCF8563", pcf8563.Chip, Pcf8563))
DAY_S = 86_400


class Host:
    """The host link: handlers by kind of frame, and what was sent."""

    def __init__(self):
        self.handlers = {}
        self.sent = []

    def handle(self, kind, function):
        """Keep the handler."""
        self.handlers[kind] = function

    def send(self, kind, first, second=b"", size=0):
        """Keep the frame."""
        self.sent.append((kind, bytes(first)))

    def say(self, kind, form, *values):
        """A frame of the host."""
        self.handlers[kind](memoryview(struct.pack(form, *values)))


def desk_of(*without):
    """A desk with a host and a time that steps."""
    time = VirtualTime(None)
    desk = Desk(Host(), time, without)
    desk.step = time.step
    return desk


def served(desk, work):
    """Let timers ring, and time pass until `work` has ended."""

    async def main():
        timers = asyncio.create_task(desk.timers.run())
        await work
        timers.cancel()

    loop.run(main(), desk.clock)


def drained(buttons):
    """All changes that wait."""
    found = []
    held = buttons.read()
    while held >= 0:
        found.append(held)
        held = buttons.read()
    return found


def test_battery_and_charger_are_those_of_the_power_chip():
    desk = desk_of()
    room = PowerRoom(desk, 80, False, True)
    calls = []
    room.power.listen(lambda: calls.append(1))
    assert (room.power.percent(), room.power.charging()) == (80, False) and desk.found.all == []
    desk.link.say(frames.POWER, ">BB", 64, False)
    assert room.power.percent() == 80 and not calls, "the chip tells of no change before the next look"
    desk.step(10_000)
    assert room.power.percent() == 64
    desk.link.say(frames.POWER, ">BB", 7, True)
    assert calls and (room.power.percent(), room.power.charging()) == (7, True)


def test_a_power_chip_that_was_charging_before_the_start():
    room = PowerRoom(desk_of(), 100, True, False)
    assert (room.power.percent(), room.power.charging()) == (100, True)


def test_a_double_press_that_nobody_has_read_yet_is_a_double_press():
    for boot_button in (True, False):
        desk = desk_of()
        room = PowerRoom(desk, 80, False, boot_button)
        for held in (1, 0, 1, 0):
            desk.link.say(frames.BUTTONS, ">B", held)
        found = []

        async def reader():
            for _ in range(10):
                found.extend(drained(room.buttons))
                await asyncio.sleep_ms(1)

        served(desk, reader())
        assert found == [1, 0, 1, 0], (boot_button, found)


def test_the_key_of_the_power_chip_is_the_second_button_beside_boot_and_the_first_without():
    for boot_button, held in ((True, 2), (False, 1)):
        desk = desk_of()
        room = PowerRoom(desk, 80, False, boot_button)
        desk.link.say(frames.BUTTONS, ">B", held)
        assert drained(room.buttons) == [held]


def test_who_holds_the_key_for_four_seconds_switches_the_watch_off():
    desk = desk_of()
    room = PowerRoom(desk, 80, False, False)
    desk.link.say(frames.BUTTONS, ">B", 1)
    desk.step(3900)
    assert drained(room.buttons) == [1]
    desk.step(200)
    try:
        room.buttons.read()
        room.power.percent()
        desk.time.follow()
    except SystemExit:
        return
    raise AssertionError("it stayed on")


def test_restart_and_off_end_the_watch():
    for name in ("restart", "off"):
        power = PowerRoom(desk_of(), 80, False, True).power
        try:
            getattr(power, name)()
        except SystemExit:
            continue
        raise AssertionError(name)


def test_a_missing_power_chip_is_named_and_the_watch_has_buttons_where_it_can():
    for boot_button in (True, False):
        desk = desk_of("axp2101")
        room = PowerRoom(desk, 80, True, boot_button)
        assert desk.found.all == [("AXP2101", "does not answer")]
        assert (room.power.percent(), room.power.charging()) == (0, False)
        desk.link.say(frames.BUTTONS, ">B", 1)
        desk.link.say(frames.POWER, ">BB", 20, False)
        assert drained(room.buttons) == ([1] if boot_button else [])


def test_the_clock_goes_on_from_what_the_host_kept_and_the_host_hears_when_it_is_set():
    for name, chip, driver in CLOCKS:
        desk = desk_of()
        rtc = clock(desk, name, chip, driver, 1_795_305_600)
        assert rtc.unix_s() == 1_795_305_600
        desk.step(999)
        assert rtc.unix_s() == 1_795_305_600
        desk.step(1)
        assert rtc.unix_s() == 1_795_305_601
        desk.step(400 * DAY_S * 1000 - 1)
        assert rtc.unix_s() == 1_795_305_600 + 400 * DAY_S
        rtc.set_unix_s(2_000_000_000)
        assert desk.link.sent == [(frames.CLOCK_SET, struct.pack(">q", 2_000_000_000))]
        assert rtc.unix_s() == 2_000_000_000


def test_a_clock_whose_cell_was_empty_knows_no_time_until_it_is_set():
    for name, chip, driver in CLOCKS:
        rtc = clock(desk_of(), name, chip, driver, None)
        assert rtc.unix_s() is None
        rtc.set_unix_s(1_900_000_000)
        assert rtc.unix_s() == 1_900_000_000


def test_a_missing_clock_is_named_and_the_time_unknown():
    desk = desk_of("pcf85063")
    rtc = clock(desk, *CLOCKS[0], 1_795_305_600)
    assert desk.found.all == [("PCF85063", "does not answer")] and rtc.unix_s() is None


def test_digits_are_those_of_the_calendar():
    assert digits_of(1_709_251_199) == b"\x59\x59\x23\x29\x04\x02\x24", "2024-02-29, a Thursday"
    assert digits_of(946_684_800) == b"\x00\x00\x00\x01\x06\x01\x00", "2000-01-01, a Saturday"


def test_a_wrist_moves_walks_and_is_raised():
    for sensor in SENSORS:
        desk = desk_of()
        motion = sensor(desk)
        calls = []
        motion.listen(lambda: calls.append(1))
        assert desk.found.all == []
        assert (motion.moving(), motion.raised(), motion.steps()) == (False, False, 0), sensor
        desk.link.say(frames.MOTION, ">BI", 1, 12)
        assert calls and (motion.moving(), motion.raised(), motion.steps()) == (True, False, 12), sensor
        assert not motion.moving(), "told once"
        desk.link.say(frames.MOTION, ">BI", 3, 12)
        assert (motion.moving(), motion.raised(), motion.steps()) == (True, True, 12), sensor
        assert not motion.raised(), "told once"
        desk.link.say(frames.MOTION, ">BI", 0, 30)
        assert (motion.moving(), motion.steps()) == (False, 30), sensor


def test_a_count_of_the_host_that_begins_anew_takes_no_steps_back():
    for sensor in SENSORS:
        desk = desk_of()
        motion = sensor(desk)
        for steps, count in ((100, 100), (0, 100), (40, 140), (0xFFFFFFFF, 0x3FFFFFFF), (0, 0x3FFFFFFF)):
            desk.link.say(frames.MOTION, ">BI", 1, steps)
            assert motion.moving() and motion.steps() == count, (sensor, steps)


def test_acceleration_is_what_the_host_says_within_what_the_chip_measures():
    for sensor in SENSORS:
        desk = desk_of()
        motion = sensor(desk)
        held = [0, 0, 0]
        motion.acceleration(held)
        for given, found in (
            ((0, 0, 1000), (0, 0, 1000)),
            ((-500, 250, 800), (-500, 250, 800)),
            ((32767, 0, -32768), (4000, 0, -4000)),
        ):
            desk.link.say(frames.ACCELERATION, ">hhh", *given)
            desk.step(50)
            assert motion.acceleration(held), sensor
            assert max(abs(held[axis] - found[axis]) for axis in range(3)) <= 4, (sensor, held)


def test_a_watch_at_rest_wakes_nobody():
    """Both sensors find all by themselves and call by their line: nothing has to look 25 times a second."""
    for sensor in SENSORS:
        desk = desk_of()
        motion = sensor(desk)
        calls = []
        motion.listen(lambda: calls.append(1))
        desk.step(3_600_000)
        desk.time.follow()
        assert not calls and not motion.moving() and desk.timers._due == []


def test_a_missing_sensor_is_named():
    for sensor, name in zip(SENSORS, ("BHI260AP", "BMA423")):
        desk = desk_of(name.lower())
        assert sensor(desk) is None and desk.found.all == [(name, "does not answer")]
        desk.link.say(frames.MOTION, ">BI", 3, 5)
        desk.link.say(frames.ACCELERATION, ">hhh", 1, 2, 3)


def test_what_the_motor_plays_is_felt_at_the_host_and_the_chip_stands_by_after_it():
    desk = desk_of()
    port = haptics(desk)
    for pattern in range(4):
        port.play(pattern)
        assert desk.link.sent[-1] == (frames.HAPTICS, bytes((pattern,)))
        served(desk, loop.sleep_ms(3000))
        assert desk.i2c._chips[0x5A].registers[1] == 0x40, "standby"
    assert len(desk.link.sent) == 4 and port.faults == 0


def test_a_missing_motor_is_named():
    desk = desk_of("drv2605")
    assert haptics(desk) is None and desk.found.all == [("DRV2605", "does not answer")]


def test_what_a_datasheet_forbids_ends_the_watch():
    desk = desk_of()
    PowerRoom(desk, 80, False, True)
    try:
        desk.i2c.writeto_mem(0x34, 0x80, b"\0")
    except RuntimeError as error:
        assert "DC1" in str(error)
        return
    raise AssertionError("the rail of the processor was switched off")
