"""AXP2101: the driver against the model of the chip. No write ever touches the rail of the processor."""

import errno

from board.simulator.chips import axp2101_map as chip_map
from drivers import axp2101_events as events
from drivers.axp2101_battery import CONSTANT_CURRENT, FULL, NOT_CHARGING
from drivers.axp2101_rails import RAILS
from drivers.axp2101_registers import Registers
from tests.firmware.drivers.panel_kit import raised
from tests.firmware.drivers.power_kit import Pmu, break_everywhere, started

AFTER_START = (
    # register, mask, value; from XPowersLib's functions for the same purposes, and the vendor's start of the watch
    (0x15, 0x0F, 0x06),  # setVbusVoltageLimit(4V36)
    (0x18, 0x09, 0x08),  # gauge on, disableWatchdog
    (0x22, 0x07, 0x06),  # enableLongPressShutdown, setLongPressPowerOFF, over-temperature
    (0x24, 0x07, 0x04),  # setSysPowerDownVoltage(3000)
    (0x27, 0x3F, 0x00),  # setIrqLevel 1 s, setPowerKeyPressOffTime 4 s, setPowerKeyPressOnTime 128 ms
    (0x30, 0x1F, 0x0D),  # battery, VBUS and system voltage; disableTSPinMeasure
    (0x40, 0xFF, 0x00),
    (0x41, 0xFF, 0x00),
    (0x42, 0xFF, 0x00),
    (0x48, 0xFF, 0x00),
    (0x49, 0xFF, 0x00),
    (0x4A, 0xFF, 0x00),
    (0x50, 0x1F, 0x10),  # disableTSPinMeasure: external fixed input
    (0x68, 0x01, 0x01),  # enableBattDetection
    (0x69, 0x37, 0x05),  # setChargingLedMode(OFF): manual, high impedance
    (0x80, 0x01, 0x01),
    (0x82, 0xFF, 0x12),
)

VOLTAGES = (
    # rail, millivolts, switch register, bit, voltage register, value: hardware tables of LilyGO and the datasheet
    ("ALDO1", 3300, 0x90, 0, 0x92, 0x1C),
    ("ALDO2", 3300, 0x90, 1, 0x93, 0x1C),
    ("ALDO3", 3300, 0x90, 2, 0x94, 0x1C),
    ("ALDO4", 1800, 0x90, 3, 0x95, 0x0D),
    ("BLDO1", 3300, 0x90, 4, 0x96, 0x1C),
    ("BLDO2", 500, 0x90, 5, 0x97, 0x00),
    ("CPUSLDO", 1400, 0x90, 6, 0x98, 0x12),
    ("DLDO1", 3300, 0x90, 7, 0x99, 0x1C),
    ("DC2", 1200, 0x80, 1, 0x83, 70),
    ("DC2", 1220, 0x80, 1, 0x83, 71),
    ("DC2", 1540, 0x80, 1, 0x83, 87),
    ("DC3", 1600, 0x80, 2, 0x84, 88),
    ("DC3", 3400, 0x80, 2, 0x84, 106),
    ("DC4", 1840, 0x80, 3, 0x85, 102),
    ("DC5", 1200, 0x80, 4, 0x86, 0x19),
    ("DC5", 3700, 0x80, 4, 0x86, 23),
)


def check_start(desk):
    """Every register of the table has its value."""
    for register, mask, value in AFTER_START:
        found = desk.chip.registers[register] & mask
        assert found == value, "%02x: %02x, wanted %02x" % (register, found, value)


def test_every_register_is_what_the_sources_say_after_the_start():
    desk = started()
    check_start(desk)
    print("NOTE axp2101: %d registers after the start agree with a table made from the sources" % len(AFTER_START))


def test_the_start_relies_on_no_reset_value():
    for fill in (0x00, 0xFF, 0xA5, 0x5A):
        desk = Pmu()
        for register in chip_map.WRITABLE:
            if register not in (0x10, 0x28, 0x80, 0x81, 0x82) and not 0x83 <= register <= 0x9A:
                desk.chip.registers[register] = fill
        desk.pmu.start()
        check_start(desk)
        assert [text for text in desk.misuse if "reserved" not in text] == [], desk.misuse


