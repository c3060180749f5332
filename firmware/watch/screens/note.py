"""A text of any length to read, in pages: a notification."""

from micropython import const

from watch.screens.paged import PagedScreen
from watch.ui import icons, mixed
from watch.ui.pages import text_pages
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui
    from watch.ui.mixed import Line, Pieces

_LAYOUT = {
    # title y, caption y, text y, lines of a page
    "large": (40, 86, 128, 7),
    "small": (2, 32, 58, 5),
}
_REPLY = {"large": (191, 430), "small": (212, 218)}
"""Where the picture is that says that one can answer: under the text, or beside the dots."""


class NoteScreen(PagedScreen):
    """Pages of text under a title.

    Args:
        ui: the shared context.
        title: who or what it is from; cut where it is too long for a line, so say it in the text if it matters.
        caption: which app, and when.
        text: what it says.
        on_act: a touch: the wearer wants to do something with it.
        on_back: side button or swipe to the right.
        answerable: whether a touch leads to an answer too; then a picture says so.
        pieces: words and pictures in place of `text`, if the phone has drawn some of it; may be empty.
    """

    name = "note"

    def __init__(
        self,
        ui: "Ui",
        title: str,
        caption: str,
        text: str,
        on_act: "Callable[[], None]",
        on_back: "Callable[[], None]",
        answerable: bool = False,
        pieces: "Pieces" = (),
    ) -> None:
        self._title, self._caption, self._on_act, self._answerable = title, caption, on_act, answerable
        width, lines = ui.width - 2 * ui.metrics.margin, _LAYOUT[ui.metrics.panel][3]
        self._drawn: "list[list[Line]]" = []
        if pieces:
            font = ui.body_font
            self._drawn = mixed.pages_of(font, mixed.lines_of(font, pieces, width), lines * font.line_height)
        self._texts = [] if pieces else text_pages(ui.body_font, text, width, lines)
        super().__init__(ui, len(self._drawn or self._texts), on_back)
        self._build()

    def _build(self) -> None:
        """Make the widgets of the page that is shown."""
        self.clear()
        ui = self.ui
        title_y, caption_y, text_y, lines = _LAYOUT[ui.metrics.panel]
        margin, font = ui.metrics.margin, ui.body_font
        inset = margin + ui.corner // 3
        self.add(Label(ui, font, inset, title_y, ui.width - 2 * inset, self._title, ui.accent))
        self.add(Label(ui, ui.caption_font, margin, caption_y, ui.width - 2 * margin, self._caption, GREY))
        width, height = ui.width - 2 * margin, lines * font.line_height
        if self._drawn:
            self.add(mixed.Mixed(font, margin, text_y, width, height, self._drawn[self._page]))
        elif self._texts:
            text = self._texts[self._page]
            self.add(Paragraph(ui, (font, ui.caption_font), margin, text_y, width, height, text, WHITE))
        if self._answerable:
            x, y = _REPLY[ui.metrics.panel]
            self.add(Icon(ui, icons.SMALL + icons.REPLY, x, y, GREY))
        self._add_dots()
        self.target("act", 0, 0, ui.width, ui.height, self._on_act)
