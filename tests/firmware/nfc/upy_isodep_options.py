"""The ISO/IEC 14443-4 target with other answers to select: frame sizes, waiting times, card numbers."""

import micropython
from support.world import refused

from tests.firmware.nfc.fake_port import FakePort, QuietPort
from watch.kernel.errors import InputError
from watch.nfc.ats import Ats
from watch.nfc.isodep import IsoDep

SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)


class Mirror:
    """Answers each command with itself backwards, behind `rest` zeros, and 9000."""

    def __init__(self):
        self.log = []
        self.released = 0

    def select(self):
        """Nothing."""

    def deselect(self):
        """Count it."""
        self.released += 1

    def apdu(self, request, length, reply):
        """Backwards."""
        self.log.append(bytes(request[:length]))
        for i in range(length):
            reply[i] = request[length - 1 - i]
        reply[length] = 0x90
        reply[length + 1] = 0
        return length + 2


class Bench:
    """A target behind a port, driven as a session does."""

    def __init__(self, ats, rats=b"\xe0\x80", slow=None):
        self.port = FakePort()
        self.card = Mirror()
        self.target = IsoDep(self.port, self.card, slow, ats)
        self.answer_to_select = self.give(rats)

    def give(self, frame):
        """One frame; the answer, or None for silence."""
        self.port.script.append(frame)
        before = len(self.port.sent)
        length = self.target.receive(self.target.frame, 0)
        if length < 0:
            self.target.lost()
            return None
        self.target.handle(length)
        sent = self.port.sent[before:]
        assert len(sent) <= 1, "more than one frame in answer to one"
        return sent[0] if sent else None

    def command(self, data, fsc, fsd, block):
        """Chain a command and collect the answer, as a reader does; returns (answer, next block number)."""
        pieces = [data[at : at + fsc - 3] for at in range(0, len(data), fsc - 3)]
        for piece in pieces[:-1]:
            assert self.give(bytes((0x12 | block,)) + piece) == bytes((0xA2 | block,))
            block ^= 1
        frame = self.give(bytes((0x02 | block,)) + pieces[-1])
        whole = b""
        while True:
            assert frame[0] & 0xEF == 0x02 | block and len(frame) + 2 <= fsd
            whole += frame[1:]
            block ^= 1
            if not frame[0] & 0x10:
                return whole, block
            assert len(frame) + 2 == fsd, "a chained block is full"
            frame = self.give(bytes((0xA2 | block,)))


def test_the_watch_s_own_answer():
    assert Ats().raw == b"\x05\x78\x80\x70\x00"
    assert Bench(None).answer_to_select == b"\x05\x78\x80\x70\x00"
    assert Ats(2, 4, 3, True).raw == b"\x05\x72\x80\x43\x02"


def test_impossible_answers():
    for wrong in ((9,), (-1,), (8, 15), (8, -1), (8, 7, 15), (8, 7, -1)):
        refused(InputError, Ats, *wrong)


def test_chaining_at_every_pair_of_frame_sizes():
    frames = 0
    for fsci in range(9):
        for fsdi in range(9):
            bench = Bench(Ats(fsci), bytes((0xE0, fsdi << 4)))
            block = 0
            for size in (1, SIZES[fsci] - 3, SIZES[fsci] - 2, SIZES[fsdi] - 5, SIZES[fsdi] - 4, 255, 256):
                data = bytes([i * 7 & 0xFF for i in range(size)])
                answer, block = bench.command(data, SIZES[fsci], SIZES[fsdi], block)
                assert bench.card.log.pop() == data
                assert answer == bytes(reversed(data)) + b"\x90\x00"
            frames += len(bench.port.sent)
    print("NOTE chaining, 81 pairs of frame sizes:", frames, "frames sent")


def test_longer_frames_than_announced_are_ignored():
    for fsci in range(9):
        bench = Bench(Ats(fsci))
        longest = SIZES[fsci] - 2
        assert bench.give(b"\x02" + bytes(min(longest, 254))) is None
        assert bench.card.log == []
        assert bench.give(b"\x02" + bytes(longest - 1)) is not None
        assert len(bench.card.log[0]) == longest - 1


def numbered(cid, rats_fsdi=8, slow=None):
    """A card that was given a number."""
    bench = Bench(Ats(cid=True), bytes((0xE0, rats_fsdi << 4 | cid)), slow)
    assert bench.answer_to_select == b"\x05\x78\x80\x70\x02"
    return bench


