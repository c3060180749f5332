"""The front end by itself: silence, odd places, too little room, memory.

What it computes is held against numpy by tests/host/voice/test_front_end.py.
"""

import gc
from array import array

import micropython

from watch.voice.features import FrontEnd


def _sound(size):
    return array("h", [(n * n * 31 + n * 7) % 20000 - 10000 for n in range(size)])


def test_silence_is_0():
    into = bytearray(b"\xff" * 40)
    assert FrontEnd().frame(array("h", bytes(1024)), 0, into, 4) == 0
    assert into == b"\xff" * 4 + bytes(32) + b"\xff" * 4


def test_a_frame_begins_anywhere_and_is_written_anywhere():
    front, sound = FrontEnd(), _sound(600)
    first, moved = bytearray(32), bytearray(35)
    for at in (0, 1, 87, 88):
        level = front.frame(sound[at : at + 512], 0, first, 0)
        assert front.frame(memoryview(sound), at, memoryview(moved), 3) == level > max(first)
        assert moved[3:] == first
        assert max(first) > min(first) > 0


def test_too_little_is_refused():
    front, sound, into = FrontEnd(), _sound(512), bytearray(32)
    for samples, at, offset in ((sound, 1, 0), (sound, -1, 0), (sound, 0, 1), (sound, 0, -1), (array("h"), 0, 0)):
        try:
            front.frame(samples, at, into, offset)
        except ValueError:
            continue
        raise AssertionError((at, offset))
    assert into == bytes(32)


def test_a_frame_allocates_nothing():
    front, sound, into = FrontEnd(), _sound(2000), bytearray(64)
    gc.collect()
    micropython.heap_lock()
    try:
        for at in (0, 3, 1488):
            front.frame(sound, at, into, 32)
        front.clear()
    finally:
        micropython.heap_unlock()


def _arrays(front):
    return {name: room for name, room in front.__dict__.items() if isinstance(room, (array, bytearray))}


def test_clear_leaves_zeros():
    front = FrontEnd()
    before = {name: bytes(room) for name, room in _arrays(front).items()}
    front.frame(_sound(512), 0, bytearray(32), 0)
    rooms = [room for name, room in _arrays(front).items() if bytes(room) != before[name]]
    assert len(rooms) == 3
    assert sum(len(bytes(room)) for room in rooms) == 4 * (512 + 512 + 33)
    front.clear()
    assert not any(any(room) for room in rooms)
    assert before == {name: bytes(room) for name, room in _arrays(front).items()}


def test_memory():
    gc.collect()
    before = gc.mem_alloc()
    front = FrontEnd()
    gc.collect()
    size = gc.mem_alloc() - before
    print("NOTE voice.front_end:", size, "bytes, 64 bit")
    assert front and size < 12_000
