"""Arrows of a way, drawn as strokes.

As icons, in the size that stands alone on a screen, they would take as much flash as all other icons of that size.
"""

import math
from array import array

from micropython import const

from watch.ui import lines
from watch.ui.turns import TURN
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Tuple

    from watch.ui.canvas import Canvas

    Lines = Tuple[Tuple[int, ...], ...]
    Bend = Tuple[int, int, int, int, int]
    Shape = Tuple[Lines, Optional[Bend]]

_GRID = const(240)
"""Shapes are drawn on a grid of this size; icons have the same one in 24 steps, and the same strokes."""
_RADIUS = const(11)
"""Half the thickness of a stroke."""
_UNIT = const(1024)
"""Length of a direction in `lines.put_segment`."""

ON: "Shape" = (((120, 210, 120, 40), (54, 106, 120, 40, 186, 106)), None)
"""Straight on. A shape is lines, each x, y, x, y ..., and maybe a bend: x, y, radius, start and sweep in half
degrees."""
LEFT: "Shape" = (((190, 205, 190, 120, 172, 96, 50, 96), (100, 46, 50, 96, 100, 146)), None)
"""Turns are to the left; `mirrored` ones to the right."""
BEAR: "Shape" = (((150, 210, 150, 140, 65, 55), (65, 125, 65, 55, 135, 55)), None)
SHARP: "Shape" = (((175, 210, 175, 65, 160, 55, 60, 155), (60, 85, 60, 155, 130, 155)), None)
BACK: "Shape" = (((180, 96, 180, 210), (60, 96, 60, 180), (18, 138, 60, 180, 102, 138)), (120, 96, 60, 540, 360))
ROUND: "Shape" = (((144, 150, 144, 210), (96, 102, 26, 102), (60, 64, 22, 102, 60, 140)), (144, 102, 48, 0, TURN))
"""Out of a roundabout."""
ROUND_ON: "Shape" = (((120, 176, 120, 220), (120, 84, 120, 24), (84, 58, 120, 22, 156, 58)), (120, 130, 46, 0, TURN))
HERE: "Shape" = (((120, 34, 194, 204, 120, 164, 46, 204, 120, 34),), None)
"""Where the phone says no turn."""
FLAG: "Shape" = (((60, 210, 60, 40, 180, 40, 155, 80, 180, 120, 60, 120),), None)
"""The end of the way."""


class Arrow(Widget):
    """One of the shapes.

    Args:
        x: left edge in px.
        y: upper edge in px.
        size: width and height in px.
        shape: one of those above.
        mirrored: left and right are changed.
        ink: colour.
    """

    def __init__(self, x: int, y: int, size: int, shape: "Shape", mirrored: bool, ink: int) -> None:
        super().__init__(x, y, size, size)
        self._mirrored, self._ink = mirrored, ink
        strokes, self._bend = shape
        self._radius_16 = self._of_grid(_RADIUS)
        self._count = sum(len(stroke) // 2 - 1 for stroke in strokes)
        self._table = array("H", bytes(2 * lines.SEGMENT_FIELDS * self._count))
        index = 0
        for stroke in strokes:
            for at in range(0, len(stroke) - 2, 2):
                self._put(index, stroke[at], stroke[at + 1], stroke[at + 2], stroke[at + 3])
                index += 1

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        canvas.segments(self._table, self._count)
        if self._bend is not None:
            x, y, radius, start, sweep = self._bend
            middle_16, half_16 = self._of_grid(radius), self._radius_16
            start = -start - sweep if self._mirrored else start
            x_16, y_16 = self._across_16(x), self._down_16(y)
            canvas.arc(x_16, y_16, middle_16 + half_16, middle_16 - half_16, start, sweep, self._ink, True)

    def _put(self, index: int, x: int, y: int, to_x: int, to_y: int) -> None:
        """Prepare one straight stroke."""
        x_16, y_16 = self._across_16(x), self._down_16(y)
        dx, dy = self._across_16(to_x) - x_16, self._down_16(to_y) - y_16
        length = math.sqrt(dx * dx + dy * dy)
        ux, uy = round(dx * _UNIT / length), round(dy * _UNIT / length)
        lines.put_segment(self._table, index, x_16, y_16, ux, uy, round(length), self._radius_16, self._ink)

    def _of_grid(self, value: int) -> int:
        """In 1/16 px."""
        return value * 16 * self.w // _GRID

    def _across_16(self, x: int) -> int:
        return self.x * 16 + self._of_grid(_GRID - x if self._mirrored else x)

    def _down_16(self, y: int) -> int:
        return self.y * 16 + self._of_grid(y)
