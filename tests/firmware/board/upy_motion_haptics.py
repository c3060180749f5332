"""`ports.Haptics` over a DRV2605 and over a motor at a pin: what is felt, and when."""

from board.parts.haptics import DrvHaptics, PinHaptics
from board.parts.later import Later, every_ms
from board.simulator.chips.timeline import Timeline
from drivers.drv2605 import ALERT_750_MS, DOUBLE_CLICK, SHARP_TICK, STRONG_BUZZ
from tests.firmware.drivers.motion_kit import Drv, fails, started

FELT = ((SHARP_TICK,), (DOUBLE_CLICK,), (STRONG_BUZZ, 0x80 | 10, STRONG_BUZZ), (ALERT_750_MS, 0x80 | 20, ALERT_750_MS))


def chip():
    """A motor behind its driver, and what plays on it."""
    desk = started(Drv, told=False)
    desk.haptics = DrvHaptics(desk.sensor, desk.chip.time.at)
    return desk


class Pin:
    """A pin whose edges are kept, with their times."""

    def __init__(self):
        self.time = Timeline()
        self.edges = []

    def __call__(self, level):
        """Set the level."""
        if not self.edges and not level:
            return
        if not self.edges or self.edges[-1][1] != level:
            self.edges.append((self.time.now, level))


def test_each_pattern_is_what_it_is_called_and_the_driver_stands_by_after_it():
    for pattern in range(4):
        desk = chip()
        desk.haptics.play(pattern)
        assert desk.chip.played == [FELT[pattern]] and desk.chip.shakes
        desk.chip.time.advance(3000)
        assert not desk.chip.shakes and desk.chip.stopped == 0, "played to its end"
        assert desk.chip.registers[1] == 0x40 and desk.misuse == [] and desk.haptics.faults == 0


def test_a_new_pattern_takes_the_place_of_a_running_one():
    desk = chip()
    desk.haptics.play(3)
    desk.chip.time.advance(200)
    desk.haptics.play(1)
    desk.chip.time.advance(60)  # the look after the first one is due, and has nothing to say
    assert desk.chip.shakes and desk.chip.played == [FELT[3], FELT[1]]
    desk.chip.time.advance(3000)
    assert desk.chip.stopped == 1 and desk.chip.registers[1] == 0x40 and desk.misuse == []


def test_a_pattern_that_there_is_not():
    for haptics in (chip().haptics, PinHaptics(Pin(), Timeline().at)):
        for wrong in (-1, 4):
            fails(ValueError, haptics.play, wrong)


def test_a_bus_that_fails_disturbs_nobody_and_no_motor_runs_on():
    for fails_at in range(1, 12):
        desk = chip()
        desk.i2c.transfers, desk.i2c.fails_at = 0, fails_at
        desk.haptics.play(2)
        desk.chip.time.advance(6000)
        assert desk.chip.registers[1] == 0x40, fails_at
        desk.i2c.fails_at = 0
        desk.haptics.play(0)
        assert desk.chip.played[-1] == FELT[0]
    desk = chip()
    desk.i2c._chips.clear()
    desk.haptics.play(2)
    desk.chip.time.advance(10_000)
    assert desk.haptics.faults > 1


def test_a_sequence_that_does_not_end_is_ended():
    desk = chip()
    desk.chip._end = lambda early: None
    desk.haptics.play(0)
    ended = []
    desk.sensor.standby = lambda: ended.append(desk.chip.time.now)
    before = desk.chip.time.now
    desk.chip.time.advance(20_000)
    assert len(ended) == 1 and 5000 <= ended[0] - before <= 5500


def test_a_motor_at_a_pin():
    times = []
    for pattern in range(4):
        pin = Pin()
        haptics = PinHaptics(pin, pin.time.at)
        haptics.play(pattern)
        while haptics.busy:
            pin.time.advance(1)
        assert pin.time.now == pin.edges[-1][0], "busy to the end and no longer"
        pin.time.advance(5000)
        levels = [level for _, level in pin.edges]
        assert levels == [1, 0] * (len(levels) // 2), "it ends off"
        times.append([after - before for (before, _), (after, _) in zip(pin.edges, pin.edges[1:])])
    assert times == [[35], [60, 80, 60], [200, 120, 200], [400, 200, 400]]
    assert sum(times[0]) < sum(times[1]) < sum(times[2]) < sum(times[3]), "a tick is the shortest"


def test_a_new_pattern_at_a_pin():
    pin = Pin()
    haptics = PinHaptics(pin, pin.time.at)
    haptics.play(3)
    pin.time.advance(100)
    haptics.play(0)
    pin.time.advance(5000)
    assert pin.edges == [(0, 1), (135, 0)], pin.edges


def test_a_motor_that_nobody_will_switch_off_is_not_switched_on():
    def after_ms(delay_ms, callback):
        raise MemoryError

    pin = Pin()
    fails(MemoryError, PinHaptics(pin, after_ms).play, 3)
    assert pin.edges == []


class Timer:
    """`machine.Timer` on a timeline."""

    def __init__(self):
        self.time = Timeline()
        self._turn = 0

    def init(self, *, mode, period, callback):
        """Call back."""
        self._turn += 1
        turn = self._turn

        def due():
            if turn == self._turn:
                if mode:
                    self.time.at(period, due)
                callback(self)

        self.time.at(period, due)


def test_timers():
    timer, calls = Timer(), []
    later = Later(timer)
    later(10, lambda: calls.append(1))
    later(20, lambda: calls.append(2))
    timer.time.advance(100)
    assert calls == [2], "the newest alone"
    every_ms(timer, 40, lambda: calls.append(timer.time.now))
    timer.time.advance(130)
    assert calls[1:] == [140, 180, 220]
