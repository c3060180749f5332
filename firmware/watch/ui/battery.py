"""The charge, in figures; with a flash of lightning while it rises."""

from micropython import const

from watch.ui import icons
from watch.ui.layout import line
from watch.ui.theme import AMBER, GREEN, GREY, RED
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

_LOW_PERCENT = const(10)
_MEDIUM_PERCENT = const(20)


class Battery(Widget):
    """One line in the middle of the panel; grey in peace, green while charging, amber and red when it runs low."""

    def __init__(self, ui: "Ui", y: int) -> None:
        self._font = ui.caption_font
        super().__init__(ui.width // 3, y, ui.width // 3, self._font.line_height)
        self._bolt = ui.icons.glyph(icons.SMALL + icons.BOLT)
        self._percent, self._charging = -1, False
        self._run = line(self._font, "")

    def set(self, percent: int, charging: bool) -> None:
        """Show a charge of 0 to 100."""
        if percent != self._percent or charging != self._charging:
            self._percent, self._charging = percent, charging
            self._run = line(self._font, "%d%%" % percent)
            self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        picture = self._bolt[2] if self._charging else 0
        x = self.x + (self.w - self._run.width - picture) // 2
        if picture:
            canvas.glyph(self._bolt, x, self.y + (self.h - self._bolt[3]) // 2, GREEN)
        canvas.run(self._run, x + picture, self.y, self._colour())

    def texts(self) -> "list[str]":
        """The charge as text."""
        return [self._run.text]

    def _colour(self) -> int:
        if self._charging:
            return GREEN
        if self._percent <= _LOW_PERCENT:
            return RED
        return AMBER if self._percent <= _MEDIUM_PERCENT else GREY
