"""A row of bars: how much of something there was, hour by hour or day by day."""

from array import array

from micropython import const

from watch.ui.theme import FAINT, GREY
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence

    from watch.ui.canvas import Canvas

_DASH_PX = const(6)


class Bars(Widget):
    """Bars that stand on the lower edge of a rectangle, as high as their share of the most there may be.

    A bar without anything is a dot, so that one sees where it would be.

    Args:
        x, y, w, h: the rectangle.
        count: how many bars.
        ink: their colour, until `set` gives another.
    """

    def __init__(self, x: int, y: int, w: int, h: int, count: int, ink: int) -> None:
        pitch = w // count
        super().__init__(x + (w - pitch * count) // 2, y, pitch * count, h)
        self.pitch = pitch
        """From one bar to the next in px; the n-th takes the middle of its pitch, counted from `x`."""
        self._thick = max(pitch * 5 // 8, 3)
        self._ink = ink
        self._heights = array("h", [self._thick] * count)
        self._inks = array("H", [FAINT] * count)
        self._line_y = -1

    def set(self, values: "Sequence[int]", most: int, line: int = -1, inks: "Sequence[int]" = ()) -> None:
        """Show these values.

        Args:
            values: one for each bar, not negative.
            most: what a bar of full height stands for, at least 1; higher ones are cut there.
            line: a value to mark by a dashed line across all bars; none if negative.
            inks: colour of each bar, if they differ.
        """
        for place, value in enumerate(values):
            height = min(value, most) * self.h // most
            self._heights[place] = max(height, self._thick)
            self._inks[place] = FAINT if not value else inks[place] if inks else self._ink
        self._line_y = self.y + self.h - min(line, most) * self.h // most if line >= 0 else -1
        self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw them."""
        for place in range(len(self._heights)):
            self._draw_bar(canvas, place)
        if self._line_y >= 0:
            self._draw_line(canvas)

    def _draw_bar(self, canvas: "Canvas", place: int) -> None:
        height, thick = self._heights[place], self._thick
        x = self.x + place * self.pitch + (self.pitch - thick) // 2
        canvas.round_rect(x, self.y + self.h - height, thick, height, thick // 2, self._inks[place])

    def _draw_line(self, canvas: "Canvas") -> None:
        x, y = self.x, self._line_y
        while x < self.x + self.w:
            canvas.fill_rect(x, y, _DASH_PX, 2, GREY)
            x += 2 * _DASH_PX
