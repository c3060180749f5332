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


def _turned(count: int, inner: float, outer: float) -> list[tuple]:
    """Rays around the middle."""
    turns = [2 * math.pi * number / count for number in range(count)]
    return [
        (
            "line",
            12 + inner * math.cos(turn),
            12 + inner * math.sin(turn),
            12 + outer * math.cos(turn),
            12 + outer * math.sin(turn),
        )
        for turn in turns
    ]


def _cloud(y: float) -> list[tuple]:
    return [
        ("arc", 7.2, y - 3.6, 3.6, 90, 262),
        ("arc", 12.2, y - 6.4, 5, 200, 342),
        ("arc", 17.2, y - 3.6, 3.6, -88, 90),
        ("line", 7.2, y, 17.2, y),
    ]


_RAYS = _turned(8, 7.4, 9.4)
_CLOUD, _HIGH_CLOUD = _cloud(18), _cloud(14)
_SPEAKER = [("line", 3.5, 9.4, 3.5, 14.6, 6.6, 14.6, 11, 18.4, 11, 5.6, 6.6, 9.4, 3.5, 9.4)]
_SIDES = ((1, 0), (0, 1), (-1, 0), (0, -1))
_BELL = [
    ("line", 4, 17, 20, 17, 18, 14.4, 18, 10.4),
    ("line", 4, 17, 6, 14.4, 6, 10.4),
    ("arc", 12, 10.4, 6, 180, 360),
    ("line", 10, 20.6, 14, 20.6),
]

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
    "alarm": [
        ("arc", 12, 13, 7, 0, 360),
        ("line", 12, 9, 12, 13, 14.6, 14.6),
        ("line", 3.4, 7, 6.8, 3.8),
        ("line", 20.6, 7, 17.2, 3.8),
        ("line", 7, 18.4, 5.4, 20.6),
        ("line", 17, 18.4, 18.6, 20.6),
    ],
    "calendar": [
        ("box", 3.5, 5, 20.5, 20.5, 3),
        ("line", 4, 10, 20, 10),
        ("line", 8, 2.8, 8, 6),
        ("line", 16, 2.8, 16, 6),
        *[("dot", x, y, 1.2) for y in (13.4, 17) for x in (8, 12, 16)],
    ],
    "clouds": [*_CLOUD],
    "sun": [("arc", 12, 12, 4.2, 0, 360), *_RAYS],
    "rain": [*_HIGH_CLOUD, *[("line", x, 17, x - 1.4, 20.6) for x in (8.4, 12.7, 17)]],
    "drizzle": [*_HIGH_CLOUD, ("line", 10, 17.2, 9.4, 18.8), ("line", 15, 18.8, 14.4, 20.4)],
    "snow": [*_HIGH_CLOUD, *[("dot", x, y, 1.3) for x, y in ((8, 18), (12, 20.4), (16, 18))]],
    "fog": [*_HIGH_CLOUD, ("line", 5, 17.4, 19, 17.4), ("line", 8, 20.8, 16, 20.8)],
    "storm": [*_HIGH_CLOUD, ("line", 13, 14.6, 10.4, 18, 13.6, 18, 11.4, 21.6)],
    "music": [
        ("arc", 7, 18, 2.6, 0, 360),
        ("arc", 17, 16, 2.6, 0, 360),
        ("line", 9.6, 18, 9.6, 6, 19.6, 3.8, 19.6, 16),
    ],
    "previous": [("line", 18.5, 5.5, 9.5, 12, 18.5, 18.5, 18.5, 5.5), ("line", 5.5, 5.5, 5.5, 18.5)],
    "next": [("line", 5.5, 5.5, 14.5, 12, 5.5, 18.5, 5.5, 5.5), ("line", 18.5, 5.5, 18.5, 18.5)],
    "quieter": [*_SPEAKER, ("line", 15.5, 12, 20.5, 12)],
    "louder": [*_SPEAKER, ("line", 15.5, 12, 20.5, 12), ("line", 18, 9.5, 18, 14.5)],
    "phone": [("box", 6.5, 2.5, 17.5, 21.5, 3), ("line", 11, 18.4, 13, 18.4)],
    "steps": [
        ("arc", 8, 6.6, 3, 160, 380),
        ("line", 5.2, 7.6, 5.8, 12, 10, 12, 10.8, 7.6),
        ("line", 6, 14.8, 9.8, 14.8),
        ("arc", 16, 11.6, 3, 160, 380),
        ("line", 13.2, 12.6, 14, 17, 18.2, 17, 18.8, 12.6),
        ("line", 14.2, 19.8, 18, 19.8),
    ],
    "barcode": [("line", x, 6, x, 18) for x in (4, 7.4, 12, 15.4, 20)],
    "game": [
        ("box", 2.5, 7, 21.5, 18, 5.4),
        ("line", 7.6, 10.4, 7.6, 14.6),
        ("line", 5.5, 12.5, 9.7, 12.5),
        ("dot", 15, 14, 1.4),
        ("dot", 18, 11, 1.4),
    ],
    "settings": [
        ("line", 3.5, 7, 12, 7),
        ("line", 17.6, 7, 20.5, 7),
        ("arc", 14.8, 7, 2.6, 0, 360),
        ("line", 3.5, 17, 6.4, 17),
        ("line", 12, 17, 20.5, 17),
        ("arc", 9.2, 17, 2.6, 0, 360),
    ],
    "moon": [("arc", 12, 12, 8, 20, 250), ("arc", 15.4, 7.6, 6.4, 50, 200)],
    "drop": [("arc", 12, 14.6, 6, -26, 206), ("line", 6.6, 12, 12, 3, 17.4, 12)],
    "bell": [*_BELL],
    "bell_off": [*_BELL, ("line", 4, 3.4, 20, 20.6)],
    "bluetooth": [("line", 6.8, 7.4, 17.2, 16.6, 12, 21.2, 12, 2.8, 17.2, 7.4, 6.8, 16.6)],
    "message": [
        ("box", 3, 4.5, 21, 17, 3.6),
        ("line", 7, 17, 7, 21, 11.4, 17),
        ("line", 7.5, 9, 16.5, 9),
        ("line", 7.5, 12.6, 13, 12.6),
    ],
    "shield": [
        ("line", 12, 2.8, 19.5, 5.6, 19.5, 11.4, 17.6, 16.6, 12, 21, 6.4, 16.6, 4.5, 11.4, 4.5, 5.6, 12, 2.8),
        ("line", 8.8, 11.8, 11.2, 14.2, 15.4, 9.4),
    ],
    "globe": [
        ("arc", 12, 12, 8.6, 0, 360),
        ("line", 3.6, 12, 20.4, 12),
        ("arc", 18.4, 12, 10.6, 126, 234),
        ("arc", 5.6, 12, 10.6, -54, 54),
    ],
    "clock": [("arc", 12, 12, 8.6, 0, 360), ("line", 12, 7, 12, 12, 15.6, 14)],
    "info": [("arc", 12, 12, 8.6, 0, 360), ("line", 12, 11.4, 12, 16.2), ("dot", 12, 7.8, 1.3)],
    "update": [
        ("line", 12, 3.5, 12, 14.5),
        ("line", 7, 9.8, 12, 14.8, 17, 9.8),
        ("line", 4, 16.4, 4, 20.2, 20, 20.2, 20, 16.4),
    ],
    "link": [
        ("line", 9.4, 14.6, 14.6, 9.4),
        ("arc", 7.4, 16.6, 4.4, 60, 270),
        ("arc", 16.6, 7.4, 4.4, 240, 450),
    ],
    "reply": [("line", 9.5, 5, 3.8, 10.6, 9.5, 16.2), ("line", 4, 10.6, 14, 10.6, 18, 12, 20, 15, 20.2, 19)],
    "trash": [
        ("line", 4, 6.4, 20, 6.4),
        ("line", 9, 6.2, 9, 3.4, 15, 3.4, 15, 6.2),
        ("line", 6, 6.6, 7, 20.6, 17, 20.6, 18, 6.6),
    ],
    "hand": [
        ("line", 8, 13, 8, 5.4),
        ("line", 11.2, 11, 11.2, 3.4),
        ("line", 14.4, 11, 14.4, 4.4),
        ("line", 17.6, 12, 17.6, 7),
        ("line", 8, 13, 5.2, 10.8, 3.8, 12.4, 8.4, 19.4, 11, 21, 14.6, 21, 17.6, 17, 17.6, 12),
    ],
    "store": [
        ("box", 4, 8, 20, 20.5, 2.5),
        ("line", 8.4, 11.6, 8.4, 7),
        ("arc", 12, 7, 3.6, 180, 360),
        ("line", 15.6, 7, 15.6, 11.6),
    ],
    "vibrate": [("box", 8, 4, 16, 20, 2.4), ("line", 4.4, 8.6, 4.4, 15.4), ("line", 19.6, 8.6, 19.6, 15.4)],
    "book": [("box", 4, 4, 20, 20, 2.6), ("line", 8, 9, 16, 9), ("line", 8, 13, 16, 13), ("line", 8, 16.6, 12.6, 16.6)],
    "computer": [("box", 4.5, 4.5, 19.5, 15.5, 2), ("line", 2.5, 19.5, 21.5, 19.5)],
    "terminal": [
        ("box", 5.5, 2.5, 18.5, 21.5, 3),
        ("box", 9, 6, 15, 9.4, 0.6),
        *[("dot", x, y, 1.2) for y in (13.6, 17.6) for x in (9, 12, 15)],
    ],
    "tv": [("box", 2.5, 4.5, 21.5, 16.5, 2.4), ("line", 8, 20.5, 16, 20.5), ("line", 12, 16.5, 12, 20.5)],
    "airplane": [
        ("line", 12, 3, 12, 20),
        ("line", 12, 8.6, 21, 14, 21, 15.8, 12, 13.4, 3, 15.8, 3, 14, 12, 8.6),
        ("line", 8.6, 21, 12, 18.6, 15.4, 21),
    ],
    "up": [("line", 5.5, 15, 12, 8.5, 18.5, 15)],
    "down": [("line", 5.5, 9, 12, 15.5, 18.5, 9)],
    "left": [("line", 15, 5.5, 8.5, 12, 15, 18.5)],
    "right": [("line", 9, 5.5, 15.5, 12, 9, 18.5)],
    "home": [("line", 3.5, 12, 12, 4, 20.5, 12), ("line", 6, 10.4, 6, 20, 18, 20, 18, 10.4)],
    "menu": [("line", 4.5, 6.5, 19.5, 6.5), ("line", 4.5, 12, 19.5, 12), ("line", 4.5, 17.5, 19.5, 17.5)],
    "power": [("arc", 12, 13, 7.6, -52, 232), ("line", 12, 3.6, 12, 11)],
    "mute": [*_SPEAKER, ("line", 15.2, 9.4, 20.4, 14.6), ("line", 20.4, 9.4, 15.2, 14.6)],
    "centre": [
        ("arc", 12, 12, 5.4, 0, 360),
        ("dot", 12, 12, 1.3),
        *[("line", 12 + 7.4 * x, 12 + 7.4 * y, 12 + 9.4 * x, 12 + 9.4 * y) for x, y in _SIDES],
    ],
    "handset": [
        ("arc", 20, 4, 15.4, 90, 180),
        ("line", 4.6, 4, 8.4, 3.6, 10, 8.2, 8, 10),
        ("arc", 20, 4, 13.4, 120, 152),
        ("line", 14, 16, 15.8, 14, 20.4, 15.6, 20, 19.4),
    ],
    "hang-up": [
        ("arc", 12, 21, 12.4, -150, -30),
        ("line", 1.3, 14.8, 2.4, 17.8, 7.4, 16.8, 7.8, 13.4),
        ("arc", 12, 21, 8.7, -120, -60),
        ("line", 16.2, 13.4, 16.6, 16.8, 21.6, 17.8, 22.7, 14.8),
    ],
    "navigate": [("line", 12, 3.4, 19.4, 20.4, 12, 16.4, 4.6, 20.4, 12, 3.4)],
    "microphone": [
        ("box", 8.6, 2.8, 15.4, 14, 3.4),
        ("arc", 12, 11, 7, 0, 180),
        ("line", 12, 18, 12, 21.4),
        ("line", 8.4, 21.4, 15.6, 21.4),
    ],
}
ALONE = (
    (
        "check",
        "cross",
        "contactless",
        "lock",
        "card",
        "warning",
        "bolt",
        "sent",
        "clouds",
        "sun",
        "rain",
        "drizzle",
        "snow",
    )
    + ("fog", "storm", "phone", "bluetooth", "update", "link", "shield", "store", "bell", "drop", "moon", "tv")
    + ("microphone",)
)
"""Icons that also exist in the size that stands alone on a screen."""
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
