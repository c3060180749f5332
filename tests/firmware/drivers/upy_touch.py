"""CST9217, FT6336U, FT3168 and CST816S: the drivers against models of their chips, on good buses and bad ones."""

import errno
import random

import micropython

from board.simulator.chips import cst816s
from drivers.touch_panel import FLIP_X, FLIP_Y, SWAP
from tests.firmware.drivers.panel_kit import raised
from tests.firmware.drivers.touch_kit import EIO, KINDS, Cst, Cst816, Ft, Ft3168, started
from tests.fuzz.campaign import count


def test_a_finger_lands_moves_and_leaves():
    for kind in KINDS:
        desk = started(kind)
        calls = []
        desk.touch.listen(lambda: calls.append(1))
        assert desk.read() is None
        right, low = desk.width - 1, desk.height - 1
        for x, y in ((0, 0), (right, 0), (right, low), (0, low), (17, 200)):
            desk.chip.touch(1, x, y)
            assert desk.read() == (1, x, y) and desk.read() is None
        desk.chip.touch(0, 17, 200)
        assert desk.read() == (0, 17, 200) and desk.read() is None
        assert len(calls) == 6 and desk.misuse == [], desk.misuse


def test_a_report_that_says_nothing_new_is_none():
    for kind in KINDS:
        desk = started(kind)
        for down, told in ((0, None), (1, (1, 5, 6)), (1, None), (0, (0, 5, 6)), (0, None)):
            desk.chip.touch(down, 5, 6)
            assert desk.read() == told, (kind, down)


def test_the_glass_may_be_mounted_in_any_way():
    wanted = {0: (10, 20), FLIP_X: (399, 20), FLIP_Y: (10, 481), FLIP_X | FLIP_Y: (399, 481), SWAP: (20, 10)}
    wanted[SWAP | FLIP_X] = (389, 10)
    for axes, (x, y) in wanted.items():
        desk = started(Cst, axes)
        desk.chip.touch(1, 10, 20)
        assert desk.read() == (1, x, y), axes


def test_after_a_swap_the_long_side_is_the_other_one():
    desk = started(Cst, SWAP)
    for x, y, told in ((450, 100, (1, 100, 450)), (100, 450, None)):
        desk.chip.touch(1, x, y)
        assert desk.read() == told


def test_another_chip_or_none_is_refused():
    wrong = {Cst: (0xD204, b"\0\0\x34\x12"), Ft: (0xA3, 0x36), Ft3168: (0xA0, 0x02), Cst816: (0xA7, 0x20)}
    for kind, (register, value) in wrong.items():
        desk = kind()
        if kind is Cst:
            desk.chip.identity[register] = value
        elif kind is Cst816:
            desk.chip.identity = value
        else:
            desk.chip._identity = ((register, value),)
            desk.chip._reset()
            desk.chip.time.advance(1000)
        assert raised(OSError, desk.touch.start).errno == errno.ENODEV
        desk = kind()
        desk.i2c._chips.clear()
        assert raised(OSError, desk.touch.start).errno == errno.ENODEV


def garbage(desk):
    """Reports that are none: floating lines, impossible counts and events, places off the glass."""
    if isinstance(desk, Cst):
        off = bytes((0x06, 410 >> 4, 0, (410 & 15) << 4, 0, 1, 0xAB, 0, 0, 0))
        below = bytes((0x06, 0, 502 >> 4, 502 & 15, 0, 1, 0xAB, 0, 0, 0))
        many = bytes((0x06, 1, 1, 0, 0, 3, 0xAB, 0, 0, 0))
        return [b"\xff", b"\0", off, below, many, bytes((0x06, 1, 1, 0, 0, 1, 0xAA, 0, 0, 0))]
    right, low = desk.width, desk.height
    off = bytes((1, 0x80 | right >> 8, right & 255, 0, 1))
    below = bytes((1, 0x80, 1, low >> 8, low & 255))
    return [b"\xff", off, below, b"\x03\x80\x01\x00\x01", b"\x01\xc0\x01\x00\x01"]


