"""From the power of each bin to a byte for each of 32 bands.

A bin lies between the middles of two bands and belongs to both, to the nearer one more; its two parts are the whole. So
it is enough to know, for each span between two middles, the sum of its bins and the sum of these sums as they grow.
"""

# ruff: noqa: ANN201 - viper knows no None

from array import array

import micropython
from micropython import const

from watch.voice.spectrum import WINDOW_BITS

BANDS = const(32)
OFFSET = const(20)
"""Of the bytes: a sine of full scale gives 248 at most, one of amplitude 1 gives 3 to 12."""
EDGES = (
    2621, 4520, 6560, 8751, 11105, 13634, 16351, 19270, 22405, 25774, 29393, 33280, 37456, 41943, 46763, 51941, 57503,
    63479, 69899, 76795, 84204, 92164, 100714, 109900, 119768, 130370, 141758, 153993, 167137, 181257, 196427, 212723,
    230230, 249037,
)  # fmt: skip
"""Where a band begins, the one before has its middle, and the one before that ends: bins, in 1 / 1024."""
_EDGE_BITS = const(10)
_FIRST_BIN = const(3)
_SHARE_BITS = const(13)
_SUM_BITS = const(17)
LOUD_BITS = const(23)
"""Of a bin at most: the sums of the widest span, 19 bins, fit into a word."""
_MANTISSAS = const(256)


def spans() -> array:
    """For each of 33 spans: bins, the height of its slope a bin, that times what the last bin lacks."""
    made = array("H")
    one = 1 << _EDGE_BITS
    last = _FIRST_BIN - 1
    for begin, end in zip(EDGES, EDGES[1:]):
        first, last = last, end // one
        width = end - begin
        slope = ((one << _SHARE_BITS) + width // 2) // width
        lacks = (((last + 1) * one - end << _SHARE_BITS) + width // 2) // width
        for value in (last - first, slope, lacks):
            made.append(value)
    return made


def logarithms() -> bytearray:
    """8 log2(1 + (m + 1/2) / 256) for m below 256, rounded; whole numbers alone, as for any table of a front end."""
    made, value = bytearray(_MANTISSAS), 0
    for m in range(_MANTISSAS):
        while (2 * _MANTISSAS + 1 + 2 * m) ** 16 >= (2 * _MANTISSAS) ** 16 << 2 * value + 1:
            value += 1
        made[m] = value
    return made


@micropython.viper
def sums(_s: int, _t: int, power: ptr32, shift: int, table: ptr16, into: ptr32):
    """Powers of 32 bands and of all together, in 2^shift of those of the bins."""
    power = ptr32(int(power) + _FIRST_BIN * 8)
    half = (1 << shift) >> 1
    rising = 0
    total = 0
    left = BANDS + 1
    while left:
        _s = 0
        _t = 0
        bins = table[0]
        while bins:
            _s = (power[0] + half >> shift) + _s
            _t = _t + _s
            power = ptr32(int(power) + 8)
            bins -= 1
        less = 0
        if _t >> _SUM_BITS:
            less = 5
            if _t >> _SUM_BITS + 5:
                less = 10
                if _t >> _SUM_BITS + 10:
                    less = 14
        falling = (_t >> less) * table[1] - (_s >> less) * table[2]
        if falling < 0:
            falling = 0
        falling = (falling >> _SHARE_BITS) << less
        rising += falling
        into[0] = rising
        if left != BANDS + 1:
            total += rising
            into = ptr32(int(into) + 4)
        rising = _s - falling
        if rising < 0:
            rising = 0
        table = ptr16(int(table) + 6)
        left -= 1
    into[0] = total


@micropython.viper
def levels(values: ptr32, mantissas: ptr8, add: int, into: ptr8, offset: int) -> int:
    """8 log2 of 32 numbers, `add` to each, 0 to 255, into 32 bytes. That of the 33rd is returned."""
    into = ptr8(int(into) + offset)
    left = BANDS
    while True:
        value = values[0]
        level = 0
        if value:
            level = add
            if not value >> 15:
                value <<= 16
                level -= 128
            if not value >> 23:
                value <<= 8
                level -= 64
            if not value >> 27:
                value <<= 4
                level -= 32
            if not value >> 29:
                value <<= 2
                level -= 16
            if not value >> 30:
                value <<= 1
                level -= 8
            level += mantissas[value >> 22 & 255]
            if level < 0:
                level = 0
            if level > 255:
                level = 255
        if left == 0:
            return level
        into[0] = level
        into = ptr8(int(into) + 1)
        values = ptr32(int(values) + 4)
        left -= 1
    return 0


def level_add(shift: int, halvings: int) -> int:
    """What to add to 8 log2 of a sum: the samples were `shift` bits shorter, the powers `halvings` times halved."""
    return OFFSET + 8 * 30 + 16 * (shift - WINDOW_BITS) + 8 * halvings
