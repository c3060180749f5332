"""The PN532's driver against the modelled chip on a serial port and on I2C: taps, damage, timing, a bus that fails."""

import errno

import micropython

import tests.firmware.drivers.pn532_kit as kit
from board.simulator.chips.pn532 import NACK
from drivers import pn532_frames as frames
from drivers.pn532_hsu import Hsu
from tests.firmware.drivers.upy_st25r3916 import refused

ATS_US = 5_286
"""Frame waiting time of the answer to RATS, ISO/IEC 14443-4 section 7.2."""
PROCESSOR_US = 2_400
"""From RATS to ATS, instructions alone and the heap in PSRAM: twice what `make bench` counts for the other driver."""


def test_taps_on_every_wire():
    for wire in kit.WIRES:
        bench = kit.Bench(wire)
        assert bench.chip.parameters == 0 and bench.chip.registers == {0x6301: 0x3F}
        bench.tap()
        bench.tap()
        bench.radio.arm(b"\x08\x99\x88\x77", kit.ATQA, kit.SAK)
        bench.tap(b"\x08\x99\x88\x77")
        bench.close()


def test_every_length_of_frame():
    for wire in kit.WIRES:
        bench = kit.Bench(wire)
        bench.select()
        bench.first()
        bench.answer(kit.ATS)
        bench.receive(0)
        for length in (1, 2, 13, 14, 15, 127, 252, 253, 254):
            data = bytes((i * 7 + length) & 0xFF for i in range(length))
            bench.exchange(data, bytes(reversed(data)))
        bench.leave()
        bench.close()


def test_what_cannot_be_armed_is_refused():
    bench = kit.Bench()
    wrong = ((bytes(7), kit.ATQA, 0), (bytes(4), kit.ATQA, 0), (kit.UID, b"\4", 0), (kit.UID, kit.ATQA, 256))
    for uid, atqa, sak in wrong:
        assert refused(ValueError, bench.radio.arm, uid, atqa, sak)
    assert refused(ValueError, bench.radio.receive, bytearray(253), 0)
    for length in (0, -1, 255, 9):
        assert refused(ValueError, bench.radio.transmit, bytearray(8 if length == 9 else 300), length)
    assert refused(ValueError, Hsu, bench.bus, bench.ticks_us, 0, 12345)
    assert refused(ValueError, frames.Writer().begin, 0x90, 264)
    bench.close()


def test_without_a_reader_nobody_waits():
    for wire in kit.WIRES:
        bench = kit.Bench(wire)
        started = bench.time.now
        assert bench.receive(500_000) == -1 and not bench.radio.field()
        assert bench.time.now - started < 3_000
        assert bench.answer(kit.ATS) is None
        bench.radio.disarm()
        bench.chip.field(True)
        assert bench.chip.select() is None and bench.receive() == -1
        bench.close()


def test_the_callback_comes_with_the_first_frame_and_not_while_somebody_waits():
    for wire in ("hsu", "i2c"):
        bench = kit.Bench(wire)
        bench.time.advance(20_000)
        bench.calls = 0
        bench.select()
        assert bench.calls == 0, "the chip says nothing before RATS"
        bench.first()
        assert bench.calls == 1, wire
        bench.answer(kit.ATS)
        bench.receive(0)
        bench.exchange(b"\x02\x01", b"\x02\x90\x00")
        bench.leave()
        bench.close()


def test_silence_and_a_block_that_gets_no_answer():
    bench = kit.Bench()
    bench.select()
    bench.first()
    bench.answer(kit.ATS)
    for timeout_us in (0, 1_000, 20_000):
        started = bench.time.now
        assert bench.receive(timeout_us) == 0
        assert timeout_us <= bench.time.now - started < timeout_us + 3_000, timeout_us
    bench.send(b"\xff\xff")
    assert bench.receive() == b"\xff\xff"  # whoever got it keeps silent
    bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    bench.close()


def test_damage_on_the_air_is_not_returned_and_heard_again():
    bench = kit.Bench()
    bench.select()
    bench.first()
    bench.answer(kit.ATS)
    bench.receive(0)
    for status in (0x01, 0x02, 0x03, 0x05, 0x0B):
        bench.send(b"\x02\x01", status=status)
        assert bench.receive(10_000) == 0, status
        bench.exchange(b"\x02\x01", b"\x02\x90\x00")
    bench.close()


def test_every_way_of_losing_the_reader():
    for status in (0x0A, 0x25, 0x29, 0x31):
        bench = kit.Bench()
        bench.chip.lost_status = status
        bench.tap()
        bench.select()
        bench.first()
        bench.chip.field(False)
        assert bench.answer(kit.ATS) is None
        assert bench.receive() == -1, "while it was answered"
        bench.tap()
        bench.close()


def test_another_bit_rate_is_none_of_ours():
    bench = kit.Bench()
    bench.select()
    bench.chip._reply(b"\x10\xd4\x00")
    bench.time.advance(5_000)
    assert bench.receive() == -1
    bench.tap()
    bench.close()


