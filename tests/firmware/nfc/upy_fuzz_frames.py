"""Damaged and invented frames: at most one answer each, of legal form and size; no memory lost; always recoverable."""

import gc
import os
import random

from tests.firmware.nfc.fake_port import FakePort
from tests.fuzz.campaign import count
from watch.nfc.isodep import IsoDep
from watch.nfc.router import Router

SHARE = "fuzz"
COUNT = count(100_000)
RATS = b"\xe0\x80"
ATS = b"\x05\x78\x80\x70\x00"
PCBS = (0x02, 0x03, 0x12, 0x13, 0xA2, 0xA3, 0xB2, 0xB3, 0xC2, 0xF2, 0xE0, 0xD0, 0x50, 0x0A)


class LongAnswers:
    """An application whose answers need chaining now and then."""

    aid = b"\xa0\x00\x00\x00\x01"

    def select(self, reply):
        """Five bytes."""
        return 5

    def deselect(self):
        """Nothing."""

    def apdu(self, request, length, reply):
        """As many bytes as P1 says."""
        return request[2]


def invent():
    """A frame that is often nearly right."""
    kind = random.randrange(8)
    if kind == 0:
        return os.urandom(random.randrange(256))
    if kind == 1:
        return RATS if random.randrange(2) else bytes((0xE0, random.getrandbits(8)))
    pcb = bytes((random.choice(PCBS),))
    if kind < 5:
        return pcb
    body = b"\x00\xa4\x04\x00\x05" + LongAnswers.aid if kind == 5 else bytes((0, 1, random.getrandbits(8), 0))
    return pcb + body + bytes(random.randrange(3) * random.randrange(80))


def legal(frame, most):
    """True if a card may send this frame."""
    if frame == ATS:
        return True
    pcb = frame[0]
    if pcb & 0xEE == 0x02:
        return len(frame) <= most
    if pcb & 0xFE == 0xA2 or pcb == 0xC2 or pcb & 0xF0 == 0xD0:
        return len(frame) == 1
    return pcb == 0xF2 and len(frame) == 2


def slow(request, length):
    """Some commands need more time."""
    return 5 if request[1] == 1 and request[2] & 1 else 0


def run(count):
    """Frames at random; returns how many were answered."""
    port = FakePort()
    target = IsoDep(port, Router((LongAnswers(),)), slow)
    answered = 0
    for number in range(count):
        frame = invent()[:256]
        target.frame[: len(frame)] = frame
        target.handle(len(frame))
        assert len(port.sent) <= 1, frame
        assert len(target.frame) == 256
        if port.sent:
            answered += 1
            assert legal(port.sent.pop(), 254), frame
        if number % 300 == 0:
            recover(target, port)
    return answered


def recover(target, port):
    """Whatever came before: after the field was off, everything works."""
    target.lost()
    for frame, answer in ((RATS, ATS), (b"\x02\x00\x02\x00\x00", b"\x02\x6d\x00")):
        target.frame[: len(frame)] = frame
        target.handle(len(frame))
        assert port.sent == [answer], port.sent
        port.sent.clear()


def test_frames():
    random.seed(20261122)
    run(500)
    gc.collect()
    before = gc.mem_alloc()
    answered = run(COUNT)
    gc.collect()
    grown = gc.mem_alloc() - before
    print("NOTE fuzzed frames:", COUNT, "answered:", answered, "heap growth:", grown)
    assert answered > COUNT // 20, "the fuzzer hardly got anywhere"
    assert grown < 1024  # what the last frame holds


def test_the_form_guard_can_fail():
    for frame in (b"\xff", b"\xa2\x00", b"\x02" + bytes(254), b"\xf2", b"\xb2"):
        assert not legal(frame, 254), frame
