"""The modelled ST25R3916 by itself: each rule, and for each a wrong driver that it catches."""

from board.simulator.chips import st25r3916_names as n
from board.simulator.chips.spi import InterruptPin, Spi, SpiBus
from board.simulator.chips.st25r3916 import Chip
from board.simulator.chips.st25r3916_air import REQA, WUPA, Air

UID = b"\x08\x12\x34\x56\x78"
LISTENING = ((0x03, 0x88), (0x08, 0x5C), (0x0A, 0x00))


class Wires:
    """A driver that says what the test says, byte by byte."""

    def __init__(self, listening=True):
        self.misuse = []
        self.pin = InterruptPin()
        self.bus = SpiBus(self.misuse)
        self.chip = Chip(self.pin, self.misuse)
        self.select = self.bus.attach(self.chip)
        self.spi = Spi(self.bus)
        self.air = Air(self.chip)
        if listening:
            self.listen()

    def send(self, data):
        """One transfer."""
        self.select(0)
        self.spi.write(data)
        self.select(1)

    def read(self, first, count):
        """One transfer that reads."""
        into = bytearray(1 + count)
        self.select(0)
        self.spi.readinto(into, first)
        self.select(1)
        return bytes(into[1:])

    def listen(self):
        """Ready for a reader, as a driver should leave it."""
        self.send(b"\xc1")
        self.send(b"\xfc\x04\x10")
        self.send(b"\x02\xc3")
        self.chip.time.settle()
        for register, value in LISTENING:
            self.send(bytes((register, value)))
        self.send(b"\xa0\x08\x12\x34\x56" + bytes(6) + b"\x04\x00\x20\x20\x20")
        self.send(b"\xcd")
        self.status()

    def status(self):
        """All interrupts, in one burst."""
        return self.read(0x40 | 0x1A, 4)

    def activate(self, wake=REQA):
        """Up to SAK."""
        self.air.field(True)
        assert self.air.short(wake) == b"\x04\x00"
        assert self.air.anticoll(1) == UID
        assert self.air.select(1, UID) == b"\x20"
        self.send(b"\x08\x5d")
        self.status()

    def hear(self, data, **how):
        """A frame, to its end."""
        self.air.frame(data, **how)
        self.chip.time.settle()


def test_a_field_is_detected_without_any_clock():
    wires = Wires(listening=False)
    wires.send(b"\x02\x03")
    wires.air.field(True)
    assert wires.status()[1] == 0x10 and wires.read(0x71, 1)[0] & 0x40
    wires.air.field(False)
    assert wires.status()[1] == 0x08 and not wires.read(0x71, 1)[0]
    wires.send(b"\x02\x00")
    wires.air.field(True)
    assert wires.status() == bytes(4), "a driver that left the field detector off hears nothing"


def test_the_oscillator_takes_its_time():
    wires = Wires(listening=False)
    wires.send(b"\xfc\x04\x10")
    wires.send(b"\x02\x80")
    assert not wires.read(0x71, 1)[0] & 0x10
    wires.send(b"\xd6")
    assert wires.misuse == ["command without oscillator"], "a driver that does not wait"
    wires.chip.time.advance(n.OSCILLATOR_FC)
    assert wires.read(0x71, 1)[0] & 0x10 and wires.status()[0] == 0x80
    wires.send(b"\x02\x00")
    assert not wires.read(0x71, 1)[0] & 0x10


def test_wakeup_from_idle_and_from_halt():
    wires = Wires()
    wires.activate()
    assert wires.chip.state == n.ACTIVE
    wires.send(b"\x08\x5c")
    wires.send(b"\xce")
    assert wires.air.short(REQA) is None
    assert wires.air.short(WUPA) == b"\x04\x00"
    assert wires.air.anticoll(1) == UID and wires.air.select(1, UID) == b"\x20"
    assert wires.chip.state == 0x0D and wires.status()[3] == 0x12
    assert wires.misuse == []