def test_halt_begins_anew():
    bench = kit.Bench()
    bench.select()
    bench.first()
    bench.answer(kit.ATS)
    bench.receive(0)
    bench.send(b"\xc2")
    assert bench.receive() == b"\xc2"
    bench.radio.transmit(bytearray(b"\xc2"), 1)
    bench.radio.halt()
    assert bench.chip.answers[-1][1] == b"\xc2" and not bench.radio.field()
    bench.tap()
    bench.close()


def test_ats_within_its_deadline():
    """On paper: what the chip itself needs is a guess, and no board was measured."""
    for wire, baud in (("hsu", 115200), ("hsu", 460800), ("hsu", 921600), ("i2c", 921600)):
        bench = kit.Bench(wire, baud=baud)
        bench.select()
        bench.chip.hear(kit.RATS)
        ended = bench.time.now
        while bench.receive(0) != kit.RATS:
            pass
        bench.time.advance(PROCESSOR_US)
        bench.answer(kit.ATS)
        bench.receive(0)
        left_us = ended + ATS_US - bench.chip.answers[-1][0]
        print("NOTE pn532 estimate, %s %d: ATS %d us before its deadline" % (wire, baud, left_us))
        if wire == "hsu":
            assert (left_us > 0) == (baud > 115200), "115200 baud is too slow"
        bench.close()


def test_damaged_frames_are_asked_for_again():
    spoilt = (
        lambda data: data[:-3] + bytes((data[-3] ^ 1,)) + data[-2:],  # the body
        lambda data: data[:4] + bytes((data[4] ^ 1,)) + data[5:],  # the check of the length
        lambda data: data[:-4],  # its end is missing
        lambda data: b"\x00\x00\xff\x04\xfc\xd5\x43\x00\x01\xe7\x00",  # an answer to another command
    )
    for spoil in spoilt:
        for times in (1, 2, 3):
            bench = kit.Bench()
            bench.select()
            bench.chip.spoil = [spoil] * times
            bench.chip.hear(kit.RATS)
            bench.time.advance(5_000)
            for _ in range(200):
                got = bench.receive(0)
                if got != -1:
                    break
                bench.time.advance(1_000)
            assert got == kit.RATS, times
            bench.answer(kit.ATS)
            bench.receive(0)
            bench.exchange(b"\x02\x01", b"\x02\x90\x00")
            bench.close()


def test_a_chip_that_stays_damaged_or_silent_is_an_error_and_starts_again():
    bench = kit.Bench()
    bench.select()
    bench.first()
    bench.answer(kit.ATS)
    bench.receive(0)
    spoilt = [lambda data: data[:-2] + b"\x55\x00"] * 9
    bench.time.at(2_500, lambda: bench.chip.spoil.extend(spoilt))
    bench.send(b"\x02\x01")
    assert refused(OSError, bench.radio.receive, bench.frame, 60_000).errno == errno.EIO
    bench.chip.spoil = []
    bench.chip.field(False)
    bench.time.settle()
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    bench.tap()
    bench.chip.ack_us = 50_000
    assert refused(OSError, bench.radio.arm, kit.UID, kit.ATQA, kit.SAK).errno == errno.ETIMEDOUT
    bench.chip.ack_us = 15_000
    bench.time.settle()
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    bench.select()
    bench.first()
    bench.leave()


def test_an_answer_that_is_never_out():
    bench = kit.Bench()
    bench.select()
    bench.first()
    bench.chip._reply = lambda data: None
    bench.answer(kit.ATS)
    assert refused(OSError, bench.radio.receive, bench.frame, 0).errno == errno.ETIMEDOUT


def test_other_chips_and_none():
    bench = kit.Bench(arm=False)
    bench.chip.identity = b"\x33\x01\x06\x07"
    assert refused(OSError, bench.radio.start).errno == errno.ENODEV
    bench = kit.Bench(arm=False)
    bench.bus.write = lambda data: None
    assert refused(OSError, bench.radio.start).errno == errno.ETIMEDOUT
    bench = kit.Bench("i2c", arm=False)
    bench.on_bus.answers = lambda: False
    assert refused(OSError, bench.radio.start).errno == errno.ENODEV


def test_a_driver_that_does_not_wake_the_chip_is_caught():
    bench = kit.Bench(arm=False)
    bench.link.wake = lambda fast: None
    bench.radio._link.abort = lambda: None  # which would wake it as well
    assert refused(OSError, bench.radio.start).errno == errno.ETIMEDOUT


def test_a_driver_that_stays_at_the_old_speed_is_caught():
    bench = kit.Bench(arm=False)
    bench.link.change_speed = lambda: None
    assert refused(OSError, bench.radio.start) and bench.bus.garbled