def test_another_chip_or_none_is_refused_before_anything_is_written():
    desk = Pmu()
    desk.chip.registers[0x03] = 0x47
    assert raised(OSError, desk.pmu.start).errno == errno.ENODEV
    assert desk.i2c.writes == []
    desk.i2c._chips.clear()
    assert raised(OSError, desk.pmu.start).errno == errno.ENODEV


def test_rails_get_their_voltage_first_and_then_go_on():
    for name, millivolts, switch, bit, register, value in VOLTAGES:
        desk = started()
        desk.pmu.rail(name, millivolts)
        assert desk.i2c.writes[0][0] == register and desk.i2c.writes[1][0] == switch, name
        assert desk.chip.registers[register] & 0x7F == value, name
        assert desk.chip.registers[switch] >> bit & 1
        assert desk.chip.rail_mv(name) == desk.pmu.rail_mv(name) == millivolts
        desk.pmu.rail(name, None)
        assert desk.chip.rail_mv(name) == desk.pmu.rail_mv(name) == 0 and desk.misuse == [], desk.misuse


def test_every_voltage_of_every_rail_is_what_the_chip_makes_of_it():
    tried = refused = 0
    desk = started()
    for name in RAILS:
        values = [value for value in chip_map.RAILS[name][3] if value]
        for millivolts in range(400, 3800, 10):
            if name != "DLDO2" and millivolts in values:
                desk.pmu.rail(name, None)
                desk.pmu.rail(name, millivolts)
                assert desk.chip.rail_mv(name) == millivolts, (name, millivolts)
                tried += 1
            else:
                assert raised(ValueError, desk.pmu.rail, name, millivolts), (name, millivolts)
                refused += 1
    assert desk.misuse == [], desk.misuse
    print("NOTE axp2101: %d voltages set on %d rails, %d off their grids refused" % (tried, len(RAILS), refused))


def test_a_switch_needs_no_voltage():
    desk = started()
    told = []
    desk.chip.on_change = lambda name, millivolts: told.append((name, millivolts))
    desk.pmu.switch("DLDO2", True)
    assert desk.chip.rail_mv("DLDO2") and desk.pmu.rail_mv("DLDO2") == 0, "nobody knows its voltage"
    assert desk.chip.output_mv("DLDO2") == 0 and told == [], "it rises"
    desk.chip.time.advance(desk.chip.ramp_ms)
    desk.pmu.switch("DLDO2", False)
    assert told == [("DLDO2", 500), ("DLDO2", 0)]


def test_a_chip_whose_dldo1_is_a_plain_switch():
    desk = started()
    desk.chip.plain_switch = True
    desk.pmu.rail("DLDO1", 3300)
    assert desk.chip.rail_mv("DLDO1") == 3300
    desk.pmu.rail("DLDO1", None)
    assert desk.chip.rail_mv("DLDO1") == 0 and desk.misuse == []


def test_the_rail_of_the_processor_is_no_rail():
    desk = started()
    for name in ("DC1", "dc1", "", "VRTC"):
        assert raised(ValueError, desk.pmu.rail, name, 3300) and raised(ValueError, desk.pmu.switch, name, False)
        assert raised(ValueError, desk.pmu.rail, name, None)
    assert desk.i2c.writes == []


def exercise(desk):
    """Everything that the driver can do that writes, but for switching off."""
    pmu = desk.pmu
    pmu.start()
    for name, millivolts, _, _, _, _ in VOLTAGES:
        pmu.rail(name, None)
        pmu.rail(name, millivolts)
    for name in RAILS:
        pmu.switch(name, True)
        pmu.switch(name, False)
    pmu.battery.charger()
    pmu.battery.clock_cell(3300)
    pmu.battery.clock_cell(None)
    pmu.battery.warn_at(10, 3)
    pmu.key_timing(2500, 10000, 2000)
    pmu.write_scratch(b"wxyz")
    pmu.events.enable(events.ALL)
    desk.chip.event(9)
    pmu.sleep(events.KEY_SHORT)
    pmu.wake(events.ALL)


