"""`ports.Motion` over each of the sensors, and what becomes of the watch if there is none or it fails."""

import errno
import os

import micropython

from board.parts.findings import Findings
from board.parts.motion import Motion
from board.parts.motion_start import _begin, start_sensor
from drivers.motion_sensor import MOVED, RAISED, STEPS
from tests.firmware.board import motion_traces as traces
from tests.firmware.drivers.motion_kit import FIRMWARE, PROGRAM, SENSORS, Bhi, Bma, Qmi, fails, started

UPRIGHT = (1, 2, 3)


def worn(kind, told=True, axes=UPRIGHT):
    """A desk with a sensor that is up, and `motion` on it."""
    desk = started(kind, told)
    desk.motion = Motion(desk.sensor, axes, desk.line)
    desk.calls = []
    desk.motion.listen(lambda: desk.calls.append(1))
    return desk


def shake(desk, x, y, z):
    """Hold the watch another way."""
    desk.chip.move(x, y, z)
    desk.chip.time.advance(100)
    if isinstance(desk, Bhi):
        desk.chip.measure()


def follow(desk, trace):
    """The watch is moved along a trace while a timer takes samples."""
    for x, y, z in trace:
        desk.chip.held = (x, y, z)
        desk.chip.time.advance(40)
        if isinstance(desk, Bhi):
            desk.chip.measure()
        desk.motion.sample()


def test_moving_once_for_each_movement():
    for kind, told in ((Bma, True), (Bma, False), (Qmi, True), (Bhi, True)):
        desk = worn(kind, told)
        desk.motion.moving()  # where it is held
        for _ in range(3):
            assert not desk.motion.moving(), kind
            shake(desk, 0, 700, 700)
            assert desk.motion.moving() and not desk.motion.moving(), kind
            shake(desk, 0, 0, 1000)
            assert desk.motion.moving()
        if desk.sensor.abilities:
            assert desk.calls, "the line calls"


def test_a_slow_turn_is_a_movement_with_each_chip_that_feels_only_jerks():
    for kind, told in ((Bma, False), (Qmi, True)):
        desk = worn(kind, told)
        desk.motion.moving()
        found = 0
        for place in range(20):
            desk.chip.held = (0, 20 * place, 1000)
            desk.chip.time.advance(1000)
            found += desk.motion.moving()
        assert found >= 3, (kind, found)


def test_the_wrist_and_steps_by_the_chip_or_by_us():
    for kind, told in ((Bma, True), (Bma, False), (Qmi, True), (Bhi, True)):
        desk = worn(kind, told)
        follow(desk, traces.still(traces.HANGING, 1))
        assert not desk.motion.raised()
        if desk.sensor.abilities & RAISED:
            desk.chip.raise_wrist()
        else:
            follow(desk, traces.look(0.5))
        assert desk.motion.raised() and not desk.motion.raised(), kind
        assert desk.calls, "it wakes the watch"
        before = desk.motion.steps()
        if desk.sensor.abilities & STEPS:
            desk.chip.walk(100)
        else:
            follow(desk, traces.walk(100, 1.9, 280))
        desk.motion.moving()
        assert 90 <= desk.motion.steps() - before <= 110, kind


def test_axes_of_the_chip_become_those_of_the_wearer():
    ways = {(1, 2, 3): (10, 200, 900), (-2, 1, 3): (-200, 10, 900), (2, -1, -3): (200, -10, -900)}
    ways[(3, -2, 1)] = (900, -200, 10)
    for axes, wanted in ways.items():
        desk = worn(Qmi, axes=axes)
        into = [0, 0, 0]
        desk.motion.acceleration(into)
        shake(desk, 10, 200, 900)
        assert desk.motion.acceleration(into)
        assert max(abs(into[axis] - wanted[axis]) for axis in range(3)) <= 2, (axes, into)
    for wrong in ((1, 1, 3), (1, 2), (0, 1, 2), (1, 2, 4)):
        fails(ValueError, Motion, desk.sensor, wrong)


def test_a_sensor_that_fails_does_not_move():
    for kind in SENSORS:
        desk = worn(kind)
        desk.motion.moving()
        desk.chip.walk(30)
        desk.motion.moving()
        before = desk.motion.steps()
        assert before == 30
        desk.i2c._chips.clear()
        into = [1, 2, 3]
        for _ in range(50):
            assert not desk.motion.moving() and not desk.motion.raised()
            assert not desk.motion.acceleration(into) and into == [1, 2, 3]
            desk.motion.sample()
            assert desk.motion.steps() == before
        assert desk.motion.faults >= 100, kind