def test_a_bad_read_is_made_again_and_nobody_notices():
    for kind in KINDS:
        for bad in [EIO, errno.ETIMEDOUT] + garbage(kind()):
            desk = started(kind)
            desk.chip.touch(1, 30, 40)
            desk.i2c.faults = [bad, bad]
            assert desk.read() == (1, 30, 40), (kind, bad)


def test_a_bus_that_stays_bad_shows_no_touch_and_loses_no_release():
    for kind in KINDS:
        for bad in [EIO] + garbage(kind()):
            desk = started(kind)
            desk.chip.touch(1, 30, 40)
            assert desk.read() == (1, 30, 40)
            desk.chip.touch(0, 30, 40)
            desk.i2c.faults = [bad] * 3
            assert desk.read() is None, (kind, bad)
            assert desk.i2c.faults == []
            assert desk.read() == (0, 30, 40), "asked for again without another interrupt"


def test_a_report_that_never_makes_sense_is_acknowledged_in_the_end():
    """A finger beyond the edge of the glass, on a chip that tells nothing new until then."""
    desk = started(Cst)
    desk.chip.stubborn = True
    desk.chip.touch(1, 30, 40)
    assert desk.read() == (1, 30, 40)
    desk.chip.touch(1, 410, 502)
    told = []
    for _ in range(4):
        told.append(desk.read())
        desk.chip.touch(1, 410, 502)
        desk.wait(20)
    assert told == [None, None, (0, 30, 40), None], told
    for _ in range(4):
        desk.read()
    desk.chip.touch(1, 50, 60)
    assert desk.read() == (1, 50, 60) and desk.misuse == [], desk.misuse


def test_the_mode_of_the_cst9217_is_told_by_the_second_byte():
    """lewisxhe/SensorLib, TouchDrvCST92xx::setMode: read_buffer[1]; agrucza/uhrwerk-rs, enter_command_mode: echo[1]."""
    desk = started(Cst)
    desk.i2c.faults = [b"\x1e\x00\x00\x00"] * 9
    desk.touch.sleep(True)
    assert desk.i2c.faults == [] and desk.chip.asleep and desk.misuse == [], desk.misuse


def noise(size):
    """Random bytes; half of them with the marks of a report, so that some are believed."""
    data = bytearray(random.getrandbits(8) for _ in range(size))
    if random.getrandbits(1):
        data[0] = 0x06 if size == Cst.report_bytes else 1
        data[1] &= 0x9F
        if size == Cst.report_bytes:
            data[1] &= 0x1F
            data[2] &= 0x1F
            data[4] = 0
            data[5:7] = b"\x01\xab"
        else:
            data[1] &= 0x81
            data[3] &= 0xF1
    return bytes(data)


def test_noise_never_becomes_a_touch_off_the_glass():
    random.seed(5)
    tried = touches = 0
    for kind in KINDS:
        desk = started(kind)
        point = [0, 0, 0]
        for _ in range(count(150, 50)):
            desk.i2c.faults = [noise(desk.report_bytes) if random.getrandbits(3) else EIO]
            desk.touch._news = True
            tried += 1
            while desk.touch.read(point):
                touches += 1
                assert point[0] in (0, 1) and 0 <= point[1] < desk.width and 0 <= point[2] < desk.height, point
    print("NOTE touch: %d reports of noise, %d believed, none off the glass" % (tried, touches))


class _Canned:
    """A bus that gives one report again and again, and allocates nothing."""

    def __init__(self, report):
        self.report = report

    def writeto(self, addr, buf):
        """Swallow."""

    def readfrom_into(self, addr, buf):
        """The report."""
        for index in range(len(buf)):
            buf[index] = self.report[index]

    def readfrom_mem_into(self, addr, memaddr, buf):
        """The report."""
        self.readfrom_into(addr, buf)


def test_reading_allocates_nothing():
    reports = {Cst: b"\x06\x01\x02\x34\x00\x01\xab\0\0\0", Ft: b"\x01\x80\x13\x00\x24", Ft3168: b"\x01\x80\x13\x00\x24"}
    reports[Cst816] = reports[Ft]
    for kind, report in reports.items():
        desk = started(kind, FLIP_X | FLIP_Y | SWAP)
        touch, point = desk.touch, [0, 0, 0]
        touch._i2c = _Canned(report)
        micropython.heap_lock()
        try:
            touch._interrupt(None)
            down = touch.read(point)
            touch._interrupt(None)
            again = touch.read(point)
        finally:
            micropython.heap_unlock()
        assert down and not again and point[0] == 1


