"""Facts to read, in pages: a name above each value. Receipts, and what the watch says of itself."""

from micropython import const

from watch.screens.paged import PagedScreen
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


class FieldsScreen(PagedScreen):
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
        count = _LAYOUT[ui.metrics.panel][4]
        super().__init__(ui, (len(fields) + count - 1) // count, on_back)
        self.name = name
        self._title, self._fields = title, fields
        self._build()

    def tap(self, x: int, y: int) -> None:
        """The next page, and back at last."""
        if self._page + 1 < self._pages:
            self._turn(self._page + 1)
        else:
            self._on_back()

    def _build(self) -> None:
        """Make the widgets of the page that is shown."""
        self.clear()
        ui = self.ui
        title_y, title_h, first_y, pitch, count, _ = _LAYOUT[ui.metrics.panel]
        inset = ui.metrics.margin + ui.corner // 3
        fonts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, inset, title_y, ui.width - 2 * inset, title_h, self._title, GREY, 1))
        for place, field in enumerate(self._fields[self._page * count : (self._page + 1) * count]):
            self._add_field(field, first_y + place * pitch)
        self._add_dots()

    def _add_field(self, field: "tuple[str, str]", y: int) -> None:
        ui = self.ui
        _, _, _, pitch, _, name_h = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width, height = ui.width - 2 * margin, pitch - ui.metrics.gap
        name, value = field
        self.add(Paragraph(ui, (ui.caption_font,), margin, y, width, name_h, name, GREY, 1))
        fonts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, margin, y + name_h, width, height - name_h, value, WHITE, 2))
