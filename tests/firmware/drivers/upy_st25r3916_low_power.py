"""The ST25R3916 driver in low power: asleep without a field, awake with one, and back; waking the board; measuring."""

import errno

import micropython

import tests.firmware.drivers.radio_kit as kit
from board.counting.radio import CannedRadio, on_air
from board.simulator.chips import st25r3916_names as n
from board.simulator.chips.st25r3916_air import REQA, WUPA
from board.simulator.chips.st25r3916_names import US
from drivers.st25r3916_antenna import Antenna
from tests.firmware.drivers.upy_st25r3916 import ATS, refused

POINTS = (0, 1, 50, 400, 700, 1_000, 1_500, 4_000)
"""Microseconds after the field came."""


def operation(bench):
    """The operation register."""
    return bench.chip.a[n.OPERATION]


def test_asleep_until_a_field_comes_and_again_when_it_has_gone():
    bench = kit.Bench(low_power=True)
    assert operation(bench) == kit.ASLEEP and bench.chip.a[n.MODE] == 0xC8 and not bench.chip.oscillating
    for _ in range(3):
        bench.select()
        assert operation(bench) == 0xC3 and bench.chip.a[n.MODE] == 0xC8
        bench.exchange(kit.RATS, ATS)
        assert bench.chip.a[n.MODE] == 0x88, "the bit rate is fixed before the first frame"
        bench.leave()
        assert operation(bench) == kit.ASLEEP and bench.chip.a[n.MODE] == 0xC8 and bench.chip.state == n.IDLE
        bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
        assert operation(bench) == kit.ASLEEP, "armed again for the next reader"
    bench.close()


def test_how_long_waking_takes():
    bench = kit.Bench(low_power=True)
    bench.air.field(True)
    started = bench.ticks_us()
    while bench.air.short(REQA) is None:
        assert bench.receive(100) == 0
    spent = bench.ticks_us() - started
    print("NOTE st25r3916 low power: field to the first answered poll %d us, clock %d us of it" % (spent, 700))
    assert spent < 3_000


def test_a_slow_clock_is_waited_for_and_a_dead_one_is_silence():
    for start_us in (5_000, 9_000):
        bench = kit.Bench(low_power=True)
        bench.chip.oscillator_fc = int(start_us * US)
        bench.air.field(True)
        assert bench.receive(0) == 0 and bench.chip.oscillating
        assert bench.air.short(REQA) == kit.ATQA
        bench.close()
    bench = kit.Bench(low_power=True)
    bench.chip.dead_oscillator = True
    bench.air.field(True)
    assert bench.receive() == -1 and operation(bench) == kit.ASLEEP
    bench.chip.dead_oscillator = False
    bench.air.field(False)
    bench.receive(0)
    bench.tap()
    bench.close()


def test_a_driver_that_does_not_wait_for_the_clock_is_caught():
    bench = kit.Bench(low_power=True)
    bench.chip.oscillator_fc = int(5_000 * US)
    bench.radio._delay_us = lambda us: None
    bench.radio._bus.read = lambda register: 0x50  # a display that always says "running"
    bench.air.field(True)
    bench.receive(0)
    assert "command without oscillator" in bench.misuse


def test_a_reader_of_another_kind_changes_nothing():
    bench = kit.Bench(low_power=True)
    bench.air.field(True)
    assert bench.receive(kit.POLL_US) == 0
    for rate in (1, 2):
        bench.air.other_rate(rate)
        assert bench.receive(1_000) == 0 and bench.chip.a[n.MODE] == 0xC8
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.leave()
    bench.close()


def test_all_of_it_before_the_driver_looked():
    bench = kit.Bench(low_power=True)
    bench.air.field(True)
    assert bench.receive(kit.POLL_US) == 0
    bench.select()
    bench.air.frame(kit.RATS)
    bench.time.settle()
    assert bench.receive() == kit.RATS and bench.answer(ATS)
    assert bench.chip.a[n.MODE] == 0x88
    bench.leave()
    bench.close(warnings=1)


def test_a_wrong_crc_before_the_mode_was_fixed():
    bench = kit.Bench(low_power=True)
    bench.air.field(True)
    assert bench.receive(kit.POLL_US) == 0
    bench.select()
    bench.air.frame(kit.RATS, crc_ok=False)  # the chip checks none in this mode
    bench.time.settle()
    assert bench.receive(0) == 0 and not bench.chip.fifo
    bench.exchange(kit.RATS, ATS)
    bench.close(warnings=1)


def test_halt_and_wupa():
    bench = kit.Bench(low_power=True)
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.radio.halt()
    assert bench.air.short(REQA) is None
    bench.select(WUPA)
    bench.exchange(kit.RATS, ATS)
    bench.leave()
    bench.tap()
    bench.close()


def test_glitches_of_the_field():
    glitches = 0
    for length_us in POINTS:
        for look_us in POINTS:
            bench = kit.Bench(low_power=True)
            bench.air.field(True)
            bench.after_us(length_us, lambda: bench.air.field(False))
            bench.delay_us(look_us)
            for _ in range(4):
                if bench.receive(2_000) == -1:
                    break
            bench.time.settle()
            bench.receive(0)
            assert operation(bench) == kit.ASLEEP, (length_us, look_us)
            bench.tap()
            bench.close()
            glitches += 1
    print("NOTE st25r3916 low power: %d glitches of 0 to 4 ms, asleep after each, the next tap works" % glitches)


