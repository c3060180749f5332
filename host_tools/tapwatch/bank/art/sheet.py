"""A sheet to draw one card on, in units of the large picture; edges are smoothed by drawing four times as large."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from tapwatch.bank.art.form import MAX_COLOURS, SIZES, Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Point = tuple[float, float]
    Colour = tuple[int, int, int]

WIDTH, HEIGHT = SIZES[1]
_SCALE = 4
_INK = (8, 10, 24)
"""What dark tones lean to: black with a little blue."""
_ROUNDS = 4  # of k-means, after which colours no longer move on these pictures


class Sheet:
    """Flat shapes in tones of one accent colour."""

    def __init__(self, accent: int, background: float) -> None:
        """`accent` is 0xRRGGBB; `background` a tone as in `tone`."""
        self._accent = (accent >> 16, accent >> 8 & 0xFF, accent & 0xFF)
        self._image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), self.tone(background))
        self._draw = ImageDraw.Draw(self._image)

    def tone(self, lightness: float) -> Colour:
        """The accent at 0, towards white up to 1, towards ink down to -1."""
        target = (255, 255, 255) if lightness > 0 else _INK
        share = abs(lightness)
        red, green, blue = (round(part + (end - part) * share) for part, end in zip(self._accent, target, strict=True))
        return red, green, blue

    def polygon(self, points: Iterable[Point], tone: float) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=self.tone(tone))

    def disc(self, centre: Point, radius: float, tone: float) -> None:
        """Fill a circle."""
        x, y = centre
        box = (x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse([part * _SCALE for part in box], fill=self.tone(tone))

    def line(self, points: Sequence[Point], width: float, tone: float) -> None:
        """Draw a line with round corners and ends."""
        for start, end in itertools.pairwise(points):
            angle = math.atan2(end[1] - start[1], end[0] - start[0])
            across = (math.sin(angle) * width / 2, -math.cos(angle) * width / 2)
            corners = [
                (x + sign * across[0], y + sign * across[1])
                for (x, y), sign in zip((start, end, end, start), (1, 1, -1, -1), strict=True)
            ]
            self.polygon(corners, tone)
        for point in points:
            self.disc(point, width / 2, tone)

    def below(self, height: Callable[[float], float], tone: float) -> None:
        """Fill everything below a curve: `height(x)` is its y."""
        curve = [(x / 2, height(x / 2)) for x in range(2 * WIDTH + 1)]
        self.polygon([*curve, (WIDTH, HEIGHT), (0, HEIGHT)], tone)

    def pictures(self) -> tuple[Picture, ...]:
        """The sheet in both sizes, each in its own 16 colours, without dithering."""
        return tuple(_reduced(self._image.resize(size, Image.Resampling.BOX)) for size in SIZES)


def _reduced(image: Image.Image) -> Picture:
    indexed = image.quantize(MAX_COLOURS, Image.Quantize.MEDIANCUT, _ROUNDS, dither=Image.Dither.NONE)
    palette = indexed.getpalette() or []
    colours = [_rgb565(*palette[3 * index : 3 * index + 3]) for index in range(len(palette) // 3)]
    distinct = sorted({colours[index] for index in set(indexed.tobytes())})
    places = bytes(distinct.index(colour) if colour in distinct else 0 for colour in colours).ljust(256, b"\x00")
    return Picture(*image.size, tuple(distinct), indexed.tobytes().translate(places))


def _rgb565(red: int, green: int, blue: int) -> int:
    """The nearest colour a panel shows."""
    return round(red * 31 / 255) << 11 | round(green * 63 / 255) << 5 | round(blue * 31 / 255)
