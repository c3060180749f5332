"""The spectrum of 512 samples in fixed point.

Machine words have 32 bits on the watch and 64 on a desk, where what is loaded from a `ptr32` has no sign. So what lies
in memory between two functions is never negative: values are stored with a bias, which sums and differences cancel.
A name at the front of a function that takes nothing in (`_u`, `_v`) is one of the two that live in registers.
"""

# ruff: noqa: ANN201 - viper knows no None

from array import array

import micropython
from micropython import const

FRAME_SAMPLES = const(512)
WINDOW_BITS = const(14)
"""What is windowed is 2^14 times as large as the samples."""
_CIRCLE = const(512)
_CIRCLE_BITS = const(40)
_COS = 1_099_428_836_573
_SIN = 13_492_699_036
"""Of one step around the circle, 2 pi / 512, in 1 / 2^40: whole numbers are the same on every board."""
_HALF = const(256)
_QUARTER = const(64)
_TRIPLE_BYTES = const(18)
_WINDOW_BIAS = const(0x20000000)
_BIAS = const(49152)
"""Between the stages: no part of a number in them is above 2^15.5."""
_TURN_BITS = const(12)
_TURN_BIAS = const(8192)
_SPLIT_BITS = const(13)
_SPLIT_BIAS = const(16384)
_STAGE_BITS = const(14)
"""Of the turn, and 2: each stage divides by 4."""
_STAGE_ADD = const((49152 << 14) + 8192)
_LAST_ADD = const(4 * 49152 + 2)
_PAIR_BIAS = const(2 * 49152)
_PAIR_LESS = const(2 * 49152 - 1)
_SPLIT_ROUND = const(8192)
_FIRST_BIN = const(3)
"""The first above the lowest edge of a band."""


def circle() -> list:
    """Cosine and sine of 2 pi n / 512 for n below 512, in 1 / 2^40."""
    points, cos, sin = [], 1 << _CIRCLE_BITS, 0
    half = 1 << _CIRCLE_BITS - 1
    for _ in range(_CIRCLE):
        points.append((cos, sin))
        cos, sin = cos * _COS - sin * _SIN + half >> _CIRCLE_BITS, cos * _SIN + sin * _COS + half >> _CIRCLE_BITS
    return points


def rounded(value: int, bits: int) -> int:
    """`value`, in 1 / 2^40, in 1 / 2^bits."""
    return (value >> _CIRCLE_BITS - bits - 1) + 1 >> 1


def window(points: list) -> array:
    """Hann's, 0 to 2^14."""
    return array("H", [rounded((1 << _CIRCLE_BITS) - cos >> 1, WINDOW_BITS) for cos, _ in points])


