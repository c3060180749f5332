"""BMA423, QMI8658 and BHI260AP: what all three drivers have in common, each against the model of its chip."""

import errno

import micropython

from drivers.motion_sensor import MOVED, RAISED, STEPS, STILL
from tests.firmware.drivers.motion_kit import SENSORS, Bhi, Bma, Qmi, fails, started

ABLE = {Bma: MOVED | RAISED | STEPS, Qmi: STILL | STEPS, Bhi: MOVED | RAISED | STEPS | STILL}
TOLERANCE_MG = 2


def held(desk, x, y, z):
    """What the driver reads when the watch is held like this."""
    desk.chip.move(x, y, z)
    desk.sensor.acceleration(desk.held)
    desk.chip.time.advance(100)
    if isinstance(desk, Bhi):
        desk.chip.measure()
    return desk.acceleration()


def test_acceleration_is_in_milli_g_along_the_axes_of_the_chip():
    for kind in SENSORS:
        desk = started(kind)
        for wanted in ((0, 0, 1000), (-1000, 0, 0), (0, 250, -968), (3900, -3900, 17), (-1, 1, 0)):
            told = held(desk, *wanted)
            assert told is not None, kind
            far = max(abs(told[axis] - wanted[axis]) for axis in range(3))
            assert far <= TOLERANCE_MG, (kind, wanted, told)
        assert desk.misuse == [], desk.misuse


def test_a_measurement_out_of_range_stays_at_the_end_of_it():
    for kind in (Bma, Qmi):
        desk = started(kind)
        told = held(desk, 9000, -9000, 0)
        assert 3990 < told[0] <= 4000 and -4000 <= told[1] < -3990, told


def test_before_the_first_measurement_there_is_none():
    for kind in SENSORS:
        desk = kind()
        desk.sensor.start(*desk.program())
        desk.sensor.rest(True)
        desk.sensor.rest(False)
        assert desk.acceleration() is None, kind
        desk.chip.time.advance(100)
        if kind is Bhi:
            desk.chip.measure()
        assert desk.acceleration() == (0, 0, 1000), kind


def test_what_the_chip_can_is_told_and_counts():
    for kind in SENSORS:
        desk = started(kind)
        assert desk.sensor.abilities == ABLE[kind], kind
        assert desk.sensor.events() == 0 and desk.sensor.steps() == 0
        desk.chip.walk(12)
        desk.chip.walk(300)
        desk.sensor.events()
        assert desk.sensor.steps() == 312, kind
        desk.chip.move(0, 900, 300)
        assert desk.line.level == 1, "the line says so"
        assert desk.sensor.events() == MOVED and desk.sensor.events() == 0, kind
        assert desk.line.level == 0, "and falls again"
        desk.chip.raise_wrist()
        assert desk.sensor.events() == MOVED | ABLE[kind] & RAISED, kind
        if ABLE[kind] & STILL:
            desk.chip.stop()
            assert desk.sensor.events() == STILL, kind
        assert desk.misuse == [], desk.misuse


def test_many_steps_stay_small_integers():
    desk = started(Bma)
    desk.chip.registers[0x1E:0x22] = b"\xff\xff\xff\xff"
    assert desk.sensor.steps() == 0x3FFF_FFFF
    desk = started(Qmi)
    desk.chip.registers[0x5A:0x5D] = b"\xff\xff\xff"
    assert desk.sensor.steps() == 0xFF_FFFF
    desk = started(Bhi)
    desk.chip._count = 0xFFFF_FF00
    desk.chip.walk(0xFF)
    desk.sensor.events()
    assert desk.sensor.steps() == 0x3FFF_FFFF


def test_resting_takes_no_measurement_and_after_it_all_is_as_before():
    for kind in SENSORS:
        desk = started(kind)
        for _ in range(2):
            desk.sensor.rest(True)
            desk.sensor.rest(True)
            desk.chip.time.advance(100)
            desk.chip.walk(20)
            desk.chip.move(900, 0, 0)
            assert desk.sensor.events() == 0, kind
            if kind is not Bhi:
                assert desk.acceleration() is None, kind
            desk.sensor.rest(False)
            desk.sensor.rest(False)
            desk.chip.time.advance(100)
            desk.chip.move(0, 0, 1000)
            assert desk.sensor.events() == MOVED, kind
        desk.chip.walk(20)
        desk.sensor.events()
        assert desk.sensor.steps() in (20, 60), (kind, desk.sensor.steps())
        assert desk.misuse == [], desk.misuse


