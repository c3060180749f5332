"""An app wants to be installed: who made it, who has looked at it, and what it may use."""

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
    from typing import Callable

    from watch.services.offers import Install
    from watch.ui.context import Ui

    Use = tuple[int, str, int]

_LAYOUT = {
    # name y and height, version y, mark y and height, first row y, pitch, left edge
    "large": (30, 48, 80, 116, 68, 196, 42, 48),
    "small": (0, 30, 28, 50, 46, 102, 28, 10),
}
_ROWS = {"large": (4, 5), "small": (2, 3)}
"""Rows on the first page, which also has the maker, and on the others."""
_NEXT_ROW_Y = {"large": 124, "small": 56}
"""Of the first row on the pages after the first."""
_ELLIPSIS = "…"


class InstallSheet(Sheet):
    """What would come, and all that it may use. The yes is there on the last page only: everything has been shown.

    Args:
        offer: what is asked.
        ticks_ms, on_yes, on_no: as for `Sheet`.
    """

    def __init__(
        self,
        ui: "Ui",
        offer: "Install",
        ticks_ms: "Callable[[], int]",
        on_yes: "Callable[[], None]",
        on_no: "Callable[[], None]",
    ) -> None:
        super().__init__(ui, "install", ticks_ms, on_yes, on_no)
        self._offer = offer
        self._uses = self._listed()
        first, others = _ROWS[ui.metrics.panel]
        self._pages = 1 + (max(0, len(self._uses) - first) + others - 1) // others
        self._page = 0
        self._build()

    def swipe(self, direction: str) -> None:
        """Up and down turn pages."""
        if direction in ("up", "down"):
            self._turn(page_after(self.ui, self._page, 1 if direction == "up" else -1, self._pages))

    def _listed(self) -> "list[Use]":
        """Icon, words and ink of each row: what keeps it from opening, what it may use, whom it may ask."""
        ui, offer, words = self.ui, self._offer, self.ui.text.get
        found: "list[Use]" = []
        if offer.unpaid:
            found.append((icons.WARNING, words("install.unpaid"), AMBER))
        for icon, text in described(ui, offer.permissions):
            found.append((icon, text, WHITE))
        for host in offer.hosts:
            found.append((icons.GLOBE, host, WHITE))
        if not offer.permissions and not offer.hosts:
            found.append((icons.CHECK, words("install.no-more" if offer.before else "permission.none"), WHITE))
        return found

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
        self._add_head()
        _, _, _, _, _, first_y, pitch, _ = _LAYOUT[ui.metrics.panel]
        first, others = _ROWS[ui.metrics.panel]
        start, count = (first + (self._page - 1) * others, others) if self._page else (0, first)
        y = first_y
        if self._page:
            y = _NEXT_ROW_Y[ui.metrics.panel]
        else:
            self._add_maker()
        for place, use in enumerate(self._uses[start : start + count]):
            self._add_use(use, y + place * pitch)
        if self._page + 1 < self._pages:
            self._answers(words("install.no"), words("install.more"), self._more)
        else:
            self._answers(words("install.no"), words("install.update" if self._offer.before else "install.yes"))
        if self._pages > 1:
            self.add(PageDots(ui, ui.height - 2 * ui.metrics.gap, self._pages, self._page))

    def _add_use(self, use: "Use", y: int) -> None:
        ui, (icon, text, ink) = self.ui, use
        left = _LAYOUT[ui.metrics.panel][7]
        picture = self.add(Icon(ui, icons.SMALL + icon, left, y, ui.accent if ink == WHITE else ink))
        x = left + picture.w + 2 * ui.metrics.gap
        y += (picture.h - ui.caption_font.line_height) // 2
        width = ui.width - ui.metrics.margin // 2 - x
        self.add(Label(ui, ui.caption_font, x, y, width, self._ending(icon, text, width), ink, LEFT))

    def _ending(self, icon: int, text: str, width: int) -> str:
        """A text as it is; of the name of a host that is too long the end, which says whose it is."""
        font = self.ui.caption_font
        if icon != icons.GLOBE or line(font, text).width <= width:
            return text
        start = 1
        while line(font, _ELLIPSIS + text[start:]).width > width:
            start += 1
        return _ELLIPSIS + text[start:]

    def _add_head(self) -> None:
        """The app, and which version of it."""
        ui, words, offer = self.ui, self.ui.text.get, self._offer
        name_y, name_h, version_y = _LAYOUT[ui.metrics.panel][:3]
        margin = ui.metrics.margin
        inset = margin + ui.corner // 4
        width = ui.width - 2 * inset
        font = ui.body_font if line(ui.body_font, offer.name).width <= width else ui.caption_font
        y = name_y + (name_h - font.line_height) // 2
        self.add(Label(ui, font, inset, y, width, offer.name, WHITE))
        version = offer.before + " → " + offer.version if offer.before else words("apps.version", offer.version)
        self.add(Label(ui, ui.caption_font, margin, version_y, ui.width - 2 * margin, version, GREY))

    def _add_maker(self) -> None:
        """Who has looked at it, or that nobody has; and who made it."""
        ui, words, offer = self.ui, self.ui.text.get, self._offer
        _, _, _, mark_y, mark_h, _, _, _ = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin // 2  # below the round corners there is more room
        mark = words("install.reviewed", offer.store) if offer.store else words("install.unreviewed")
        maker = words("install.by", offer.maker) if offer.maker else words("install.nobody")
        width, half, font = ui.width - 2 * margin, mark_h // 2, ui.caption_font
        ink, quiet = (GREEN, GREY) if offer.store else (AMBER, AMBER)
        self.add(Label(ui, font, margin, mark_y, width, mark, ink))
        self.add(Label(ui, font, margin, mark_y + half, width, maker, quiet))