def test_asleep_nothing_is_reported_and_after_waking_all_is():
    for kind in KINDS:
        desk = started(kind)
        calls = []
        desk.touch.listen(lambda: calls.append(1))
        for _ in range(2):
            desk.touch.sleep(True)
            desk.touch.sleep(True)
            desk.chip.touch(1, 5, 6)
            assert desk.read() is None and not calls
            desk.touch.sleep(False)
            desk.touch.sleep(False)
            assert desk.read() is None
        desk.chip.touch(1, 5, 6)
        assert desk.read() == (1, 5, 6) and calls == [1] and desk.misuse == [], desk.misuse


def test_with_a_reset_line_the_chip_sleeps_deeply():
    for kind, deep in ((Cst, True), (Ft, False), (Ft3168, True), (Cst816, True)):
        desk = started(kind)
        desk.touch.sleep(True)
        assert desk.chip.answers() != deep, kind


def test_sleep_that_failed_can_be_asked_for_again():
    for kind in KINDS:
        desk = started(kind)
        chips, desk.i2c._chips = desk.i2c._chips, {}
        assert raised(OSError, desk.touch.sleep, True)
        desk.i2c._chips = chips
        desk.chip.touch(1, 5, 6)
        assert desk.read() == (1, 5, 6), "it is still awake"
        desk.touch.sleep(True)
        assert desk.chip.resting


def test_a_chip_that_does_not_enter_commands_ends_the_wait():
    desk = started(Cst)
    desk.i2c.faults = [b"\0"] * 10
    assert raised(OSError, desk.touch.sleep, True).errno == errno.ETIMEDOUT


def test_each_sister_is_put_to_sleep_in_its_own_way():
    for identity in (cst816s.CST816S, cst816s.CST816T, cst816s.CST816D):
        desk = Cst816()
        desk.chip.identity = identity
        desk.touch.start()
        desk.touch.sleep(True)
        assert desk.chip.asleep and desk.misuse == [], (identity, desk.misuse)
        desk.touch.sleep(False)
        desk.chip.touch(1, 5, 6)
        assert desk.read() == (1, 5, 6)


def test_a_finger_that_leaves_after_the_chip_would_have_dozed_off_is_told():
    desk = started(Cst816)
    desk.chip.touch(1, 5, 6)
    assert desk.read() == (1, 5, 6)
    desk.chip.touch(0, 5, 6)
    desk.wait(5000)
    assert desk.read() == (0, 5, 6)


def test_a_driver_that_does_not_wait_for_the_chip_is_caught():
    for divisor in (2.1, 3):
        desk = Cst816()
        desk.touch._delay_ms = lambda ms, d=divisor: desk.wait(int(ms / d))
        error = raised(OSError, desk.touch.start)
        assert desk.misuse or (error and error.errno == errno.ENODEV), divisor


def test_a_bus_error_at_every_transfer_of_the_start_is_told():
    points = 0
    for place in range(4):
        desk = Cst816()
        failing = _FailsAt(desk.i2c, place)
        desk.touch._i2c = failing
        assert raised(OSError, desk.touch.start).errno == EIO, place
        points += 1
    print("NOTE touch: CST816S, transfers of a start that failed", points)


class _FailsAt:
    """A bus whose n-th transfer fails."""

    def __init__(self, i2c, place):
        self._i2c, self._left = i2c, place

    def _step(self):
        self._left -= 1
        if self._left == -1:
            raise OSError(EIO)

    def readfrom_mem_into(self, addr, memaddr, buf):
        """As the bus, or the fault."""
        self._step()
        self._i2c.readfrom_mem_into(addr, memaddr, buf)

    def writeto_mem(self, addr, memaddr, buf):
        """As the bus, or the fault."""
        self._step()
        self._i2c.writeto_mem(addr, memaddr, buf)
