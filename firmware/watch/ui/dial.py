"""Sixty ticks along the edge of the panel: the minutes of the hour, or the seconds that remain."""

import math
from array import array

from micropython import const
from watch.ui.theme import FAINT, PRESSED
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

TICKS = const(60)
_FIELDS = const(9)
"""Per tick: box x, y, w, h; start x, y in 1/16 px; direction x, y times 1024; length in 1/16 px."""


class Dial(Widget):
    """A ring of sixty ticks, the first at twelve o'clock, of which the first `lit` shine.

    Changing `lit` by one sends one tick: some hundred bytes.
    """

    def __init__(self, ui: "Ui", ink: int, lit: int = 0) -> None:
        super().__init__(0, 0, ui.width, ui.height)
        inset, corner, short, long, thickness = ui.metrics.dial
        self._radius_16 = thickness // 2
        self._ink, self._lit = ink, lit
        self._ticks = array("h", bytes(2 * _FIELDS * TICKS))
        path = _Path(inset, inset, ui.width - 2 * inset, ui.height - 2 * inset, corner)
        for index in range(TICKS):
            self._place(index, path, long if index % 5 == 0 else short)

    def set(self, lit: int) -> None:
        """Let the first `lit` ticks shine, 0 to 60."""
        for index in range(min(lit, self._lit), max(lit, self._lit)):
            at = index * _FIELDS
            ticks = self._ticks
            self.mark_part(ticks[at], ticks[at + 1], ticks[at + 2], ticks[at + 3])
        self._lit = lit

    def recolour(self, ink: int) -> None:
        """Change the colour of the ticks that shine."""
        if ink != self._ink:
            self._ink = ink
            self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw the ticks in the window."""
        ticks, radius_16 = self._ticks, self._radius_16
        top, low = canvas.y, canvas.y + canvas.h
        at = 0
        for index in range(TICKS):
            y = ticks[at + 1]
            if y < low and y + ticks[at + 3] > top:
                ink = self._ink if index < self._lit else PRESSED if index % 5 == 0 else FAINT
                canvas.segment(
                    ticks[at + 4], ticks[at + 5], ticks[at + 6], ticks[at + 7], ticks[at + 8], radius_16, ink
                )
            at += _FIELDS

    def _place(self, index: int, path: "_Path", length: int) -> None:
        x, y, nx, ny = path.point(index / TICKS)
        half = self._radius_16 / 16
        x0, y0 = x + nx * half, y + ny * half
        x1, y1 = x + nx * (length - half), y + ny * (length - half)
        left, top = int(min(x0, x1) - half) - 1, int(min(y0, y1) - half) - 1
        right, low = int(max(x0, x1) + half) + 2, int(max(y0, y1) + half) + 2
        fields = (
            left, top, right - left, low - top, round(x0 * 16), round(y0 * 16),
            round(nx * 1024), round(ny * 1024), round((length - 2 * half) * 16),
        )
        for field in range(_FIELDS):
            self._ticks[index * _FIELDS + field] = fields[field]


class _Path:
    """The outline of a rectangle with round corners, clockwise from the middle of its top side."""

    def __init__(self, x: float, y: float, w: float, h: float, corner: float) -> None:
        self._corner = corner
        flat_w, flat_h, bend = w - 2 * corner, h - 2 * corner, corner * math.pi / 2
        right, low = x + w, y + h
        self._parts = (
            # length, start x, start y, direction in quarter turns (0 = to the right), is it a corner
            (flat_w / 2, x + w / 2, y, 0, False), (bend, right - corner, y + corner, 0, True),
            (flat_h, right, y + corner, 1, False), (bend, right - corner, low - corner, 1, True),
            (flat_w, right - corner, low, 2, False), (bend, x + corner, low - corner, 2, True),
            (flat_h, x, low - corner, 3, False), (bend, x + corner, y + corner, 3, True),
            (flat_w / 2, x + corner, y, 0, False),
        )
        self._length = sum(part[0] for part in self._parts)

    def point(self, share: float) -> "tuple[float, float, float, float]":
        """A point at this share of the way around, and the unit vector that points inwards there."""
        left = share * self._length
        for length, x, y, turn, bent in self._parts:
            if left <= length:
                break
            left -= length
        angle = turn * math.pi / 2
        if bent:
            angle += left / self._corner
            return x + self._corner * math.sin(angle), y - self._corner * math.cos(angle), -math.sin(angle), math.cos(angle)
        return x + left * math.cos(angle), y + left * math.sin(angle), -math.sin(angle), math.cos(angle)
