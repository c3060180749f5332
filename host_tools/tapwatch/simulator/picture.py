"""PNG files from big-endian RGB565 pixels (PNG specification, third edition)."""

from __future__ import annotations

import array
import struct
import sys
import zlib
from functools import lru_cache

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_RGB = 2
_COLOUR_RGBA = 6
_SUBSAMPLES = 4
"""Each corner pixel is weighed by 4 x 4 points."""


def png(width: int, height: int, rgb565: bytes, corner_px: int = 0) -> bytes:
    """A PNG file. With `corner_px` the corners outside a circle of that radius are transparent."""
    colour = _COLOUR_RGBA if corner_px else _COLOUR_RGB
    rows = _rows(width, height, rgb565, corner_px)
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _rows(width: int, height: int, rgb565: bytes, corner_px: int) -> list[bytes]:
    pixels = array.array("H", rgb565)
    if sys.byteorder == "little":
        pixels.byteswap()
    colours = _colours()
    lines = [[colours[p] for p in pixels[start : start + width]] for start in range(0, width * height, width)]
    if not corner_px:
        return [b"".join(line) for line in lines]
    return [_with_alpha(line, _alpha(width, height, y, corner_px)) for y, line in enumerate(lines)]


@lru_cache(maxsize=1)
def _colours() -> list[bytes]:
    """The 24-bit form of each of the 65,536 colours; the high bits fill the low ones, so white stays white."""
    fives = [value << 3 | value >> 2 for value in range(32)]
    sixes = [value << 2 | value >> 4 for value in range(64)]
    return [bytes((fives[p >> 11], sixes[p >> 5 & 63], fives[p & 31])) for p in range(65536)]


def _with_alpha(line: list[bytes], alpha: bytes) -> bytes:
    return b"".join(colour + alpha[x : x + 1] for x, colour in enumerate(line))


def _alpha(width: int, height: int, y: int, radius: int) -> bytes:
    """How much of each pixel of row `y` lies on the glass, 0 to 255."""
    depth = min(y, height - 1 - y)
    if depth >= radius:
        return b"\xff" * width
    edge = bytes(_coverage(x, depth, radius) for x in range(radius))
    return edge + b"\xff" * (width - 2 * radius) + edge[::-1]


@lru_cache(maxsize=1 << 16)
def _coverage(x: int, y: int, radius: int) -> int:
    step = 1 / _SUBSAMPLES
    points = [(index + 0.5) * step for index in range(_SUBSAMPLES)]
    inside = sum((radius - x - dx) ** 2 + (radius - y - dy) ** 2 <= radius**2 for dx in points for dy in points)
    return inside * 255 // _SUBSAMPLES**2
