"""board.py of every board but the first, as it is flashed, on the chips and pins of that board.

PINS and RAILS are written from the makers' own files, not from ours: arduino-esp32 variants/lilygo_twatch_s3 and
LilyGoLib src/LilyGoWatchS3.cpp; waveshareteam/ESP32-S3-Touch-AMOLED-2.06 pin_config.h and circuit diagram, and
78/xiaozhi-esp32; waveshareteam/ESP32-S3-Touch-LCD-1.54, components/esp32_s3_touch_lcd_1_54 and bsp_power_manager.c.
"""

import errno
import gc
import os
import sys

from board.simulator.wiring import lilygo_twatch_s3, lilygo_twatch_ultra, waveshare_amoled_206, waveshare_lcd_154
from drivers.axp2101_rails import RAILS as RAILS_OF_THE_CHIP
from tests.firmware.board.virtual_kit import TABLE, Bench, flash_of

S3, WS206, WS154 = lilygo_twatch_s3, waveshare_amoled_206, waveshare_lcd_154
BOARDS = (S3, WS206, WS154)
_MUST_MS = 4000
"""A watch whose buses are dead shows its first screen by then."""

PINS = {
    S3: {
        "I2C": {(11, 10), (40, 39)},  # SCL, SDA
        "SPI": {(18, 13, None), (3, 1, 4)},  # SCK, MOSI, MISO
        "I2S": {(48, 46), (44, 47)},  # clock, data
        "drives": {12: 1, 38: None, 5: 1, 8: 1, 2: 0},  # panel select and data, LoRa select and reset, infrared
        "hears": {21, 16, 14},  # power chip, touch, motion sensor
        "waves": {45},  # backlight
    },
    WS206: {
        "I2C": {(14, 15)},
        "SPI": {(11, 4, None)},
        "I2S": set(),
        "drives": {12: 1, 8: 1, 9: 1, 18: 0, 46: 0, 17: 1, 5: 1, 6: 1, 7: 1},
        "hears": {38, 21, 0, 10},
        "waves": set(),
    },
    WS154: {
        "I2C": {(41, 42)},
        "SPI": {(38, 39, None)},
        "I2S": set(),
        "drives": {21: 1, 45: None, 40: 1, 47: 1, 2: 1, 7: 0},
        "hears": {48, 6, 0, 5, 3},
        "waves": {46},
    },
}
RAILS = {
    S3: {"ALDO2": 3300, "ALDO3": 3300, "ALDO4": 3300, "BLDO2": 3300, "DLDO1": 3300, "DC1": 3300},
    WS206: {"DC1": 3300, "ALDO1": 3300, "ALDO2": 3300},
}
"""What is on after the start, in millivolts; all others are off."""
EVERY_RAIL = ("DC1",) + tuple(RAILS_OF_THE_CHIP)
CHIPS = {
    S3: {0x34: "AXP2101", 0x38: "FT6336U", 0x51: "PCF8563", 0x5A: "DRV2605", 0x19: "BMA423"},
    WS206: {0x34: "AXP2101", 0x38: "FT3168", 0x51: "PCF85063", 0x6B: "QMI8658"},
    WS154: {0x15: "CST816S", 0x6B: "QMI8658"},
}
"""By address: what the watch says of one that is not there."""


