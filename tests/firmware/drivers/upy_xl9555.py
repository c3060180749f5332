"""XL9555: the driver against the model of the chip."""

import errno

import micropython

from tests.firmware.drivers.panel_kit import raised
from tests.firmware.drivers.power_kit import Expander, break_everywhere

OUTPUTS = ((6, 1), (7, 0), (8, 0), (11, 1))
INPUTS = (10, 15)


def started():
    """An expander that is up."""
    desk = Expander()
    desk.driver.start()
    return desk


def wire(desk):
    """What a board does with it."""
    desk.driver.start()
    for number, level in OUTPUTS:
        desk.driver.line(number, level)
    for number in INPUTS:
        desk.driver.line(number)
    desk.driver.set(8, 1)
    desk.driver.inputs()


def test_an_output_never_shows_another_level():
    desk = started()
    shown = []
    desk.chip.on_change = lambda number, level: shown.append((number, level))
    for number, level in OUTPUTS:
        line = desk.driver.line(number, level)
        assert desk.chip.level(number) == level == line()
    assert shown == [(7, 0), (8, 0)], "a line that was pulled up and stays high never moves"
    assert desk.chip.registers == b"\xff\xff\x7f\xfe\x00\x00\x3f\xf6" and desk.misuse == [], desk.misuse


def test_the_model_notices_who_sets_the_direction_first():
    desk = Expander()
    desk.i2c.writeto_mem(0x20, 6, b"\xbf")
    desk.i2c.writeto_mem(0x20, 2, b"\xff")
    assert desk.misuse == ["expander: outputs 40 of port 0 before their latch"]


def test_a_line_is_called_as_a_pin_is():
    desk = started()
    reset = desk.driver.line(8, 1)
    for level in (0, 1, 0):
        reset(level)
        assert desk.chip.level(8) == level and reset() == level
    card = desk.driver.line(10)
    for level in (0, 1, 0):
        desk.chip.put(10, level)
        assert card() == level
    card(1)
    assert card() == 0, "an input stays one"
    for bad in (-1, 16):
        assert raised(ValueError, desk.driver.line, bad)
    assert raised(ValueError, desk.driver.line, 16, 1)


def test_all_sixteen_lines_go_their_own_way():
    desk = started()
    lines = [desk.driver.line(number, number & 1) for number in range(16)]
    assert desk.driver.inputs() == 0xAAAA
    for number in range(16):
        lines[number](1 - (number & 1))
        assert desk.driver.inputs() == 0xAAAA ^ (2 << number) - 1
    assert desk.misuse == []


def test_a_restart_of_the_processor_changes_no_line():
    desk = started()
    wire(desk)
    before = bytes(desk.chip.registers)
    shown = []
    desk.chip.on_change = lambda number, level: shown.append((number, level))
    again = type(desk.driver)(desk.i2c)
    again.start()
    assert bytes(desk.chip.registers) == before and not shown
    again.line(6, 1)
    assert not shown, "the other outputs stay as they were"
    desk.chip.power(False)
    assert raised(OSError, again.inputs)
    desk.chip.power(True)
    assert desk.driver is not again and desk.chip.registers[6] == 0xFF


def test_inputs_that_change_pull_the_interrupt_line_until_they_are_read():
    desk = started()
    wire(desk)
    desk.driver.inputs()
    assert desk.line() == 1
    desk.chip.put(10, 0)
    assert desk.line() == 0
    assert desk.driver.inputs() >> 10 & 1 == 0 and desk.line() == 1
    desk.chip.put(10, 1)
    assert desk.line() == 0
    desk.chip.put(10, 0)
    assert desk.line() == 1, "it went back by itself"
    desk.driver.set(6, 0)
    assert desk.line() == 1, "outputs interrupt nobody"


def test_inverted_lines_of_an_earlier_program_are_put_right():
    desk = Expander()
    desk.chip.registers[4] = 0xFF
    desk.driver.start()
    assert desk.driver.inputs() == 0xFFFF


def test_a_chip_that_does_not_take_a_write_or_is_not_there():
    desk = started()
    desk.chip._write = lambda register, value: None
    assert raised(OSError, desk.driver.line, 6, 0).errno == errno.EIO
    desk.i2c._chips.clear()
    assert raised(OSError, desk.driver.start).errno == errno.ENODEV


def test_a_bus_that_breaks_at_any_transfer():
    points = 0
    for desk in break_everywhere(Expander, wire):
        points += 1
        desk.i2c.break_at = ()
        wire(desk)
        assert [desk.chip.level(number) for number, _ in OUTPUTS] == [1, 0, 1, 1] and desk.misuse == []
    print("NOTE xl9555: bus broken at each of %d transfers of start and wiring" % points)


def test_the_model_notices_wrong_registers():
    desk = Expander()
    desk.i2c.writeto_mem(0x20, 8, b"\0")
    desk.i2c.writeto_mem(0x20, 0, b"\0")
    assert len(desk.misuse) == 2, desk.misuse


class _Canned:
    """A bus over bare registers, that allocates nothing."""

    def __init__(self):
        self._registers = bytearray(8)

    def readfrom_mem_into(self, addr, memaddr, buf):
        """Copy out."""
        for index in range(len(buf)):
            buf[index] = self._registers[memaddr + index]

    def writeto_mem(self, addr, memaddr, buf):
        """Copy in."""
        self._registers[memaddr] = buf[0]


def test_calling_a_line_allocates_nothing():
    desk = started()
    line = desk.driver.line(9, 0)
    desk.driver._i2c = _Canned()
    micropython.heap_lock()
    try:
        line(1)
        line()
    finally:
        micropython.heap_unlock()
