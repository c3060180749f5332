"""The light sleep of the T-Watch Ultra: what ends it, and that nothing is lost around its first instruction."""

import os
import sys

from board.simulator.wiring import lilygo_twatch_ultra as wires
from tests.firmware.board.virtual_kit import Bench

_LIMIT_MS = 400
_LONG = os.getenv("TAPWATCH_LONG")
_OFFSETS_US = tuple(range(-3000, 3001, 100 if _LONG else 1000))
"""Around the instruction: what comes before it, among the steps, and just after it."""
_LATEST_US = 60_000
"""A key that bounces nowhere, a finger that stays: all of them are seen by then."""


class Sleeper:
    """A board that is dark and armed, as the watch leaves it before it sleeps."""

    def __init__(self, bench):
        self.bench, self.hardware, self.wiring = bench, bench.hardware, bench.wiring
        self.board = bench.build()
        assert self.board.findings == [], self.board.findings
        self.calls = []
        for device in (self.board.touch, self.board.buttons, self.board.power, self.board.nfc, self.board.motion):
            device.listen(lambda: self.calls.append(1))
        self.wiring.touch.chip.pulse_ms = 1
        self.board.nfc.arm(b"\x08\x01\x02\x03", b"\x04\x00", 0x20)
        self.board.display.brightness(0)
        self.board.display.sleep(True)
        bench.wait_ms(3000)  # the secret of a new watch was made: the receiver rests by now
        self.settle()

    def at(self, us, action):
        """Let something happen, so many microseconds from now, to a chip that has the same time by then."""
        time = self.hardware.time
        self.hardware.timers.at(us, lambda: (time.advance_us(0), action()))

    def settle(self):
        """Read what waits, as the tasks do."""
        while self.board.buttons.read() >= 0:
            pass
        self.board.touch.read([0, 0, 0])
        self.board.power.charging()
        self.board.nfc.receive(bytearray(254), 0)
        self.calls.clear()

    def before_us(self):
        """From asking for sleep to the instruction."""
        begins, asked, light = [], self.hardware.time.now_us, self.hardware.sleep.light
        self.hardware.sleep.light = lambda ms: begins.append(self.hardware.time.now_us) or light(ms)
        assert self.board.rest.light(5)
        self.hardware.sleep.light = light
        return begins[0] - asked

    def until_called(self):
        """Sleep, and wait where sleep is not possible, until a device calls; microseconds."""
        begin = self.hardware.time.now_us
        while not self.calls and self.hardware.time.now_us - begin < _LIMIT_MS * 1000:
            if not self.board.rest.light(_LIMIT_MS):
                self.bench.wait_ms(1)
        return self.hardware.time.now_us - begin


class Stuck:
    """A line that no chip moves."""

    def drive(self, level):
        """Nothing happens."""


def _press(sleeper):
    sleeper.wiring.press(True)
    sleeper.at(80_000, lambda: sleeper.wiring.press(False))


def _key(sleeper):
    sleeper.wiring.pmu.key(True)
    sleeper.at(80_000, lambda: sleeper.wiring.pmu.key(False))


def _plug(sleeper):
    sleeper.wiring.pmu.plug(True)


def _touch(sleeper):
    for report in range(4):  # about what a controller reports in the shortest touch
        sleeper.at(report * 10_000, lambda: sleeper.wiring.touch.chip.touch(1, 100, 200))


def _low(sleeper):
    sleeper.wiring.pmu.charge(10)


def _field(sleeper):
    sleeper.wiring.air.field(True)


def _pressed(sleeper):
    return sleeper.board.buttons.read() == 1


def _keyed(sleeper):
    return sleeper.board.buttons.read() == 2


def _touched(sleeper):
    point = [0, 0, 0]
    return sleeper.board.touch.read(point) and point == [1, 100, 200]


def _answered(sleeper):
    sleeper.board.nfc.receive(bytearray(254), 2000)
    return sleeper.wiring.air.short(0x26) == b"\x04\x00"


