"""A window onto the screen, at most one strip large, and the shapes one can draw on it.

All positions are screen pixels; what falls outside the window is clipped. Drawing allocates nothing. Colours are RGB565
as `rgb()` makes them.
"""

from micropython import const
from watch.ui import pixels
from watch.ui.font import left_px, top_px

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.layout import Run

STRIP_BYTES = const(16384)
"""One strip: 19 full rows of a 410 px panel, four SPI DMA transfers of 4,092 bytes."""
_GLYPH_HEADER = const(6)


def rgb(colour: int) -> int:
    """RGB565 of a colour given as 0xRRGGBB."""
    return (colour >> 8 & 0xF800) | (colour >> 5 & 0x07E0) | (colour >> 3 & 0x001F)


def mix(one: int, other: int, part: int) -> int:
    """The colour between two RGB565 colours, `part` 32nds of the way from `one` to `other`."""
    a = (one | one << 16) & 0x07E0F81F
    b = (other | other << 16) & 0x07E0F81F
    between = ((a * (32 - part) + b * part) >> 5) & 0x07E0F81F
    return (between | between >> 16) & 0xFFFF


class Canvas:
    """The one strip buffer and the window it shows at the moment."""

    def __init__(self) -> None:
        self.strip = bytearray(STRIP_BYTES)
        self.log = None
        """A list that collects (text, x, y, width, height) of each text drawn, or None. For tests and screen readers."""
        self.x = self.y = self.w = self.h = 0
        self._left = self._top = self._width = self._height = self._start = 0

    def window(self, x: int, y: int, w: int, h: int) -> None:
        """Show this part of the screen from now on, all black."""
        self.x, self.y, self.w, self.h = x, y, w, h
        pixels.clear(self.strip, (w * h + 1) // 2)

    def touches(self, x: int, y: int, w: int, h: int) -> bool:
        """True if a rectangle reaches into the window."""
        return x < self.x + self.w and y < self.y + self.h and x + w > self.x and y + h > self.y

    def fill_rect(self, x: int, y: int, w: int, h: int, ink: int) -> None:
        """Fill a rectangle."""
        if self._clip(x, y, w, h):
            pixels.fill(self.strip, self._start, self.w, self._width, self._height, ink)

    def gradient(self, x: int, y: int, w: int, h: int, top: int, bottom: int) -> None:
        """Fill a rectangle with a colour that changes from top to bottom."""
        first = max(y, self.y)
        for row in range(first, min(y + h, self.y + self.h)):
            self.fill_rect(x, row, w, 1, mix(top, bottom, (row - y) * 32 // h))

    def round_rect(self, x: int, y: int, w: int, h: int, radius: int, ink: int) -> None:
        """Fill a rectangle with round corners; `radius` at most half of either side."""
        if not self.touches(x, y, w, h):
            return
        self.fill_rect(x + radius, y, w - 2 * radius, h, ink)
        self.fill_rect(x, y + radius, radius, h - 2 * radius, ink)
        self.fill_rect(x + w - radius, y + radius, radius, h - 2 * radius, ink)
        for right in (0, 1):
            for low in (0, 1):
                self._quarter(x, y, w, h, radius, right, low, 0, ink)

    def round_off(self, x: int, y: int, w: int, h: int, radius: int, ink: int = 0) -> None:
        """Paint the four corners of a rectangle so that what it holds looks rounded."""
        for right in (0, 1):
            for low in (0, 1):
                self._quarter(x, y, w, h, radius, right, low, 1, ink)

    def disc(self, x_16: int, y_16: int, radius_16: int, ink: int) -> None:
        """Fill a circle; centre and radius in 1/16 px."""
        self.segment(x_16, y_16, 0, 0, 0, radius_16, ink)

    def ring(self, x_16: int, y_16: int, outer_16: int, inner_16: int, ink: int) -> None:
        """Fill the space between two circles; centre and radii in 1/16 px."""
        reach = (outer_16 + 31) >> 4
        x, y = (x_16 >> 4) - reach, (y_16 >> 4) - reach
        if self._clip(x, y, 2 * reach + 1, 2 * reach + 1):
            self._ring(x_16, y_16, outer_16, inner_16, ink)

    def segment(self, x_16: int, y_16: int, ux: int, uy: int, length_16: int, radius_16: int, ink: int) -> None:
        """Draw a line with round ends.

        Args:
            x_16, y_16: one end, in 1/16 px.
            ux, uy: direction as a unit vector times 1024.
            length_16, radius_16: length between the centres of the ends and half the thickness, in 1/16 px.
            ink: colour.
        """
        end_x, end_y = x_16 + (ux * length_16 >> 10), y_16 + (uy * length_16 >> 10)
        reach = radius_16 + 16
        x, y = (min(x_16, end_x) - reach) >> 4, (min(y_16, end_y) - reach) >> 4
        right, low = (max(x_16, end_x) + reach) >> 4, (max(y_16, end_y) + reach) >> 4
        if self._clip(x, y, right - x + 1, low - y + 1):
            pixels.segment(
                self.strip, self._start, self.w, self._width, self._height,
                (self._left << 4) + 8 - x_16, (self._top << 4) + 8 - y_16,
                ux, uy, length_16, radius_16, 65536 // radius_16, ink,
            )

    def glyph(self, glyph: bytes, x: int, y: int, ink: int) -> None:
        """Draw a glyph whose pen stands at `x` and whose line begins at `y`."""
        x += left_px(glyph)
        y += top_px(glyph)
        if self._clip(x, y, glyph[2], glyph[3]):
            row = (glyph[2] + 1) >> 1
            first = _GLYPH_HEADER + (self._top - y) * row
            pixels.glyph(
                self.strip, self._start, self.w, glyph, first, row, self._left - x, self._width, self._height, ink
            )

    def run(self, run: "Run", x: int, y: int, ink: int) -> None:
        """Draw a line of text whose box begins at `x`, `y`."""
        if self.log is not None:
            self.log.append((run.text, x, y, run.width, run.font.line_height))
        glyphs, offsets = run.glyphs, run.offsets
        for i in range(len(glyphs)):
            self.glyph(glyphs[i], x + offsets[i], y, ink)

    def _quarter(self, x: int, y: int, w: int, h: int, radius: int, right: int, low: int, outside: int, ink: int) -> None:
        """A quarter of a disc, or what lies outside of it, in one corner of a rectangle."""
        box_x = x + w - radius if right else x
        box_y = y + h - radius if low else y
        if not self._clip(box_x, box_y, radius, radius):
            return
        centre_x = (x + w - radius if right else x + radius) << 4
        centre_y = (y + h - radius if low else y + radius) << 4
        if outside:
            self._ring(centre_x, centre_y, radius << 6, radius << 4, ink)
        else:
            self._ring(centre_x, centre_y, radius << 4, 0, ink)

    def _ring(self, x_16: int, y_16: int, outer_16: int, inner_16: int, ink: int) -> None:
        pixels.ring(
            self.strip, self._start, self.w, self._width, self._height,
            (self._left << 4) + 8 - x_16, (self._top << 4) + 8 - y_16,
            outer_16, 65536 // outer_16, inner_16, 65536 // inner_16 if inner_16 else 0, ink,
        )

    def _clip(self, x: int, y: int, w: int, h: int) -> bool:
        """Cut a rectangle to the window, into `_left` .. `_height` and `_start`; False if nothing is left."""
        left = x if x > self.x else self.x
        top = y if y > self.y else self.y
        width = min(x + w, self.x + self.w) - left
        height = min(y + h, self.y + self.h) - top
        if width <= 0 or height <= 0:
            return False
        self._left, self._top, self._width, self._height = left, top, width, height
        self._start = (top - self.y) * self.w + left - self.x
        return True