def test_anticollision_of_a_part_of_the_uid():
    wires = Wires()
    wires.air.field(True)
    wires.air.short(REQA)
    assert wires.air.anticoll(1, 0x30, UID[:1]) == UID[1:]
    assert wires.air.anticoll(1, 0x34, b"\x08\x02") == UID[1:], "four more bits: 2, and the byte they are in"
    assert wires.air.anticoll(1, 0x34, b"\x08\x03") is None, "another card's bits"
    assert wires.air.anticoll(1) is None, "and so back to IDLE"
    assert wires.air.short(REQA) == b"\x04\x00"


def test_a_uid_of_seven_bytes():
    wires = Wires()
    wires.send(b"\x0a\x10")
    wires.send(b"\xa0\x04\x11\x22\x33\x44\x55\x66\0\0\0\x44\x00\x24\x20\x20")
    wires.air.field(True)
    assert wires.air.short(REQA) == b"\x44\x00"
    first = wires.air.anticoll(1)
    assert first == b"\x88\x04\x11\x22" + bytes((0x88 ^ 0x04 ^ 0x11 ^ 0x22,))
    assert wires.air.select(1, first) == b"\x24" and wires.chip.state == n.READY_2
    assert wires.air.select(1, first) is None, "a level that is past"
    second = wires.air.anticoll(2)
    assert second[:4] == b"\x33\x44\x55\x66" and wires.air.select(2, second) == b"\x20"
    assert wires.chip.state == n.ACTIVE and wires.status()[3] == 0x11


def test_drivers_that_are_not_ready_are_mute():
    for wrong in (b"\x02\x83", b"\x02\x43", b"\x03\x08", b"\x08\x5d", b"\xd0"):
        wires = Wires()
        wires.send(wrong)
        wires.air.field(True)
        assert wires.air.short(REQA) is None, wrong


def test_a_driver_that_does_not_go_to_sense_after_a_field_is_mute():
    wires = Wires()
    wires.activate()
    wires.send(b"\x08\x5c")
    wires.air.field(False)
    wires.air.field(True)
    assert wires.chip.state == n.OFF and wires.air.short(REQA) is None
    wires.send(b"\xcd")
    assert wires.air.short(REQA) == b"\x04\x00"


def test_a_driver_that_forgets_to_switch_anticollision_on_again_is_mute():
    wires = Wires()
    wires.activate()
    wires.send(b"\xcd")
    assert wires.air.short(REQA) is None
    wires.chip.time.settle()
    assert wires.read(0x5E, 2) == b"\x01\x0e", "a frame of seven bits in the FIFO instead"


def test_hlta_is_the_chips_own_business_while_anticollision_is():
    wires = Wires()
    wires.activate()
    wires.send(b"\x08\x5c")
    wires.hear(b"\x50\x00")
    assert wires.chip.state == n.HALT and wires.status() == bytes(4)
    wires = Wires()
    wires.activate()
    wires.hear(b"\x50\x00")
    assert wires.chip.state == n.ACTIVE and wires.read(0x9F, 4) == b"\x50\x00\x57\xcd"


def test_frames_and_their_errors():
    wires = Wires()
    wires.activate()
    wires.hear(b"\xe0\x80")
    assert wires.status() == b"\x30\0\0\0" and wires.read(0x5E, 2) == b"\x04\0"
    assert wires.read(0x9F, 4) == b"\xe0\x80\x31\x73"
    wires.hear(b"\xe0\x80", crc_ok=False)
    assert wires.status() == b"\x30\0\x80\0"
    assert wires.misuse == []


def test_bit_rate_detection_checks_no_crc():
    wires = Wires()
    wires.activate()
    wires.send(b"\x03\xc8")
    wires.hear(b"\xe0\x80", crc_ok=False)
    assert wires.status() == b"\x30\0\0\0", "a driver that stays in this mode is told nothing"


def test_the_bit_rate_is_told_with_the_first_frame():
    wires = Wires()
    wires.send(b"\x03\xc8")
    wires.air.field(True)
    wires.chip.time.settle()
    wires.status()
    wires.air.other_rate(1)
    assert wires.status() == b"\0\x01\0\0" and wires.read(0x40 | 0x24, 1)[0] == 0x10
    assert wires.air.short(REQA) == b"\x04\x00"
    assert wires.status() == b"\0\x01\0\x10" and wires.read(0x40 | 0x24, 1)[0] == 0
    wires.send(b"\x03\x88")
    assert wires.air.anticoll(1) == UID
    assert wires.status() == b"\0\0\0\x10", "the rate is known now"