def test_reserved_bits_of_a_qmi8658c_may_keep_nothing():
    """Its data sheet reserves bits 3 and 4 of CTRL1 and bit 5 of CTRL7, which the QMI8658A has."""
    desk = Qmi()
    desk.chip.reserved = {0x02: 0x18, 0x08: 0x20}
    desk.sensor.start()
    assert desk.sensor.abilities == ABLE[Qmi] and desk.misuse == [], desk.misuse
    for register, bits in ((0x02, 0x40), (0x08, 0x01), (0x03, 0x07)):
        desk = Qmi()
        desk.chip.reserved = {register: bits}
        assert fails(OSError, desk.sensor.start).errno in (errno.EIO, errno.ETIMEDOUT), register


def test_another_chip_or_none_is_refused():
    for kind, register in ((Bma, 0x00), (Qmi, 0x00), (Bhi, 0x1C)):
        desk = kind()
        before = desk.i2c.readfrom_mem_into

        def spoilt(addr, memaddr, buf, before=before, register=register):
            before(addr, memaddr, buf)
            if memaddr == register:
                buf[0] ^= 1

        desk.i2c.readfrom_mem_into = spoilt
        assert fails(OSError, desk.sensor.start, *desk.program()).errno == errno.ENODEV, kind
        desk = kind()
        desk.i2c._chips.clear()
        assert fails(OSError, desk.sensor.start).errno == errno.ENODEV, kind


def points(kind, act):
    """Transfers of `act`, and that it raises OSError for each that fails, but for a look at a chip that resets."""
    desk = kind()
    act(desk)
    tried = desk.i2c.transfers
    ridden = []
    for place in range(1, tried + 1):
        desk = kind()
        desk.i2c.fails_at = place
        try:
            act(desk)
            assert kind is not Bma, (kind, place)
            ridden.append(place)
        except OSError as problem:
            assert problem.errno == errno.EIO, (kind, place)
        desk.i2c.fails_at = 0
        act(desk)  # and another try works
        desk.chip.time.advance(100)
        desk.chip.move(0, 700, 700)
        assert desk.sensor.events() == MOVED, (kind, place)
    assert len(ridden) < 2, "only where it may be deaf anyhow"
    return tried


def test_a_bus_error_at_any_transfer_of_the_start():
    tried = [points(kind, lambda desk: desk.sensor.start(*desk.program())) for kind in SENSORS]
    print("NOTE motion: starts cut short by a bus error at %d transfers, 0 stuck" % sum(tried))


def test_a_bus_error_later_is_told_and_forgotten():
    tried = 0
    for kind in SENSORS:
        for act in ("events", "steps", "acceleration", "rest"):
            arguments = {"acceleration": ([0, 0, 0],), "rest": (True,)}.get(act, ())
            desk = started(kind)
            desk.i2c.transfers = 0
            getattr(desk.sensor, act)(*arguments)
            for place in range(1, desk.i2c.transfers + 1):
                tried += 1
                desk = started(kind)
                desk.i2c.transfers, desk.i2c.fails_at = 0, place
                assert fails(OSError, getattr(desk.sensor, act), *arguments).errno == errno.EIO
                desk.sensor.rest(False)
                desk.chip.time.advance(100)
                desk.chip.move(700, 0, 700)
                assert desk.sensor.events() & MOVED, (kind, act, place)
    print("NOTE motion: bus errors at %d later transfers, 0 stuck" % tried)


class _Canned:
    """A bus that gives the same bytes again and again, and allocates nothing."""

    def __init__(self, reads):
        self.reads = reads
        self.turn = 0

    def writeto_mem(self, addr, memaddr, buf):
        """Swallow."""

    def readfrom_mem_into(self, addr, memaddr, buf):
        """The bytes that are read at this place."""
        data = self.reads.get(memaddr)
        for place in range(len(buf)):
            buf[place] = data[(self.turn + place) % len(data)] if data else 0
        if data and memaddr < 3:
            self.turn += len(buf)


def test_asking_allocates_nothing():
    block = b"\x0c\x00\xf5\x01\x8f\x8b\x01\x02\x03\x04\x04\x00\x10\x00\x10\x00\x00\x10"
    block = bytes((len(block) - 2, 0)) + block[2:]
    bytes_of = {
        Bma: {0x03: b"\x80", 0x12: b"\x10\x20", 0x1C: b"\x48", 0x1E: b"\x01"},
        Qmi: {0x2E: b"\x01", 0x35: b"\x10\x20", 0x2F: b"\x60", 0x5A: b"\x01"},
        Bhi: {0x01: block},
    }
    for kind in SENSORS:
        desk = started(kind)
        sensor, into = desk.sensor, [0, 0, 0]
        canned = _Canned(bytes_of[kind])
        if kind is Bhi:
            sensor._bus._i2c = canned
        else:
            sensor._i2c = canned
        micropython.heap_lock()
        try:
            for _ in range(3):
                told = sensor.events()
                measured = sensor.acceleration(into)
                steps = sensor.steps()
        finally:
            micropython.heap_unlock()
        assert told and measured and steps, (kind, told, measured, steps)