SOURCES = (
    ("button", _press, _pressed),
    ("key", _key, _keyed),
    ("touch", _touch, _touched),
    ("charger", _plug, lambda sleeper: sleeper.board.power.charging()),
    ("battery low", _low, lambda sleeper: sleeper.board.power.percent() == 10),
    ("reader field", _field, _answered),
    (
        "raised wrist",
        lambda sleeper: sleeper.wiring.motion.chip.raise_wrist(),
        lambda sleeper: sleeper.board.motion.raised(),
    ),
)


def _points(source, **chip):
    """Let it happen once at each offset: how many were seen, and how late the latest was."""
    name, happens, seen = source
    count = latest_us = 0
    for offset_us in _OFFSETS_US:
        with Bench() as bench:
            sleeper = Sleeper(bench)
            for key, value in chip.items():
                setattr(bench.wiring.pmu, key, value)
            at_us = max(sleeper.before_us() + offset_us, 0)
            sleeper.settle()
            sleeper.at(at_us, lambda s=sleeper: happens(s))
            took_us = sleeper.until_called() - at_us
            assert took_us < _LATEST_US and seen(sleeper), (name, offset_us, took_us, sleeper.calls)
            assert bench.misuse == [], (name, offset_us, bench.misuse)
            latest_us = max(latest_us, took_us)
            count += 1
    return count, latest_us


def test_each_source_wakes_and_nothing_is_lost():
    """Before, at and after the instruction, in steps of a millisecond, or a tenth."""
    for source in SOURCES:
        count, latest_us = _points(source)
        print("NOTE sleep.%s: %d moments, 0 lost, called %d us later at most" % (source[0], count, latest_us))


def test_a_reader_finds_the_chip_awake():
    """From the field, in the middle of a sleep, to a chip that answers REQA, and to the watch at work."""
    with Bench() as bench:
        sleeper = Sleeper(bench)
        awake = []
        sleeper.at(200_000, lambda: _field(sleeper))
        begin = bench.hardware.time.now_us + 200_000
        steps = sleeper.board.rest._order.after

        def after():
            awake.append(bench.hardware.time.now_us - begin)
            assert bench.wiring.nfc.chip.a[2] & 0x80, "its clock has been started before anything else"
            steps()

        sleeper.board.rest._order.after = after
        sleeper.until_called()
        whole_us = bench.hardware.time.now_us - begin
        bench.wait_ms(1)
        assert bench.wiring.air.short(0x26) == b"\x04\x00" and whole_us < 5000, whole_us
        text = "NOTE sleep.field: the chip's clock runs after %d us, the task after %d; the processor takes 1 ms more"
        print(text % (awake[0], whole_us))


def test_events_that_the_power_chip_tells_late_are_not_lost():
    """The chip sets the bit 2 ms after its cause, which may be after its bits have been cleared."""
    count = sum([_points(source, late_ms=2)[0] for source in (SOURCES[1], SOURCES[3])])
    print("NOTE sleep.late_events: %d moments, 0 lost" % count)


def test_time_ends_it():
    """And what was asked for is what is slept."""
    with Bench() as bench:
        sleeper = Sleeper(bench)
        for limit_ms in (100, 60_000, 3_600_000):
            before = bench.hardware.time.now_us
            assert sleeper.board.rest.light(limit_ms) and sleeper.calls == []
            took_ms = (bench.hardware.time.now_us - before) // 1000
            assert limit_ms <= took_ms <= limit_ms + 20, took_ms
            if limit_ms == 100:
                print("NOTE sleep.steps_around_it_us", bench.hardware.time.now_us - before - 100_000)
        assert bench.misuse == [] and sleeper.board.findings == []


def test_what_works_or_feeds_forbids_it():
    """A charger (there may be a computer behind it), Bluetooth, the radio that makes noise, the motor."""
    with Bench() as bench:
        sleeper = Sleeper(bench)
        board, rest = sleeper.board, sleeper.board.rest
        bench.wiring.pmu.plug(True)
        assert not rest.light(1000)
        bench.wiring.pmu.plug(False)
        assert rest.light(50)
        board.ble._radio.on = True
        assert not rest.light(1000)
        board.ble._radio.on = False
        assert board.entropy.running() and not rest.light(1000)
        bench.wait_ms(2100)
        for _ in range(3):
            pass
        assert rest.light(50), "the receiver is off again"
        board.haptics.play(3)
        assert not rest.light(1000)
        for _ in range(40):
            bench.wait_ms(250)
        assert rest.light(50), "the motor stands"


