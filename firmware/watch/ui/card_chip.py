"""One line that says which card pays, or why none does."""

import micropython
from micropython import const

from watch.ui import icons
from watch.ui.canvas import mix
from watch.ui.layout import line
from watch.ui.theme import BLACK, GREY, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui


class CardChip(Widget):
    """A tiny card or a lock, with a few words beside it, centred."""

    def __init__(self, ui: "Ui", y: int) -> None:
        self._font = ui.caption_font
        super().__init__(ui.metrics.margin, y, ui.width - 2 * ui.metrics.margin, self._font.line_height)
        self._gap = ui.metrics.gap
        self._lock = ui.icons.glyph(icons.SMALL + icons.LOCK)
        self._colour = 0
        self._locked = False
        self._run = line(self._font, "")

    def set(self, text: str, colour: int, locked: bool) -> None:
        """Show the words beside a lock, or beside a card of this colour (RGB565; 0 for no picture)."""
        self._run = line(self._font, text)
        self._colour, self._locked = colour, locked
        self.mark()

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        picture = self._picture_width()
        x = self.x + (self.w - picture - self._run.width) // 2
        if self._locked:
            canvas.glyph(self._lock, x, self.y + (self.h - self._lock[3]) // 2, GREY)
        elif self._colour:
            height = self._gap * 3
            y = self.y + (self.h - height) // 2
            canvas.gradient(x, y, self._gap * 4, height, mix(self._colour, WHITE, 4), mix(self._colour, BLACK, 6))
            canvas.round_off(x, y, self._gap * 4, height, self._gap // 2)
        canvas.run(self._run, x + picture, self.y, GREY)

    def texts(self) -> "list[str]":
        """The words."""
        return [self._run.text]

    def _picture_width(self) -> int:
        """Width of the picture and the space behind it."""
        if self._locked:
            return self._lock[2] + self._gap
        return self._gap * 5 if self._colour else 0
