"""Facts to read, in pages: a name above each value. Receipts, and what the watch says of itself."""

from micropython import const

from watch.ui.pages import PageDots, page_after
from watch.ui.screen import Screen
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Sequence

    from watch.ui.context import Ui

_LAYOUT = {
    # title y and height, first field y, pitch, fields on a page, height of a name
    "large": (36, 56, 100, 120, 3, 34),
    "small": (4, 34, 40, 92, 2, 24),
}


class FieldsScreen(Screen):
    """Names and values in pages.

    Args:
        ui: the shared context.
        name: of the screen, for state.json.
        title: the headline.
        fields: pairs of a name and a value, at least one.
        on_back: side button, swipe to the right, or a touch on the last page.
    """

    def __init__(
        self, ui: "Ui", name: str, title: str, fields: "Sequence[tuple[str, str]]", on_back: "Callable[[], None]"
    ) -> None:
        super().__init__(ui)
        self.name = name
        self._title, self._fields, self._on_back = title, fields, on_back
        count = _LAYOUT[ui.metrics.panel][4]
        self._pages = (len(fields) + count - 1) // count
        self._page = 0
        self._build()

    def swipe(self, direction: str) -> None:
        """Up and down turn pages, right goes back."""
        if direction == "right":
            self._on_back()
        elif direction in ("up", "down"):
            self._turn(page_after(self.ui, self._page, 1 if direction == "up" else -1, self._pages))

    def tap(self, x: int, y: int) -> None:
        """The next page, and back at last."""
        if self._page + 1 < self._pages:
            self._turn(self._page + 1)
        else:
            self._on_back()

    def button(self, kind: str) -> None:
        """Back."""
        if kind == "single":
            self._on_back()

    def _turn(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self._build()
            self.ui.damage.everything()

    def _build(self) -> None:
        """Make the widgets of the page that is shown."""
        del self.widgets[:]
        ui = self.ui
        title_y, title_h, first_y, pitch, count, _ = _LAYOUT[ui.metrics.panel]
        inset = ui.metrics.margin + ui.corner // 3
        fonts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, inset, title_y, ui.width - 2 * inset, title_h, self._title, GREY, 1))
        for place, field in enumerate(self._fields[self._page * count : (self._page + 1) * count]):
            self._add_field(field, first_y + place * pitch)
        if self._pages > 1:
            self.add(PageDots(ui, ui.height - ui.metrics.margin // 2 - ui.metrics.gap, self._pages, self._page))

    def _add_field(self, field: "tuple[str, str]", y: int) -> None:
        ui = self.ui
        _, _, _, pitch, _, name_h = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width, height = ui.width - 2 * margin, pitch - ui.metrics.gap
        name, value = field
        self.add(Paragraph(ui, (ui.caption_font,), margin, y, width, name_h, name, GREY, 1))
        fonts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, margin, y + name_h, width, height - name_h, value, WHITE, 2))