def turns(points: list, apart: int) -> array:
    """By 1, 2 and 3 times each `apart`-th of 64 angles, three numbers a turn: see `_turn`."""
    made = array("H", bytes(_QUARTER // apart * _TRIPLE_BYTES))
    at = 0
    for step in range(0, _QUARTER, apart):
        for times in (1, 2, 3):
            at = _turn(made, at, points[2 * step * times % _CIRCLE], _TURN_BITS, _TURN_BIAS)
    return made


def splits(points: list) -> array:
    """By each of 129 angles, as for `turns`."""
    made = array("H", bytes(6 * (_HALF // 2 + 1)))
    at = 0
    for step in range(_HALF // 2 + 1):
        at = _turn(made, at, points[step], _SPLIT_BITS, _SPLIT_BIAS)
    return made


def _turn(made: array, at: int, point: tuple, bits: int, bias: int) -> int:
    """Three numbers for a turn with three products: cosine, sine less cosine, both together with the other sign."""
    cos, sin = point
    cos, sin = rounded(cos, bits), rounded(sin, bits)
    for value in (cos, sin - cos, -cos - sin):
        made[at] = value + bias
        at += 1
    return at


def order() -> bytearray:
    """Where each of the 64 last butterflies belongs: its number with three digits of base 4 turned round."""
    return bytearray([(n & 3) << 4 | n & 12 | n >> 4 for n in range(_QUARTER)])


@micropython.viper
def windowed(_u: int, hann: ptr16, samples: ptr16, into: ptr32, at: int) -> int:
    """512 samples from `at` on, windowed, with a bias. Returns 0, or a number one bit longer than the largest."""
    samples = ptr16(int(samples) + at * 2)
    seen = 0
    count = FRAME_SAMPLES // 4
    while count:
        _u = ((samples[0] ^ 0x8000) - 0x8000) * hann[0]
        into[0] = _u + _WINDOW_BIAS
        seen = (_u << 1 ^ _u) | seen
        _u = ((samples[1] ^ 0x8000) - 0x8000) * hann[1]
        into[1] = _u + _WINDOW_BIAS
        seen = (_u << 1 ^ _u) | seen
        _u = ((samples[2] ^ 0x8000) - 0x8000) * hann[2]
        into[2] = _u + _WINDOW_BIAS
        seen = (_u << 1 ^ _u) | seen
        _u = ((samples[3] ^ 0x8000) - 0x8000) * hann[3]
        into[3] = _u + _WINDOW_BIAS
        seen = (_u << 1 ^ _u) | seen
        hann = ptr16(int(hann) + 8)
        samples = ptr16(int(samples) + 8)
        into = ptr32(int(into) + 16)
        count -= 1
    return seen


@micropython.viper
def length(value: int) -> int:
    """Of a number that is not negative, in bits."""
    bits = 0
    while value:
        value >>= 1
        bits += 1
    return bits


@micropython.viper
def wipe(words: ptr32, count: int):
    """Set so many words to 0."""
    while count:
        count -= 1
        words[count] = 0


@micropython.viper
def normalise(work: ptr32, shift: int):
    """Of what `windowed` left: `shift` bits less, and the bias of the stages."""
    add = _BIAS - (_WINDOW_BIAS >> shift)
    count = 128
    while count:
        work[0] = (work[0] >> shift) + add
        work[1] = (work[1] >> shift) + add
        work[2] = (work[2] >> shift) + add
        work[3] = (work[3] >> shift) + add
        work = ptr32(int(work) + 16)
        count -= 1


@micropython.viper
def stage(_u: int, _v: int, x: ptr32, y: ptr32, w: ptr16, angles: int, times: int):
    """64 butterflies of radix 4 from `x` to `y`, 256 complex numbers each, and the turns behind them.

    All stages have one geometry: the four numbers of a butterfly lie a quarter apart, its results side by side. Each of
    the `angles` of a table is for `times` butterflies, 64 in all.
    """
    while angles:
        same = times
        while same:
            _u = int(x)
            _v = ptr32(_u)[256]
            ar = ptr32(_u)[0] + _v
            cr = ptr32(_u)[0] - _v
            _v = ptr32(_u)[257]
            ai = ptr32(_u)[1] + _v
            ci = ptr32(_u)[1] - _v
            _v = ptr32(_u)[384]
            br = ptr32(_u)[128] + _v
            dr = ptr32(_u)[128] - _v
            _v = ptr32(_u)[385]
            bi = ptr32(_u)[129] + _v
            di = ptr32(_u)[129] - _v

            _u = br
            y[0] = ar + 2 + _u >> 2
            _u = ar - _u
            _v = bi
            y[1] = ai + 2 + _v >> 2
            _v = ai - _v
            both = (_u + _v) * (w[3] - _TURN_BIAS) + _STAGE_ADD
            y[4] = (w[4] - _TURN_BIAS) * _v + both >> _STAGE_BITS
            y[5] = (w[5] - _TURN_BIAS) * _u + both >> _STAGE_BITS

            _u = di
            _u = cr + _u
            _v = dr
            _v = ci - _v
            both = (_u + _v) * (w[0] - _TURN_BIAS) + _STAGE_ADD
            y[2] = (w[1] - _TURN_BIAS) * _v + both >> _STAGE_BITS
            y[3] = (w[2] - _TURN_BIAS) * _u + both >> _STAGE_BITS

            _u = di
            _u = cr - _u
            _v = dr
            _v = ci + _v
            both = (_u + _v) * (w[6] - _TURN_BIAS) + _STAGE_ADD
            y[6] = (w[7] - _TURN_BIAS) * _v + both >> _STAGE_BITS
            y[7] = (w[8] - _TURN_BIAS) * _u + both >> _STAGE_BITS
            x = ptr32(int(x) + 8)
            y = ptr32(int(y) + 32)
            same -= 1
        w = ptr16(int(w) + _TRIPLE_BYTES)
        angles -= 1


@micropython.viper
def last_stage(_u: int, _v: int, x: ptr32, into: ptr32, places: ptr8):
    """As `stage`, without turns, and each number to its place: 1 / 256 of the spectrum, with the bias."""
    count = _QUARTER
    while count:
        y = ptr32(int(into) + places[0] * 8)
        _u = int(x)
        _v = ptr32(_u)[256]
        ar = ptr32(_u)[0] + _v
        cr = ptr32(_u)[0] - _v
        _v = ptr32(_u)[257]
        ai = ptr32(_u)[1] + _v
        ci = ptr32(_u)[1] - _v
        _v = ptr32(_u)[384]
        _u = ptr32(_u)[128]
        dr = _u - _v
        _u = _u + _v
        y[0] = ar + 2 + _u >> 2
        y[256] = ar + _LAST_ADD - _u >> 2
        _u = int(x)
        _v = ptr32(_u)[385]
        _u = ptr32(_u)[129]
        di = _u - _v
        _u = _u + _v
        y[1] = ai + 2 + _u >> 2
        y[257] = ai + _LAST_ADD - _u >> 2
        _u = di
        y[128] = cr + _LAST_ADD + _u >> 2
        y[384] = cr + _LAST_ADD - _u >> 2
        _u = dr
        y[129] = ci + _LAST_ADD - _u >> 2
        y[385] = ci + _LAST_ADD + _u >> 2
        x = ptr32(int(x) + 8)
        places = ptr8(int(places) + 1)
        count -= 1


@micropython.viper
def powers(_u: int, _v: int, z: ptr32, w: ptr16) -> int:
    """Of the bins 3 to 253: what `last_stage` left as 256 complex numbers is taken as the spectrum of 512 real ones.

    With a bin comes the one that lies as far from the other end. A power replaces the real part of its number. Returns
    their bits, joined by or.
    """
    far = ptr32(int(z) + (_HALF - _FIRST_BIN) * 8)
    near = ptr32(int(z) + _FIRST_BIN * 8)
    w = ptr16(int(w) + _FIRST_BIN * 6)
    seen = 0
    count = _HALF // 2 + 1 - _FIRST_BIN
    while count:
        _u = near[0]
        _v = far[0]
        er = _u - _PAIR_LESS + _v >> 1
        oi = _v - _u
        _u = near[1]
        _v = far[1]
        ei = _u + 1 - _v >> 1
        _u = _u - _PAIR_BIAS + _v
        _v = oi
        both = (_u + _v) * (w[0] - _SPLIT_BIAS) + _SPLIT_ROUND
        tr = (w[1] - _SPLIT_BIAS) * _v + both >> _SPLIT_BITS + 1
        _v = (w[2] - _SPLIT_BIAS) * _u + both >> _SPLIT_BITS + 1
        ti = _v
        _u = tr
        _u = er + _u
        _v = ei + _v
        _u = _u * _u + _v * _v
        near[0] = _u
        seen |= _u
        _u = tr
        _u = er - _u
        _v = ti
        _v = ei - _v
        _u = _u * _u + _v * _v
        far[0] = _u
        seen |= _u
        w = ptr16(int(w) + 6)
        near = ptr32(int(near) + 8)
        far = ptr32(int(far) - 8)
        count -= 1
    return seen
