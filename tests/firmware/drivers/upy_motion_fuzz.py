"""What a sensor hub may write into its FIFOs: events, parts of events, anything."""

import random

from drivers.bhi260ap_fifo import MOST_BYTES, Parser
from tests.firmware.drivers.motion_kit import Bhi, started
from tests.fuzz.campaign import Campaign

_BLOCKS = 1_500
_READS = 700
_KNOWN = (0, 4, 52, 53, 57, 59, 67, 75, 77, 136, 139, 142, 143, 245, 246, 247, 248, 250, 251, 252, 253, 254, 255)
# Bytes of an event with its number, from the maker's table of events at 245 and up, and 1, 5 and 7 below.
_LENGTHS = {0: 1, 4: 7, 52: 5, 53: 5, 136: 5, 139: 5, 245: 2, 246: 3, 247: 6, 248: 4, 250: 18, 251: 2, 252: 3}
_LENGTHS.update({253: 6, 254: 4, 255: 1, 57: 1, 59: 1, 67: 1, 75: 1, 77: 1, 142: 1, 143: 1})


def some(length):
    """Bytes of any value."""
    return bytes(random.getrandbits(8) for _ in range(length))


def events(count):
    """Events that are well formed, and their numbers."""
    numbers = [_KNOWN[random.getrandbits(8) % len(_KNOWN)] for _ in range(count)]
    return b"".join(bytes((number,)) + some(_LENGTHS[number] - 1) for number in numbers), numbers


def spoilt():
    """A block: well formed, with one byte changed, cut, or noise."""
    kind = random.getrandbits(2)
    data = bytearray(events(random.getrandbits(4))[0])
    if kind == 1 and data:
        data[random.getrandbits(12) % len(data)] = random.getrandbits(8)
    elif kind == 2:
        data = data[: random.getrandbits(6)]
    elif kind == 3:
        data = bytearray(some(random.getrandbits(5)))
    return data


def test_blocks():
    random.seed(7)
    numbers = []
    parser = Parser(lambda number, data: numbers.append(number))

    def take(data):
        numbers.clear()
        parser.begin()
        good = parser.feed(data, len(data)) and parser.whole()
        assert len(numbers) <= len(data) and all(number in _LENGTHS for number in numbers)
        if good:  # then it was events from end to end
            assert sum(_LENGTHS[number] for number in numbers) + sum(not byte for byte in data) >= len(data)

    Campaign("sensor hub, blocks", take, ()).run(spoilt, _BLOCKS)


def test_whole_events_arrive_however_they_are_cut():
    random.seed(8)
    got = []
    parser = Parser(lambda number, data: got.append(number))
    for _ in range(100):
        data, numbers = events(8)
        got.clear()
        parser.begin()
        at = 0
        while at < len(data):
            part = data[at : at + 1 + random.getrandbits(3)]
            assert parser.feed(bytearray(part), len(part))
            at += len(part)
        assert got == [number for number in numbers if number] and parser.whole()


def test_each_number_that_nobody_knows_ends_the_block():
    parser = Parser(lambda number, data: None)
    for number in range(256):
        parser.begin()
        assert parser.feed(bytearray((number,)), 1) == (number in _LENGTHS), number


def test_any_read_of_a_fifo():
    random.seed(9)
    desk = started(Bhi)
    sensor, into = desk.sensor, [0, 0, 0]

    def make():
        data = spoilt()
        length = random.getrandbits(16) if not random.getrandbits(3) else len(data)
        return 1 + random.getrandbits(1), bytes((length & 0xFF, length >> 8)) + data

    def take(read):
        channel, raw = read
        if not sensor.awake:
            sensor.start(*desk.program())
        desk.chip.fifos[channel].raw = raw
        told = sensor.events()
        sensor.acceleration(into)
        assert 0 <= told < 8 and all(-8000 <= value < 8000 for value in into) and 0 <= sensor.steps() < 1 << 30

    campaign = Campaign("sensor hub, reads", take, ())
    campaign.run(make, _READS)
    desk.chip.fifos[1].abort()
    desk.chip.fifos[2].abort()
    sensor.start(*desk.program())
    desk.chip.raise_wrist()
    assert sensor.events(), "and it still hears"
    print("NOTE sensor hub: %d reads made no sense, none was believed" % sensor.bad)


def test_after_a_bad_block_the_next_one_is_heard():
    desk = started(Bhi)
    for raw in (b"\x03\x00\xc8\x01\x02", b"\x04\x00\x04\x01\x02\x03", b"\xff\xff", b"\x01\x10\xff"):
        desk.chip.fifos[1].raw = raw
        before = desk.sensor.bad
        assert desk.sensor.events() == 0 and desk.sensor.bad == before + 1, raw
        desk.chip.walk(3)
        desk.chip.raise_wrist()
        assert desk.sensor.events(), raw
    assert desk.sensor.steps() == 12 and desk.sensor.awake


def test_a_read_is_never_longer_than_its_cap():
    desk = started(Bhi)
    desk.chip.fifos[1].raw = bytes((MOST_BYTES & 0xFF, MOST_BYTES >> 8)) + b"\xff" * MOST_BYTES
    desk.i2c.transfers = 0
    desk.sensor.events()
    assert desk.sensor.bad == 0 and desk.i2c.transfers < 70
    desk.chip.fifos[1].raw = bytes((MOST_BYTES + 1 & 0xFF, MOST_BYTES + 1 >> 8)) + b"\xff" * MOST_BYTES
    desk.i2c.transfers = 0
    desk.sensor.events()
    assert desk.sensor.bad == 1 and desk.i2c.transfers < 6


def test_an_overflow_loses_events_and_nothing_else():
    desk = started(Bhi)
    desk.acceleration()
    for _ in range(500):
        desk.chip.measure()
        desk.chip.walk(1)
    desk.chip.raise_wrist()
    desk.sensor.events()
    assert desk.sensor.steps() == 500 and desk.sensor.bad == 0
    assert desk.acceleration() == (0, 0, 1000)


def test_a_hub_that_starts_anew_or_makes_no_sense_is_asleep_until_it_is_started():
    desk = started(Bhi)
    desk.chip.crash()
    desk.chip.raise_wrist()
    assert desk.sensor.events() == 0 and not desk.sensor.awake and desk.sensor.abilities == 0
    desk.sensor.start(*desk.program())
    assert desk.sensor.awake
    for _ in range(8):
        assert desk.sensor.awake
        desk.chip.fifos[1].raw = b"\xff\xff"
        desk.sensor.events()
    assert not desk.sensor.awake