def test_a_line_that_calls_without_end():
    """It is waited for once, then left out; sleep is short then, and the other lines still end it."""
    with Bench() as bench:
        sleeper = Sleeper(bench)
        bench.wiring.pmu.line = Stuck()
        bench.hardware.nets[wires.PMU_INT].drive(0)
        sleeper.settle()
        assert not sleeper.board.rest.light(3_600_000), "it may have something to tell"
        before = bench.hardware.time.now_us
        assert sleeper.board.rest.light(3_600_000)
        assert 60_000 <= (bench.hardware.time.now_us - before) // 1000 < 61_000
        assert sleeper.board.power.finding() == "the interrupt line is held low"
        sleeper.settle()
        sleeper.at(500_000, lambda: sleeper.wiring.press(True))
        before = bench.hardware.time.now_us
        assert sleeper.board.rest.light(60_000) and bench.hardware.time.now_us - before < 600_000
        assert sleeper.calls and sleeper.board.buttons.read() == 1


def test_a_bus_error_at_each_transfer():
    """Falling asleep and waking up, one transfer after the other lost, once and for good: it wakes, and goes on."""
    count = [0]
    with Bench() as bench:
        sleeper = Sleeper(bench)
        bench.hardware.before_transfer = lambda: _count(count)
        sleeper.board.rest.light(100)
    for place in range(0, count[0], 1 if _LONG else 2):
        for ever in (False, True) if _LONG else (place % 4 == 0,):
            with Bench() as bench:
                sleeper = Sleeper(bench)
                at = [0]
                bench.hardware.before_transfer = lambda a=at, p=place, e=ever: _fail(a, p, e)
                sleeper.board.rest.light(100)
                bench.hardware.before_transfer = lambda: None
                sleeper.at(50_000, lambda s=sleeper: _press(s))
                sleeper.until_called()
                assert _pressed(sleeper), (place, ever)
    print("NOTE sleep.transfers %d, every second one lost, once or for good: 0 hangs" % count[0])


def _count(count):
    count[0] += 1


def _fail(at, place, ever):
    at[0] += 1
    if at[0] - 1 == place or (ever and at[0] > place):
        raise OSError(5)


_PARTS = ("axp_sleep", "held_pins", "wake_pin", "esp_sleep")


def test_the_tests_can_fail():
    """Without one of the precautions the same moments lose something, or the panel its picture."""
    parts = {
        name: sys.modules.get("board.parts." + name) for name in ("axp_sleep", "held_pins", "wake_pin", "esp_sleep")
    }
    lost = []
    mutants = (
        ("what waits is thrown away", parts["axp_sleep"].AxpSleep, "down", lambda self: self._pmu.sleep(0xFFFF), 3),
        ("nobody looks after the sleep", parts["wake_pin"].WakePin, "woken", lambda self, by_line: None, 0),
        ("no resistor in sleep", parts["esp_sleep"].EspSleep, "__init__", lambda self, gpios: None, 5),
        ("pads are let go", parts["held_pins"].HeldPins, "down", lambda self: None, 5),
    )
    for text, kind, name, wrong, source in mutants:
        right = getattr(kind, name)
        setattr(kind, name, wrong)
        try:
            _points(SOURCES[source])
            _sleeps_a_second()
        except AssertionError:
            lost.append(text)
        finally:
            setattr(kind, name, right)
    assert len(lost) == len(mutants), lost
    print("NOTE sleep.mutants", len(lost), "of", len(mutants), "noticed")


def _sleeps_a_second():
    with Bench() as bench:
        sleeper = Sleeper(bench)
        before = bench.hardware.time.now_us
        sleeper.board.rest.light(1000)
        assert bench.hardware.time.now_us - before > 1_000_000
