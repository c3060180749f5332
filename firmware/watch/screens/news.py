"""A notification that has just come, as a short card: who, which app, the first words. It goes away by itself."""

from micropython import const

from watch.ui import icons, mixed
from watch.ui.app_mark import add_disc
from watch.ui.screen import Screen
from watch.ui.theme import BLACK, GREY, WHITE
from watch.ui.widget import Box, Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.ui.app_mark import AppMark
    from watch.ui.context import Ui
    from watch.ui.mixed import Pieces

_LAYOUT = {
    # first y, size of the disc, gap beneath it, most lines of text, y of the last line
    "large": (36, 76, 14, 4, 424),
    "small": (6, 44, 4, 3, 206),
}
_PIECE = const(96)  # letters: four lines of usual ones
_LINE = const(32)


class NewsScreen(Screen):
    """One card; the whole glass is its target.

    Args:
        ui: the shared context.
        app: which app it came from, may be empty.
        title: who or what it is from.
        text: what it says; the first lines are shown, with an ellipsis if there is more.
        more: how many others came meanwhile.
        on_open: a touch: the wearer wants to read it.
        on_dismiss: a swipe or the side button: not now.
        pieces: words and pictures in place of `text`, if the phone has drawn some of it; may be empty.
        mark: of the app on the watch that it is from; None for one of the phone.
    """

    name = "news"

    def __init__(
        self,
        ui: "Ui",
        app: str,
        title: str,
        text: str,
        more: int,
        on_open: "Callable[[], None]",
        on_dismiss: "Callable[[], None]",
        pieces: "Pieces" = (),
        mark: "Optional[AppMark]" = None,
    ) -> None:
        super().__init__(ui)
        self._on_open, self._on_dismiss = on_open, on_dismiss
        self.show(app, title, text, more, pieces, mark)

    def show(
        self,
        app: str,
        title: str,
        text: str,
        more: int,
        pieces: "Pieces" = (),
        mark: "Optional[AppMark]" = None,
    ) -> None:
        """Show another one in its place."""
        self.clear()
        ui = self.ui
        top, disc, gap, most, last_y = _LAYOUT[ui.metrics.panel]
        font = ui.body_font if ui.large else ui.caption_font
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        captions = ui.caption_font.line_height if app else 0
        lines = mixed.beginning_of(font, pieces, width, most) if pieces else []
        about = Paragraph(
            ui, (font,), margin, 0, width, most * font.line_height, _beginning(text, _PIECE), WHITE, most, True
        )
        tall = mixed.height_of(font, lines) if lines else about.height
        height = disc + gap + captions + ui.body_font.line_height + ui.metrics.gap + tall
        y = top + max(0, last_y - top - height) // 2
        if mark is None:
            self._add_disc(y, disc)
        else:
            add_disc(self, mark, (ui.width - disc) // 2, y, disc)
        y += disc + gap
        if app:
            self.add(Label(ui, ui.caption_font, margin, y, width, _beginning(app, _LINE), GREY))
        self.add(Label(ui, ui.body_font, margin, y + captions, width, _beginning(title, _LINE), ui.accent))
        y += captions + ui.body_font.line_height + ui.metrics.gap
        about.y, about.h = y, tall
        self.add(mixed.Mixed(font, margin, y, width, tall, lines) if lines else about)
        if more:
            inset = margin + ui.corner // 3
            words = ui.text.get("news.more", more)
            self.add(Label(ui, ui.caption_font, inset, last_y, ui.width - 2 * inset, words, GREY))
        self.target("open", 0, 0, ui.width, ui.height, self._on_open)

    def swipe(self, direction: str) -> None:
        """Not now."""
        self._on_dismiss()

    def button(self, kind: str) -> None:
        """Not now."""
        if kind == "single":
            self._on_dismiss()

    def _add_disc(self, y: int, size: int) -> None:
        """The picture of a message in the middle."""
        ui = self.ui
        self.add(Box((ui.width - size) // 2, y, size, size, size // 2, ui.accent))
        icon = self.add(Icon(ui, (icons.MEDIUM if ui.large else icons.SMALL) + icons.MESSAGE, 0, 0, BLACK))
        icon.x, icon.y = (ui.width - icon.w) // 2, y + (size - icon.h) // 2


def _beginning(text: str, most: int) -> str:
    """As many letters as a card may hold: to measure all of a text would take longer than to show it."""
    return text if len(text) <= most else text[:most] + "…"