def test_a_field_is_deaf_at_first_while_the_bit_rate_is_looked_for():
    wires = Wires()
    wires.send(b"\x03\xc8")
    wires.send(b"\x0f\x04")
    wires.send(b"\x12\x08")
    wires.air.field(True)
    assert wires.air.short(REQA) is None
    wires.chip.time.advance(4 * 512)
    assert wires.air.short(REQA) == b"\x04\x00"


def test_a_field_below_the_threshold_is_none():
    wires = Wires()
    wires.air.strength_mv = 120
    wires.send(b"\x2a\x20\x10")  # on at 150 mV, off below 105
    wires.air.field(True)
    assert not wires.status()[1] and not wires.read(0x71, 1)[0] & 0x40
    wires.send(b"\x2a\x10")
    assert wires.status()[1] == 0x10 and wires.read(0x71, 1)[0] & 0x40
    wires.send(b"\x2b\x20")
    assert wires.status()[1] == 0x08


def test_what_needs_the_clock_and_what_no_reader_must_see():
    for wrong in (b"\xdb", b"\xcd", b"\xd3", b"\xc4"):
        wires = Wires(listening=False)
        wires.send(b"\x02\x03")
        wires.send(wrong)
        assert wires.misuse == ["command without oscillator"], wrong
    wires = Wires()
    wires.air.field(True)
    wires.send(b"\xd3")
    assert wires.misuse == ["own carrier while a reader's field is on"]


def test_registers_of_the_other_kind():
    wires = Wires()
    wires.send(b"\xfb\x34\x00")
    assert wires.misuse == ["register B:34 is in the ST25R3916B alone"]
    wires.chip._identity = 0x31
    wires.send(b"\xfb\x34\x00")
    assert len(wires.misuse) == 1
    wires.send(b"\xfc\x04\x10")
    assert wires.misuse[1:] == ["test register 04 is not that of the ST25R3916B"]


def test_the_overheat_protection_has_to_be_told_its_temperature_after_each_reset():
    wires = Wires()
    for frame, told in ((b"", False), (b"\xfc\x05\x10", False), (b"\xfc\x04\x00", False), (b"\xfc\x04\x10", True)):
        wires.send(b"\xc1")
        if frame:
            wires.send(frame)
        wires.send(b"\x02\x80")
        assert (not wires.misuse) == told, (frame, wires.misuse)
        wires.misuse.clear()
    wires.chip._identity = 0x31
    wires.send(b"\xc1")
    wires.send(b"\x02\x80")
    assert wires.misuse == []


def test_a_driver_that_does_not_clear_the_fifo_overflows_it():
    wires = Wires()
    wires.activate()
    for count in (254, 508):
        wires.hear(bytes(252))
        assert len(wires.chip.fifo) == count
    wires.hear(bytes(252))
    assert wires.read(0x5E, 2) == b"\x00\x90", "512 bytes, overflow"
    assert wires.status()[0] & 0x40, "and the water level"
    wires.send(b"\xdb")
    assert wires.read(0x5E, 2) == b"\0\0"


def test_a_frame_during_automatic_anticollision_is_kept_with_a_warning():
    wires = Wires()
    wires.activate()
    wires.send(b"\x08\x5c")
    wires.hear(b"\xe0\x80")
    assert len(wires.chip.fifo) == 4 and wires.chip.warnings == ["frame while anticollision was still automatic"]


def test_other_frames_before_select_send_the_card_back():
    wires = Wires()
    wires.air.field(True)
    wires.air.short(REQA)
    wires.hear(b"\xe0\x80")
    assert wires.chip.state == n.IDLE and not wires.chip.fifo


def test_an_answer_whose_length_is_wrong_is_not_sent():
    for length, bits in ((2, b"\x00\x08"), (0, b"\x00\x00"), (2, b"\x00\x11"), (3, b"\x00\x10")):
        wires = Wires()
        wires.activate()
        wires.send(b"\x22" + bits)
        wires.send(b"\x80" + bytes(length))
        wires.send(b"\xc4")
        assert not wires.chip.answers and wires.chip.fifo_flags & 0x20
        assert "transmit of" in wires.misuse[0], (length, bits)


