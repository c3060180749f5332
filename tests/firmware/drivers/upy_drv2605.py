"""DRV2605: the driver against the model of its chip."""

import errno

import micropython

from board.simulator.chips import drv2605
from drivers.drv2605 import ALERT_750_MS, DOUBLE_CLICK, SHARP_TICK, WAIT, Drv2605
from tests.firmware.drivers.motion_kit import Drv, fails, started

# What the data sheet says that these values are; written down apart from the driver.
SPINNING = (
    (0x01, 0x40),  # standby
    (0x03, 1),  # library A
    (0x0C, 0),
    (0x1A, 0x36),  # as at first, and a spinning weight
    (0x1D, 0xA0),  # as at first, and open loop
)
LINEAR = ((0x01, 0x40), (0x03, 6), (0x0C, 0), (0x1A, 0xB6), (0x1D, 0x80))


def test_registers_after_the_start():
    for linear, table in ((False, SPINNING), (True, LINEAR)):
        desk = Drv()
        desk.sensor = Drv2605(desk.i2c, desk.wait, linear)
        desk.sensor.start()
        for register, value in table:
            assert desk.chip.registers[register] == value, hex(register)
        desk.sensor.play(bytes((1,)))
        assert desk.misuse == [], desk.misuse


def test_both_chips_are_taken_and_no_other():
    for identity in range(8):
        desk = Drv()
        desk.chip = drv2605.Chip(desk.misuse, identity)
        desk.chip.time.advance(desk.chip.starting_ms)
        desk.i2c.attach(desk.address, desk.chip)
        if identity in (3, 7):
            desk.sensor.start()
        else:
            assert fails(OSError, desk.sensor.start).errno == errno.ENODEV, identity
    desk.i2c._chips.clear()
    assert fails(OSError, desk.sensor.start).errno == errno.ENODEV


def test_a_sequence_is_played_and_ends_by_itself():
    desk = started(Drv, told=False)
    before = desk.chip.time.now
    desk.sensor.play(bytes((SHARP_TICK, WAIT | 5, DOUBLE_CLICK)))
    assert desk.chip.time.now == before, "play waits for nothing"
    assert desk.chip.played == [(SHARP_TICK, WAIT | 5, DOUBLE_CLICK)] and desk.sensor.playing()
    desk.chip.time.advance(249)
    assert desk.sensor.playing()
    desk.chip.time.advance(1)
    assert not desk.sensor.playing() and desk.chip.stopped == 0
    desk.sensor.standby()
    desk.sensor.standby()
    assert desk.chip.registers[1] == 0x40 and desk.misuse == []


def test_eight_entries_and_then_fewer():
    desk = started(Drv, told=False)
    desk.sensor.play(bytes(range(1, 9)))
    desk.sensor.play(b"\x0a")
    assert desk.chip.played == [tuple(range(1, 9)), (10,)], "nothing is left of the longer one"


def test_a_new_sequence_takes_the_place_of_the_old_one():
    desk = started(Drv, told=False)
    desk.sensor.play(bytes((ALERT_750_MS,)))
    desk.chip.time.advance(50)
    desk.sensor.play(bytes((SHARP_TICK,)))
    assert desk.chip.played == [(ALERT_750_MS,), (SHARP_TICK,)] and desk.chip.stopped == 1 and desk.misuse == []
    desk.chip.time.advance(100)
    assert not desk.sensor.playing(), "the end of the old one does not matter"
    desk.sensor.play(bytes((ALERT_750_MS,)))
    desk.sensor.standby()
    assert not desk.chip.shakes and desk.chip.stopped == 2


def test_what_is_no_sequence():
    desk = started(Drv, told=False)
    for wrong in (b"", bytes(9), b"\x00", b"\x01\x00", b"\x7c", b"\x80", bytes(range(1, 10))):
        fails(ValueError, desk.sensor.play, wrong)
    assert desk.chip.played == []


def test_a_bus_error_at_any_transfer():
    tried = 0
    for act in (lambda desk: desk.sensor.start(), lambda desk: desk.sensor.play(b"\x01\x02"), _settle):
        desk = started(Drv, told=False)
        desk.i2c.transfers = 0
        act(desk)
        for place in range(1, desk.i2c.transfers + 1):
            tried += 1
            desk = started(Drv, told=False)
            desk.i2c.transfers, desk.i2c.fails_at = 0, place
            assert fails(OSError, act, desk).errno == errno.EIO
            desk.sensor.play(b"\x03")
            assert desk.chip.played[-1] == (3,) and desk.misuse == [], place
    print("NOTE drv2605: bus errors at %d transfers, 0 stuck" % tried)


def _settle(desk):
    desk.sensor.playing()
    desk.sensor.standby()


def test_a_reset_that_takes_longer():
    for value, works in ((1, True), (9, True), (11, False)):
        desk = Drv()
        desk.chip.resetting_ms = value
        if works:
            desk.sensor.start()
        else:
            assert fails(OSError, desk.sensor.start).errno == errno.ETIMEDOUT
    desk = Drv()
    desk.waits = False
    assert fails(OSError, desk.sensor.start).errno == errno.ETIMEDOUT, "a driver that does not wait is caught"


def test_the_model_writes_down_what_the_chip_does_not_allow():
    desk = started(Drv, told=False)
    write = desk.i2c.writeto_mem
    for register, value in ((0x00, 1), (0x0C, 1), (0x30, 0)):
        write(desk.address, register, bytes((value,)))
    desk.sensor.play(b"\x01")
    write(desk.address, 0x04, b"\x02")
    assert len(desk.misuse) == 4, desk.misuse
    desk.sensor.standby()
    write(desk.address, 0x03, b"\x06")
    desk.sensor.play(b"\x01")
    assert len(desk.misuse) == 5


class _Silent:
    """A bus that takes everything, and allocates nothing."""

    def writeto_mem(self, addr, memaddr, buf):
        """Swallow."""

    def readfrom_mem_into(self, addr, memaddr, buf):
        """Nothing."""
        buf[0] = 0


def test_playing_allocates_nothing():
    driver, effects = Drv2605(_Silent(), None), bytes((1, WAIT | 3, 2))
    micropython.heap_lock()
    try:
        driver.play(effects)
        still = driver.playing()
        driver.standby()
    finally:
        micropython.heap_unlock()
    assert not still