def test_a_numbered_card_answers_to_its_number_alone():
    for cid in range(1, 15):
        bench = numbered(cid)
        for frame in (
            b"\x02\x00",  # without a number: for card 0
            b"\xb2",
            b"\xc2",
            bytes((0x0A, cid ^ 1, 0)),
            bytes((0x0A, 0x40 | cid, 0)),  # only cards tell a power level
            bytes((0x0A, 0x10 | cid, 0)),
            b"\x0a",
            b"\xca",
            bytes((0xCA, cid ^ 2)),
            bytes((0xBA, cid ^ 4)),
        ):
            assert bench.give(frame) is None, frame
        assert bench.card.log == []
        assert bench.give(bytes((0x0A, cid, 1, 2))) == bytes((0x0A, cid, 2, 1, 0x90, 0))
        assert bench.give(bytes((0x0B, cid, 3))) == bytes((0x0B, cid, 3, 0x90, 0))


def test_card_zero_answers_with_and_without_a_number():
    bench = numbered(0)
    assert bench.give(b"\x02\x05") == b"\x02\x05\x90\x00"
    assert bench.give(b"\x0b\x00\x06") == b"\x0b\x00\x06\x90\x00"
    assert bench.give(b"\xbb\x00") == b"\x0b\x00\x06\x90\x00"
    assert bench.give(b"\x02\x07") == b"\x02\x07\x90\x00"
    assert bench.give(b"\x0b\x01\x06") is None
    assert bench.give(b"\xca\x00") == b"\xca\x00"


def test_number_in_every_kind_of_block():
    bench = numbered(5, 0, slow=lambda request, length: 3 if request[0] == 9 else 0)
    assert bench.give(b"\x1a\x05\x01") == b"\xaa\x05"
    assert bench.give(b"\xba\x05") == b"\xaa\x05"
    assert bench.give(b"\x0b\x05\x02") == b"\x0b\x05\x02\x01\x90\x00"
    assert bench.give(b"\xbb\x05") == b"\x0b\x05\x02\x01\x90\x00"
    assert bench.give(b"\x0a\x05\x09") == b"\xfa\x05\x03"
    assert bench.give(b"\xfa\x06\x03") is None
    assert bench.give(b"\xf2\x03") is None
    assert bench.give(b"\xba\x05") == b"\xfa\x05\x03"
    assert bench.give(b"\xfa\x05\x03") == b"\x0a\x05\x09\x90\x00"
    assert bench.give(b"\xca\x05") == b"\xca\x05"
    assert bench.port.halted == 1 and bench.card.released == 1


def test_blocks_with_a_number_fit_the_reader():
    bench = numbered(3, 0)
    frame = bench.give(b"\x0a\x03" + bytes(range(30)))
    whole = b""
    while True:
        assert len(frame) + 2 <= 16
        whole += frame[2:]
        if not frame[0] & 0x10:
            break
        frame = bench.give(bytes((0xAA | (frame[0] & 1 ^ 1), 3)))
    assert whole == bytes(range(29, -1, -1)) + b"\x90\x00"
    longest = b"\x0b\x03" + bytes(252)
    assert bench.give(longest) is not None and len(bench.card.log[-1]) == 252


def test_pps_with_a_number():
    bench = numbered(8)  # PPS to card 8 is D8, whose bit 4 must not be taken for a block's
    assert bench.give(b"\xd8\x11\x00") == b"\xd8"
    assert bench.give(b"\x0a\x08\x01") == b"\x0a\x08\x01\x90\x00"
    bench = numbered(8)
    assert bench.give(b"\xd1\x11\x00") is None


def test_the_number_ends_with_the_activation():
    for end in (b"\xca\x06", -1):
        bench = numbered(6)
        assert bench.give(b"\x0a\x06\x01") == b"\x0a\x06\x01\x90\x00"
        bench.give(end)
        assert bench.give(b"\xe0\x82") == b"\x05\x78\x80\x70\x02"
        assert bench.give(b"\x0a\x06\x01") is None
        assert bench.give(b"\x0a\x02\x01") == b"\x0a\x02\x01\x90\x00"
    bench = Bench(Ats(cid=True), b"\xe0\x8f")  # 15 is reserved
    assert bench.answer_to_select is None
    assert bench.give(b"\xe0\x81") == b"\x05\x78\x80\x70\x02"
    assert bench.give(b"\xe0\x82") is None, "a second RATS gives no other number"
    assert bench.give(b"\x0a\x01\x07") == b"\x0a\x01\x07\x90\x00"


class Still:
    """Answers without allocating."""

    def select(self):
        """Nothing."""

    def deselect(self):
        """Nothing."""

    def apdu(self, request, length, reply):
        """100 bytes."""
        return 100


def test_numbers_allocate_nothing():
    texts = "e003 0a0301 ba03 ab03 aa03 1b0302 0a0303 0a0400 0200 ca03 5000"
    port = QuietPort([bytes.fromhex(text) for text in texts.split()])
    target = IsoDep(port, Still(), None, Ats(cid=True))
    port.halt = target.lost
    micropython.heap_lock()
    try:
        length = 0
        while length >= 0:
            length = target.receive(target.frame, 0)
            target.handle(length)
    finally:
        micropython.heap_unlock()
    assert port.sent_bytes > 60
