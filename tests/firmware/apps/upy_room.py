"""What must be free after each call into an app, on a heap that has been in use for so long that it is in pieces."""

import gc

import uctypes

from watch.apps.fuel import spend
from watch.apps.limits import MOST_PIECES, ROOM_WORDS, Limits, Turn, roomy

SHARE = "mutants"
WORD_BYTES = 8
LARGEST = ROOM_WORDS * WORD_BYTES // 2
"""Bytes of the pieces that are left: half of the room."""
MOST = 2048
"""Of them in the heap of a test."""


def _taken(size):
    """Everything that is free, in pieces of this size."""
    held, count = [None] * MOST, 0
    try:
        while count < MOST:
            held[count] = bytearray(size)
            count += 1
    except MemoryError:
        pass
    return held


def _in_pieces():
    """A heap with half of its free memory in pieces of `LARGEST`; what keeps them apart."""
    large = sorted([one for one in _taken(LARGEST) if one is not None], key=uctypes.addressof)
    small = _taken(LARGEST // 8)
    for place in range(0, len(large), 2):
        large[place] = None
    gc.collect()
    return large, small


def _use(turn):
    """A call that uses fuel, and the look after it."""
    turn.begin()
    spend()
    turn.end()
    return turn.look()


def test_a_heap_in_pieces_is_nobodys_fault():
    """The app goes on where an eighth is free in pieces; once it takes those, it is ended."""
    gc.collect()
    assert roomy() and roomy(MOST_PIECES)
    turn = Turn(Limits(lambda: 0, None), "guest")
    turn.guard()
    held = _in_pieces()
    assert not roomy() and roomy(2), "not what this test is about"
    assert _use(turn) is None and _use(turn) is None
    rest = _taken(LARGEST // 4)
    found = _use(turn)
    held = rest = None
    gc.collect()
    assert isinstance(found, MemoryError), (found, held, rest)


def test_our_own_apps_walk_the_heap_never_and_those_of_others_now_and_then():
    """The look at all of the heap costs more than a face does in the same time."""
    now, looks = [0], []
    limits = Limits(lambda: now[0], None)
    limits.short = lambda: bool(looks.append(now[0]))
    own, guest = Turn(limits, "digital"), Turn(limits, "guest")
    guest.guard()
    for now[0] in range(0, 20_000, 1000):
        assert _use(own) is None
    assert not looks, looks
    for now[0] in range(20_000, 21_000, 500):
        assert _use(guest) is None
    assert looks == [20_000, 20_500], "asked, and `short` keeps no time here"
