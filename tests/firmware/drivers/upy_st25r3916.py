"""The ST25R3916 driver against the modelled chip: power-up, taps, arming, timing, HALT, callbacks."""

import errno

import tests.firmware.drivers.radio_kit as kit
from board.simulator.chips import st25r3916_names as n
from board.simulator.chips.st25r3916_air import REQA, WUPA
from board.simulator.chips.st25r3916_names import US

ATS = b"\x05\x78\x80\x70\x00"


def refused(kind, access, *arguments):
    """The error of this kind that `access` raises, or None."""
    try:
        access(*arguments)
    except kind as error:
        return error
    return None


def test_power_up_leaves_only_the_field_detector_on():
    bench = kit.Bench(arm=False)
    bench.radio.start()
    chip = bench.chip
    assert chip.a[n.OPERATION] == 0x03 and chip.a[0x01] == 0x84 and chip.a[0x00] == 0x07
    assert (chip.b[0x2A], chip.b[0x28], chip.b[0x05], chip.a[0x29]) == (0x80, 0x10, 0x40, 0x5F)
    assert bytes(chip.a[0x16:0x1A]) == b"\xff\xff\xff\xff" and not bench.pin.level
    print("NOTE st25r3916 power-up: %d us of chip time, %d transfers" % (bench.ticks_us(), chip.transfers))
    bench.close()


def test_power_up_on_five_volts():
    bench = kit.Bench(arm=False)
    bench.chip.supply = 210
    bench.radio.start()
    assert bench.chip.a[0x01] == 0x04
    bench.close()


def test_both_kinds_of_chip_are_known_and_no_other():
    for identity, good in ((0x28, True), (0x2A, True), (0x31, True), (0x08, False), (0x00, False), (0xFF, False)):
        bench = kit.Bench(arm=False, identity=identity)
        error = refused(OSError, bench.radio.start)
        assert (error is None) == good, identity
        if error:
            assert error.errno == errno.ENODEV


def test_a_chip_without_clock_is_an_error_and_not_a_hang():
    bench = kit.Bench(arm=False)
    bench.chip.dead_oscillator = True
    assert refused(OSError, bench.radio.start).errno == errno.ETIMEDOUT


def test_listening_as_the_data_sheet_says():
    chip = kit.Bench().chip
    assert chip.a[n.OPERATION] == 0xC3 and chip.a[n.MODE] == 0x88 and chip.a[n.PASSIVE_TARGET] == 0x5C
    assert bytes(chip.a[0x0B:0x0F]) == b"\x08\x2d\x00\x00" and bytes(chip.b[0x0C:0x0E]) == b"\x51\x00"
    assert bytes(chip.a[0x16:0x1A]) == b"\xc7\xe7\x0f\xfc"
    assert bytes(chip.pt) == kit.UID + bytes(6) + b"\x04\x00\x20\x20\x20"
    assert chip.state == n.IDLE and not chip.misuse, chip.misuse


def test_what_cannot_be_armed_is_refused():
    bench = kit.Bench()
    for uid, atqa, sak in ((bytes(7), kit.ATQA, 0), (kit.UID, b"\x04", 0), (kit.UID, kit.ATQA, 256)):
        assert refused(ValueError, bench.radio.arm, uid, atqa, sak)
    bench.radio.arm(kit.UID, kit.ATQA, 0x24)
    assert bench.chip.pt[12] == 0x20, "bit 2 would announce a longer UID"
    assert refused(ValueError, bench.radio.receive, bytearray(253), 0)
    for length in (0, -1, 255, 9):
        assert refused(ValueError, bench.radio.transmit, bytearray(8 if length == 9 else 300), length)
    bench.close()


def test_a_tap_and_another():
    bench = kit.Bench()
    bench.tap()
    bench.radio.arm(b"\x08\x99\x88\x77", kit.ATQA, kit.SAK)
    bench.select(uid=b"\x08\x99\x88\x77\x6e")
    bench.exchange(kit.RATS, ATS)
    bench.leave()
    bench.close()


def test_the_callback_comes_with_the_field_and_not_while_somebody_waits():
    bench = kit.Bench()
    bench.air.field(True)
    assert bench.calls == 1
    bench.after_us(100, bench.select)
    bench.after_us(1000, lambda: bench.air.frame(kit.RATS))
    assert bench.receive() == kit.RATS and bench.calls == 1
    bench.answer(ATS)
    bench.leave()
    bench.air.field(True)
    assert bench.calls == 3, "the end of the field, while nobody waited, and the next one"
    bench.close()


def test_rats_half_a_millisecond_after_sak():
    bench = kit.Bench()
    bench.time.at(1000, bench.select)
    bench.send(kit.RATS, 1000 + kit.RATS_AFTER_FC)
    bench.air.field(True)
    assert bench.receive() == kit.RATS
    bench.close()


