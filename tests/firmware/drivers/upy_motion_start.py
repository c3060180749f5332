"""How motion sensors start: registers after it, programs that are missing or wrong, and drivers that do not wait."""

import errno

from drivers.bhi260ap import Bhi260ap
from drivers.bma423 import _remap
from drivers.motion_sensor import MOVED, RAISED, STEPS, STILL
from tests.firmware.drivers.motion_kit import FIRMWARE, PROGRAM, SENSORS, Bhi, Bma, File, Qmi, fails, started

# What the data sheets say that these values are; written down apart from the drivers.
BMA_PLAIN = (
    (0x40, 0b0_010_0111),  # low-power averaging, 4 measurements, 50 Hz
    (0x41, 1),  # 4 g
    (0x53, 0),  # no interrupt pin: nothing can happen
    (0x56, 0),
    (0x7C, 3),  # power save
    (0x7D, 4),  # accelerometer on
)
BMA_TOLD = (
    (0x53, 0b01010),  # INT1: output, active high, push-pull, level
    (0x55, 1),  # latched
    (0x56, 0x48),  # any-motion and wrist tilt
    (0x59, 1),
    (0x7C, 3),
    (0x7D, 4),
)
QMI = (
    (0x02, 0b0110_1000),  # addresses count up, INT1 on
    (0x03, 0b0001_0111),  # 4 g, 62.5 Hz
    (0x04, 0),  # gyroscope as it was
    (0x06, 0b0000_0111),  # filter of the accelerometer on, 13.37 %
    (0x08, 0b0010_0001),  # accelerometer alone, no data-ready interrupt
    (0x09, 0b1101_0110),  # commands by STATUSINT, INT1, steps, no-motion, any-motion
    (0x0A, 0),  # acknowledged
)
BHI = ((0x06, 0), (0x07, 0b0000_1110))


def check(desk, table):
    """Registers are as the table says, and nothing was done that the chip forbids."""
    for register, value in table:
        assert desk.chip.registers[register] == value, "%02x is %02x" % (register, desk.chip.registers[register])
    assert desk.misuse == [], desk.misuse


def test_registers_after_the_start():
    check(started(Bma, told=False), BMA_PLAIN)
    check(started(Bma), BMA_TOLD)
    check(started(Qmi), QMI)
    check(started(Bhi), BHI)


def test_settings_of_the_bma423():
    page = started(Bma).chip.page
    assert page[0] | (page[1] & 7) << 8 == 0xAA, "any-motion from 83 mg on, as at first"
    assert not page[1] & 0x08 and page[3] & 0xE0 == 0xE0 and page[2] == 5
    assert page[0x37] & 0x10 and page[0x3A] & 1
    assert page[0x3E] == 0x88 and page[0x3F] == 0, "x right, y up, z towards the wearer"


def test_settings_of_the_bma423_that_lie_elsewhere():
    desk = Bma()
    desk.chip.base = (3, 1)
    desk.sensor.start(*desk.program())
    check(desk, BMA_TOLD)
    assert desk.chip.page[0x37] & 0x10 and desk.sensor.abilities & STEPS


def test_axes_of_the_bma423():
    # The vendor's table of the eight ways to mount it, as its comments have it.
    assert _remap((1, 2, 3)) == 0x088 and _remap((-1, -2, 3)) == 0x0AC
    assert _remap((-2, 1, 3)) == 0x085 and _remap((2, -1, 3)) == 0x0A1
    assert _remap((2, 1, -3)) == 0x181 and _remap((-2, -1, -3)) == 0x1A5
    assert _remap((-1, 2, -3)) == 0x18C and _remap((1, -2, -3)) == 0x1A8


