"""Pictures of apps: `NAME.img` of a bundle, for small and large panels (docs/bundles.md, "Pictures")."""

from array import array

import micropython
from micropython import const

from watch.kernel.errors import InputError
from watch.ui.picture import Picture
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas

MAX_BYTES = const(65_536)
_MAGIC = b"TWI1"
_HEAD = const(12)  # magic, length of the small and of the large picture
_HEADER_BYTES = const(5)  # width, height, number of colours
_LENGTH_BYTES = const(4)
_MOST_PX = const(502)
_MOST_COLOURS = const(16)


class Image(Widget):
    """A picture at a place. Colour 0 of a picture lets through what is behind it."""

    def __init__(self, x: int, y: int, picture: Picture) -> None:
        """`picture` of `App.image`."""
        super().__init__(x, y, picture.width, picture.height)
        self._picture = picture

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw each run of one colour that falls into the window. Allocates nothing."""
        picture = self._picture
        runs, palette, rows = picture.runs, picture.palette, picture.rows
        row, last = max(canvas.top - self.y, 0), min(canvas.top + canvas.height - self.y, picture.height)
        right = self.x + picture.width
        while row < last:
            x, at = self.x, rows[row]
            while x < right:
                run = runs[at]
                length = (run & 15) + 1
                if run >> 4:
                    canvas.fill_rect(x, self.y + row, length, 1, palette[run >> 4])
                x += length
                at += 1
            row += 1


def parse(data: bytes, large: bool) -> Picture:
    """The picture of a file that suits a panel. Raises InputError for a file that is not of the form."""
    if not _HEAD < len(data) <= MAX_BYTES or data[:4] != _MAGIC:
        raise InputError("that is no picture")
    small, big = _number(data, 4, 4), _number(data, 8, 4)
    if _HEAD + small + big != len(data):
        raise InputError("a picture is cut short, or has more behind it")
    start = _HEAD + small if large else _HEAD
    return _picture(data[start : start + (big if large else small)])


def _picture(data: bytes) -> Picture:
    """One picture. Raises InputError."""
    if len(data) < _HEADER_BYTES:
        raise InputError("a picture has no head")
    w, h, colours = _number(data, 0, 2), _number(data, 2, 2), data[4]
    start = _HEADER_BYTES + 2 * colours
    if not 0 < w <= _MOST_PX or not 0 < h <= _MOST_PX or not 0 < colours <= _MOST_COLOURS:
        raise InputError("a picture has 1 to 502 pixels each way and 1 to 16 colours")
    if len(data) < start + _LENGTH_BYTES or _number(data, start, _LENGTH_BYTES) != len(data) - start - _LENGTH_BYTES:
        raise InputError("the runs of a picture are cut short")
    palette = array("H", [_number(data, _HEADER_BYTES + 2 * colour, 2) for colour in range(colours)])
    return Picture(w, h, palette, data[start + _LENGTH_BYTES :])


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")
