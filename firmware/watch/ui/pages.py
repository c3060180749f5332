"""Pages: from one to the next, and one dot for each, the present one lit."""

from micropython import const

from watch.ui.theme import FAINT, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

_MOST = const(12)
"""Dots that fit beside each other; of more pages the dots stand for equal parts of them."""


def page_after(ui: "Ui", page: int, step: int, pages: int) -> int:
    """The page that a stroke leads to, from 0; at either end the one there is, which the wearer feels."""
    if 0 <= page + step < pages:
        return page + step
    ui.bump()
    return page


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
