"""The link to the virtual PC/SC reader, and the simulated antenna, under messages and datagrams of any form."""

import random

from board.simulator import antenna
from board.simulator.vpcd import VpcdLink
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, noise
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router

UID = b"\x08\x11\x22\x33"
COMMANDS = (b"\x00", b"\x01", b"\x02", b"\x04", b"\xff\xca\x00\x00\x00")
COMMANDS += (b"\x00\xa4\x04\x00\x07\xd2\x76\x00\x00\x85\x01\x01\x00",)
DATAGRAMS = (b"106A 26", b"106A 9320", b"106A 93700811223308", b"106A e080", b"106A 0200a4040000")
DATAGRAMS += (b"RFOFF", b"212F 00ff")


class Card:
    """A tag with what the link wants besides."""

    def __init__(self):
        self._router = Router((NdefTag(lambda: b"\xd0\x00\x00"),))
        self.select, self.deselect, self.apdu = self._router.select, self._router.deselect, self._router.apdu
        self.looks = 0

    def served(self):
        self.looks += 1

    def silent(self):
        return False


def test_messages_of_a_virtual_reader():
    random.seed(1)
    link = VpcdLink("127.0.0.1", 1, Card(), UID)

    def take(message):
        size = min(len(message), len(link._request))
        link._request[:size] = message[:size]
        answer = link._handle(size)
        assert isinstance(answer, bytes) and len(answer) <= 258

    def make():
        return mutated(random.choice(COMMANDS)) if random.randrange(3) else noise(random.randrange(300))

    assert Campaign("vpcd messages", take, ()).run(make, 2_500) == 1


def test_datagrams_of_an_antenna():
    """A datagram is a frame of bytes, or nothing."""
    random.seed(2)

    def take(datagram):
        frame = antenna._frame(datagram)
        assert isinstance(frame, bytes) and len(frame) <= len(datagram) // 2

    assert Campaign("antenna datagrams", take, ()).run(lambda: mutated(random.choice(DATAGRAMS)), 2_500) == 1
