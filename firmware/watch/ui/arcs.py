"""A ring that fills: how much of something is there."""

from array import array

import micropython
from micropython import const

from watch.ui.turns import TURN, UNIT_BITS, cosine, sine
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas

_PIECE = const(60)
"""A changed part is marked in pieces of 30 degrees: none turns a corner of its rectangle."""
_WHOLE_PERCENT = const(100)


class Arc(Widget):
    """A part of a ring with round ends, of which a share shines.

    Only what changed is marked: a per cent of a ring of 80 px is a few hundred bytes.

    Args:
        x: centre in px.
        y: the same centre.
        radius: outer radius in px.
        thickness: of the ring in px.
        ink: colour of the share.
        track: colour of the rest.
        start: where the share begins, in half degrees clockwise from twelve o'clock.
        sweep: length of the whole, in half degrees.
    """

    def __init__(
        self,
        x: int,
        y: int,
        radius: int,
        thickness: int,
        ink: int,
        track: int,
        start: int = 0,
        sweep: int = TURN,
    ) -> None:
        super().__init__(x - radius - 1, y - radius - 1, 2 * radius + 2, 2 * radius + 2)
        self._x_16, self._y_16 = x * 16, y * 16
        self._outer_16, self._inner_16 = radius * 16, (radius - thickness) * 16
        self._ink, self._track = ink, track
        self._start, self._sweep = start, sweep
        self._lit = 0
        self._box = array("h", bytes(2 * 4))

    def set(self, percent: int) -> None:
        """Let a share shine, 0 to 100."""
        lit = self._sweep * min(max(percent, 0), _WHOLE_PERCENT) // _WHOLE_PERCENT
        if lit != self._lit:
            first, last = min(lit, self._lit), max(lit, self._lit)
            self._lit = lit
            self._mark(self._start + first, self._start + last)

    def recolour(self, ink: int) -> None:
        """Change the colour of the share."""
        if ink != self._ink:
            self._ink = ink
            if self._lit:
                self._mark(self._start, self._start + self._lit)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw the rest of the track, and the share, whose round ends lie above it."""
        lit = self._lit
        self._draw(canvas, self._start + lit, self._sweep - lit, self._track)
        self._draw(canvas, self._start, lit, self._ink)

    @micropython.native
    def _draw(self, canvas: "Canvas", start: int, sweep: int, ink: int) -> None:
        canvas.arc(self._x_16, self._y_16, self._outer_16, self._inner_16, start, sweep, ink, True)

    def _mark(self, first: int, last: int) -> None:
        """Mark the ring between two angles, with the round ends there."""
        while True:
            stop = min((first // _PIECE + 1) * _PIECE, last)
            self._mark_piece(first, stop)
            if stop >= last:
                return
            first = stop

    def _mark_piece(self, first: int, last: int) -> None:
        box = self._box
        box[0] = box[1] = 32767
        box[2] = box[3] = -32768
        self._stretch(first, self._outer_16)
        self._stretch(first, self._inner_16)
        self._stretch(last, self._outer_16)
        self._stretch(last, self._inner_16)
        room = (self._outer_16 - self._inner_16) // 2 + 16
        left, top = box[0] - room >> 4, box[1] - room >> 4
        self.mark_part(left, top, (box[2] + room + 15 >> 4) - left, (box[3] + room + 15 >> 4) - top)

    @micropython.native
    def _stretch(self, angle: int, radius_16: int) -> None:
        """Let the box hold one more point of the ring."""
        box = self._box
        x = self._x_16 + (sine(angle) * radius_16 >> UNIT_BITS)
        y = self._y_16 - (cosine(angle) * radius_16 >> UNIT_BITS)
        box[0], box[2] = min(box[0], x), max(box[2], x)
        box[1], box[3] = min(box[1], y), max(box[3], y)