def test_a_bus_that_reads_the_same_always_does_not_move():
    for level in (0x00, 0xFF):
        for kind in SENSORS:
            desk = worn(kind)
            desk.motion.moving()

            def stuck(addr, memaddr, buf, level=level):
                for place in range(len(buf)):
                    buf[place] = level

            desk.i2c.readfrom_mem_into = stuck
            found = [desk.motion.moving() for _ in range(40)]
            assert not any(found[2:]), (kind, level, found)


def test_steps_never_become_fewer():
    desk = worn(Bma)
    desk.chip.walk(500)
    assert desk.motion.steps() == 500
    desk.chip.fail()
    desk.motion.moving()
    assert not desk.sensor.abilities and desk.motion.steps() == 500
    follow(desk, traces.walk(50, 1.9, 280))
    assert 545 <= desk.motion.steps() <= 555, "counted by us from here on"
    desk = worn(Qmi)
    desk.chip.walk(500)
    desk.motion.steps()
    desk.sensor.start()
    desk.chip.walk(20)
    assert desk.motion.steps() == 520, "the chip began anew"


def test_a_timer_in_the_middle_of_a_question_does_not_disturb_it():
    desk = worn(Bhi)
    desk.chip.sensors = (4, 53)
    desk.sensor.start(*desk.program())
    desk.motion.acceleration([0, 0, 0])
    desk.chip.measure()
    fill = desk.sensor._bus.fill
    depth = [0]

    def interrupted(register, into):
        depth[0] += 1
        assert depth[0] == 1, "asked again in the middle"
        desk.motion.sample()
        fill(register, into)
        depth[0] -= 1

    desk.sensor._bus.fill = interrupted
    assert desk.motion.acceleration([0, 0, 0]) and desk.sensor.bad == 0


def _file(name, data):
    path = "build/tests/motion-%s-%s" % (os.getenv("PYTEST_XDIST_WORKER") or "main", name)
    for folder in ("build", "build/tests"):
        try:
            os.mkdir(folder)
        except OSError as problem:
            if problem.errno != errno.EEXIST:
                raise
    with open(path, "wb") as file:
        file.write(data)
    return path


def _started(kind, program, spoil=None):
    desk, found = kind(), Findings()
    if spoil:
        spoil(desk)
    return desk, start_sensor("chip", desk.sensor, UPRIGHT, desk.line, program, found), found.all


def test_the_program_comes_from_a_file():
    for kind, data in ((Bma, PROGRAM), (Bhi, FIRMWARE)):
        path = _file("good.bin", data)
        desk, motion, findings = _started(kind, path)
        assert motion and findings == [] and desk.sensor.abilities & MOVED
        os.remove(path)


def test_no_file_or_a_wrong_one():
    for kind, data in ((Bma, PROGRAM), (Bhi, FIRMWARE)):
        _, motion, findings = _started(kind, "build/tests/not-there.bin")
        if kind is Bma:
            assert motion and findings == [], "it measures, and we count"
        else:
            assert motion is None
            assert findings == [("chip", "firmware of the sensor hub is not on the watch")]
        for wrong in (b"", data[:-4], data[:-1] + b"\x00", bytes(len(data))):
            path = _file("wrong.bin", wrong)
            _, motion, findings = _started(kind, path)
            assert (motion is None) == (kind is Bhi) and len(findings) == 1 and path in findings[0][1], findings
            os.remove(path)


def test_a_file_that_cannot_be_read_is_not_one_that_is_not_there():
    def opened(path, mode):
        raise OSError(errno.EIO)

    for kind in (Bma, Bhi):
        desk = kind()
        assert _begin(desk.sensor, "/files/a.bin", opened) == "/files/a.bin cannot be read (error 5)"
        assert kind is Bhi or desk.chip.registers[0x7D] == 4, "it measures all the same"


def test_no_chip_or_another():
    for kind in SENSORS:
        _, motion, findings = _started(kind, None, lambda desk: desk.i2c._chips.clear())
        assert motion is None and findings == [("chip", "does not answer")], findings
        _, motion, findings = _started(kind, None, lambda desk: setattr(desk.i2c, "fails_at", 3))
        assert (motion is None) == (kind is Bhi) and len(findings) == (kind is Bhi), "the second try works"
    _, motion, findings = _started(Qmi, None)
    assert motion and findings == []


class _Constant:
    """A sensor without a bus."""

    abilities = 0

    def acceleration(self, into):
        """Lying on a table."""
        into[0], into[1], into[2] = 0, 0, 1000
        return True

    def events(self):
        """All of them."""
        return 7

    def steps(self):
        """Some."""
        return 5


def test_asking_allocates_nothing():
    motion, into = Motion(_Constant(), (-2, 1, 3)), [0, 0, 0]
    micropython.heap_lock()
    try:
        for _ in range(3):
            motion.sample()
            told = motion.moving() and motion.raised() and motion.acceleration(into)
            steps = motion.steps()
    finally:
        micropython.heap_unlock()
    assert told and steps == 5 and into == [0, 0, 1000]
