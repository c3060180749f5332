"""The ST25R3916 driver in bad air: damaged, endless and overlong frames, and fields that go and come."""

import tests.firmware.drivers.radio_kit as kit
from board.simulator.chips import st25r3916_names as n
from board.simulator.chips.st25r3916_air import REQA, WUPA

ATS = b"\x05\x78\x80\x70\x00"


def test_every_length_of_frame():
    bench = kit.Bench()
    bench.select()
    for length in (1, 2, 3, 15, 16, 17, 127, 128, 253, 254):
        data = bytes((i * 7 + length) & 0xFF for i in range(length))
        bench.exchange(data, bytes(reversed(data)))
    bench.leave()
    bench.close()


def test_frames_that_are_too_long_are_dropped():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    for length in (255, 256, 298, 509, 510, 511, 600):
        bench.send(bytes(length))
        assert bench.receive(100_000) == 0, length
        bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    bench.close()


def test_damaged_frames_are_dropped():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.send(b"\x02\x01", crc_ok=False)
    assert bench.receive() == 0
    for irq in (n.CRC, n.PAR, n.ERR1, n.ERR2):
        bench.send(b"\x02\x01", errors=(irq,))
        assert bench.receive() == 0, irq
        bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    for data in (b"", b"\x26", b"\x02\x01"):
        bench.after_us(100, lambda: bench.air.raw(data, ()))
        assert bench.receive() == 0, data
    for bits in range(1, 8):
        bench.after_us(100, lambda: bench.air.raw(b"\x02\x01\x02\x03", (), True, bits))
        assert bench.receive() == 0, bits
    bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    bench.close()


def test_an_error_that_comes_before_the_end_of_its_frame():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.send(bytes(60), 0)
    bench.after_us(1500, lambda: bench.chip.set_irq(n.PAR))
    assert bench.receive() == 0
    bench.chip.set_irq(n.ERR1)  # noise without a frame
    bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    bench.close()


def test_a_wrong_crc_that_the_chip_does_not_report():
    bench = kit.Bench()
    bench.select()
    bench.air.unflagged_crc = True
    bench.send(b"\x02\x01", crc_ok=False)
    assert bench.receive() == 0 and not bench.chip.irq[2]
    bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    bench.close()


def test_bytes_left_in_the_fifo_spoil_one_frame_at_most():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    for leftover in (b"\x00", b"\x02\x01\x02", bytes(100), bytes(509)):
        bench.air.leave_in_fifo(leftover)
        bench.send(b"\x02\x01")
        assert bench.receive() == 0, len(leftover)
        bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    bench.close()


def test_a_frame_that_never_ends_is_given_up_after_fifty_milliseconds():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.send(bytes(30), 0, ends=False)
    started = bench.ticks_us()
    assert bench.receive(5_000) == 0
    waited = bench.ticks_us() - started
    assert 50_000 <= waited < 56_000, waited
    bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    bench.close()


def test_a_frame_that_has_begun_is_waited_for():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.send(bytes(250), 0)
    assert bench.receive(1_000) == bytes(250)
    bench.close()


def test_nothing_but_beginnings_ends_in_time():
    bench = kit.Bench()
    bench.select()

    def begin():
        bench.chip.set_irq(n.RXS)
        bench.after_us(200, begin)

    begin()
    started = bench.ticks_us()
    assert bench.receive(10_000) == 0
    assert bench.ticks_us() - started < 62_000
    bench.close()


def field_loss(step):
    """A reader that goes away at one of ten moments, after which a whole tap must work."""
    bench = kit.Bench()
    air, moments = bench.air, 0

    def gone(moment):
        if moment == step:
            air.field(False)
        return moment == step

    def story():
        yield air.field(True)
        yield air.short(REQA)
        yield air.anticoll(1)
        yield air.select(1, kit.UID_CHECKED)
        yield bench.receive(0)  # the driver has noticed SELECT
        yield air.frame(kit.RATS)  # its first half
        yield bench.time.settle()  # all of it is in the FIFO
        yield bench.receive()
        yield bench.answer(ATS)
        yield bench.receive(1_000)
        yield bench.radio.halt()

    for moments, _ in enumerate(story()):
        if gone(moments):
            break
    assert bench.receive() == -1, step
    bench.tap()
    bench.close()
    return moments


def test_field_loss_at_every_moment():
    moments = [field_loss(step) for step in range(11)]
    assert moments == list(range(11)), moments
    print("NOTE st25r3916 field lost at %d moments: the next tap works" % len(moments))


def test_flicker_at_every_moment():
    for gap_us in (1, 50, 400, 5_100):
        for after_us in range(0, 4_000, 130):
            bench = kit.Bench()
            bench.select()
            bench.send(kit.RATS)
            bench.after_us(after_us, lambda: bench.air.field(False))
            bench.after_us(after_us + gap_us, lambda: bench.air.field(True))
            for _ in range(4):
                got = bench.receive(3_000)
                if got == kit.RATS:
                    bench.answer(ATS)
                if got == -1:
                    break
            assert got == -1, (gap_us, after_us)
            bench.time.settle()
            bench.receive(0)
            bench.tap()
            bench.close(warnings=1)


def test_a_field_that_went_and_came_before_anybody_looked():
    bench = kit.Bench()
    bench.select()
    bench.exchange(kit.RATS, ATS)
    bench.air.field(False)
    bench.air.field(True)
    assert bench.receive() == -1, "what was before is over"
    assert bench.radio.field()
    bench.tap()
    bench.close()


def test_no_answer_into_a_field_that_came_back():
    bench = kit.Bench()
    bench.select()
    bench.send(kit.RATS)
    assert bench.receive() == kit.RATS
    bench.air.field(False)
    bench.air.field(True)
    assert bench.answer(ATS) is None
    assert bench.receive() == -1
    bench.tap()
    bench.close()


def test_no_answer_while_the_reader_speaks_again():
    bench = kit.Bench()
    bench.select()
    bench.send(b"\x02\x01")
    assert bench.receive() == b"\x02\x01"
    bench.air.frame(b"\xb2")
    assert bench.answer(b"\x02\x90\x00") is None
    assert bench.receive() == b"\xb2"
    assert bench.answer(b"\x02\x90\x00")
    bench.close()


def test_two_readers_in_turn():
    bench = kit.Bench()
    for reader in range(6):
        bench.select(WUPA if reader & 1 else REQA)
        bench.exchange(kit.RATS, ATS)
        bench.exchange(bytes((2, reader)), bytes((2, reader, 0x90, 0)))
        bench.air.field(False)
        bench.delay_us(200)
        bench.air.field(True)  # the other one, before the first was seen to go
        assert bench.receive() == -1, reader
    bench.close()
