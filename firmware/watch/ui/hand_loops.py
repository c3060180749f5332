"""The arithmetic of hands: their outlines, the boxes of their pieces, and which boxes become one.

Positions and distances are 1/16 px; `across` and `up` are the direction of a hand as sine and cosine times 4096. Boxes
are four numbers each: left, top, right and low.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN201

import micropython
from micropython import const

_UNIT_BITS = const(12)
"""As in watch.ui.turns: viper sees constants of its own file only."""
_BOX = const(4)
_ROUNDING_16 = const(3)
"""What whole numbers may lose of a position."""


@micropython.viper
def outline(points: ptr16, stations: ptr16, count: int, x: int, y: int, across: int, up: int):
    """Points of a whole hand, clockwise from its tail: one side there, the other side back."""
    i = 0
    while i < count:
        along = (int(stations[2 * i]) ^ 0x8000) - 0x8000
        half = int(stations[2 * i + 1])
        ahead = (across * along - up * half) >> _UNIT_BITS
        points[2 * i] = x + ahead
        ahead = (0 - across * half - up * along) >> _UNIT_BITS
        points[2 * i + 1] = y + ahead
        other = 2 * (2 * count - 1 - i)
        ahead = (across * along + up * half) >> _UNIT_BITS
        points[other] = x + ahead
        ahead = (across * half - up * along) >> _UNIT_BITS
        points[other + 1] = y + ahead
        i += 1


@micropython.viper
def shaded(points: ptr16, stations: ptr16, count: int, x: int, y: int, across: int, up: int):
    """Points of the half in the shade: along the middle to the tip, and back along one side."""
    i = 0
    while i < count:
        along = (int(stations[2 * i]) ^ 0x8000) - 0x8000
        half = int(stations[2 * i + 1])
        if i == 0 or i == count - 1:
            at = 0
            if i:
                at = 2
            points[at] = x + ((across * along) >> _UNIT_BITS)
            points[at + 1] = y + ((0 - up * along) >> _UNIT_BITS)
        at = 2 * (count + 1 - i)
        points[at] = x + ((across * along + up * half) >> _UNIT_BITS)
        points[at + 1] = y + ((across * half - up * along) >> _UNIT_BITS)
        i += 1


@micropython.viper
def boxes(boxes: ptr32, cuts: ptr16, pieces: int, x: int, y: int, across: int, up: int):
    """The pixels whose centre may lie in each piece, or on its edge. None of them lies off the panel."""
    wide = up
    high = across
    if wide < 0:
        wide = 0 - wide
    if high < 0:
        high = 0 - high
    at = 0
    while pieces > 0:
        near = (int(cuts[0]) ^ 0x8000) - 0x8000
        far = (int(cuts[2]) ^ 0x8000) - 0x8000
        half = int(cuts[1])
        if half < int(cuts[3]):
            half = int(cuts[3])
        cuts = ptr16(int(cuts) + 4)
        left = (across * near) >> _UNIT_BITS
        right = (across * far) >> _UNIT_BITS
        top = 0 - ((up * near) >> _UNIT_BITS)
        low = 0 - ((up * far) >> _UNIT_BITS)
        if left > right:
            left, right = right, left
        if top > low:
            top, low = low, top
        near = ((wide * half) >> _UNIT_BITS) + _ROUNDING_16
        far = ((high * half) >> _UNIT_BITS) + _ROUNDING_16
        boxes[at] = (x + left - near + 7) >> 4
        boxes[at + 1] = (y + top - far + 7) >> 4
        boxes[at + 2] = (x + right + near + 8) >> 4
        boxes[at + 3] = (y + low + far + 8) >> 4
        at += _BOX
        pieces -= 1


@micropython.viper
def copy(to: ptr32, boxes: ptr32, count: int):
    """Keep numbers."""
    while count > 0:
        count -= 1
        to[count] = boxes[count]


@micropython.viper
def empty(boxes: ptr32, count: int):
    """Boxes of nothing."""
    while count > 0:
        count -= 1
        boxes[count] = 0


@micropython.viper
def joined(old: ptr32, new: ptr32, at: int) -> bool:
    """Let the old box hold the new one too, if that is no larger than both. False, and no change, if it is."""
    left = int(old[at])
    top = int(old[at + 1])
    right = int(old[at + 2])
    low = int(old[at + 3])
    both = (right - left) * (low - top)
    both += (int(new[at + 2]) - int(new[at])) * (int(new[at + 3]) - int(new[at + 1]))
    if left > int(new[at]):
        left = int(new[at])
    if top > int(new[at + 1]):
        top = int(new[at + 1])
    if right < int(new[at + 2]):
        right = int(new[at + 2])
    if low < int(new[at + 3]):
        low = int(new[at + 3])
    if (right - left) * (low - top) > both:
        return False
    old[at] = left
    old[at + 1] = top
    old[at + 2] = right
    old[at + 3] = low
    return True