def test_no_write_that_the_driver_ever_makes_touches_the_processors_rail():
    desk = Pmu()
    exercise(desk)
    writes = list(desk.i2c.writes)
    for register, value in writes:
        assert register not in chip_map.FEEDS_PROCESSOR, "%02x" % register
        assert register != chip_map.CONVERTERS or value & 1, "DC1 switched off"
    assert desk.misuse == [] and desk.chip.rail_mv("DC1") == 3300
    print("NOTE axp2101: %d writes to %d registers looked at, none to DC1" % (len(writes), len({w[0] for w in writes})))


def test_the_fence_holds_for_every_register_and_value():
    desk = Pmu()
    registers = Registers(desk.i2c, 0x34)
    fenced = 0
    for register in range(256):
        if register == chip_map.CONVERTERS:
            for value in range(256):
                registers.write(register, value)
        elif register in chip_map.FEEDS_PROCESSOR or register not in chip_map.WRITABLE:
            assert raised(ValueError, registers.write, register, 0)
            fenced += 1
    assert desk.misuse == [] and desk.chip.rail_mv("DC1") == 3300, desk.misuse
    print("NOTE axp2101: %d of 256 registers cannot be written" % fenced)


def test_the_model_notices_who_touches_the_processors_rail():
    for register, value in ((0x80, 0xFE), (0x82, 0x12), (0x81, 0), (0x28, 0)):
        desk = Pmu()
        desk.i2c.writeto_mem(0x34, register, bytes((value,)))
        assert len(desk.misuse) == 1 and "DC1" in desk.misuse[0]


def test_a_bad_read_of_the_switches_does_not_switch_the_processor_off():
    desk = started()
    plain = desk.i2c.readfrom_mem_into

    def zero(addr, memaddr, buf):
        plain(addr, memaddr, buf)
        if memaddr == 0x80:
            buf[0] = 0

    desk.i2c.readfrom_mem_into = zero
    raised(OSError, desk.pmu.rail, "DC2", 1000)
    assert desk.misuse == [] and desk.chip.rail_mv("DC1") == 3300


def test_a_setting_that_the_chip_does_not_take_is_an_error():
    desk = started()
    desk.chip._write = lambda register, value: None
    assert raised(OSError, desk.pmu.rail, "ALDO2", 3300).errno == errno.EIO


def test_a_bus_that_breaks_at_any_transfer_is_an_error_and_harms_nothing():
    points = 0
    for desk in break_everywhere(Pmu, exercise):
        points += 1
        assert desk.misuse == [] and desk.chip.rail_mv("DC1") == 3300, desk.misuse
        if points % 8 == 0:
            desk.i2c.break_at = ()
            exercise(desk)
            assert desk.misuse == []
    print("NOTE axp2101: bus broken at each of %d transfers of start, rails, charger, events, sleep" % points)


def test_the_charger_is_off_while_it_is_set_up_and_has_limits():
    desk = started()
    desk.pmu.battery.charger()
    assert desk.i2c.writes[0] == (0x18, 0x08) and desk.i2c.writes[-1] == (0x18, 0x0A)
    wanted = ((0x16, 1), (0x61, 5), (0x62, 9), (0x63, 0x11), (0x64, 3))
    for register, value in wanted:
        assert desk.chip.registers[register] == value, "%02x" % register
    for bad in (
        {"target_mv": 4350},
        {"target_mv": 4250},
        {"target_mv": 0},
        {"precharge_ma": 0},
        {"precharge_ma": 225},
        {"precharge_ma": 30},
        {"fast_ma": 75},
        {"fast_ma": 250},
        {"fast_ma": 1100},
        {"end_ma": 0},
        {"input_ma": 600},
    ):
        desk.i2c.writes.clear()
        before = bytes(desk.chip.registers)
        assert raised(ValueError, lambda kw=bad: desk.pmu.battery.charger(**kw)), bad
        assert bytes(desk.chip.registers) == before, bad
    desk.pmu.battery.charger(target_mv=4350, cell_mv=4350, fast_ma=500, precharge_ma=200, input_ma=900)
    assert desk.chip.registers[0x64] == 4 and desk.chip.registers[0x62] == 0x0B and desk.chip.registers[0x61] == 8


