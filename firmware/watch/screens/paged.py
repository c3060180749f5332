"""What screens of several pages share: strokes that turn them, dots that count them, and the way back."""

from micropython import const

from watch.ui.pages import PageDots, page_after
from watch.ui.screen import Screen

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui


class PagedScreen(Screen):
    """Base of them. A subclass makes the widgets of page `_page` in `_build`, and calls that at the end of `__init__`.

    Args:
        ui: the shared context.
        pages: how many there are.
        on_back: side button, or a stroke `away`.
    """

    turns = ("up", "down")
    """Strokes to the next page and to the one before."""
    away = "right"
    """The stroke that goes back."""

    def __init__(self, ui: "Ui", pages: int, on_back: "Callable[[], None]") -> None:
        super().__init__(ui)
        self._pages, self._on_back = pages, on_back
        self._page = 0

    def swipe(self, direction: str) -> None:
        """Turn the page, or go back."""
        if direction == self.away:
            self._on_back()
        elif direction in self.turns:
            step = 1 if direction == self.turns[0] else -1
            self._turn(page_after(self.ui, self._page, step, self._pages))

    def button(self, kind: str) -> None:
        """Back."""
        if kind == "single":
            self._on_back()

    def _turn(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self._build()

    def _build(self) -> None:
        """Make the widgets of the page that is shown, after `clear`."""
        raise NotImplementedError

    def _add_dots(self) -> None:
        """One for each page, if there are several."""
        if self._pages > 1:
            ui = self.ui
            self.add(PageDots(ui, ui.height - ui.metrics.margin // 2 - ui.metrics.gap, self._pages, self._page))
