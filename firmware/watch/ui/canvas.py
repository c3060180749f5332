"""A window onto the screen, at most one strip large, and the shapes one can draw on it.

All positions are screen pixels; what falls outside the window is clipped. Drawing allocates nothing. Colours are RGB565
as `rgb()` makes them.

`native` on the methods a frame calls hundreds of times: the interpreter takes heap for every call of a function with
more than eleven variables and stack places, native code does not (35 % fewer instructions for a face).
"""

from array import array

import micropython
from framebuf import GS8, FrameBuffer
from micropython import const

from watch.ui import arc_loop, glyphs, lines, pixels, shapes
from watch.ui.outline import put_arc
from watch.ui.turns import TURN, UNIT_BITS, cosine, sine

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.layout import Run
    from watch.ui.picture import Picture

STRIP_BYTES = const(16384)
"""One strip: 19 full rows of a 410 px panel, four SPI DMA transfers of 4,092 bytes."""


def rgb(colour: int) -> int:
    """RGB565 of a colour given as 0xRRGGBB."""
    return (colour >> 8 & 0xF800) | (colour >> 5 & 0x07E0) | (colour >> 3 & 0x001F)


@micropython.native
def mix(one: int, other: int, part: int) -> int:
    """The colour between two RGB565 colours, `part` 32nds of the way from `one` to `other`."""
    a = (one | one << 16) & 0x07E0F81F
    b = (other | other << 16) & 0x07E0F81F
    between = ((a * (32 - part) + b * part) >> 5) & 0x07E0F81F
    return (between | between >> 16) & 0xFFFF