def test_a_board_that_restarts_finds_a_chip_that_did_not():
    for wire in kit.WIRES:
        bench = kit.Bench(wire)
        bench.select()
        bench.first()
        bench.chip.field(False)
        other = kit.Bench(wire, arm=False)
        other.link._uart = other.link._i2c = bench.bus
        other.radio._ticks_us = other.radio._link.ticks_us = other.link._ticks_us = bench.ticks_us
        other.radio._delay_us = other.radio._link._delay_us = other.link._delay_us = bench.delay_us
        if wire == "i2c":
            other.link._ready = bench.link._ready
        other.radio.start()
        other.radio.arm(kit.UID, kit.ATQA, kit.SAK)
        bench.radio = other.radio
        bench.tap()
        bench.close()


class FailingI2c:
    """A bus that fails once, at one transfer."""

    def __init__(self, bus, point):
        self.bus = bus
        self.left = point

    def _count(self):
        self.left -= 1
        if self.left == -1:
            raise OSError(errno.EIO)

    def writeto(self, addr, buf):
        """As `machine.I2C`."""
        self._count()
        self.bus.writeto(addr, buf)

    def readfrom_into(self, addr, buf):
        """As `machine.I2C`."""
        self._count()
        self.bus.readfrom_into(addr, buf)


def broken_visit(point):
    """One reader's visit, after which all must work again. True if the bus never failed."""
    bench = kit.Bench("i2c", arm=False)
    bench.link._i2c = FailingI2c(bench.bus, point)
    try:
        bench.radio.start()
        bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
        bench.tap()
        if bench.link._i2c.left >= 0:
            return True
    except OSError as error:
        assert error.errno == errno.EIO
    bench.chip.field(False)
    bench.time.settle()
    bench.radio.start()
    bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
    bench.tap()
    return False


def test_a_bus_that_fails_at_any_transfer():
    point = 0
    while not broken_visit(point):
        point += 1
    print("NOTE pn532: I2C failed at %d transfers, an OSError each or mended; a new start mends all" % point)
    assert point > 30


class Canned:
    """A wire with frames that lie ready: what the driver allocates can be seen."""

    speed_code = -1

    def __init__(self, bodies):
        self.buffer = bytearray(frames.FRAME_BYTES)
        self.reader = frames.Reader()
        self.bodies = bodies
        self.next = 0
        self.acknowledge = False
        self.sent = 0

    def send(self, frame):
        """A command, which is acknowledged."""
        self.acknowledge = True
        self.sent += 1

    def poll(self):
        """An acknowledgement, then the next answer."""
        if self.acknowledge:
            self.acknowledge = False
            return frames.ACK
        if self.next == len(self.bodies):
            return frames.NONE
        body = self.bodies[self.next]
        self.next += 1
        frames.copy(self.buffer, 5, body, 0, len(body))
        self.reader.body_at, self.reader.body_count = 5, len(body)
        return frames.BODY


def test_frames_allocate_nothing():
    bodies = []
    for length in (2, 60, 254):
        bodies += [b"\xd5\x89\x00" + bytes(length), b"\xd5\x91\x00"]
    wire = Canned(bodies)
    bench = kit.Bench()
    radio = bench.radio
    radio._link.wire = radio._wire = wire
    radio._ticks_us = radio._link.ticks_us = lambda: 0
    radio._state = 2
    frame, got = bytearray(256), 0
    micropython.heap_lock()
    try:
        for _ in range(3):
            got += radio.receive(frame, 1000)
            radio.transmit(frame, 254)
    finally:
        micropython.heap_unlock()
    assert got == 2 + 60 + 254 and wire.sent == 6
    print("NOTE pn532 driver: 6 frames of 2 to 254 bytes, 0 bytes allocated")


def test_frames_as_the_manual_draws_them():
    """GetFirmwareVersion and its answer, UM0701-02 section 7.2.2; nfcpy has the same bytes."""
    writer = frames.Writer()
    writer.begin(0x02, 0)
    assert bytes(writer.finish()) == b"\x00\x00\xff\x02\xfe\xd4\x02\x2a\x00"
    at = writer.begin(0x14, 3)
    writer.out[at : at + 3] = b"\x01\x00\x00"
    assert bytes(writer.finish()) == bytes.fromhex("0000ff05fbd4140100001700")
    reader = frames.Reader()
    answer = bytes.fromhex("0000ff06fad50332010607e800")
    assert reader.look(answer, 0, len(answer)) == len(answer) - 1
    assert (reader.kind, answer[reader.body_at : reader.body_at + reader.body_count]) == (frames.BODY, answer[5:11])
    for data, kind in ((frames.ACK_FRAME, frames.ACK), (NACK, frames.NACK), (b"\0\0\xff\1\xff\x7f\x81\0", frames.BODY)):
        reader.look(data, 0, len(data))
        assert reader.kind == kind
    for end in range(len(answer) - 1):
        reader.look(answer, 0, end)
        assert reader.kind == frames.NONE, end


def test_copying_against_the_plain_version():
    data = bytes((i * 37 + 11) & 0xFF for i in range(276))
    for start, count in ((0, 0), (0, 276), (3, 1), (17, 255)):
        assert frames.summed(data, start, count) == sum(data[start : start + count]) & 0xFF
        out = bytearray(280)
        frames.copy(out, 2, data, start, count)
        assert out == bytes(2) + data[start : start + count] + bytes(278 - count)