def test_settings_of_the_qmi8658():
    told = started(Qmi).chip.told
    assert told[(0x0D, 1)] == bytes((62, 0, 200 * 1024 // 1000, 0, 100 * 1024 // 1000, 0, 2, 1))
    assert told[(0x0D, 2)] == bytes((100, 0, 16, 10, 0, 1, 2, 2))
    assert told[(0x0E, 1)] == bytes((2, 2, 2, 1, 1, 1, 0xF7, 1))
    assert told[(0x0E, 2)] == bytes((3, 250, 0, 0, 0, 0, 0, 2))


def test_what_runs_in_the_hub():
    desk = started(Bhi)
    once_a_second = b"\x00\x00\x80\x3f"
    assert desk.chip.rates == {139: once_a_second, 67: once_a_second, 143: once_a_second, 75: once_a_second}
    assert bytes(desk.chip.firmware) == FIRMWARE
    desk.acceleration()
    assert desk.chip.rates[4] == b"\x00\x00\xc8\x41", "25 Hz as long as somebody asks"
    for _ in range(149):
        desk.sensor.events()
    assert 4 in desk.chip.rates
    desk.sensor.events()
    assert 4 not in desk.chip.rates


def test_axes_of_the_hub():
    # The maker of the watch turns it by a quarter: rows 0 -1 0, 1 0 0, 0 0 1.
    for axes, told in (
        ((-2, 1, 3), "f010000001000000"),
        ((1, -2, -3), "01000f000f000000"),
        ((1, 2, 3), "0100010001000000"),
    ):
        desk = Bhi()
        desk.sensor = Bhi260ap(desk.i2c, desk.wait, axes)
        desk.sensor.start(*desk.program())
        assert desk.chip.matrix.hex() == told, (axes, desk.chip.matrix.hex())
        desk.chip.held = (100, -200, 970)
        desk.acceleration()
        desk.chip.measure()
        told_mg = desk.acceleration()
        assert max(abs(told_mg[axis] - desk.chip.held[axis]) for axis in range(3)) <= 2, "along the axes of the chip"


def test_a_hub_with_other_sensors():
    for sensors, able in (((4,), 0), ((4, 52, 57, 77), STEPS | RAISED | MOVED), ((), 0), ((75,), STILL)):
        desk = Bhi()
        desk.chip.sensors = sensors
        desk.sensor.start(*desk.program())
        assert desk.sensor.abilities == able and desk.sensor.awake, sensors
        assert desk.misuse == [], desk.misuse


def test_a_hub_without_its_firmware_is_asleep_and_harmless():
    desk = started(Bhi, told=False)
    sensor = desk.sensor
    for _ in range(3):
        assert not sensor.awake and not sensor.abilities
        assert sensor.events() == 0 and sensor.steps() == 0 and desk.acceleration() is None
        sensor.rest(True)
        sensor.rest(False)
    assert desk.misuse == []
    sensor.start(*desk.program())
    assert sensor.awake, "the file may come later"


def test_a_bma423_without_its_program_measures():
    desk = started(Bma, told=False)
    desk.chip.walk(100)
    desk.chip.raise_wrist()
    assert desk.sensor.abilities == 0 and desk.sensor.events() == 0 and desk.sensor.steps() == 0
    assert desk.acceleration() is not None and desk.line.level == 0


def wrong_programs(good):
    """Files that are not what they must be, with the length that they are said to have."""
    yield File(good[:-64]), len(good)
    yield File(b""), len(good)
    yield File(good[:-1] + bytes((good[-1] ^ 1,))), len(good)
    yield File(bytes(len(good) - 1) + b"\x01"), len(good)
    for length in (0, 3, 255, len(good) - 1, len(good) + 1, 1 << 30):
        yield File(good), length


def test_wrong_programs():
    tried = 0
    for kind, good in ((Bma, PROGRAM), (Bhi, FIRMWARE)):
        desk = kind()
        for file, length in wrong_programs(good):
            tried += 1
            fails(ValueError, desk.sensor.start, file, length)
            assert desk.sensor.abilities == 0 and desk.sensor.events() == 0 and desk.sensor.steps() == 0
            desk.chip.time.advance(100)
            if kind is Bma:
                assert desk.acceleration() == (0, 0, 1000), "it measures all the same"
                check(desk, BMA_PLAIN)
        desk.sensor.start(*desk.program())
        assert desk.sensor.abilities & STEPS and desk.misuse == [], desk.misuse
    print("NOTE motion: %d wrong programs refused" % tried)


def test_a_program_that_stops_is_not_believed():
    desk = started(Bma)
    desk.chip.move(0, 900, 0)
    desk.chip.fail()
    assert desk.sensor.events() == 0 and desk.sensor.abilities == 0 and desk.sensor.steps() == 0
    assert desk.acceleration() is not None


def test_a_chip_whose_maker_took_the_steps_out():
    desk = Qmi()
    desk.chip.counts_steps = False
    desk.sensor.start()
    assert desk.sensor.abilities == STILL and desk.sensor.steps() == 0
    desk.chip.move(0, 900, 0)
    assert desk.sensor.events() == MOVED
    assert [text for text in desk.misuse if "acknowledged" not in text] == []


def test_a_driver_that_does_not_wait_is_caught():
    for kind in SENSORS:
        desk = kind()
        desk.waits = False
        try:
            desk.sensor.start(*desk.program())
            caught = bool(desk.misuse)
        except (OSError, ValueError):
            caught = True
        assert caught, kind


def test_chips_that_take_longer():
    # What the driver waits for by looking may take longer; what it waits for by the clock may not.
    late = (
        (Bma, "starting_ms", 19, True),
        (Bma, "starting_ms", 21, False),
        (Bma, "saving_us", 1000, True),
        (Bma, "saving_us", 1001, False),
        (Bma, "loading_ms", 149, True),
        (Bma, "loading_ms", 151, False),
        (Qmi, "resetting_ms", 100, True),
        (Qmi, "resetting_ms", 160, False),
        (Qmi, "deaf_ms", 100, True),
        (Qmi, "deaf_ms", 160, False),
        (Qmi, "command_ms", 45, True),
        (Bhi, "resetting_ms", 140, True),
        (Bhi, "resetting_ms", 160, False),
        (Bhi, "deaf_ms", 140, True),
        (Bhi, "deaf_ms", 160, False),
        (Bhi, "verifying_ms", 4900, True),
        (Bhi, "verifying_ms", 5100, False),
        (Bhi, "running_ms", 4900, True),
        (Bhi, "running_ms", 5100, False),
    )
    for kind, what, value, works in late:
        desk = kind()
        setattr(desk.chip, what, value)
        try:
            desk.sensor.start(*desk.program())
            well = bool(desk.sensor.abilities) and not desk.misuse
        except (OSError, ValueError):
            well = False
        assert well == works, (kind, what, value, desk.misuse)
    print("NOTE motion: %d changed times of models, each as it must be" % len(late))


def test_a_firmware_that_does_not_run():
    desk = Bhi()
    desk.chip._started = lambda: desk.chip._set_boot(0x30)
    fails(ValueError, desk.sensor.start, *desk.program())
    assert not desk.sensor.awake
    desk = Bhi()
    desk.chip._tell_present = lambda: None
    assert fails(OSError, desk.sensor.start, *desk.program()).errno == errno.ETIMEDOUT
    assert not desk.sensor.awake


def test_a_wrong_answer_to_a_question():
    cases = (
        (b"\x20\x01\x20\x00", errno.ETIMEDOUT),  # to something else, and that never comes
        (b"\x1f\x01\x21\x00", errno.EIO),
        (b"\xff\xff\xff\xff", errno.EIO),
    )
    for head, told in cases:
        desk = Bhi()

        def answer(desk=desk, head=head):
            desk.chip._answer = bytearray(head)
            desk.chip.registers[0x2D] |= 0x20

        desk.chip._tell_present = answer
        assert fails(OSError, desk.sensor.start, *desk.program()).errno == told
    assert isinstance(desk.sensor, Bhi260ap)
