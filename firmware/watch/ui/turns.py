"""Angles without floats: half degrees, clockwise from twelve o'clock, so that an hour hand makes one step a minute."""

import math
from array import array

import micropython
from micropython import const

TURN = const(720)
"""A whole turn."""
UNIT_BITS = const(12)
UNIT = const(4096)
"""Sine of a right angle."""
_QUARTER = const(180)

_SINES = array("h", [round(math.sin(math.pi * i / (2 * _QUARTER)) * UNIT) for i in range(_QUARTER + 1)])


@micropython.native
def sine(angle: int) -> int:
    """Sine times 4096: how far to the right a hand of length 4096 points. Any whole angle. Allocates nothing."""
    angle %= TURN
    if angle >= 2 * _QUARTER:
        return -sine(angle - 2 * _QUARTER)
    return _SINES[angle if angle <= _QUARTER else 2 * _QUARTER - angle]


@micropython.native
def cosine(angle: int) -> int:
    """Cosine times 4096: how far up a hand of length 4096 points."""
    return sine(angle + _QUARTER)
