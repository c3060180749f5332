"""The NDEF tag under nonsense, and the block protocol with every answer to select, card numbers and extensions."""

import random

from tests.firmware.nfc.fake_port import FakePort
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, noise
from watch.kernel.errors import InputError
from watch.nfc import ndef_records
from watch.nfc.ats import FRAME_SIZES, Ats
from watch.nfc.isodep import IsoDep
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router

SHARE = "fuzz"
MESSAGE = b"\xd1\x01\x0cU\x04example.org"
SELECT = b"\x00\xa4\x04\x00\x07\xd2\x76\x00\x00\x85\x01\x01\x00"
FILES = (b"\x00\xa4\x00\x0c\x02\xe1\x03", b"\x00\xa4\x00\x0c\x02\xe1\x04")
READS = (b"\x00\xb0\x00\x00\x0f", b"\x00\xb0\x00\x00\x00", b"\x00\xb0\x02\x01\xff", b"\x00\xb0\x7f\xff\x02")
WRITE = (b"\x00\xd6\x00\x00\x02\x00\x05",)
KNOWN = (0x9000, 0x6700, 0x6982, 0x6985, 0x6986, 0x6A82, 0x6A86, 0x6B00, 0x6D00, 0x6E00)
FILE_BYTES = 514
CAPABILITIES = bytes.fromhex("000f2000ff00ff0406e104020200ff")


class Tag:
    """A tag behind a router, and the truth about what it may say."""

    def __init__(self):
        self.router = Router((NdefTag(lambda: MESSAGE),))
        self.request, self.reply = bytearray(300), bytearray(258)
        content = len(MESSAGE).to_bytes(2, "big") + MESSAGE
        self.file = content + bytes(FILE_BYTES - len(content))

    def ask(self, command):
        """Answer; whatever data come are a piece of one of the two files."""
        self.request[: len(command)] = command
        size = self.router.apdu(self.request, len(command), self.reply)
        data, status = bytes(self.reply[: size - 2]), self.reply[size - 2] << 8 | self.reply[size - 1]
        assert status in KNOWN, (bytes(command), hex(status))
        assert len(self.request) == 300 and len(self.reply) == 258
        if data:
            offset = command[2] << 8 | command[3]
            assert data in (self.file[offset : offset + len(data)], CAPABILITIES[offset : offset + len(data)])


def test_tag_commands():
    random.seed(20261122)
    tag = Tag()
    corpus = (SELECT,) + FILES + READS + WRITE

    def make():
        command = random.choice(corpus)
        return command if random.getrandbits(1) else mutated(command)[:261]

    assert Campaign("NDEF tag commands", tag.ask, ()).run(make, 4_000) == 1
    tag.ask(SELECT)
    tag.ask(FILES[1])
    tag.ask(READS[0])
    assert tag.reply[:2] == len(MESSAGE).to_bytes(2, "big"), "it still works"


def test_own_record():
    random.seed(20261123)
    good = (MESSAGE, ndef_records.text("hi"), ndef_records.pairing(bytes(6), "name"), b"\xd0\x00\x00")

    def make():
        return mutated(random.choice(good)) if random.randrange(5) else noise(random.randrange(520))

    share = Campaign("own NDEF records", ndef_records.check, InputError).run(make, 2_500)
    assert 0.01 < share < 0.9


class Echo:
    """A card that answers every command with itself, and some of them late."""

    def select(self):
        """Nothing."""

    def deselect(self):
        """Nothing."""

    def apdu(self, request, length, reply):
        """At most what fits."""
        size = min(length, 256)
        reply[:size] = request[:size]
        reply[size : size + 2] = b"\x90\x00"
        return size + 2


class Target:
    """One block protocol target with any options, through its own port as a session uses it."""

    def __init__(self):
        self.fsci = random.randrange(len(FRAME_SIZES))
        self.cid = bool(random.getrandbits(1))
        self.port = FakePort()
        ats = Ats(self.fsci, random.randrange(15), random.randrange(15), self.cid)
        self.target = IsoDep(self.port, Echo(), self.slow, ats)
        self.most = 0
        self.begin()

    def slow(self, request, length):
        """Some commands need more time."""
        return 3 if length and request[0] & 7 == 5 else 0

    def begin(self):
        """The field goes and comes; the reader takes frames of some size."""
        self.give(-1)
        code = random.randrange(len(FRAME_SIZES))
        self.most = FRAME_SIZES[code] - 2
        answer = self.give(bytes((0xE0, code << 4 | random.randrange(15))))
        assert answer is not None and answer[0] == len(answer) == 5, "no answer to select after a new field"

    def give(self, frame):
        """One step of the session: what was sent, None for silence."""
        self.port.script.append(frame)
        length = self.target.receive(self.target.frame, 0)
        if length < 0:
            self.target.lost()
        else:
            self.target.handle(length)
        assert len(self.port.sent) <= 1, "more than one frame in answer to one"
        return self.port.sent.pop() if self.port.sent else None

    def ask(self, frame):
        """Any frame: silence, or one that this reader may be sent."""
        answer = self.give(frame)
        if frame[:1] == b"\xe0" and answer == self.target._ats:
            self.most = FRAME_SIZES[min(frame[1] >> 4, len(FRAME_SIZES) - 1)] - 2  # after DESELECT
        if answer is not None:
            assert 0 < len(answer) <= max(self.most, 2), (frame, answer)


def test_frames_with_every_option():
    random.seed(20261124)
    blocks = (b"\x02", b"\x03", b"\x0a\x01", b"\x12", b"\x13", b"\x1a\x01", b"\xa2", b"\xb3", b"\xaa\x01", b"\xba\x01")
    blocks += (b"\xc2", b"\xca\x01", b"\xf2\x03", b"\xfa\x01\x03", b"\xd0\x01", b"\xe0\x80", b"\x50\x00")
    current = [Target()]

    def take(frame):
        current[0].ask(frame)

    def make():
        kind = random.randrange(40)
        if kind == 0:
            current[0] = Target()
        elif kind < 3:
            current[0].begin()
        frame = random.choice(blocks) + noise(random.choice((0, 0, 1, 5, 12, 13, 14, 100, 250)))
        return (mutated(frame) if random.randrange(4) == 0 else frame)[:256]

    assert Campaign("ISO-DEP frames, all options", take, (), heap_bytes=4_096).run(make, 10_000) == 1


def test_the_size_guard_can_fail():
    random.seed(20261125)
    noticed = 0
    for _ in range(20):
        target = Target()
        target.most = 1
        try:
            target.ask(b"\x02" + bytes(10))
        except AssertionError:
            noticed += 1
    assert noticed > 5, "answers that are too long go unnoticed"
