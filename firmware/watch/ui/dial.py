"""Sixty ticks along the edge of the panel: the minutes of the hour, or the seconds that remain."""

import math

from micropython import const

from watch.ui.stamps import Stamps
from watch.ui.theme import FAINT, HOUR
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

TICKS = const(60)


class Dial(Widget):
    """A ring of sixty ticks, the first at twelve o'clock, of which the first `lit` shine.

    Changing `lit` by one sends one tick: some hundred bytes.
    """

    def __init__(self, ui: "Ui", ink: int, lit: int = 0) -> None:
        super().__init__(0, 0, ui.width, ui.height)
        inset, corner, short, long, thickness = ui.metrics.dial
        self._ink, self._lit = ink, lit
        self._ticks = Stamps(TICKS)
        path = _Path(inset, inset, ui.width - 2 * inset, ui.height - 2 * inset, corner)
        for index in range(TICKS):
            self._place(index, path, long if index % 5 == 0 else short, thickness // 2)

    def set(self, lit: int) -> None:
        """Let the first `lit` ticks shine, 0 to 60."""
        first, last = min(lit, self._lit), max(lit, self._lit)
        self._lit = lit
        for index in range(first, last):
            self._paint(index)

    def recolour(self, ink: int) -> None:
        """Change the colour of the ticks that shine."""
        if ink != self._ink:
            self._ink = ink
            for index in range(self._lit):
                self._paint(index)

    def draw(self, canvas: "Canvas") -> None:
        """Draw the ticks in the window."""
        self._ticks.draw(canvas)

    def _paint(self, index: int) -> None:
        """Give a tick the colour it should have now."""
        self._ticks.recolour(index, self._colour(index), self)

    def _colour(self, index: int) -> int:
        return self._ink if index < self._lit else FAINT if index % 5 else HOUR

    def _place(self, index: int, path: "_Path", length: int, radius_16: int) -> None:
        x, y, nx, ny = path.point(index / TICKS)
        x_16, y_16 = round(x * 16 + nx * radius_16), round(y * 16 + ny * radius_16)
        ux, uy, length_16 = round(nx * 1024), round(ny * 1024), length * 16 - 2 * radius_16
        self._ticks.put(index, x_16, y_16, ux, uy, length_16, radius_16, self._colour(index))


class _Path:
    """The outline of a rectangle with round corners, clockwise from the middle of its top side."""

    def __init__(self, x: float, y: float, w: float, h: float, corner: float) -> None:
        self._corner = corner
        flat_w, flat_h, bend = w - 2 * corner, h - 2 * corner, corner * math.pi / 2
        right, low = x + w, y + h
        self._parts = (
            # length, start x, start y, direction in quarter turns (0 = to the right), is it a corner
            (flat_w / 2, x + w / 2, y, 0, False),
            (bend, right - corner, y + corner, 0, True),
            (flat_h, right, y + corner, 1, False),
            (bend, right - corner, low - corner, 1, True),
            (flat_w, right - corner, low, 2, False),
            (bend, x + corner, low - corner, 2, True),
            (flat_h, x, low - corner, 3, False),
            (bend, x + corner, y + corner, 3, True),
            (flat_w / 2, x + corner, y, 0, False),
        )
        self._length = sum(part[0] for part in self._parts)

    def point(self, share: float) -> "tuple[float, float, float, float]":
        """A point at this share of the way around, and the unit vector that points inwards there."""
        left = share * self._length
        part = self._parts[0]
        for part in self._parts:
            if left <= part[0]:
                break
            left -= part[0]
        _, x, y, turn, bent = part
        angle = turn * math.pi / 2 + (left / self._corner if bent else 0)
        along_x, along_y = math.cos(angle), math.sin(angle)
        if bent:
            return x + self._corner * along_y, y - self._corner * along_x, -along_y, along_x
        return x + left * along_x, y + left * along_y, -along_y, along_x