def test_a_good_answer():
    wires = Wires()
    wires.activate()
    wires.hear(b"\xe0\x80")
    wires.status()
    wires.send(b"\xdb")
    wires.send(b"\x22\x00\x28")
    wires.send(b"\x80\x05\x78\x80\x70\x00")
    wires.send(b"\xc4")
    answer = wires.chip.answers[0]
    assert answer.data == b"\x05\x78\x80\x70\x00" and answer.crc and answer.aligned
    assert not wires.status()[0]
    wires.chip.time.settle()
    assert wires.chip.time.now == answer.ends and wires.status()[0] == 0x08
    assert wires.misuse == [] and wires.chip.warnings == []


def test_stop_between_frame_and_answer_loses_its_timing():
    wires = Wires()
    wires.activate()
    wires.hear(b"\xe0\x80")
    wires.send(b"\xc2")
    wires.send(b"\x22\x00\x08")
    wires.send(b"\x80\x05")
    wires.send(b"\xc4")
    assert not wires.chip.answers[0].aligned


def test_one_operation_while_selected():
    for first in (b"\xdb", b"\xcd\x22\x00"):
        wires = Wires()
        wires.select(0)
        wires.spi.write(first)
        wires.spi.write(b"\x22\x00\x08")
        wires.select(1)
        assert wires.misuse[0] == "select line low for more than one operation"
    for level in (0, 1):
        wires = Wires()
        wires.select(level)
        wires.select(level)
        assert "select line set to the level it had" in wires.misuse


def test_error_interrupts_die_with_a_lone_read_of_the_first_register():
    wires = Wires()
    wires.activate()
    wires.hear(b"\xe0\x80", crc_ok=False)
    assert wires.read(0x40 | 0x1A, 1) == b"\x30"
    assert "error interrupts cleared unread" in wires.misuse[0]
    assert wires.status() == bytes(4), "the wrong CRC is never heard of"
    wires.hear(b"\xe0\x80")
    wires.read(0x40 | 0x1A, 1)
    assert len(wires.misuse) == 1, "nothing was pending"


def test_masked_interrupts_are_kept_and_do_not_call():
    wires = Wires()
    wires.send(b"\x16\xff\xff\xff\xff")
    wires.air.field(True)
    assert wires.pin.level == 0 and wires.chip.irq[1] == 0x10
    wires.send(b"\x17\xef")
    assert wires.pin.level == 1
    assert wires.status()[1] == 0x10 and wires.pin.level == 0


def test_sense_and_sleep_force_the_state():
    wires = Wires()
    for command, state in ((b"\xce", n.HALT), (b"\xcd", n.IDLE)):
        wires.send(command)
        assert wires.read(0x40 | 0x21, 1)[0] == state


def test_what_there_is_not():
    for wrong, said in (
        (b"\xc3", "direct command c3"),
        (b"\xc7", "direct command c7"),
        (b"\x81", "unknown operation 81"),
        (b"\xfb\x85\x00", "unknown operation FB 85"),
        (b"\x1a\x00", "write to read-only register 1a"),
        (b"\xa0\x08", "PT memory load of 1 bytes"),
        (b"\x80" + bytes(513), "FIFO overflow while loading"),
    ):
        wires = Wires()
        wires.send(wrong)
        assert wires.misuse and said in wires.misuse[0], wires.misuse
    wires = Wires()
    wires.read(0x9F, 1)
    wires.read(0x40 | 0x07, 1)
    wires.send(b"\xfb\x47\x00")
    assert wires.misuse == [
        "FIFO read past its end",
        "register 07 read before it was written",
        "register B:07 read before it was written",
    ]


def test_memory_and_registers_read_back():
    wires = Wires()
    assert wires.read(0xBF, 16)[1:] == bytes(wires.chip.pt)
    wires.send(b"\x0b\x08\x2d\x01\x02")
    assert wires.read(0x40 | 0x0B, 4) == b"\x08\x2d\x01\x02"
    wires.select(0)
    wires.spi.write(b"\xfb\x4c")
    into = bytearray(1)
    wires.spi.readinto(into)
    wires.select(1)
    assert into == b"\x93" and wires.misuse == []
    assert wires.read(0x40 | 0x3F, 1) == b"\x2a"


