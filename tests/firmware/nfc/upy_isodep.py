"""The ISO/IEC 14443-4 target, frame by frame."""

import micropython

from tests.firmware.nfc.fake_port import FakePort, QuietPort
from watch.nfc.isodep import IsoDep

RATS = b"\xe0\x80"
ATS = b"\x05\x78\x80\x70\x00"
SELECTED = b"selected"
RELEASED = b"released"


class EchoCard:
    """Answers each command with itself and 9000, or with `answer`."""

    def __init__(self):
        self.log = []
        self.answer = None

    def select(self):
        self.log.append(SELECTED)

    def deselect(self):
        self.log.append(RELEASED)

    def apdu(self, request, length, reply):
        data = bytes(request[:length])
        self.log.append(data)
        data = (self.answer or data) + b"\x90\x00"
        data = data[-258:]
        reply[: len(data)] = data
        return len(data)


class Bench:
    """A target whose reader is the test."""

    def __init__(self, slow=None, rats=RATS):
        self.card = EchoCard()
        self.port = FakePort()
        self.target = IsoDep(self.port, self.card, slow)
        if rats:
            assert self.give(rats) == ATS

    def give(self, frame):
        """One frame; the answer, or None for silence."""
        self.target.frame[: len(frame)] = frame
        before = len(self.port.sent)
        self.target.handle(len(frame))
        sent = self.port.sent[before:]
        assert len(sent) <= 1, "more than one frame in answer to one"
        return sent[0] if sent else None


def test_ats_and_first_blocks():
    bench = Bench()
    assert bench.card.log == [SELECTED]
    assert bench.give(b"\x02\x00\xa4") == b"\x02\x00\xa4\x90\x00"
    assert bench.give(b"\x03\x01") == b"\x03\x01\x90\x00"
    assert bench.give(b"\x02\x02") == b"\x02\x02\x90\x00"


def test_rats_is_answered_once_and_only_when_well_formed():
    for bad in (b"\xe0", b"\xe0\x80\x00", b"\xe0\x8f", b"\xe1\x80", b"\x02\x00\xa4", b"\xc2"):
        bench = Bench(rats=None)
        assert bench.give(bad) is None, bad
        assert bench.card.log == [], bad
        assert bench.give(RATS) == ATS
    bench = Bench()
    assert bench.give(RATS) is None
    assert bench.give(b"\x02\x55") == b"\x02\x55\x90\x00"
    assert bench.give(RATS) is None


def test_hlta_before_rats_halts():
    bench = Bench(rats=None)
    assert bench.give(b"\x50\x00") is None
    assert bench.port.halted == 1
    assert bench.give(b"\x50\x01") is None
    assert bench.port.halted == 1


def test_pps_only_as_the_first_block():
    for pps, answer in (
        (b"\xd0\x01", b"\xd0"),
        (b"\xd0\x11\x00", b"\xd0"),
        (b"\xd0\x11\x01", None),  # another rate
        (b"\xd0\x11", None),
        (b"\xd1\x01", None),  # another card's number
        (b"\xd0", None),
        (b"\xd0\x01\x00", None),
    ):
        bench = Bench()
        assert bench.give(pps) == answer, pps
        assert bench.give(b"\x02\x01") == b"\x02\x01\x90\x00"
        assert bench.give(b"\xd0\x01") is None


def test_cid_is_not_supported():
    bench = Bench(rats=b"\xe0\x83")  # a number was assigned, but the ATS says that none is used
    for frame in (b"\x0a\x03\x00\xa4", b"\xba\x03", b"\xca\x03", b"\xfa\x03\x01", b"\x0a\x00\x00", b"\x06\x00\x00"):
        assert bench.give(frame) is None, frame
    assert bench.card.log == [SELECTED]
    assert bench.give(b"\x02\x77") == b"\x02\x77\x90\x00"


def test_nak_repeats_the_last_block_exactly():
    bench = Bench()
    first = bench.give(b"\x02\xaa\xbb")
    for _ in range(3):
        assert bench.give(b"\xb2") == first
    assert bench.card.log == [SELECTED, b"\xaa\xbb"], "the card must not see a repeated block twice"
    assert bench.give(b"\xb3") == b"\xa2"  # the reader's next block was lost: acknowledge, number unchanged
    second = bench.give(b"\x03\xcc")
    assert second == b"\x03\xcc\x90\x00"
    assert bench.give(b"\xa3") == second  # rule 11 holds for R(ACK) as well


def test_presence_check_before_any_block():
    bench = Bench()
    assert bench.give(b"\xb2") == b"\xa3"
    assert bench.give(b"\xb3") == b"\xa3"  # rule 11: the last block was that R(ACK)
    bench = Bench()
    assert bench.give(b"\xb3") is None
    assert bench.give(b"\x02\x01") == b"\x02\x01\x90\x00"


