"""A small battery that fills with the charge."""

from micropython import const
from watch.ui.theme import AMBER, FAINT, GREEN, GREY, RED
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

_LOW_PERCENT = const(10)
_MEDIUM_PERCENT = const(25)


class Battery(Widget):
    """A pill in the middle of the panel; grey in peace, green while charging, amber and red when it runs low."""

    def __init__(self, ui: "Ui", y: int) -> None:
        height = ui.metrics.gap * 2
        width = height * 5 // 2
        super().__init__((ui.width - width) // 2, y, width, height)
        self._percent, self._charging = 0, False

    def set(self, percent: int, charging: bool) -> None:
        """Show a charge of 0 to 100."""
        if percent != self._percent or charging != self._charging:
            self._percent, self._charging = percent, charging
            self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        canvas.round_rect(self.x, self.y, self.w, self.h, self.h // 2, FAINT)
        width = max(self.h, self.w * self._percent // 100)
        canvas.round_rect(self.x, self.y, width, self.h, self.h // 2, self._colour())

    def texts(self) -> "list[str]":
        """The charge as text."""
        return ["%d%%" % self._percent]

    def _colour(self) -> int:
        if self._charging:
            return GREEN
        if self._percent <= _LOW_PERCENT:
            return RED
        return AMBER if self._percent <= _MEDIUM_PERCENT else GREY