def test_rats_that_beats_the_driver_still_lands():
    bench = kit.Bench()
    bench.select()
    bench.air.frame(kit.RATS)
    bench.time.settle()
    assert bench.chip.a[n.PASSIVE_TARGET] == 0x5C
    assert bench.receive() == kit.RATS
    assert bench.answer(ATS).data == ATS
    assert bench.chip.warnings == ["frame while anticollision was still automatic"]
    bench.close(warnings=1)


def test_the_first_write_after_select_switches_anticollision_off():
    bench = kit.Bench()
    bench.select()
    seen = []
    write = bench.chip._write_a
    bench.chip._write_a = lambda byte: seen.append((bench.chip._at, byte)) or write(byte)
    bench.receive(0)
    assert seen[0] == (n.PASSIVE_TARGET, 0x5D), seen
    bench.close()


def test_seven_transfers_at_most_from_frame_to_answer():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.send(b"\x02\x80\xca\x9f\x36\x00", 100)
    while not bench.chip.irq[0] & n.RXE[1]:
        bench.time.advance(100)
    before, started = bench.chip.transfers, bench.ticks_us()
    bench.receive()
    bench.answer(b"\x02\x6a\x88")
    used = bench.chip.transfers - before
    print("NOTE st25r3916 frame: %d transfers, %d us on the bus" % (used, bench.ticks_us() - started))
    assert used == 6, used
    bench.close()


def test_silence_ends_at_the_timeout():
    bench = kit.Bench()
    bench.select()
    for timeout_us in (0, 1_000, 20_000):
        started = bench.ticks_us()
        assert bench.receive(timeout_us) == 0
        assert timeout_us <= bench.ticks_us() - started < timeout_us + 500, timeout_us
    bench.close()


def test_without_a_field_nobody_waits():
    bench = kit.Bench()
    started = bench.ticks_us()
    assert bench.receive(500_000) == -1
    assert bench.ticks_us() - started < 100
    bench.close()


def test_ticks_may_wrap_in_a_frame():
    bench = kit.Bench()
    bench.time.advance(int(((1 << 30) - 1_000) * US) - bench.time.now)
    bench.tap()
    assert bench.ticks_us() < 1 << 29
    bench.close()


def test_halt_waits_for_the_answer_and_then_only_wupa_wakes():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.send(b"\xc2")
    assert bench.receive() == b"\xc2"
    answer = bench.answer(b"\xc2")
    bench.radio.halt()
    assert bench.time.now >= answer.ends and bench.chip.state == n.HALT
    assert bench.air.short(REQA) is None
    bench.select(WUPA)
    bench.exchange(kit.RATS, ATS)
    assert bench.chip.state == n.ACTIVE | n.STAR
    bench.leave()
    bench.tap()
    bench.close()


def test_a_reader_that_has_gone_on_before_the_driver_looked():
    bench = kit.Bench()
    bench.select()
    bench.air.frame(b"\x50\x00")
    assert bench.chip.state == n.HALT
    assert bench.receive(1_000) == 0
    bench.select(WUPA)
    bench.air.short(REQA)  # in ACTIVE: back to HALT
    assert bench.air.short(WUPA)
    assert bench.receive(1_000) == 0
    assert bench.air.anticoll(1) == kit.UID_CHECKED, "the chip still does it alone"
    assert bench.air.select(1, kit.UID_CHECKED)
    bench.exchange(kit.RATS, ATS)
    bench.leave()
    bench.tap()
    bench.close()


def test_a_disarmed_radio_is_silent_and_calls_nobody():
    bench = kit.Bench()
    bench.radio.disarm()
    bench.air.field(True)
    assert bench.air.short(REQA) is None and bench.air.short(WUPA) is None
    assert bench.radio.field() and bench.calls == 0
    assert bench.receive() == -1
    assert bench.answer(ATS) is None
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    assert bench.radio.field(), "a field that was there before"
    bench.tap()
    bench.close()


def test_disarming_ends_what_was_going_on():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.radio.disarm()
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    assert bench.receive() == -1, "the reader must begin anew, and so must whoever served it"
    bench.tap()
    bench.close()


def test_another_uid_in_the_middle_of_a_field_disturbs_nothing():
    bench = kit.Bench()
    bench.select()
    bench.radio.arm(b"\x08\x99\x88\x77", kit.ATQA, kit.SAK)
    bench.exchange(kit.RATS, ATS)
    bench.leave()
    bench.close()


def test_an_edge_between_the_last_look_and_the_end_is_not_lost():
    bench = kit.Bench()
    bench.air.field(True)
    assert bench.receive(0) == 0
    calls = bench.calls

    def ticks_us():
        bench.chip.set_irq(n.RXS)  # after the look, before the end
        return bench.ticks_us()

    bench.radio._ticks_us = ticks_us
    assert bench.receive(0) == 0
    assert bench.calls == calls + 1, "somebody must come back"
    bench.close()
