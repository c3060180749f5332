"""board/lilygo_twatch_ultra/board.py, as it is flashed, on the chips and pins of that watch."""

import errno
import gc
import os
from array import array

from board.simulator.chips import sd_card, sx126x
from board.simulator.wiring import lilygo_twatch_ultra as wires
from tests.firmware.board.virtual_kit import TABLE, Bench, Facts, flash_of

_MUST_MS = 3000
"""A watch whose bus is dead shows its first screen by then."""


def test_it_starts():
    """Every chip answers, nothing is found, nothing forbidden happens."""
    with Bench() as bench:
        board = bench.build()
        assert board.findings == [], board.findings
        assert bench.misuse == [], bench.misuse
        assert board.nfc is not None and board.haptics is not None
        assert board.power.percent() == 80 and not board.power.charging()
        assert (board.info.name, board.info.start, board.info.development) == (Facts.BOARD, "button", True)
        assert board.info.radio_address == b"\xf4\x12\xfa\x00\x00\x03"
        print("NOTE virtual.ultra_start_ms", bench.hardware.time.now_us // 1000)


def test_without_the_firmware_of_the_hub():
    """Nobody may hand that file on: the watch says so, and lives without a motion sensor."""
    with Bench(hub=False) as bench:
        board = bench.build()
        assert board.findings == [("BHI260AP", "firmware of the sensor hub is not on the watch")], board.findings
        assert board.motion is None and bench.misuse == []


def test_motion_and_sound():
    """The hub tells of a raised wrist; a tone is heard; the microphone hears; one of them has the port."""
    with Bench() as bench:
        board = bench.build()
        hub = bench.wiring.motion.chip
        hub.move(0, 0, 1000)
        held = [0, 0, 0]
        board.motion.acceleration(held)  # it measures while somebody asks
        for _ in range(3):
            hub.measure()
            bench.wait_ms(40)
        assert board.motion.acceleration(held) and held[2] == 1000, held
        board.speaker.tone(440, 100, 50)
        assert bench.wiring.pmu.rail_mv("BLDO2") == 3300
        bench.wait_ms(20)
        try:
            board.microphone.start()
            raise AssertionError("two have the port")
        except OSError:
            bench.wait_ms(400)
        assert abs(bench.wiring.amplifier.frequency_hz() - 440) < 10 and bench.wiring.pmu.rail_mv("BLDO2") == 0
        board.microphone.start()
        board.speaker.tone(440, 100, 50)
        bench.wait_ms(90)  # its first 40 ms are not listened to
        assert board.speaker.faults == 1
        assert board.microphone.read(memoryview(array("h", bytes(2000)))) > 300
        board.microphone.stop()
        assert bench.misuse == [], bench.misuse


def test_the_neighbours_of_nfc_are_quiet():
    """LoRa sleeps with its supply on; a memory card is deaf while the reader chip works; without a card it has none."""
    for card in (False, True):
        misuse = []
        model = sd_card.Chip(misuse) if card else None
        with Bench(card=model) as bench:
            board = bench.build()
            assert board.findings == [], board.findings
            assert bench.wiring.radio.state == sx126x.ASLEEP
            assert bench.wiring.pmu.rail_mv("ALDO1") == (3300 if card else 0)
            board.nfc.arm(b"\x08\x01\x02\x03", b"\x04\x00", 0x20)
            for _ in range(50):
                board.nfc.field()
            assert not card or model.in_spi_mode
            assert bench.misuse == [] and misuse == [], (bench.misuse, misuse)


def test_panel_touch_button_and_reader_work():
    """A picture, a finger, BOOT, a reader's field."""
    with Bench() as bench:
        board = bench.build()
        board.display.write(0, 0, 410, 2, memoryview(bytearray(410 * 4)))
        board.display.brightness(200)
        assert bench.shown[-1] == (0, 0, 410, 2) and bench.lights[-1] == 200 and bench.darks[-1] is False
        calls = []
        for device in (board.touch, board.buttons, board.nfc):
            device.listen(lambda: calls.append(1))
        bench.wiring.touch.chip.touch(1, 100, 200)
        point = [0, 0, 0]
        assert board.touch.read(point) and point == [1, 100, 200]
        bench.wiring.press(True)
        bench.wait_ms(20)
        assert board.buttons.read() == 1
        bench.wiring.press(False)
        assert board.buttons.read() == 0 and board.buttons.read() == -1
        board.nfc.arm(b"\x08\x01\x02\x03", b"\x04\x00", 0x20)
        bench.wait_ms(5)
        bench.wiring.air.field(True)
        assert board.nfc.receive(bytearray(254), 2000) == 0, "it waited with little power, and starts its clock now"
        assert bench.wiring.air.short(0x26) == b"\x04\x00"
        assert len(calls) >= 4, calls
        assert bench.misuse == [], bench.misuse


def test_the_clock_keeps_the_time():
    """The clock chip is set and read; a new start finds it."""
    with Bench() as bench:
        board = bench.build()
        assert board.clock.unix_s() is None
        bench.wait_ms(2000)
        board.clock.set_unix_s(1_800_000_000)
        bench.wait_ms(5000)
        assert bench.build().clock.unix_s() - 1_800_000_005 in (0, 1)


def test_flash_is_nor():
    """Programming clears bits where nothing was erased; lengths may be odd; a read off the end is an error."""
    with Bench() as bench:
        flash = bench.build().flash
        assert flash.size == 0x40000
        flash.program(4095, b"\x0f\xf0\x55")
        flash.program(4096, b"\xff\x0f")
        into = bytearray(3)
        flash.read(4095, into)
        assert into == b"\x0f\xf0\x05", into
        flash.erase(4096)
        flash.read(4095, into)
        assert into == b"\x0f\xff\xff", into
        for access in (lambda: flash.read(flash.size - 1, into), lambda: flash.erase(1), lambda: flash.read(-1, into)):
            assert _raises(ValueError, access)


def test_wires_the_other_way_round():
    """SDA and SCL swapped: the board finds its chips and says so."""
    with Bench() as bench:
        hardware = bench.hardware
        hardware.i2c = {(wires.SDA, wires.SCL): hardware.i2c[(wires.SCL, wires.SDA)]}
        board = bench.build()
        assert board.findings == [("I2C", "SDA and SCL are the other way round: 2 and 3")], board.findings


def test_a_dead_bus_does_not_hang():
    """SDA held low for ever: display and radio are dark (no rails), everything is said, and it takes no longer."""
    with Bench() as bench:
        bench.hardware.nets[wires.SDA].drive(0)
        board = bench.build()
        found = [name for name, _ in board.findings]
        assert found[0] == "I2C" and "AXP2101" in found and "XL9555" in found and "CST9217" in found, board.findings
        assert board.findings[0][1] == "SDA is held low", board.findings
        assert board.power.percent() == 0 and board.clock.unix_s() is None and board.nfc is None
        took_ms = bench.hardware.time.now_us // 1000
        assert took_ms < _MUST_MS, took_ms
        print("NOTE virtual.dead_bus_start_ms", took_ms)


def test_each_missing_chip_is_named():
    """One chip is taken out after the other: the watch starts, and says which."""
    cases = (
        (0x34, "AXP2101"),
        (0x20, "XL9555"),
        (0x1A, "CST9217"),
        (0x51, "PCF85063"),
        (0x5A, "DRV2605"),
        (0x28, "BHI260AP"),
    )
    for address, name in cases:
        with Bench() as bench:
            del bench.hardware.i2c[(wires.SCL, wires.SDA)]._chips[address]
            found = bench.build().findings
            assert any(device == name for device, _ in found), (name, found)


def test_missing_partitions_are_named():
    """A stock table: no vault, no slots."""
    with Bench(flash_of(TABLE[:3])) as bench:
        board = bench.build()
        assert [name for name, _ in board.findings] == ["flash", "flash"], board.findings
        assert board.slots is None and _raises(OSError, lambda: board.flash.read(0, bytearray(1)))


def test_a_bus_error_at_every_transfer():
    """One transfer after the other fails, once and for good: the watch starts, and what is gone is said."""
    count = [0]
    with Bench() as bench:
        bench.hardware.before_transfer = lambda: _count(count)
        bench.build()
    total, step = count[0], 1 if os.getenv("TAPWATCH_LONG") else 26
    starts = said = 0
    for place in range(0, total, step):
        for ever in (False, True):
            with Bench() as bench:
                at, number = [0], (EIO, TIMED_OUT)[place // step & 1]
                bench.hardware.before_transfer = lambda a=at, p=place, e=ever, n=number: _fail(a, p, e, n)
                board = bench.build()
                starts += 1
                said += bool(board.findings)
                assert board.findings or not ever, place
                assert bench.hardware.time.now_us // 1000 < 2 * _MUST_MS, place
            gc.collect()
    print("NOTE virtual.transfers_of_a_start", total)
    print("NOTE virtual.starts_with_a_bus_error", starts, "of them with a finding", said, "hangs 0")


EIO, TIMED_OUT = errno.EIO, errno.ETIMEDOUT


def _count(count):
    count[0] += 1


def _fail(at, place, ever, number):
    at[0] += 1
    if at[0] - 1 == place or (ever and at[0] > place):
        raise OSError(number)


def _raises(kind, access):
    try:
        access()
    except kind:
        return True
    return False
