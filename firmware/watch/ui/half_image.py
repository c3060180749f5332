"""A picture at half its size, for a disc in a list: each point is the mean of four."""

from array import array

import micropython
from micropython import const

from watch.ui.canvas import mix
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.picture import Picture

_HALF = const(16)  # of 32 parts


class HalfImage(Widget):
    """Keeps the points alone, two bytes each; an odd row or column at the end is left out.

    Args:
        x, y: where.
        picture: at its full size.
        ground: RGB565 of what is behind it, where colour 0 lets through.
    """

    def __init__(self, x: int, y: int, picture: "Picture", ground: int) -> None:
        super().__init__(x, y, picture.width // 2, picture.height // 2)
        self._ground = ground
        self._inks = _halved(picture, ground)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw the points that fall into the window, equal neighbours at once. Allocates nothing."""
        inks, ground, w = self._inks, self._ground, self.w
        row, last = max(canvas.top - self.y, 0), min(canvas.top + canvas.height - self.y, self.h)
        while row < last:
            start, at, end = row * w, row * w, row * w + w
            while start < end:
                ink = inks[start]
                at = start + 1
                while at < end and inks[at] == ink:
                    at += 1
                if ink != ground:
                    canvas.fill_rect(self.x + start - row * w, self.y + row, at - start, 1, ink)
                start = at
            row += 1


@micropython.native
def _halved(picture: "Picture", ground: int) -> array:
    """RGB565 of each point, row by row."""
    w, h = picture.width // 2, picture.height // 2
    found = array("H", bytes(2 * w * h))
    upper, lower = array("H", bytes(2 * picture.width)), array("H", bytes(2 * picture.width))
    at = 0
    for row in range(h):
        _unpack(picture, 2 * row, ground, upper)
        _unpack(picture, 2 * row + 1, ground, lower)
        for x in range(0, 2 * w, 2):
            above, below = mix(upper[x], upper[x + 1], _HALF), mix(lower[x], lower[x + 1], _HALF)
            found[at] = mix(above, below, _HALF)
            at += 1
    return found


@micropython.native
def _unpack(picture: "Picture", row: int, ground: int, into: array) -> None:
    """RGB565 of each point of one row."""
    runs, palette = picture.runs, picture.palette
    x, at, w = 0, picture.rows[row], picture.width
    while x < w:
        run = runs[at]
        ink = palette[run >> 4] if run >> 4 else ground
        for _ in range((run & 15) + 1):
            into[x] = ink
            x += 1
        at += 1