def test_without_a_thermistor_the_charger_charges_all_the_same():
    desk = Pmu()
    desk.chip.registers[0x50] = 0
    desk.pmu.start()
    desk.pmu.battery.charger()
    desk.chip.plug(True)
    assert desk.pmu.battery.powered() and desk.pmu.battery.state() == CONSTANT_CURRENT
    desk.chip.charge(100)
    assert desk.pmu.battery.state() == FULL
    desk.chip.plug(False)
    assert desk.pmu.battery.state() == NOT_CHARGING
    hot = Pmu(thermistor=True)
    hot.pmu.start()
    assert hot.chip.registers[0x50] == 0 and hot.chip.registers[0x30] == 0x0F, "it is measured where there is one"


def test_battery_and_gauge():
    desk = started()
    battery = desk.pmu.battery
    desk.chip.time.advance(desk.chip.measuring_ms)
    assert (battery.present(), battery.percent(), battery.battery_mv(), battery.input_mv()) == (True, 80, 3900, 0)
    desk.chip.plug(True)
    assert battery.powered() and battery.input_mv() == 5000
    desk.chip.insert(False)
    assert (battery.present(), battery.percent(), battery.battery_mv()) == (False, None, 0)
    desk.chip.insert(True)
    for percent, told in ((0, 0), (100, 100), (101, None), (255, None)):
        desk.chip.percent = percent
        assert battery.percent() == told
    battery.measure(False)
    assert battery.battery_mv() == 0, "nothing is measured while the converter is off"


def test_warning_levels():
    desk = started()
    battery = desk.pmu.battery
    battery.warn_at(10, 3)
    assert desk.chip.registers[0x1A] == 0x53
    desk.pmu.events.enable(events.LOW | events.EMPTY)
    for percent, told in ((11, 0), (10, events.LOW), (9, 0), (3, events.EMPTY), (2, 0)):
        desk.chip.charge(percent)
        assert desk.pmu.events.take() == told, percent
    for low, empty in ((4, 0), (21, 3), (10, 16), (10, 10), (10, -1)):
        assert raised(ValueError, battery.warn_at, low, empty)


def test_clock_cell_and_scratch_bytes():
    desk = started()
    desk.pmu.battery.clock_cell(3300)
    assert desk.chip.registers[0x6A] == 7 and desk.chip.registers[0x18] & 4
    desk.pmu.battery.clock_cell(None)
    assert not desk.chip.registers[0x18] & 4
    for bad in (2500, 3400, 3250):
        assert raised(ValueError, desk.pmu.battery.clock_cell, bad)
    desk.pmu.write_scratch(b"\x01\x02\x03\x04")
    kept = bytearray(4)
    desk.pmu.restart()
    desk.pmu.read_scratch(kept)
    assert kept == b"\x01\x02\x03\x04", "kept over a restart"
    assert raised(ValueError, desk.pmu.read_scratch, bytearray(3)) and raised(ValueError, desk.pmu.write_scratch, b"")


def test_a_rail_that_feeds_something_must_not_jump():
    desk = started()
    desk.pmu.rail("ALDO4", 1800)
    desk.pmu.rail("ALDO4", 3300)
    assert desk.misuse == ["pmu: ALDO4 jumps from 1800 to 3300 mV while on"]


def test_read_only_and_reserved_registers_are_noticed():
    desk = Pmu()
    for register in (0x00, 0x01, 0x03, 0x20, 0x34, 0xA4, 0x02, 0xFF):
        desk.i2c.writeto_mem(0x34, register, b"\0")
    assert len(desk.misuse) == 8, desk.misuse
    desk.misuse.clear()
    for register, value in ((0x64, 0), (0x64, 6), (0x62, 17)):
        desk.i2c.writeto_mem(0x34, register, bytes((value,)))
    assert len(desk.misuse) == 3, desk.misuse
