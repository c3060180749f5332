"""An app wants to be installed: who made it, who has looked at it, and what it may use."""

from micropython import const

from watch.screens.permissions import described
from watch.screens.sheet import Sheet
from watch.ui import icons
from watch.ui.app_mark import add_disc
from watch.ui.layout import line
from watch.ui.pages import PageDots, page_after
from watch.ui.theme import AMBER, GREEN, GREY, WHITE
from watch.ui.widget import CENTRE, LEFT, Icon, Label

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.services.offers import Install
    from watch.ui.context import Ui

    Use = tuple[int, str, int]

_LAYOUT = {
    # disc x, y and size, name y and height, version y, mark y and height, first row y, pitch, left edge
    "large": (62, 32, 72, 28, 46, 72, 114, 68, 196, 42, 48),
    "small": (10, 4, 44, 0, 30, 26, 52, 46, 102, 28, 10),
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
        first_y, pitch, _ = _LAYOUT[ui.metrics.panel][-3:]
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
        left = _LAYOUT[ui.metrics.panel][-1]
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
        disc_x, disc_y, side, name_y, name_h, version_y = _LAYOUT[ui.metrics.panel][:6]
        left = disc_x + side + 2 * ui.metrics.gap
        width = ui.width - left - ui.metrics.margin - ui.corner // 8
        font = ui.body_font if line(ui.body_font, offer.name).width <= width else ui.caption_font
        y = name_y + (name_h - font.line_height) // 2
        add_disc(self, offer.mark, disc_x, disc_y, side)
        self.add(Label(ui, font, left, y, width, offer.name, WHITE, LEFT))
        if self._page:
            self._add_level(left, version_y, width, LEFT)  # name and icon are the app's own: this stays beside them
            return
        about = offer.before + " → " + offer.version if offer.before else words("apps.version", offer.version)
        self.add(Label(ui, ui.caption_font, left, version_y, width, about, GREY, LEFT))

    def _add_level(self, x: int, y: int, width: int, align: int) -> None:
        """Who has looked at it, or that nobody has. A name that is too long for the sentence stands behind a tick."""
        ui, words, store = self.ui, self.ui.text.get, self._offer.store
        font = ui.caption_font
        said = words("install.reviewed", store) if store else words("install.unreviewed")
        if line(font, said).width <= width:
            self.add(Label(ui, font, x, y, width, said, GREEN if store else AMBER, align))
        elif not store:
            self.add(Label(ui, font, x, y, width, words("install.unseen"), AMBER, align))
        else:
            tick = self.add(Icon(ui, icons.SMALL + icons.CHECK, x, y, GREEN))
            taken = tick.w + ui.metrics.gap
            if align != LEFT:
                tick.x += max(0, width - taken - line(font, store).width) // 2
            tick.y += (font.line_height - tick.h) // 2
            self.add(Label(ui, font, tick.x + taken, y, x + width - tick.x - taken, store, GREEN, LEFT))

    def _add_maker(self) -> None:
        """Who has looked at it, or that nobody has; and who made it."""
        ui, words, offer = self.ui, self.ui.text.get, self._offer
        mark_y, mark_h = _LAYOUT[ui.metrics.panel][6:8]
        margin = ui.metrics.margin // 2  # below the round corners there is more room
        maker = words("install.by", offer.maker) if offer.maker else words("install.nobody")
        width, half, font = ui.width - 2 * margin, mark_h // 2, ui.caption_font
        self._add_level(margin, mark_y, width, CENTRE)
        self.add(Label(ui, font, margin, mark_y + half, width, maker, GREY if offer.store else AMBER))
