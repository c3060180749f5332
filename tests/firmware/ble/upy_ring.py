"""The ring between interrupt and task, against a list."""

import random

from watch.ble.ring import Ring


def test_against_a_list():
    random.seed(5)
    puts = refused = 0
    for size in (64, 100, 257):
        ring, model = Ring(size), []
        for turn in range(4000):
            if random.getrandbits(1):
                data = bytes([turn & 255]) * random.randint(0, size // 3)
                serial, handle = turn & 0xFFFF, random.randint(0, 0xFFFF)
                taken = ring.put(serial, handle, memoryview(data))
                puts += 1
                if taken:
                    model.append((serial, handle, data))
                else:
                    refused += 1
                    used = sum([6 + len(one[2]) for one in model])
                    assert used + 2 * (6 + len(data)) + 6 > size - size // 3 - 6, "refused although there is room"
            elif ring.next():
                assert (ring.serial, ring.handle, bytes(ring.data)) == model.pop(0)
                ring.done()
            else:
                assert model == []
    print(f"NOTE ring: {puts} records put, {refused} refused, order and bytes as in a list")


def test_a_record_larger_than_the_ring():
    ring = Ring(64)
    assert not ring.put(1, 1, bytes(64)) and not ring.put(1, 1, bytes(59))
    assert ring.put(1, 1, bytes(58)) and ring.next() and len(ring.data) == 58


def test_a_record_that_is_looked_at_is_not_overwritten():
    ring = Ring(64)
    assert ring.put(1, 2, b"a" * 20) and ring.next()
    lent = ring.data
    while ring.put(3, 4, b"b" * 5):
        pass
    assert bytes(lent) == b"a" * 20
    ring.done()
    assert ring.next() and bytes(ring.data) == b"b" * 5