class Canvas:
    """The one strip buffer and the window it shows at the moment."""

    def __init__(self) -> None:
        self.memory = bytearray(STRIP_BYTES)
        self._bytes = FrameBuffer(self.memory, STRIP_BYTES, 1, GS8)  # sets bytes as fast as C does
        self.log = None
        """A list that collects (text, x, y, width, height) of each line drawn, or None. For tests."""
        # The window. No app may set these names (`WRITABLE` of the vocabulary): the canvas outlives it.
        self.left = self.top = self.width = self.height = 0
        self._view = array("i", bytes(4 * pixels.VIEW_FIELDS))
        self._shades = array("H", bytes(2 * glyphs.SHADES))
        self._segment = array("H", bytes(2 * lines.SEGMENT_FIELDS))
        self._arc = array("H", bytes(2 * arc_loop.ARC_FIELDS))

    @micropython.native
    def window(self, x: int, y: int, w: int, h: int) -> None:
        """Show this part of the screen from now on, all black."""
        self.left, self.top = x, y
        self.width, self.height = w, h  # four at once would build a tuple
        pixels.window(self._view, x, y, w, h)
        self._bytes.fill_rect(0, 0, w * h * 2, 1, 0)

    @micropython.native
    def clip(self, x: int, y: int, w: int, h: int) -> bool:
        """Draw nothing outside of this rectangle until `unclip` or the next window. False if nothing can show."""
        return pixels.clip(self._view, x, y, w, h)

    @micropython.native
    def unclip(self) -> None:
        """Draw in the whole window again."""
        pixels.unclip(self._view)

    @micropython.native
    def touches(self, x: int, y: int, w: int, h: int) -> bool:
        """True if a rectangle reaches into the window."""
        return pixels.touches(self._view, x, y, w, h)

    @micropython.native
    def fill_rect(self, x: int, y: int, w: int, h: int, ink: int) -> None:
        """Fill a rectangle."""
        pixels.fill(self.memory, self._view, x, y, x + w, y + h, ink)

    @micropython.native
    def gradient(self, x: int, y: int, w: int, h: int, top: int, bottom: int) -> None:
        """Fill a rectangle with a colour that changes from top to bottom."""
        low = min(y + h, self.top + self.height)
        row = max(y, self.top)
        while row < low:
            self.fill_rect(x, row, w, 1, mix(top, bottom, (row - y) * 32 // h))
            row += 1

    @micropython.native
    def polygons(self, table: "array", count: int, stride: int) -> None:
        """Fill convex shapes prepared by `watch.ui.outline.put_polygon`, `stride` numbers of the table each."""
        shapes.polygons(self.memory, self._view, table, count, stride)

    @micropython.native
    def arc(
        self, x_16: int, y_16: int, outer_16: int, inner_16: int, start: int, sweep: int, ink: int, round_ends: bool
    ) -> None:
        """Draw a part of a ring.

        Args:
            x_16: centre, in 1/16 px.
            y_16: the same centre.
            outer_16: outer radius in 1/16 px, 1 to 1023 px; outside of that nothing is drawn.
            inner_16: inner radius, smaller; below 1 px there is no hole.
            start: half degrees clockwise from twelve o'clock.
            sweep: half degrees; at most 0 draws nothing, 720 and more the whole ring.
            ink: colour.
            round_ends: put half a disc on both ends.
        """
        table = self._arc
        if not put_arc(table, x_16, y_16, outer_16, inner_16, start, sweep, ink):
            return
        arc_loop.arc(self.memory, self._view, table)
        if round_ends and table[arc_loop.SPAN] != arc_loop.WHOLE:
            middle, half = (outer_16 + inner_16) // 2, (outer_16 - inner_16) // 2
            self._end(x_16, y_16, middle, half, start, ink)
            self._end(x_16, y_16, middle, half, start + sweep, ink)

    @micropython.native
    def round_rect(self, x: int, y: int, w: int, h: int, radius: int, ink: int) -> None:
        """Fill a rectangle with round corners; `radius` at most half of either side."""
        if radius:
            pixels.rounded(self.memory, self._view, x, y, w | h << 16, radius, ink, False)
        else:
            self.fill_rect(x, y, w, h, ink)

    @micropython.native
    def round_off(self, x: int, y: int, w: int, h: int, radius: int) -> None:
        """Blacken what lies outside of the round corners of a rectangle, so that its content looks rounded."""
        if radius:
            pixels.rounded(self.memory, self._view, x, y, w | h << 16, radius, 0, True)

    @micropython.native
    def disc(self, x_16: int, y_16: int, radius_16: int, ink: int) -> None:
        """Fill a circle; centre and radius in 1/16 px."""
        if (x_16 | y_16 | radius_16) & 15:
            self.line(x_16, y_16, 0, 0, 0, radius_16, ink)
        else:  # the same pixels, several times faster
            radius = radius_16 >> 4
            self.round_rect((x_16 >> 4) - radius, (y_16 >> 4) - radius, 2 * radius, 2 * radius, radius, ink)

    @micropython.native
    def line(self, x_16: int, y_16: int, ux: int, uy: int, length_16: int, radius_16: int, ink: int) -> None:
        """Draw a line with round ends.

        Args:
            x_16: one end, in 1/16 px.
            y_16: the same end.
            ux: direction as a unit vector times 1024.
            uy: the same vector.
            length_16: between the centres of the ends, in 1/16 px.
            radius_16: half the thickness, in 1/16 px.
            ink: colour.
        """
        lines.put_segment(self._segment, 0, x_16, y_16, ux, uy, length_16, radius_16, ink)
        self.segments(self._segment, 1)

    @micropython.native
    def segments(self, table: "array", count: int) -> None:
        """Draw lines prepared by `lines.put_segment`."""
        lines.segments(self.memory, 0, 0, self._view, table, count)

    @micropython.native
    def stamps(self, table: "array", cover: bytearray, count: int) -> None:
        """Draw the lines of `watch.ui.stamps.Stamps`."""
        lines.stamps(self.memory, 0, cover, self._view, table, count)

    @micropython.native
    def ring(self, x_16: int, y_16: int, outer_16: int, inner_16: int, ink: int) -> None:
        """Fill the space between two circles inside the clip; centre and radii (at least 1 px) in 1/16 px."""
        self.arc(x_16, y_16, outer_16, inner_16, 0, TURN, ink, False)

    @micropython.native
    def glyph(self, glyph: bytes, x: int, y: int, ink: int) -> None:
        """Draw a glyph whose pen stands at `x` and whose line begins at `y`."""
        glyphs.glyph(self.memory, glyph, x, y, self._view, self._shades, glyphs.shades(self._shades, ink))

    @micropython.native
    def picture(self, picture: "Picture", x: int, y: int) -> None:
        """Draw a picture whose upper left corner is at `x`, `y`, inside the clip."""
        strip, view, draw = self.memory, self._view, pixels.runs
        data, palette, rows = picture.runs, picture.palette, picture.rows
        row = max(self.top - y, 0)
        last = min(self.top + self.height - y, picture.height)
        right = x + picture.width
        while row < last:
            draw(strip, view, data, palette, rows[row], x, y + row, right)
            row += 1

    @micropython.native
    def run(self, run: "Run", x: int, y: int, ink: int) -> None:
        """Draw a line of text whose box begins at `x`, `y`."""
        if self.log is not None:
            self.log.append((run.text, x, y, run.width, run.font.line_height))
        drawn, offsets = run.glyphs, run.offsets
        strip, view, draw = self.memory, self._view, glyphs.glyph
        shades = self._shades
        shade = glyphs.shades(shades, ink)
        for i in range(len(drawn)):
            draw(strip, drawn[i], x + offsets[i], y, view, shades, shade)

    @micropython.native
    def _end(self, x_16: int, y_16: int, distance_16: int, radius_16: int, angle: int, ink: int) -> None:
        """A disc at a direction from a centre."""
        x_16 += sine(angle) * distance_16 >> UNIT_BITS
        y_16 -= cosine(angle) * distance_16 >> UNIT_BITS
        self.disc(x_16, y_16, radius_16, ink)