def test_the_card_counts_blocks_whatever_the_reader_s_number_is():
    bench = Bench()
    assert bench.give(b"\x03\x01") == b"\x02\x01\x90\x00"
    assert bench.give(b"\x03\x02") == b"\x03\x02\x90\x00"
    assert bench.give(b"\x13\x03") == b"\xa2"
    assert bench.give(b"\x03\x04") == b"\x03\x03\x04\x90\x00"


def test_response_blocks_have_no_data():
    bench = Bench()
    bench.give(b"\x02\x01")
    for frame in (b"\xb2\x00", b"\xa2\x00", b"\xb3\x00", b"\xa3" + bytes(20)):
        assert bench.give(frame) is None, frame
    assert bench.give(b"\xb2") == b"\x02\x01\x90\x00"


def test_chained_command():
    bench = Bench()
    assert bench.give(b"\x12\x01\x02") == b"\xa2"
    assert bench.give(b"\x13\x03") == b"\xa3"
    assert bench.give(b"\x02\x04") == b"\x02\x01\x02\x03\x04\x90\x00"
    assert bench.card.log == [SELECTED, b"\x01\x02\x03\x04"]


def test_lost_acknowledge_is_repeated():
    bench = Bench()
    assert bench.give(b"\x12\x01") == b"\xa2"
    assert bench.give(b"\xb2") == b"\xa2"  # our R(ACK) was lost
    assert bench.give(b"\xb3") == b"\xa2"  # the next block was lost
    assert bench.give(b"\x03\x02") == b"\x03\x01\x02\x90\x00"


def test_chained_command_too_long_is_cut_at_a_length_that_is_refused():
    bench = Bench()
    block = 0
    for _ in range(40):
        assert bench.give(bytes((0x12 | block,)) + bytes(20)) == bytes((0xA2 | block,))
        block ^= 1
    answer = bench.give(bytes((0x02 | block, 0)))
    assert answer[0] == 0x12 | block
    assert len(bench.card.log[-1]) == 262
    block ^= 1
    assert bench.give(bytes((0xA2 | block,)))[0] == 0x02 | block  # the rest of what the echo card said
    block ^= 1
    assert bench.give(bytes((0x02 | block, 7))) == bytes((0x02 | block, 7)) + b"\x90\x00"


def read_chain(bench, answer, block):
    """Collect a chained answer; returns (all INF bytes, sizes, next block number)."""
    whole = answer[1:]
    sizes = [len(answer)]
    while answer[0] & 0x10:
        assert answer[0] & 1 == block
        block ^= 1
        answer = bench.give(bytes((0xA2 | block,)))
        whole += answer[1:]
        sizes.append(len(answer))
    return whole, sizes, block ^ 1


def test_chained_answer_for_every_frame_size():
    for fsdi, frame_size in enumerate((16, 24, 32, 40, 48, 64, 96, 128, 256, 256, 256, 256, 256, 256)):
        bench = Bench(rats=bytes((0xE0, fsdi << 4)))
        bench.card.answer = bytes(range(256))
        answer = bench.give(b"\x02\x00")
        whole, sizes, block = read_chain(bench, answer, 0)
        assert whole == bytes(range(256)) + b"\x90\x00", fsdi
        assert max(sizes) == frame_size - 2, (fsdi, sizes)
        assert bench.give(bytes((0x02 | block, 5)))[0] & 0xEE == 0x02


def test_part_of_a_chained_answer_is_repeated():
    bench = Bench(rats=b"\xe0\x00")
    bench.card.answer = bytes(range(30))
    first = bench.give(b"\x02\x00")
    assert bench.give(b"\xb2") == first
    second = bench.give(b"\xa3")
    assert second[:2] == b"\x13\x0d"
    assert bench.give(b"\xb3") == second
    assert bench.give(b"\xa3") == second
    third = bench.give(b"\xa2")
    assert first[1:] + second[1:] + third[1:] == bytes(range(30)) + b"\x90\x00"
    assert bench.give(b"\xa3") is None  # nothing is left
    assert len(bench.card.log) == 2


def test_a_new_command_drops_the_rest_of_an_answer():
    bench = Bench(rats=b"\xe0\x00")
    bench.card.answer = bytes(30)
    bench.give(b"\x02\x00")
    bench.card.answer = None
    assert bench.give(b"\x03\x09") == b"\x03\x09\x90\x00"
    assert bench.give(b"\xa2") is None
    bench.card.answer = bytes(30)
    bench.give(b"\x02\x00")
    assert bench.give(b"\x13\x07") == b"\xa3"
    assert bench.give(b"\xa2") is None, "the rest is gone with the first block of a new command"


