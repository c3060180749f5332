"""Icons as strokes on a 24 x 24 grid, drawn with round caps and turned into alpha glyphs of any size.

An icon is a list of strokes: `("line", x0, y0, x1, y1, ...)`, `("arc", cx, cy, radius, from_deg, to_deg)` (clockwise
from three o'clock), `("box", x0, y0, x1, y1, radius)` and `("dot", cx, cy, radius)`.
"""

from __future__ import annotations

import itertools
import math

from PIL import Image, ImageDraw

from tapwatch.assets.fontfile import Glyph

GRID = 24
STROKE = 2.2
"""Width of a stroke in grid units: the weight of the text beside it."""
_OVERSAMPLE = 16

ICONS: dict[str, list[tuple]] = {
    "check": [("line", 5, 12.6, 10, 17.6, 19.4, 7)],
    "cross": [("line", 6.5, 6.5, 17.5, 17.5), ("line", 17.5, 6.5, 6.5, 17.5)],
    "contactless": [("arc", 1, 12, 6, -42, 42), ("arc", 1, 12, 11.5, -42, 42), ("arc", 1, 12, 17, -42, 42)],
    "lock": [
        ("box", 5, 10.5, 19, 20.5, 3),
        ("line", 8, 10.5, 8, 8),
        ("arc", 12, 8, 4, 180, 360),
        ("line", 16, 8, 16, 10.5),
    ],
    "card": [("box", 2.5, 5.5, 21.5, 18.5, 3), ("line", 3, 10, 21, 10)],
    "delete": [
        ("line", 9, 6, 20, 6, 20, 18, 9, 18, 3.5, 12, 9, 6),
        ("line", 11.5, 9.8, 15.9, 14.2),
        ("line", 15.9, 9.8, 11.5, 14.2),
    ],
    "warning": [("line", 12, 4, 21, 19.5, 3, 19.5, 12, 4), ("line", 12, 10, 12, 13.6), ("dot", 12, 16.6, 1.3)],
    "bolt": [("line", 13, 3.5, 6.5, 13.5, 12, 13.5, 11, 20.5, 17.5, 10.5, 12, 10.5, 13, 3.5)],
    "sent": [("line", 12, 19, 12, 5), ("line", 5.5, 11.2, 12, 4.8, 18.5, 11.2)],
    "torch": [
        ("line", 7.5, 3.5, 16.5, 3.5, 16.5, 7, 14.3, 10.5, 14.3, 20.5, 9.7, 20.5, 9.7, 10.5, 7.5, 7, 7.5, 3.5),
        ("line", 7.5, 7, 16.5, 7),
        ("line", 12, 12.5, 12, 14.5),
    ],
    "stopwatch": [
        ("arc", 12, 13.5, 7.5, 0, 360),
        ("line", 12, 13.5, 12, 9.5),
        ("line", 10, 2.6, 14, 2.6),
        ("line", 18, 6, 19.4, 7.4),
    ],
    "timer": [
        ("line", 6, 3.5, 18, 3.5),
        ("line", 6, 20.5, 18, 20.5),
        ("line", 7.7, 3.5, 7.7, 7, 12, 12, 16.3, 7, 16.3, 3.5),
        ("line", 7.7, 20.5, 7.7, 17, 12, 12, 16.3, 17, 16.3, 20.5),
    ],
    "calculator": [
        ("box", 5, 3, 19, 21, 3),
        ("line", 8.8, 7.5, 15.2, 7.5),
        *[("dot", x, y, 1.2) for y in (12.2, 16.6) for x in (8.8, 12, 15.2)],
    ],
    "tiles": [("box", 3.5, 3.5, 20.5, 20.5, 3.5), ("line", 12, 3.5, 12, 20.5), ("line", 3.5, 12, 20.5, 12)],
    "face": [
        ("box", 6, 6, 18, 18, 4),
        ("line", 8.6, 6, 9.3, 2.6, 14.7, 2.6, 15.4, 6),
        ("line", 8.6, 18, 9.3, 21.4, 14.7, 21.4, 15.4, 18),
        ("line", 12, 9.3, 12, 12.3, 14, 13.6),
    ],
    "play": [("line", 8, 4.8, 19, 12, 8, 19.2, 8, 4.8)],
    "pause": [("line", 8.4, 5.5, 8.4, 18.5), ("line", 15.6, 5.5, 15.6, 18.5)],
    "flag": [("line", 6, 21, 6, 4, 18, 4, 15.5, 8, 18, 12, 6, 12)],
    "again": [("arc", 12, 12.5, 7.5, -50, 230), ("line", 12.4, 6.7, 16.8, 6.7, 16.8, 2.3)],
    "plus": [("line", 12, 5, 12, 19), ("line", 5, 12, 19, 12)],
    "minus": [("line", 5, 12, 19, 12)],
}
"""Order is the code: the n-th icon of a size is that size's first code point plus n (`watch/ui/icons.py`)."""


def icon_glyph(name: str, code: int, size_px: int) -> Glyph:
    """One icon as a glyph of `size_px` by `size_px`."""
    scale = size_px * _OVERSAMPLE / GRID
    image = Image.new("L", (size_px * _OVERSAMPLE, size_px * _OVERSAMPLE))
    draw = ImageDraw.Draw(image)
    for kind, *numbers in ICONS[name]:
        for x, y, radius in _discs(kind, numbers):
            box = [(x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale]
            draw.ellipse(box, fill=255)
    small = image.resize((size_px, size_px), Image.Resampling.BOX)
    alpha = bytes((value * 15 + 127) // 255 for value in small.tobytes())
    return Glyph(code, size_px * 16, size_px, size_px, 0, 0, alpha)


def _discs(kind: str, numbers: list[float]) -> list[tuple[float, float, float]]:
    """A stroke as overlapping discs, close enough together to look solid."""
    if kind == "dot":
        return [(numbers[0], numbers[1], numbers[2])]
    points = _OUTLINES[kind](*numbers)
    discs = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        steps = max(1, round(math.hypot(x1 - x0, y1 - y0) * 16))
        discs += [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps, STROKE / 2) for i in range(steps + 1)]
    return discs


def _line(*numbers: float) -> list[tuple[float, float]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _arc(cx: float, cy: float, radius: float, start: float, end: float) -> list[tuple[float, float]]:
    angles = [math.radians(start + (end - start) * i / 32) for i in range(33)]
    return [(cx + radius * math.cos(angle), cy + radius * math.sin(angle)) for angle in angles]


def _box(x0: float, y0: float, x1: float, y1: float, radius: float) -> list[tuple[float, float]]:
    corners = [
        (x1 - radius, y0 + radius, -90),
        (x1 - radius, y1 - radius, 0),
        (x0 + radius, y1 - radius, 90),
        (x0 + radius, y0 + radius, 180),
    ]
    points = [point for x, y, start in corners for point in _arc(x, y, radius, start, start + 90)]
    return [*points, points[0]]


_OUTLINES = {"line": _line, "arc": _arc, "box": _box}
