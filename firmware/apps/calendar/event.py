"""One event: what, when and where; then what there is to read about it, in pages."""

from micropython import const

from watch.apps.api import CENTRE, GREY, WHITE, Label, PageDots, Paragraph, page_after, text_pages

from .times import two_lines

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import App, Entry

_LAYOUT = {
    # y of the title and its height, of the day, of the place and its height, of a page of text, its lines
    "large": (50, 168, 232, 318, 128, 66, 9),
    "small": (6, 94, 106, 160, 48, 14, 6),
}


class EventPages:
    """Fills the app's page."""

    def __init__(self, app: "App", event: "Entry") -> None:
        self._app, self._event = app, event
        ui = app.ui
        lines = _LAYOUT[ui.metrics.panel][6]
        self._texts = text_pages(ui.body_font, event.text, ui.width - 2 * ui.metrics.margin, lines)
        self._page = 0
        self._build()

    def swipe(self, direction: str) -> bool:
        """Turn the page."""
        if direction not in ("up", "down"):
            return False
        page = page_after(self._app.ui, self._page, 1 if direction == "up" else -1, len(self._texts) + 1)
        if page != self._page:
            self._page = page
            self._build()
        return True

    def _build(self) -> None:
        app, ui = self._app, self._app.ui
        app.clear()
        if self._page == 0:
            self._add_head()
        else:
            *_, y, lines = _LAYOUT[ui.metrics.panel]
            margin, font = ui.metrics.margin, ui.body_font
            text, height = self._texts[self._page - 1], lines * font.line_height
            app.add(Paragraph(ui, (font,), margin, y, ui.width - 2 * margin, height, text, WHITE))
        if self._texts:
            app.add(PageDots(ui, ui.height - ui.metrics.margin // 2 - ui.metrics.gap, len(self._texts) + 1, self._page))

    def _add_head(self) -> None:
        app, ui, event = self._app, self._app.ui, self._event
        words = app.watch.text
        title_y, title_h, day_y, place_y, place_h, *_ = _LAYOUT[ui.metrics.panel]
        inset = ui.metrics.margin + ui.metrics.gap
        width = ui.width - 2 * inset
        body, caption = ui.body_font, ui.caption_font
        title = event.title or words.get("untitled")
        app.add(Paragraph(ui, (body, caption), inset, title_y, width, title_h, title, WHITE, 5, True))
        font = body if ui.large else caption
        for place, text in enumerate(two_lines(words, event, app.watch.time.minutes)):
            y = day_y + place * font.line_height
            app.add(Label(ui, font, inset, y, width, text, ui.accent, CENTRE))
        app.add(Paragraph(ui, (caption,), inset, place_y, width, place_h, event.place, GREY, 4, True))