def test_gaps_in_the_field():
    for gap_us in (1, 50, 400, 5_100):
        for after_us in range(0, 4_000, 390):
            bench = kit.Bench(low_power=True)
            bench.select()
            bench.send(kit.RATS)
            bench.after_us(after_us, lambda: bench.air.field(False))
            bench.after_us(after_us + gap_us, lambda: bench.air.field(True))
            for _ in range(4):
                if bench.receive(3_000) == -1:
                    break
            bench.time.settle()
            bench.receive(0)
            bench.air.field(False)
            bench.receive(0)
            bench.tap()
            bench.close(warnings=1)


def test_a_field_that_was_there_when_it_was_armed():
    bench = kit.Bench(arm=False, low_power=True)
    bench.radio.start()
    bench.air.field(True)
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    assert operation(bench) == 0xC3 and bench.radio.field()
    bench.tap()
    assert operation(bench) == kit.ASLEEP
    bench.close()


def test_rest_is_changed_between_readers():
    bench = kit.Bench()
    bench.radio.rest(True)
    bench.tap()
    assert operation(bench) == 0xC3, "not before it is armed again"
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    assert operation(bench) == kit.ASLEEP
    bench.tap()
    bench.select()
    bench.radio.rest(False)
    bench.radio.arm(b"\x08\x99\x88\x77", kit.ATQA, kit.SAK)
    bench.exchange(kit.RATS, ATS)
    bench.leave()
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    assert operation(bench) == 0xC3 and bench.chip.a[n.MODE] == 0x88
    bench.tap()
    bench.radio.disarm()
    bench.close()


def test_waking_and_going_back_to_sleep_allocate_nothing():
    radio = CannedRadio()
    port, frame = radio.port, bytearray(256)
    port.rest(True)
    port.arm(kit.UID, kit.ATQA, kit.SAK)
    radio.put([on_air(kit.RATS)])
    woken = radio.transfers
    micropython.heap_lock()
    try:
        port.receive(frame, 0)  # the field
        got = port.receive(frame, 0)
        woken = radio.transfers - woken
        port.transmit(frame, 5)
        port._follow(1, 0)
        gone = port.receive(frame, 0)
    finally:
        micropython.heap_unlock()
    assert (got, gone) == (2, -1) and woken >= 9 and not port._awake
    print("NOTE st25r3916 low power: %d transfers from waking to the first frame, 0 bytes allocated" % woken)


def test_asleep_the_board_wakes_by_a_field_alone():
    bench = kit.Bench(low_power=True)
    assert bench.radio.prepare_deep_sleep()
    assert bytes(bench.chip.a[0x16:0x1A]) == b"\xff\xef\xff\xff" and operation(bench) == kit.ASLEEP
    bench.chip.set_irq(n.OSC)
    assert not bench.pin.level, "nothing else wakes"
    bench.air.field(True)
    assert bench.pin.level
    bench.radio.start()  # the board has booted
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    assert bench.radio.field(), "the reader still waits"
    bench.tap()
    bench.close()


def test_no_sleep_while_a_field_is_on():
    bench = kit.Bench()
    bench.air.field(True)
    assert not bench.radio.prepare_deep_sleep()
    bench.air.field(False)
    assert bench.radio.prepare_deep_sleep()
    assert bench.receive(0) == -1, "what was armed is gone"
    bench.close()


def test_measuring():
    for strength_mv, found_mv in ((0, 0), (80, 75), (120, 105), (300, 290), (900, 800)):
        bench = kit.Bench(arm=False)
        bench.radio.start()
        bench.air.strength_mv = strength_mv
        bench.air.field(strength_mv > 0)
        found = bench.radio.examine()
        assert found.field_mv == found_mv and found.supply_mv == 3299, (found.field_mv, found.supply_mv)
        assert found.antenna_mv == (None if found_mv >= 105 else 1796), found.antenna_mv
        assert operation(bench) == kit.ASLEEP and bytes(bench.chip.a[0x2A:0x2C]) == b"\x11\x00"
        bench.air.field(False)
        bench.air.strength_mv = n.STRONG_MV
        bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
        bench.tap()
        bench.close()
    assert refused(OSError, bench.radio.examine).errno == errno.EAGAIN, "it would disturb a reader"
    bench.radio.disarm()
    bench.chip.antenna = 3
    assert bench.radio.examine().antenna_mv == 39, "one that is not connected"


def test_settings_of_a_board():
    antenna = Antenna(field_on=0x13, field_off=0x22, modulation=0x0F, source=0x30, tuning=(0x80, 0x7F))
    for identity, kind in ((0x2A, "ST25R3916"), (0x31, "ST25R3916B")):
        bench = kit.Bench(antenna=antenna, identity=identity)
        chip = bench.chip
        assert (chip.a[0x2A], chip.a[0x2B], chip.a[0x29], chip.b[0x28]) == (0x13, 0x22, 0x0F, 0x30)
        assert (chip.a[0x26], chip.a[0x27], chip.a[0x01]) == (0x80, 0x7F, 0xA4)
        assert bench.radio.kind == kind and not any(chip.b[register] for register in n.ONLY_B)
        bench.tap()
        bench.close()
    assert refused(ValueError, Antenna, 0x100)
