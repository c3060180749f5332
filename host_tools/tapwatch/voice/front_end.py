"""The watch's front end for many sounds at once: the same bytes as `firmware/watch/voice/features.py`, by numpy.

Written from the description in docs/voice.md and the steps of the fixed-point arithmetic, with tables of its own: it is
what the firmware is tested against, and what training and evaluation hear with.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

RATE_HZ = 16_000
FRAME_SAMPLES, HOP_SAMPLES = 512, 320
BANDS = 32
OFFSET = 20
LOWEST_HZ, HIGHEST_HZ = 80, 7600
WINDOW_BITS, MAGNITUDE_BITS, LOUD_BITS = 14, 16, 23
TURN_BITS, SPLIT_BITS, SHARE_BITS, SUM_BITS, EDGE_BITS = 12, 13, 13, 17, 10
FIRST_BIN, LAST_BIN = 3, 253
_BATCH = 4096


def edges() -> NDArray[np.float64]:
    """Begin, middle and end of the bands, 34 in all, in bins."""
    lowest, highest = (1127 * np.log1p(hertz / 700) for hertz in (LOWEST_HZ, HIGHEST_HZ))
    mel = np.linspace(lowest, highest, BANDS + 2)
    return 700 * np.expm1(mel / 1127) * FRAME_SAMPLES / RATE_HZ


def features(samples: NDArray[np.int16], hop: int = HOP_SAMPLES) -> NDArray[np.uint8]:
    """A row of 32 bytes for each whole frame of a sound at 16 kHz, one every `hop` samples."""
    if len(samples) < FRAME_SAMPLES:
        return np.zeros((0, BANDS), np.uint8)
    return log_mel(np.lib.stride_tricks.sliding_window_view(samples, FRAME_SAMPLES)[::hop])[0]


def log_mel(frames: NDArray[np.int16]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """32 bytes and the level of each row of 512 samples."""
    made = np.zeros((len(frames), BANDS + 1), np.uint8)
    for first in range(0, len(frames), _BATCH):
        made[first : first + _BATCH] = _batch(np.asarray(frames[first : first + _BATCH], np.int64))
    return made[:, :BANDS], made[:, BANDS]


def _batch(frames: Integers) -> Integers:
    windowed = frames * _WINDOW
    shift = np.maximum(0, _bits(np.bitwise_or.reduce(windowed ^ windowed << 1, axis=1)) - MAGNITUDE_BITS)
    work = windowed >> shift[:, None]
    power = _powers(*_spectrum(work[:, ::2], work[:, 1::2]))
    halvings = np.maximum(0, _bits(np.bitwise_or.reduce(power, axis=1)) - LOUD_BITS)
    power = power + (1 << halvings >> 1)[:, None] >> halvings[:, None]
    return _levels(_bands(power), OFFSET + 16 * (shift - WINDOW_BITS) + 8 * halvings)


def _bits(values: Integers) -> Integers:
    """The length of each number in bits."""
    return np.frexp(values.astype(np.float64))[1].astype(np.int64)


def _point(angle: NDArray[np.float64], bits: int) -> tuple[Integers, Integers]:
    """Cosine and sine in fixed point."""
    one = 1 << bits
    return np.rint(np.cos(angle) * one).astype(np.int64), np.rint(np.sin(angle) * one).astype(np.int64)


def _turned(u: Integers, v: Integers, angle: NDArray[np.float64], bits: int, drop: int) -> tuple[Integers, Integers]:
    """(u + jv) e^(-j angle), rounded, without `drop` bits."""
    cos, sin = _point(angle, bits)
    half = 1 << drop - 1
    return u * cos + v * sin + half >> drop, v * cos - u * sin + half >> drop


def _spectrum(real: Integers, imaginary: Integers) -> tuple[Integers, Integers]:
    """Of 256 complex numbers, divided by 256: four stages of radix 4, digits of the places turned round at the end."""
    for stage in range(4):
        a, b, c, d = (real[:, 64 * n : 64 * n + 64] for n in range(4))
        e, f, g, h = (imaginary[:, 64 * n : 64 * n + 64] for n in range(4))
        parts = [(a + b + c + d, e + f + g + h), (a + f - c - h, e - b - g + d)]
        parts += [(a - b + c - d, e - f + g - h), (a - f - c + h, e + b - g - d)]
        done = [(u + 2 >> 2, v + 2 >> 2) for u, v in parts]
        if stage < 3:
            step = np.arange(64) // 4**stage * 4**stage
            done[1:] = [_turned(*parts[n], 2 * np.pi * n * step / 256, TURN_BITS, TURN_BITS + 2) for n in (1, 2, 3)]
        real, imaginary = (np.stack([part[n] for part in done], axis=2).reshape(len(real), 256) for n in (0, 1))
    places = np.array([int(np.base_repr(n + 256, 4)[:0:-1], 4) for n in range(256)])
    return real[:, places], imaginary[:, places]


def _powers(real: Integers, imaginary: Integers) -> Integers:
    """Of the 257 bins of the real spectrum; those that no band needs are 0."""
    power = np.zeros((len(real), 257), np.int64)
    near = np.arange(FIRST_BIN, 129)
    far = 256 - near
    u, v = imaginary[:, near] + imaginary[:, far], real[:, far] - real[:, near]
    sum_real, sum_imaginary = real[:, near] + real[:, far] + 1 >> 1, imaginary[:, near] - imaginary[:, far] + 1 >> 1
    u, v = _turned(u, v, 2 * np.pi * near / 512, SPLIT_BITS, SPLIT_BITS + 1)
    power[:, near] = (sum_real + u) ** 2 + (sum_imaginary + v) ** 2
    power[:, far] = (sum_real - u) ** 2 + (sum_imaginary - v) ** 2
    return power


def _bands(power: Integers) -> Integers:
    """Sums of 32 bands, and of all."""
    falling, rising = [], []
    for begin, end in pairwise(_EDGES):
        bins = np.arange(begin // (1 << EDGE_BITS) + 1, end // (1 << EDGE_BITS) + 1)
        slope = _share(1 << EDGE_BITS, end - begin)
        lacks = _share(((int(bins[-1]) + 1) << EDGE_BITS) - end, end - begin)
        inside = power[:, bins]
        total, weighted = inside.sum(axis=1), (inside * (bins[-1] + 1 - bins)).sum(axis=1)
        less = np.select([weighted >> SUM_BITS + n != 0 for n in (10, 5, 0)], [14, 10, 5], 0)
        part = np.maximum(0, (weighted >> less) * slope - (total >> less) * lacks) >> SHARE_BITS << less
        falling.append(part)
        rising.append(np.maximum(0, total - part))
    sums = [up + down for up, down in zip(rising, falling[1:], strict=False)]
    return np.stack([*sums, sum(sums)], axis=1)


def _share(part: int, whole: int) -> int:
    return ((part << SHARE_BITS) + whole // 2) // whole


def _levels(values: Integers, add: Integers) -> Integers:
    """8 log2, rounded, with 8 bits behind the leading one."""
    top = _bits(values) - 1
    mantissas = (values << 30 - top >> 22) & 255
    levels = 8 * top + _LOGARITHMS[mantissas] + add[:, None]
    return np.where(values == 0, 0, np.clip(levels, 0, 255))


_WINDOW = np.rint((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512)) * (1 << WINDOW_BITS)).astype(np.int64)
_EDGES = [round(edge * (1 << EDGE_BITS)) for edge in edges()]
_LOGARITHMS = np.rint(8 * np.log2(1 + (np.arange(256) + 0.5) / 256)).astype(np.int64)
