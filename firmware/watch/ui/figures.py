"""The time in large figures, of which only those that change are drawn again."""

import micropython
from micropython import const

from watch.ui.font import left_px, top_px
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

_COLON = const(0x3A)
_ZERO = const(0x30)
_CELLS = const(4)
_HOUR = const(60)  # minutes
_HALF_DAY = const(720)
_TEN = const(600)


class TimeFigures(Widget):
    """Hours and minutes across the middle of the panel.

    Args:
        ui: the shared context.
        y: top of the line.
        ink: colour.
    """

    def __init__(self, ui: "Ui", y: int, ink: int) -> None:
        font = ui.display_font
        self._glyphs = [font.glyph(_ZERO + figure) for figure in range(10)]
        self._colon = font.glyph(_COLON)
        advance = (self._glyphs[0][0] | self._glyphs[0][1] << 8) >> 4
        colon = (self._colon[0] | self._colon[1] << 8) >> 4
        width = _CELLS * advance + colon
        super().__init__((ui.width - width) // 2, y, width, font.line_height)
        self._ink, self._clock_24h = ink, ui.clock_24h
        self._shift, self._half_cell = 0, advance // 2
        self._pens = tuple(self.x + cell * advance + (colon if cell > 1 else 0) for cell in range(_CELLS))
        self._colon_pen = self.x + 2 * advance
        self._figures = bytearray(_CELLS)

    def set(self, minutes: int) -> None:
        """Show minutes since midnight, 0 to 1439; on a clock of 12 hours from 1:00 to 12:59."""
        if not self._clock_24h:
            minutes = (minutes - _HOUR) % _HALF_DAY + _HOUR
            self._lead(minutes < _TEN)
        self._put(0, minutes // 600)
        self._put(1, minutes // 60 % 10)
        self._put(2, minutes % 60 // 10)
        self._put(3, minutes % 10)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        shift = self._shift
        for cell in range(1 if shift else 0, _CELLS):
            canvas.glyph(self._glyphs[self._figures[cell]], self._pens[cell] + shift, self.y, self._ink)
        canvas.glyph(self._colon, self._colon_pen + shift, self.y, self._ink)

    def texts(self) -> "list[str]":
        """The time as text."""
        text = "%d%d:%d%d" % tuple(self._figures)
        return [text[1:] if self._shift else text]

    def _lead(self, short: bool) -> None:
        """On a clock of 12 hours nothing stands before 1 to 9, and the figures that remain move to the middle."""
        shift = -self._half_cell if short else 0
        if shift != self._shift:
            self._shift = shift
            self.mark()

    def _put(self, cell: int, figure: int) -> None:
        if self._figures[cell] != figure:
            self._mark_figure(cell)
            self._figures[cell] = figure
            self._mark_figure(cell)

    def _mark_figure(self, cell: int) -> None:
        glyph = self._glyphs[self._figures[cell]]
        self.mark_part(self._pens[cell] + self._shift + left_px(glyph), self.y + top_px(glyph), glyph[2], glyph[3])
