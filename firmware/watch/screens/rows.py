"""A list of things to touch, in pages: menus, settings, and the payments made."""

from micropython import const

from watch.ui import icons
from watch.ui.layout import line
from watch.ui.pages import PageDots
from watch.ui.screen import Screen
from watch.ui.switch import Switch
from watch.ui.theme import FAINT, GREY, WHITE
from watch.ui.widget import LEFT, Box, Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Sequence

    from watch.ui.context import Ui

_LAYOUT = {
    # title y and height, first row y, row pitch, rows on a page, row radius
    "large": (36, 56, 100, 120, 3, 28),
    "small": (4, 34, 40, 84, 2, 16),
}
_SIDE = const(3)  # gaps between the row's edge and its words

PLAIN, OFF, ON, CHOSEN, UNREAD = const(0), const(1), const(2), const(3), const(4)
"""What a row has at its right end: nothing, a switch, the tick of the choice that counts, or a dot for news."""


class Row:
    """One thing to touch.

    Args:
        key: what `on_choose` gets.
        name: first line.
        detail: second line, may be empty.
        ink: colour of the second line.
        mark: `PLAIN`, `OFF`, `ON`, `CHOSEN` or `UNREAD`.
    """

    def __init__(self, key: str, name: str, detail: str = "", ink: int = GREY, mark: int = PLAIN) -> None:
        self.key, self.name, self.detail, self.ink, self.mark = key, name, detail, ink, mark


class RowsScreen(Screen):
    """Rows in pages.

    Args:
        ui: the shared context.
        name: of the screen, for state.json.
        title: the headline.
        rows: what there is; with none, `empty` is shown instead.
        on_choose: called with the key of the row that was touched.
        on_back: side button or swipe to the right.
        empty: words for an empty list.
        first: index of a row on the page that is shown first.
    """

    def __init__(
        self,
        ui: "Ui",
        name: str,
        title: str,
        rows: "Sequence[Row]",
        on_choose: "Callable[[str], None]",
        on_back: "Callable[[], None]",
        empty: str = "",
        first: int = 0,
    ) -> None:
        super().__init__(ui)
        self.name = name
        self._rows, self._title, self._empty = rows, title, empty
        self._on_choose, self._on_back = on_choose, on_back
        self._per_page = _LAYOUT[ui.metrics.panel][4]
        self._page = first // self._per_page
        self._build()

    def show(self, rows: "Sequence[Row]") -> None:
        """Show other rows; the page stays, as far as there is one."""
        self._rows = rows
        self._page = min(self._page, self._pages - 1)
        self._turn(0)

    @property
    def _pages(self) -> int:
        return max(1, (len(self._rows) + self._per_page - 1) // self._per_page)

    def swipe(self, direction: str) -> None:
        """Up and down turn pages, right goes back."""
        if direction == "right":
            self._on_back()
        elif direction == "up" and self._page + 1 < self._pages:
            self._turn(1)
        elif direction == "down" and self._page:
            self._turn(-1)

    def button(self, kind: str) -> None:
        """Back."""
        if kind == "single":
            self._on_back()

    def _turn(self, step: int) -> None:
        self._page += step
        self._build()
        if self.shown:
            self.ui.damage.everything()

    def _build(self) -> None:
        """Make the widgets of the page that is shown."""
        del self.widgets[:]
        self.clear_targets()
        ui = self.ui
        title_y, title_h, first_y, pitch, count, _ = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        titles = (ui.title_font, ui.body_font, ui.caption_font)
        # Beside the round corners there is room for the middle of the line only.
        inset = margin + (ui.corner // 3)
        self.add(Paragraph(ui, titles[1:], inset, title_y, ui.width - 2 * inset, title_h, self._title, GREY, 1))
        if not self._rows:
            fonts = (ui.body_font, ui.caption_font)
            self.add(Paragraph(ui, fonts, margin, first_y, width, pitch * count, self._empty, WHITE))
        for place, row in enumerate(self._rows[self._page * count : (self._page + 1) * count]):
            self._add_row(row, first_y + place * pitch)
        if self._pages > 1:
            self.add(PageDots(ui, ui.height - margin // 2 - ui.metrics.gap, self._pages, self._page))

    def _add_row(self, row: Row, y: int) -> None:
        ui = self.ui
        _, _, _, pitch, _, radius = _LAYOUT[ui.metrics.panel]
        margin, gap = ui.metrics.margin // 2, ui.metrics.gap
        width, height = ui.width - 2 * margin, pitch - gap
        x, inner = margin + _SIDE * gap, width - 2 * _SIDE * gap
        self.add(Box(margin, y, width, height, radius, FAINT))
        inner -= self._add_mark(row.mark, x + inner, y + height // 2)
        name, detail = ui.body_font, ui.ladder((ui.caption_font,))[0]
        if line(name, row.name).width > inner:
            name = ui.caption_font
        if line(detail, row.detail).width > inner:
            detail = ui.caption_font
        lines = name.line_height + (detail.line_height if row.detail else 0)
        top = y + (height - lines) // 2
        self.add(Label(ui, name, x, top, inner, row.name, WHITE, LEFT))
        if row.detail:
            self.add(Label(ui, detail, x, top + name.line_height, inner, row.detail, row.ink, LEFT))
        self.target(row.key, margin, y, width, height, lambda: self._on_choose(row.key))

    def _add_mark(self, mark: int, right: int, middle: int) -> int:
        """Put a mark left of `right`; returns the width that it takes from the words."""
        ui = self.ui
        if mark == PLAIN:
            return 0
        dot = 2 * ui.metrics.gap
        if mark == CHOSEN:
            icon = Icon(ui, icons.SMALL + icons.CHECK, 0, 0, ui.accent)
        elif mark == UNREAD:
            icon = Box(0, 0, dot, dot, dot // 2, ui.accent)
        else:
            icon = Switch(ui, mark == ON)
        icon.x, icon.y = right - icon.w, middle - icon.h // 2
        self.add(icon)
        return icon.w + ui.metrics.gap