def test_each_starts():
    """Every chip answers, nothing is found, nothing forbidden happens."""
    for wires in BOARDS:
        with Bench(wiring=wires) as bench:
            board = bench.build()
            assert board.findings == [], (wires, board.findings)
            assert bench.misuse == [], (wires, bench.misuse)
            assert board.nfc is None and not board.info.taps and board.motion is not None
            assert board.display.width == wires.WIDTH and board.display.height == wires.HEIGHT
            assert bench.lights[-1] == 255 and bench.darks[-1] is False
            name = wires.__name__.split(".")[-1]
            print("NOTE virtual.%s_start_ms" % name, bench.hardware.time.now_us // 1000)


def test_pins_are_those_of_the_makers():
    """Nothing else is driven, heard or clocked; a bus is where it is said to be."""
    count = 0
    for wires in BOARDS:
        found = used(wires)
        assert different(found, PINS[wires]) == [], (wires, found)
        count += sum(len(pins) for pins in found.values())
    print("NOTE virtual.pins_and_buses_compared", count)


def test_the_second_console_of_a_stock_image_is_let_go():
    """UART 0 sends to nobody and hears a line at rest, whatever is at GPIO 43 and 44 (ESP-IDF, gpio_sig_map.h: 12)."""
    for wires in BOARDS + (lilygo_twatch_ultra,):
        with Bench(wiring=wires) as bench:
            assert bench.hardware.nets[43].driven and bench.hardware.nets[43].level == 1
            bench.build()
            assert not bench.hardware.nets[43].driven, wires
            assert bench.hardware.registers[0x6000_4154 + 4 * 12] & 0xFF == 0x80 | 0x38, wires


def test_a_wrong_pin_is_noticed():
    """Each number of the table in turn is another one."""
    tried = 0
    for wires in BOARDS:
        found = used(wires)
        for kind, pins in PINS[wires].items():
            for pin in pins:
                wrong = {name: dict(rows) if name == "drives" else set(rows) for name, rows in PINS[wires].items()}
                if kind == "drives":
                    wrong[kind][47 if 47 not in pins else 33] = wrong[kind].pop(pin)
                else:
                    wrong[kind].remove(pin)
                assert different(found, wrong) == [kind], (wires, kind, pin)
                tried += 1
    print("NOTE virtual.wrong_pins_noticed", tried)


def used(wires):
    """What the board has made of its pins after the start, in the form of PINS."""
    with Bench(wiring=wires) as bench:
        made = Seen(bench)
        board = bench.build()
        if board.speaker:
            board.speaker.tone(440, 20, 50)
            bench.wait_ms(400)
            board.microphone.start()
            board.microphone.stop()
        nets = bench.hardware.nets
        on_buses = {gpio for pair in made.buses for gpio in pair}
        return {
            "I2C": made.buses,
            "SPI": made.spi,
            "I2S": made.i2s,
            "drives": {gpio: net.level for gpio, net in nets.items() if net.driven and gpio not in on_buses},
            "hears": {gpio for gpio, net in nets.items() if net.handler},
            "waves": {key[1] for key in bench.hardware.objects if key[0] == "PWM"},
        }


def different(found, wanted):
    """Kinds of pins that are not as wanted; a level of None may be any."""
    kinds = [kind for kind in wanted if kind != "drives" and found[kind] != wanted[kind]]
    levels = wanted["drives"]
    same = set(found["drives"]) == set(levels)
    if not same or any(level is not None and found["drives"][gpio] != level for gpio, level in levels.items()):
        kinds.append("drives")
    return kinds


class Seen:
    """Which pins the board has given to the buses."""

    def __init__(self, bench):
        self.buses, self.spi, self.i2s = set(), set(), set()
        hardware = bench.hardware
        hardware.i2c = Asked(hardware.i2c, self.buses)
        hardware.spi = Asked(hardware.spi, self.spi)
        hardware.i2s = Asked(hardware.i2s, self.i2s)


class Asked(dict):
    """A table that remembers what it was asked for."""

    def __init__(self, table, asked):
        super().__init__(table)
        self._asked = asked

    def get(self, key, default=None):
        """One entry."""
        self._asked.add(key)
        return super().get(key, default)


def test_rails_are_those_of_the_table():
    """After the start: what is on, and at which voltage."""
    for wires, wanted in RAILS.items():
        with Bench(wiring=wires) as bench:
            bench.build()
            found = {name: bench.wiring.pmu.rail_mv(name) for name in EVERY_RAIL}
            assert {name: mv for name, mv in found.items() if mv} == wanted, found
    with Bench(wiring=S3) as bench:
        charger = bench.build().pmu
        assert charger._registers.read(0x64) & 7 == 3, "4.2 V"
    with Bench(wiring=WS206) as bench:
        registers = bench.build().pmu._registers
        assert registers.read(0x64) & 7 == 2 and registers.read(0x61) & 15 == 2, "4.1 V, 50 mA first"
        assert registers.read(0x62) & 31 == 10, "400 mA"


def test_each_missing_chip_is_named():
    """One chip is taken out after the other: the watch starts, and says which."""
    starts = 0
    for wires, chips in CHIPS.items():
        for address, name in chips.items():
            with Bench(wiring=wires) as bench:
                for bus in bench.hardware.i2c.values():
                    bus._chips.pop(address, None)
                board = bench.build()
                assert any(device == name for device, _ in board.findings), (name, board.findings)
                assert board.power.percent() >= 0 and board.buttons.read() == -1
                assert not board.touch.read([0, 0, 0]) and board.clock.ticks_ms() >= 0
                assert bench.hardware.time.now_us // 1000 < 2 * _MUST_MS
                starts += 1
            gc.collect()
    with Bench(wiring=S3) as bench:
        bench.hardware.spi[(3, 1, 4)].selects.clear()
        bench.hardware.spi[(3, 1, 4)].bus._pins.clear()
        assert ("SX1262", "does not answer") in bench.build().findings
        starts += 1
    print("NOTE virtual.starts_without_a_chip", starts, "hangs 0")


def test_a_dead_bus_does_not_hang():
    """SDA is held low for ever."""
    for wires in BOARDS:
        with Bench(wiring=wires) as bench:
            bench.hardware.nets[wires.SDA].drive(0)
            board = bench.build()
            assert board.findings[0] == ("I2C", "SDA is held low"), board.findings
            took_ms = bench.hardware.time.now_us // 1000
            assert took_ms < _MUST_MS, (wires, took_ms)


def test_missing_partitions_are_named():
    """A stock table: no vault, no slots."""
    with Bench(flash_of(TABLE[:3]), wiring=S3) as bench:
        board = bench.build()
        assert [name for name, _ in board.findings] == ["flash", "flash"], board.findings
        assert board.slots is None and _raises(OSError, lambda: board.flash.read(0, bytearray(1)))


def test_a_bus_error_at_every_transfer():
    """One transfer after the other fails, once and for good: the watch starts, and what is gone for good is said."""
    starts = points = 0
    for wires in BOARDS:
        count = [0]
        with Bench(wiring=wires) as bench:
            bench.hardware.before_transfer = lambda c=count: _count(c)
            bench.build()
        points += count[0]
        for place in range(0, count[0], 1 if os.getenv("TAPWATCH_LONG") else 70):
            for ever in (False, True):
                with Bench(wiring=wires) as bench:
                    at = [0]
                    bench.hardware.before_transfer = lambda a=at, p=place, e=ever: _fail(a, p, e)
                    board = bench.build()
                    starts += 1
                    assert board.findings or not ever, (wires, place)
                    assert bench.hardware.time.now_us // 1000 < 2 * _MUST_MS, (wires, place)
                gc.collect()
    print("NOTE virtual.boards_transfers_of_their_starts", points)
    print("NOTE virtual.boards_starts_with_a_bus_error", starts, "hangs 0")


def test_a_board_that_does_not_wait_is_caught():
    """Waits that are too short: the models write it down, or a chip does not answer."""
    for wires in BOARDS:
        for divisor in (4, 20):
            with Bench(wiring=wires) as bench:
                time = sys.modules["time"]
                right = time.sleep_ms
                time.sleep_ms = lambda ms, d=divisor, right=right: right(ms // d)
                board = bench.build()
                assert bench.misuse or board.findings, (wires, divisor)


def test_touch_buttons_motion_and_haptics():
    """A finger, each button, a shake, a tick of the motor."""
    for wires in BOARDS:
        with Bench(wiring=wires) as bench:
            board = bench.build()
            calls = []
            for device in (board.touch, board.buttons):
                device.listen(lambda c=calls: c.append(1))
            point = [0, 0, 0]
            bench.wiring.touch.chip.touch(1, 100, 50)
            assert board.touch.read(point) and point == [1, 100, 50], wires
            for bit in (1,) if wires is S3 else (1, 2):
                bench.wiring.hold(bit)
                bench.wait_ms(30)
                assert board.buttons.read() == bit, (wires, bit)
                bench.wiring.hold(0)
                bench.wait_ms(30)
                assert board.buttons.read() == 0 and board.buttons.read() == -1
            now = [0, 0, 0]
            for _ in range(20):
                bench.wait_ms(7)  # a timer of the board asks too, and the chip tells each measurement once
                if board.motion.acceleration(now):
                    break
            assert max(abs(one) for one in now) > 900, (wires, now)
            if board.haptics:
                board.haptics.play(1)
                for _ in range(20):
                    bench.wait_ms(100)
                assert not board.haptics.busy
            assert len(calls) >= 3 and bench.misuse == [], (wires, bench.misuse)


def test_the_clock_keeps_the_time_where_there_is_one():
    """It is set and read; without a clock chip nobody knows."""
    for wires in BOARDS:
        with Bench(wiring=wires) as bench:
            board = bench.build()
            bench.wait_ms(2000)
            board.clock.set_unix_s(1_800_000_000)
            bench.wait_ms(3000)
            told = board.clock.unix_s()
            assert told is None if wires is WS154 else told - 1_800_000_003 in (0, 1), (wires, told)


def test_the_speaker_of_the_s3_plays_and_its_microphone_waits():
    """A tone comes out of the amplifier; meanwhile the microphone cannot have the port; then it can."""
    with Bench(wiring=S3) as bench:
        board = bench.build()
        board.speaker.tone(1000, 100, 50)
        assert _raises(OSError, board.microphone.start)
        bench.wait_ms(400)
        assert 990 <= bench.wiring.amplifier.frequency_hz() <= 1010, bench.wiring.amplifier.frequency_hz()
        board.microphone.start()
        board.microphone.stop()
        assert bench.misuse == [], bench.misuse


def test_the_radio_that_nobody_uses_sleeps():
    """LoRa of the S3: asleep with its supply on."""
    with Bench(wiring=S3) as bench:
        bench.build()
        assert bench.wiring.radio.busy() and bench.wiring.radio.state == 0


def test_the_cell_of_a_board_without_a_power_chip():
    """Percent from the voltage, steady on the battery; the charger calls; the latch lets go."""
    with Bench(wiring=WS154) as bench:
        board, calls = bench.build(), []
        board.power.listen(lambda: calls.append(1))
        assert (board.power.percent(), board.power.charging(), bench.wiring.off) == (80, False, False)
        for mv, wanted in ((3955, 72), (3980, 72), (3300, 0), (4100, 97)):
            bench.wiring.cell_mv = mv
            bench.wait_ms(11_000)
            assert board.power.percent() == wanted, (mv, board.power.percent())
        bench.wiring.charge(50, True)
        assert board.power.charging() and board.power.percent() == 50 and len(calls) == 1
        board.power.off()
        assert not bench.wiring.off, "it is at a charger"
    with Bench(wiring=WS154) as bench:
        bench.build().power.off()
        assert bench.wiring.off


def test_the_s3_sleeps_lightly():
    """The key and a finger end it; nothing is driven against a chip; the radio is not woken."""
    with Bench(wiring=S3) as bench:
        board, calls = bench.build(), []
        board.buttons.listen(lambda: calls.append(1))
        board.touch.listen(lambda: calls.append(1))
        board.display.brightness(0)
        board.display.sleep(True)
        bench.wait_ms(3000)
        for _ in range(20):
            board.power.charging()
            if board.rest.light(50):
                break
            bench.wait_ms(100)
        else:
            raise AssertionError("it never slept")
        calls.clear()
        bench.hardware.timers.at(70_000, lambda: bench.wiring.hold(1))
        begin = bench.hardware.time.now_us
        while not calls and bench.hardware.time.now_us - begin < 1_000_000:
            if not board.rest.light(1000):
                bench.wait_ms(1)
        took_ms = (bench.hardware.time.now_us - begin) // 1000
        assert 60 <= took_ms < 200 and board.buttons.read() == 1, took_ms
        bench.wiring.hold(0)
        while board.buttons.read() >= 0 or board.power.charging():
            pass
        calls.clear()
        board.motion.listen(lambda: calls.append(1))
        bench.hardware.timers.at(300_000, lambda: bench.hardware.nets[14].drive(1))
        begin = bench.hardware.time.now_us
        while not calls and bench.hardware.time.now_us - begin < 1_000_000:
            if not board.rest.light(1000):
                bench.wait_ms(1)
        assert calls and bench.hardware.time.now_us - begin < 400_000, "the motion sensor calls high"
        assert bench.wiring.radio.state == 0 and bench.misuse == [], bench.misuse
    for wires in (WS206, WS154):
        with Bench(wiring=wires) as bench:
            assert bench.build().rest is None, "nobody would wake it at a touch or a charger"


def _count(count):
    count[0] += 1


def _fail(at, place, ever):
    at[0] += 1
    if at[0] - 1 == place or (ever and at[0] > place):
        raise OSError(errno.EIO)


def _raises(kind, access):
    try:
        access()
    except kind:
        return True
    return False
