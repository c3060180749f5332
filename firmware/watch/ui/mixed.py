"""Text with pictures between its words, as a phone sends what it thinks the watch has no letters for."""

from array import array

from micropython import const

from watch.ui.layout import line, wrapped
from watch.ui.picture import Picture
from watch.ui.theme import BLACK, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterator, Protocol, Union

    from watch.ui.canvas import Canvas
    from watch.ui.font import Font
    from watch.ui.layout import Run

    class Bits(Protocol):
        """A picture as it came: `w * h` pixels of `depth` (1 or 3) bits, most significant first, without padding."""

        w: int
        h: int
        depth: int
        transparent: int
        bits: bytearray

    Pieces = tuple[Union[str, Bits], ...]
    Item = Union[Run, Picture]
    Line = list[Item]

_LONGEST_RUN = const(16)
_COLOURS = const(8)
_MOST_PIECES = const(240)
"""Words and pictures that are laid out: some pages full."""
_LINES_MOST = const(96)


def lines_of(font: "Font", pieces: "Pieces", width: int, most: int = _LINES_MOST) -> "list[Line]":
    """Lay pieces out in lines of at most `width` px; a line break in a text begins a new one.

    It ends once there are more than `most` lines: a picture takes time.
    """
    lines: "list[Line]" = [[]]
    used = 0
    for item in _items(font, pieces, width):
        if item is None:
            lines.append([])
            used = 0
            continue
        wide = item.width
        gap = font.line_height // 6 if used else 0
        if used + gap + wide > width and used:
            lines.append([])
            used = gap = 0
        lines[-1].append(item)
        used += gap + wide
        if len(lines) > most:
            break
    return [one for one in lines if one]


def beginning_of(font: "Font", pieces: "Pieces", width: int, most: int) -> "list[Line]":
    """What fits in the height of `most` lines of text, with an ellipsis if there is more."""
    pages = pages_of(font, lines_of(font, pieces, width, most), most * font.line_height)
    if len(pages) > 1:
        last, dots, gap = pages[0][-1], line(font, "…"), font.line_height // 6
        while len(last) > 1 and sum([item.width + gap for item in last]) + dots.width > width:
            last.pop()
        last.append(dots)
    return pages[0]


def height_of(font: "Font", lines: "list[Line]") -> int:
    """Height of these lines in px."""
    return sum([_height(font, one) for one in lines])


def pages_of(font: "Font", lines: "list[Line]", height: int) -> "list[list[Line]]":
    """Lines by pages of at most `height` px; a page has one line at least."""
    pages: "list[list[Line]]" = [[]]
    used = 0
    for one in lines:
        high = _height(font, one)
        if pages[-1] and used + high > height:
            pages.append([])
            used = 0
        pages[-1].append(one)
        used += high
    return pages


class Mixed(Widget):
    """Some of these lines, each in the middle of the box, from its top on."""

    def __init__(self, font: "Font", x: int, y: int, w: int, h: int, lines: "list[Line]") -> None:
        super().__init__(x, y, w, h)
        self._placed: "list[tuple[Item, int, int]]" = []
        gap = font.line_height // 6
        for one in lines:
            high = _height(font, one)
            wide = sum([item.width + gap for item in one]) - gap
            left = x + max(0, w - wide) // 2
            for item in one:
                tall = item.height if isinstance(item, Picture) else font.line_height
                self._placed.append((item, left, y + (high - tall) // 2))
                left += item.width + gap
            y += high

    def draw(self, canvas: "Canvas") -> None:
        """Draw it. Allocates nothing."""
        canvas.clip(self.x, self.y, self.w, self.h)
        for place in self._placed:
            item = place[0]
            if isinstance(item, Picture):
                canvas.picture(item, place[1], place[2])
            else:
                canvas.run(item, place[1], place[2], WHITE)
        canvas.unclip()

    def texts(self) -> "list[str]":
        """Its words."""
        found = [place[0].text for place in self._placed if not isinstance(place[0], Picture)]
        return [" ".join(found)] if found else []


def picture_of(bits: "Bits", scale: int) -> Picture:
    """A picture as the canvas draws it, each pixel `scale` wide and high. What does not show is black, as the glass."""
    runs = bytearray()
    at = 0
    for _ in range(bits.h):
        row = bytearray()
        for _ in range(bits.w):
            colour = _pixel(bits, at)
            at += bits.depth
            for _ in range(scale):
                if row and row[-1] >> 4 == colour and row[-1] & 15 != _LONGEST_RUN - 1:
                    row[-1] += 1
                else:
                    row.append(colour << 4)
        for _ in range(scale):
            runs.extend(row)
    return Picture(bits.w * scale, bits.h * scale, _palette(bits), bytes(runs))


def _items(font: "Font", pieces: "Pieces", width: int) -> "Iterator[Union[Item, None]]":
    """Words and pictures in order; None for a line break."""
    left = _MOST_PIECES
    for piece in pieces:
        for item in [_scaled(font, piece, width)] if not isinstance(piece, str) else _words(font, piece, width):
            if not left:
                return
            left -= 1
            yield item


def _words(font: "Font", text: str, width: int) -> "Iterator[Union[Item, None]]":
    """The words of a text, long ones in parts; None for a line break."""
    for number, part in enumerate(text.split("\n")):
        if number:
            yield None
        for word in part.split():
            yield from wrapped(font, word, width, False)


def _scaled(font: "Font", bits: "Bits", width: int) -> Picture:
    """A picture in whole pixels, about as large as the letters beside it: a quarter more than a line at most."""
    return picture_of(bits, max(1, min(font.line_height * 5 // 4 // bits.h, width // bits.w)))


def _pixel(bits: "Bits", at: int) -> int:
    """The colour that begins at this bit, 0 if it does not show."""
    colour = 0
    for bit in range(at, at + bits.depth):
        colour = colour << 1 | bits.bits[bit >> 3] >> (7 - (bit & 7)) & 1
    return 0 if colour == bits.transparent else colour


def _palette(bits: "Bits") -> array:
    """Colours as the panel wants their bytes. Depth 1 is text; of depth 3 the bits are red, green and blue."""
    if bits.depth == 1:
        return array("H", (BLACK, WHITE))
    inks = [
        (0xF800 if one & 4 else 0) | (0x07E0 if one & 2 else 0) | (0x001F if one & 1 else 0) for one in range(_COLOURS)
    ]
    return array("H", [ink >> 8 | (ink & 0xFF) << 8 for ink in inks])


def _height(font: "Font", line: "Line") -> int:
    """Height of a line: that of its largest item."""
    return max([font.line_height] + [item.height for item in line if isinstance(item, Picture)])
