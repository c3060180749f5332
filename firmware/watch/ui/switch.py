"""A switch that is on or off: lit and with its knob to the right, or grey and to the left."""

from micropython import const

from watch.ui.theme import BLACK, PRESSED, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

_HEIGHT = const(5)  # gaps of the grid
_WIDTH = const(9)
_RIM_PX = const(3)


class Switch(Widget):
    """A picture of a switch; what it stands in is what is touched."""

    def __init__(self, ui: "Ui", on: bool) -> None:
        gap = ui.metrics.gap
        super().__init__(0, 0, _WIDTH * gap, _HEIGHT * gap)
        self._on, self._ink = on, ui.accent

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        radius = self.h // 2
        canvas.round_rect(self.x, self.y, self.w, self.h, radius, self._ink if self._on else PRESSED)
        x = self.x + self.w - radius if self._on else self.x + radius
        canvas.disc(x << 4, (self.y + radius) << 4, (radius - _RIM_PX) << 4, BLACK if self._on else WHITE)
