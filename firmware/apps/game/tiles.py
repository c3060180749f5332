"""One place of the board as a widget: a rounded square with a number."""

from micropython import const

from watch.apps.api import BLACK, WHITE, Widget, line, rgb

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Canvas, Ui

_EMPTY = rgb(0x17171B)
_INKS = tuple(
    [
        rgb(colour)
        for colour in (0x31394D, 0x34558C, 0x2F7DD1, 0x1FA3B8, 0x2DB87A)
        + (0x8DBF3F, 0xF0C233, 0xF7953A, 0xF2603E, 0xE64580)
        + (0xB45CFF, 0xF4F4F8)
    ]
)
"""2, 4, 8 ...; all tiles beyond 2048 have the last one."""
_DARK = const(3)  # tiles whose number is white
_THOUSANDS = const(14)  # from 16,384 on tiles are named in thousands, as nothing else fits
WHOLE = const(32)
_LEGIBLE = const(24)


class Tile(Widget):
    """A place; empty until `set`.

    Args:
        ui: the shared context.
        x, y: of the place.
        side: of the place.
    """

    def __init__(self, ui: "Ui", x: int, y: int, side: int) -> None:
        Widget.__init__(self, x, y, side, side)
        self._fonts = (ui.title_font, ui.body_font, ui.caption_font)
        self._radius = side // 6
        self._value = 0
        self._nothing = self._number = self._run = line(ui.caption_font, "")
        self._ink, self._text_ink = _EMPTY, WHITE
        self._text_x = self._text_y = 0
        self._left, self._top, self._size, self._corner = x, y, side, self._radius

    def set(self, value: int) -> None:
        """Hold the tile of 2^value, whole; none for 0."""
        if value != self._value:
            self._value = value
            self._ink = _INKS[min(value, len(_INKS)) - 1] if value else _EMPTY
            self._text_ink = WHITE if value <= _DARK else BLACK
            self._fit(_name(value))
        self.grow(WHOLE)

    def grow(self, part: int) -> None:
        """Show the tile at a part of its size, in 32nds."""
        self._size = self.w * part // WHOLE
        self._corner = self._radius * part // WHOLE
        inset = (self.w - self._size) // 2
        self._left, self._top = self.x + inset, self.y + inset
        self._run = self._number if part >= _LEGIBLE else self._nothing
        self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        if self._size < self.w:
            canvas.round_rect(self.x, self.y, self.w, self.h, self._radius, _EMPTY)
        canvas.round_rect(self._left, self._top, self._size, self._size, self._corner, self._ink)
        canvas.run(self._run, self._text_x, self._text_y, self._text_ink)

    def texts(self) -> "list[str]":
        """The number on it."""
        return [self._number.text] if self._value else []

    def _fit(self, text: str) -> None:
        """Take the number in the largest font that fits, and put it in the middle."""
        for font in self._fonts:
            self._number = line(font, text)
            self._text_y = self.y + (self.h - font.line_height) // 2
            if self._number.width <= self.w - self._radius // 2:
                break
        self._text_x = self.x + (self.w - self._number.width) // 2


def _name(value: int) -> str:
    """2, 4 ... 8192, 16k ..."""
    if not value:
        return ""
    return str(1 << value) if value < _THOUSANDS else "%dk" % (1 << value - 10)
