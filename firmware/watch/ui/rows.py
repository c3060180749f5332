"""A list of things to touch, in pages: for menus and settings of the system, and for apps."""

from micropython import const

from watch.ui import icons
from watch.ui.app_mark import QUIET, AppMark, add_disc
from watch.ui.pages import PageDots, page_after
from watch.ui.row_words import RowWords
from watch.ui.switch import Switch
from watch.ui.theme import FAINT, GREY, WHITE
from watch.ui.widget import Box, Icon, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol, Sequence

    from watch.ui.context import Ui
    from watch.ui.widget import Widget

    class Page(Protocol):
        """What a list is built into: a screen or an app."""

        @property
        def ui(self) -> Ui:
            """The shared context."""
            ...

        def clear(self) -> None:
            """Take every widget and target away."""
            ...

        def add(self, widget: Widget) -> Widget:
            """Put a widget on top."""
            ...

        def target(self, name: str, x: int, y: int, w: int, h: int, action: Callable[[], None]) -> object:
            """Make a rectangle touchable."""
            ...


_LAYOUT = {
    # title y and height, first row y, row pitch, rows on a page, row radius
    "large": (36, 56, 100, 120, 3, 28),
    "small": (4, 34, 40, 84, 2, 16),
}
_SIDE = const(3)  # gaps between the row's edge and its words
_DISC = {"large": 56, "small": 36}
"""Diameter of the disc behind a picture, in px."""
NO_ICON = const(-1)

PLAIN, OFF, ON, CHOSEN, UNREAD = const(0), const(1), const(2), const(3), const(4)
"""What a row has at its right end: nothing, a switch, the tick of the choice that counts, or a dot for news."""


class Row(AppMark):
    """One thing to touch.

    Args:
        key: what `on_choose` gets.
        name: first line.
        detail: second line, may be empty.
        ink: colour of the second line.
        mark: `PLAIN`, `OFF`, `ON`, `CHOSEN` or `UNREAD`.
        icon: which picture stands before the words, from `watch.ui.icons`, or `NO_ICON`.
        colour: of the disc behind the picture, 0xRRGGBB.
    """

    def __init__(
        self,
        key: str,
        name: str,
        detail: str = "",
        ink: int = GREY,
        mark: int = PLAIN,
        icon: int = NO_ICON,
        colour: int = QUIET,
    ) -> None:
        self.key, self.name, self.detail, self.ink, self.mark = key, name, detail, ink, mark
        super().__init__(icon, colour)

    def bear(self, mark: AppMark) -> None:
        """Have the picture of an app on its disc."""
        self.icon, self.colour, self.picture = mark.icon, mark.colour, mark.picture


class RowList:
    """Rows in pages that snap. It builds itself into a screen or an app and owns everything on it.

    Args:
        page: what it is built into.
        title: the headline.
        rows: what there is; with none, `empty` is shown instead.
        on_choose: called with the key of the row that was touched.
        empty: words for an empty list.
        first: index of a row on the page that is shown first.
        on_switch: called with the key of the row whose switch was touched; without it a switch is part of its row.
    """

    def __init__(
        self,
        page: "Page",
        title: str,
        rows: "Sequence[Row]",
        on_choose: "Callable[[str], None]",
        empty: str = "",
        first: int = 0,
        on_switch: "Optional[Callable[[str], None]]" = None,
    ) -> None:
        self._page, self._title, self._rows, self._empty = page, title, rows, empty
        self._on_choose, self._on_switch = on_choose, on_switch
        self._per_page = _LAYOUT[page.ui.metrics.panel][4]
        self.number = min(first // self._per_page, self.pages - 1)
        """Of the page that is shown, from 0."""
        self._build()

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, (len(self._rows) + self._per_page - 1) // self._per_page)

    def show(self, rows: "Sequence[Row]", title: str = "") -> None:
        """Show other rows, and another headline if one is given; the page stays, as far as there is one."""
        self._rows, self._title = rows, title or self._title
        self.number = min(self.number, self.pages - 1)
        self._build()

    def swipe(self, direction: str) -> bool:
        """Turn the page on `up` and `down`. False for other directions; at the ends nothing moves, which is felt."""
        if direction not in ("up", "down"):
            return False
        number = page_after(self._page.ui, self.number, 1 if direction == "up" else -1, self.pages)
        if number != self.number:
            self.number = number
            self._build()
        return True

    def _build(self) -> None:
        """Make the widgets of the page that is shown."""
        self._page.clear()
        ui = self._page.ui
        title_y, title_h, first_y, pitch, count, _ = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        titles = (ui.title_font, ui.body_font, ui.caption_font)
        # Beside the round corners there is room for the middle of the line only.
        inset = margin + (ui.corner // 3)
        self._page.add(Paragraph(ui, titles[1:], inset, title_y, ui.width - 2 * inset, title_h, self._title, GREY, 1))
        if not self._rows:
            fonts = (ui.body_font, ui.caption_font)
            self._page.add(Paragraph(ui, fonts, margin, first_y, width, pitch * count, self._empty, WHITE))
        for place, row in enumerate(self._rows[self.number * count : (self.number + 1) * count]):
            self._add_row(row, first_y + place * pitch)
        if self.pages > 1:
            self._page.add(PageDots(ui, ui.height - margin // 2 - ui.metrics.gap, self.pages, self.number))

    def _add_row(self, row: Row, y: int) -> None:
        ui = self._page.ui
        _, _, _, pitch, _, radius = _LAYOUT[ui.metrics.panel]
        margin, gap = ui.metrics.margin // 2, ui.metrics.gap
        width, height = ui.width - 2 * margin, pitch - gap
        self._page.add(Box(margin, y, width, height, radius, FAINT))
        side = _SIDE * gap if row.icon == NO_ICON else 2 * gap
        x, inner = margin + side, width - side - _SIDE * gap
        inner -= self._add_mark(row.mark, x + inner, y + height // 2)
        taken = self._add_disc(row, x, y, height)
        self._page.add(RowWords(ui, x + taken, y, inner - taken, height, row.name, row.detail, row.ink))
        if self._on_switch is not None and row.mark in (OFF, ON):
            end = min(inner + side, width - ui.metrics.target)
            self._add_switch(row.key, margin + end, y, width - end, height)
            width = end
        self._page.target(row.key, margin, y, width, height, lambda: self._on_choose(row.key))

    def _add_disc(self, row: Row, x: int, y: int, height: int) -> int:
        """Put the picture of a row at `x`; returns the width that it takes from the words."""
        if row.icon == NO_ICON:
            return 0
        ui = self._page.ui
        side = _DISC[ui.metrics.panel]
        add_disc(self._page, row, x, y + (height - side) // 2, side)
        return side + 2 * ui.metrics.gap

    def _add_switch(self, key: str, x: int, y: int, w: int, h: int) -> None:
        """A target of its own for a row's switch."""
        on_switch = self._on_switch
        if on_switch is not None:
            self._page.target(key + "-switch", x, y, w, h, lambda: on_switch(key))

    def _add_mark(self, mark: int, right: int, middle: int) -> int:
        """Put a mark left of `right`; returns the width that it takes from the words."""
        ui = self._page.ui
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
        self._page.add(icon)
        return icon.w + 2 * ui.metrics.gap  # as after the picture: words never touch it
