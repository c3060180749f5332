"""Messages about Bluetooth from the host, damaged: the watch's half of the simulated radio does or refuses them."""

import random
import struct

from board.simulator.radio import wire
from board.simulator.radio.radio import MAX_LINKS
from tests.firmware.board.upy_radio import SERVICES, a_radio, message
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated

SHARE = "fuzz"
GOOD = (
    message(wire.CONNECTED, ">HB", 0, 1) + b"\xc1\x02\x03\x04\x05\x06",
    message(wire.DISCONNECTED, ">HB", 0, 1) + b"\xc1\x02\x03\x04\x05\x06",
    message(wire.READ, ">HHH", 7, 0, 18),
    message(wire.WRITTEN, ">HHH", 7, 0, 21) + b"hello",
    message(wire.CONFIRMED, ">HHB", 0, 18, 0),
    message(wire.SENT, ">H", 0),
    message(wire.MTU_CHANGED, ">HH", 0, 256),
    message(wire.ENCRYPTION, ">HBBBB", 0, 1, 1, 1, 16),
    message(wire.PASSKEY, ">HBI", 0, 4, 123456),
    message(wire.SECRET_WANTED, ">HBB", 7, 1, 0) + b"\0\1\2\3\4\5\6",
    message(wire.SECRET_NEW, ">HBB", 7, 1, 7) + b"\0\1\2\3\4\5\6" + bytes(80),
    message(wire.SERVICE, ">HHH", 0, 1, 9) + b"\x05\x18",
    message(wire.SERVICES_DONE, ">HB", 0, 0),
    message(wire.CHARACTERISTIC, ">HHHB", 0, 9, 3, 2) + b"\x2b\x2a",
    message(wire.CHARACTERISTICS_DONE, ">HB", 0, 0),
    message(wire.DESCRIPTOR, ">HH", 0, 4) + b"\x02\x29",
    message(wire.DESCRIPTORS_DONE, ">HB", 0, 0),
    message(wire.READ_RESULT, ">HH", 0, 3) + b"value",
    message(wire.READ_DONE, ">HHB", 0, 3, 0),
    message(wire.WRITE_DONE, ">HHB", 0, 3, 0),
    message(wire.NOTIFIED, ">HH", 0, 3) + b"value",
    message(wire.INDICATED, ">HH", 0, 3) + b"value",
)


def test_every_message_of_the_host_is_here():
    numbers = [value for value in vars_of(wire) if value & 0x80]
    assert {one[0] for one in GOOD} == set(numbers), "a kind of message is missing"


def vars_of(module):
    """Constants of a module."""
    return [getattr(module, name) for name in dir(module) if name.upper() == name and not name.startswith("_")]


def test_messages_about_bluetooth():
    """In any order; a handler sees only tuples, and every question is answered or the message refused."""
    random.seed(20261122)
    radio, host, events = a_radio()
    radio.values.register(SERVICES)
    radio.handler = lambda event, data: isinstance(event, int) and isinstance(data, tuple) and None

    def take(data):
        if data and data[0] in (wire.READ, wire.WRITTEN, wire.SECRET_WANTED, wire.SECRET_NEW):
            before = len(host.sent)
            events.happen(data)
            assert len(host.sent) == before + 1, "a question without an answer"
            assert host.sent.pop()[1:3] == data[1:3], "the answer to another question"
        else:
            events.happen(data)
        if radio.links > MAX_LINKS:
            end(radio, events)

    share = Campaign("radio, messages of the host", take, (ValueError, OSError)).run(make, 2_000)
    assert 0.1 < share < 0.95, share
    end(radio, events)
    assert radio.links == 0


def end(radio, events):
    """All connections end."""
    for link in tuple(radio._peers):
        events.happen(message(wire.DISCONNECTED, ">HB", link, 1) + bytes(6))


def make():
    """A message, mostly not as it should be."""
    good = random.choice(GOOD)
    if random.randrange(4) == 0:
        return good
    if random.randrange(4) == 0:
        return good[:1] + struct.pack(">HHH", *[random.choice((0, 1, 16, 18, 21, 0xFFFF)) for _ in range(3)]) + good[7:]
    return mutated(good)
