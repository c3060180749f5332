"""An app wants to be installed: who made it, and what it may use."""

from micropython import const

from watch.screens.permissions import described
from watch.screens.sheet import Sheet
from watch.ui import icons
from watch.ui.layout import line
from watch.ui.pages import PageDots, page_after
from watch.ui.theme import AMBER, GREEN, GREY, WHITE
from watch.ui.widget import LEFT, Icon, Label

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Sequence

    from watch.ui.context import Ui

_LAYOUT = {
    # name y and height, developer y, mark y, first permission y, pitch, permissions on a page, left edge
    "large": (30, 48, 78, 114, 160, 44, 4, 48),
    "small": (0, 30, 28, 50, 76, 26, 3, 16),
}


class InstallSheet(Sheet):
    """Who made the app, and all that it may use. The yes is there on the last page only: everything has been shown.

    Args:
        app: its name.
        developer: who signed it, may be empty.
        reviewed: the store has looked at it.
        permissions: names from the manifest.
        ticks_ms, on_yes, on_no: as for `Sheet`.
    """

    def __init__(
        self,
        ui: "Ui",
        app: str,
        developer: str,
        reviewed: bool,
        permissions: "Sequence[str]",
        ticks_ms: "Callable[[], int]",
        on_yes: "Callable[[], None]",
        on_no: "Callable[[], None]",
    ) -> None:
        super().__init__(ui, "install", ticks_ms, on_yes, on_no)
        self._app, self._developer, self._reviewed = app, developer, reviewed
        self._uses = described(ui, permissions) or [(icons.CHECK, ui.text.get("permission.none"))]
        self._count = _LAYOUT[ui.metrics.panel][6]
        self._pages = (len(self._uses) + self._count - 1) // self._count
        self._page = 0
        self._build()

    def swipe(self, direction: str) -> None:
        """Up and down turn pages."""
        if direction in ("up", "down"):
            self._turn(page_after(self.ui, self._page, 1 if direction == "up" else -1, self._pages))

    def _more(self) -> None:
        self._turn(self._page + 1)

    def _turn(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self._build()
            self.ui.damage.everything()

    def _build(self) -> None:
        """Make the widgets of the page that is shown."""
        del self.widgets[:]
        self.clear_targets()
        ui, words = self.ui, self.ui.text.get
        self._add_maker()
        _, _, _, _, first_y, pitch, count, _ = _LAYOUT[ui.metrics.panel]
        for place, (icon, text) in enumerate(self._uses[self._page * count : (self._page + 1) * count]):
            self._add_use(icon, text, first_y + place * pitch)
        if self._page + 1 < self._pages:
            self._answers(words("install.no"), words("install.more"), self._more)
        else:
            self._answers(words("install.no"), words("install.yes"))
        if self._pages > 1:
            self.add(PageDots(ui, ui.height - 2 * ui.metrics.gap, self._pages, self._page))

    def _add_use(self, icon: int, text: str, y: int) -> None:
        ui = self.ui
        left = _LAYOUT[ui.metrics.panel][7]
        picture = self.add(Icon(ui, icons.SMALL + icon, left, y, ui.accent))
        x = left + picture.w + 2 * ui.metrics.gap
        y += (picture.h - ui.caption_font.line_height) // 2
        self.add(Label(ui, ui.caption_font, x, y, ui.width - ui.metrics.margin // 2 - x, text, WHITE, LEFT))

    def _add_maker(self) -> None:
        """The app, who made it, and whether anybody else has looked at it."""
        ui, words = self.ui, self.ui.text.get
        name_y, name_h, maker_y, mark_y = _LAYOUT[ui.metrics.panel][:4]
        margin = ui.metrics.margin
        width, inset = ui.width - 2 * margin, margin + ui.corner // 4
        font = ui.body_font if line(ui.body_font, self._app).width <= ui.width - 2 * inset else ui.caption_font
        y = name_y + (name_h - font.line_height) // 2
        self.add(Label(ui, font, inset, y, ui.width - 2 * inset, self._app, WHITE))
        maker = words("install.by", self._developer) if self._developer else words("install.nobody")
        self.add(Label(ui, ui.caption_font, margin, maker_y, width, maker, GREY))
        mark, ink = ("install.reviewed", GREEN) if self._reviewed else ("install.unreviewed", AMBER)
        self.add(Label(ui, ui.caption_font, margin, mark_y, width, words(mark), ink))