def test_the_bus_wants_one_chip_in_its_mode():
    wires = Wires()
    wires.spi.write(b"\xdb")
    assert wires.misuse == ["bus: 0 chips selected"]
    other = wires.bus.attach(Chip(InterruptPin(), wires.misuse))
    other(0)
    wires.select(0)
    wires.spi.write(b"\xdb")
    assert wires.misuse[1:] == ["bus: 2 chips selected"]
    wires.select(1)
    into = bytearray(2)
    Spi(wires.bus, phase=0).readinto(into, 0x7F)
    Spi(wires.bus, baudrate=12_000_000).write(b"\xdb")
    assert wires.misuse[2:] == ["bus: wrong clock polarity or phase", "bus: clock too fast"]
    assert into == b"\xff\xff"


def test_two_frames_at_once_spoil_each_other():
    wires = Wires()
    wires.activate()
    wires.air.frame(bytes(20))
    wires.hear(b"\xe0\x80")
    assert wires.status() == b"\x30\0\x20\0" and len(wires.chip.fifo) == 22
    wires.send(b"\xdb")
    wires.hear(b"\xe0\x80")
    assert wires.status() == b"\x30\0\0\0"


def test_what_ends_a_frame_on_its_way():
    for command in (b"\xc2", b"\xcd", b"\xce"):
        wires = Wires()
        wires.activate()
        wires.air.frame(bytes(20))
        wires.send(command)
        wires.chip.time.settle()
        assert wires.status() == b"\x20\0\0\0" and not wires.chip.fifo, command


def test_a_hanging_receiver_hears_nothing_until_it_is_unmasked():
    wires = Wires()
    wires.activate()
    wires.hear(bytes(20), ends=False)
    assert wires.status() == b"\x20\0\0\0"
    wires.hear(b"\xe0\x80")
    assert wires.status() == bytes(4)
    wires.send(b"\xdb")
    wires.send(b"\xd1")
    wires.hear(b"\xe0\x80")
    assert wires.status() == b"\x30\0\0\0"


def test_transmit_without_a_field_goes_nowhere():
    wires = Wires()
    wires.send(b"\x22\x00\x08")
    wires.send(b"\x80\x05")
    wires.send(b"\xc4")
    wires.chip.time.settle()
    assert not wires.chip.answers and not wires.status()[0] and wires.chip.warnings == ["transmit without a field"]


def test_an_answer_that_is_cut_short_is_noticed():
    wires = Wires()
    wires.activate()
    wires.send(b"\x22\x00\x20")
    wires.send(b"\x80" + bytes(4))
    wires.send(b"\xc4")
    wires.send(b"\xce")
    assert len(wires.misuse) == 1 and "on its way" in wires.misuse[0], wires.misuse
    wires.chip.time.settle()
    wires.send(b"\xce")
    assert len(wires.misuse) == 1


def test_a_measurement_is_there_when_the_chip_says_so():
    wires = Wires()
    wires.chip.measure_fc = 10_000
    before = wires.chip.a[n.AD_RESULT]
    wires.send(b"\xdf")
    assert wires.chip.a[n.AD_RESULT] == before and not wires.status()[1] & 0x80
    wires.chip.time.advance(10_000)
    assert wires.chip.a[n.AD_RESULT] == n.SUPPLY_STEPS and wires.status()[1] & 0x80


def test_the_interrupt_line_takes_its_time():
    wires = Wires()
    wires.send(b"\x16\xff\xef\xff\xff")  # eon alone
    wires.chip.line_fc = wires.chip.detector_fc = 5_000
    wires.air.field(True)
    wires.chip.time.advance(4_000)
    assert not wires.chip.efd and not wires.pin.level
    wires.chip.time.advance(2_000)
    assert wires.chip.efd and not wires.pin.level
    wires.chip.time.advance(5_000)
    assert wires.pin.level
    wires.status()
    assert not wires.pin.level, "it falls at once"
