"""How loud it is, as bars that stand around a middle line: they grow and shrink with the level."""

from micropython import const

from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

BARS = const(7)
_SHARES = (30, 55, 80, 100, 80, 55, 30)
"""Height of each bar at the same level, in percent of the tallest."""
_SHAPE = {"large": (10, 16, 72), "small": (6, 9, 34)}
"""Width of a bar, from one to the next beyond that, height of the tallest, in px."""
_FULL = const(100)


class LevelBars(Widget):
    """Seven bars, round at both ends. A change marks only the rows that it concerns.

    Args:
        ui: the shared context.
        x: middle of the picture in px.
        y: the same.
        ink: colour of the bars.
    """

    def __init__(self, ui: "Ui", x: int, y: int, ink: int) -> None:
        self._bar, gap, self._tall = _SHAPE[ui.metrics.panel]
        self._pitch = self._bar + gap
        width = BARS * self._bar + (BARS - 1) * gap
        super().__init__(x - width // 2, y - self._tall // 2, width, self._tall)
        self._ink = ink
        self._heights = bytearray([self._bar] * BARS)

    def set(self, level: int) -> None:
        """Show a level of 0 to 100. Allocates nothing."""
        level = level if 0 < level < _FULL else 0 if level <= 0 else _FULL
        for bar in range(BARS):
            rest = self._tall - self._bar
            height = self._bar + rest * level * _SHARES[bar] // (_FULL * _FULL) // 2 * 2
            before = self._heights[bar]
            if height != before:
                self._heights[bar] = height
                self._mark(bar, height if height > before else before)

    def draw(self, canvas: "Canvas") -> None:
        """Draw the bars."""
        x = self.x
        for bar in range(BARS):
            height = self._heights[bar]
            y = self.y + (self._tall - height) // 2
            canvas.round_rect(x, y, self._bar, height, self._bar // 2, self._ink)
            x += self._pitch

    def _mark(self, bar: int, height: int) -> None:
        y = self.y + (self._tall - height) // 2
        self.mark_part(self.x + bar * self._pitch, y, self._bar, height, 0)
