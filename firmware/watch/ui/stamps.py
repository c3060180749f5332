"""Small shapes that never move: how they cover their pixels is worked out once, and drawing them only blends.

Working it out anew for the sixty ticks of a face would be a fifth of a whole frame.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN202

from array import array

import micropython
from micropython import const

from watch.ui import lines

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.widget import Widget

_LIT = const(0xFFFF)


class Stamps:
    """A number of lines with round ends, or of other shapes. Drawing and recolouring them allocates nothing."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._table = array("H", bytes(2 * lines.STAMP_FIELDS * count))
        self._cover = bytearray()

    def put(self, index: int, x_16: int, y_16: int, ux: int, uy: int, length_16: int, radius_16: int, ink: int) -> None:
        """Set a line, once; arguments as in `Canvas.line`. One that is never set is never drawn."""
        segment = array("H", bytes(2 * lines.SEGMENT_FIELDS))
        lines.put_segment(segment, 0, x_16, y_16, ux, uy, length_16, radius_16, _LIT)
        x, y, w, h = segment[lines.BOX_X], segment[lines.BOX_Y], segment[lines.BOX_W], segment[lines.BOX_H]
        strip = bytearray(2 * w * h)
        lines.segments(strip, 0, 0, array("i", (w, x, y, x, y, x + w, y + h, w, h)), segment, 1)
        self.put_drawn(index, x, y, w, h, strip, ink)

    def put_drawn(self, index: int, x: int, y: int, w: int, h: int, strip: bytearray, ink: int) -> None:
        """Set a shape, once: the one that is drawn white on black in a strip of these measures in px."""
        cover = bytearray(w * h)
        _coverage(strip, cover, w * h)
        at = index * lines.STAMP_FIELDS
        self._table[at : at + lines.STAMP_FIELDS] = array("H", (x, y, w, h, len(self._cover), ink))
        self._cover.extend(cover)

    @micropython.native
    def recolour(self, index: int, ink: int, owner: "Widget") -> None:
        """Draw a line in another colour from now on; its rectangle of the widget is marked if that is a change."""
        table, at = self._table, index * lines.STAMP_FIELDS
        if table[at + lines.STAMP_INK] != ink:
            table[at + lines.STAMP_INK] = ink
            x, y = table[at + lines.STAMP_X], table[at + lines.STAMP_Y]
            owner.mark_part(x, y, table[at + lines.STAMP_W], table[at + lines.STAMP_H])

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw those in the window."""
        canvas.stamps(self._table, self._cover, self._count)


@micropython.viper
def _coverage(strip: ptr16, cover: ptr8, count: int):
    """Tell from white on black how much of each pixel is covered: 63 * coverage // 32 is left of green."""
    i = 0
    while i < count:
        a = int(strip[i])
        cover[i] = (((((a & 7) << 3) | (a >> 13)) << 5) + 62) // 63
        i += 1
