"""Pages: a text in pages, from one to the next, and one dot for each, the present one lit."""

from micropython import const

from watch.ui.layout import wrapped
from watch.ui.theme import FAINT, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.font import Font

_MOST = const(12)
"""Dots that fit beside each other; of more pages the dots stand for equal parts of them."""
_PIECE = const(200)  # letters looked at for one page: more than fit, fewer than `layout` takes
_MOST_PAGES = const(16)  # 800 bytes of the narrowest page


def page_after(ui: "Ui", page: int, step: int, pages: int) -> int:
    """The page that a stroke leads to, from 0; at either end the one there is, which the wearer feels."""
    if 0 <= page + step < pages:
        return page + step
    ui.bump()
    return page


def text_pages(font: "Font", text: str, width: int, lines: int) -> "list[str]":
    """Cut a text so that each part takes at most `lines` lines of `width` px; what no page has room for is cut off."""
    rest = " ".join(text.split())
    found = []
    while rest and len(found) < _MOST_PAGES:
        taken = 0
        for run in wrapped(font, rest[:_PIECE], width, False)[:lines]:
            taken += len(run.text)
            while rest[taken : taken + 1] == " ":
                taken += 1
        found.append(rest[:taken].strip())
        rest = rest[taken:]
    return found


class PageDots(Widget):
    """A centred row of dots."""

    def __init__(self, ui: "Ui", y: int, pages: int, page: int) -> None:
        """`pages` in all; `page` from 0."""
        gap = ui.metrics.gap
        self._count = min(pages, _MOST)
        self._lit = page * self._count // pages
        self._gap = gap
        width = (2 * self._count - 1) * gap
        super().__init__((ui.width - width) // 2, y, width, gap)

    def draw(self, canvas: "Canvas") -> None:
        """Draw them."""
        radius = self._gap << 3
        y = (self.y << 4) + radius
        for dot in range(self._count):
            x = (self.x + 2 * dot * self._gap << 4) + radius
            canvas.disc(x, y, radius, WHITE if dot == self._lit else FAINT)