def test_waiting_time_extension():
    bench = Bench(slow=lambda request, length: 9 if request[0] == 0xAE else 0)
    assert bench.give(b"\x02\x01") == b"\x02\x01\x90\x00"
    assert bench.give(b"\x03\xae\x55") == b"\xf2\x09"
    assert bench.give(b"\xb3") == b"\xf2\x09"  # lost: asked again
    assert bench.give(b"\xb2") == b"\xf2\x09"
    for bad in (b"\x02\x01", b"\xa2", b"\xf2", b"\xf2\x08", b"\xf2\x49", b"\xf2\x09\x00", b"\xfa\x00\x09"):
        assert bench.give(bad) is None, bad
    assert bench.card.log == [SELECTED, b"\x01"], "no answer before the reader has granted the time"
    assert bench.give(b"\xf2\x09") == b"\x03\xae\x55\x90\x00"
    assert bench.give(b"\xf2\x09") is None
    assert bench.give(b"\xb3") == b"\x03\xae\x55\x90\x00"


def test_waiting_time_extension_after_a_chained_command():
    bench = Bench(slow=lambda request, length: 59)
    assert bench.give(b"\x12\x01") == b"\xa2"
    assert bench.give(b"\x03\x02") == b"\xf2\x3b"
    assert bench.give(b"\xf2\x3b") == b"\x03\x01\x02\x90\x00"


def test_deselect_halts_and_a_new_activation_starts_over():
    bench = Bench()
    bench.give(b"\x02\x01")
    assert bench.give(b"\xc2\x00") is None
    assert bench.give(b"\xc2") == b"\xc2"
    assert bench.port.halted == 1
    assert bench.card.log == [SELECTED, b"\x01", RELEASED]
    assert bench.give(b"\x02\x01") is None
    assert bench.give(RATS) == ATS
    assert bench.give(b"\x02\x02") == b"\x02\x02\x90\x00"


def test_longest_frames():
    bench = Bench()
    command = b"\x02" + bytes(253)
    assert bench.give(command)[0] == 0x12
    assert len(bench.card.log[-1]) == 253
    bench = Bench()
    assert bench.give(b"\x02" + bytes(254)) is None, "longer than FSC"


def test_empty_block_is_answered_without_the_card():
    bench = Bench()
    assert bench.give(b"\x02") == b"\x02"
    assert bench.card.log == [SELECTED]


def test_field_loss_after_every_frame_releases_the_card_once():
    script = (RATS, b"\x12\x01", b"\x03\x02", b"\xb3", b"\xa2", b"\x02\x03", b"\xc2")
    for cut in range(len(script) + 1):
        bench = Bench(rats=None)
        for frame in script[:cut]:
            bench.give(frame)
        bench.target.lost()
        bench.target.lost()
        assert bench.card.log.count(SELECTED) == bench.card.log.count(RELEASED) == min(cut, 1), cut
        assert bench.give(RATS) == ATS
        assert bench.give(b"\x02\x03") == b"\x02\x03\x90\x00"


def test_reserved_and_foreign_blocks_are_met_with_silence():
    bench = Bench()
    known = (0x02, 0x03, 0x12, 0x13, 0xA2, 0xA3, 0xB2, 0xB3, 0xC2, 0xF2)
    for pcb in range(256):
        if pcb not in known:
            assert bench.give(bytes((pcb, 0x01))) is None, hex(pcb)
    assert bench.card.log == [SELECTED]


class FixedCard:
    """Answers without allocating."""

    def select(self):
        """Nothing."""

    def deselect(self):
        """Nothing."""

    def apdu(self, request, length, reply):
        """200 bytes."""
        reply[0] = request[0]
        return 200


def test_frame_path_allocates_nothing():
    target = IsoDep(QuietPort(()), FixedCard(), lambda request, length: 3 if request[0] == 9 else 0)
    texts = "e020 0201 b2 a3 a2 120102 b2 0303 0209 b2 f203 ff c2 5000 e080 d01100"
    frames = [bytes.fromhex(text) for text in texts.split()] + [b"\x02" + bytes(253)]
    drive_without_heap(target, frames)


def drive_without_heap(target, frames):
    """Give all frames with allocation forbidden."""
    micropython.heap_lock()
    try:
        for frame in frames:
            i = 0
            while i < len(frame):
                target.frame[i] = frame[i]
                i += 1
            target.handle(i)
        target.lost()
    finally:
        micropython.heap_unlock()


class WastefulCard(FixedCard):
    """Allocates in the frame path."""

    def apdu(self, request, length, reply):
        """One list."""
        return len([length] * 9)


def test_the_allocation_guard_can_fail():
    try:
        drive_without_heap(IsoDep(QuietPort(()), WastefulCard()), (b"\xe0\x80", b"\x02\x01"))
    except MemoryError:
        return
    raise AssertionError("an allocation went unnoticed")
