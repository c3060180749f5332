"""The cards on the watch, one to a page."""

from micropython import const

from watch.screens.parts import add_test_mark
from watch.ui.canvas import mix, rgb
from watch.ui.card_art import CardArt
from watch.ui.pages import PageDots
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, BLACK, GREY, RED, WHITE
from watch.ui.widget import Box, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Sequence

    from watch.ui.card_art import CardFace
    from watch.ui.context import Ui

_LAYOUT = {
    # test mark y, card y, width and height, headline y and height, text y and height, dots y
    "large": (44, 88, 320, 200, 304, 52, 360, 72, 464),
    "small": (2, 26, 160, 100, 128, 28, 156, 64, 228),
}
_INKS = {"active": GREY, "keys-low": AMBER, "no-keys": AMBER, "expired": RED, "suspended": RED}


class CardEntry:
    """What the carousel says of a card.

    Args:
        face: how it looks.
        state: `active`, `keys-low`, `no-keys`, `expired` or `suspended`.
        keys_left: payments it is good for without the phone.
        default: it is the one that a double press arms.
        express: it pays without being armed.
    """

    def __init__(self, face: "CardFace", state: str, keys_left: int, default: bool, express: bool) -> None:
        self.face, self.state, self.keys_left = face, state, keys_left
        self.default, self.express = default, express


class CardsScreen(Screen):
    """The carousel: swipe to turn, touch to open.

    Args:
        ui: the shared context.
        entries: the cards, at least one.
        index: the one to show first.
        on_open: called with the index of the card that was touched.
        on_back: side button, or swipe up or down.
    """

    name = "cards"

    def __init__(
        self,
        ui: "Ui",
        entries: "Sequence[CardEntry]",
        index: int,
        on_open: "Callable[[int], None]",
        on_back: "Callable[[], None]",
    ) -> None:
        super().__init__(ui)
        self._entries, self._on_open, self._on_back = entries, on_open, on_back
        self._index = min(index, len(entries) - 1)
        self._build()

    def swipe(self, direction: str) -> None:
        """Left and right turn the page, round and round; up and down go back."""
        if direction in ("left", "right"):
            self._index = (self._index + (1 if direction == "left" else -1)) % len(self._entries)
            self._build()
            self.ui.damage.add(0, 0, self.ui.width, self.ui.height)
        else:
            self._on_back()

    def button(self, kind: str) -> None:
        """Back."""
        if kind == "single":
            self._on_back()

    def _build(self) -> None:
        """Make the widgets of the card that is shown."""
        del self.widgets[:]
        self.clear_targets()
        ui, entry, words = self.ui, self._entries[self._index], self.ui.text
        mark_y, card_y, w, h, title_y, title_h, text_y, text_h, dots_y = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        add_test_mark(self, mark_y)
        if len(self._entries) > 1:
            self._add_neighbour(-1)
            self._add_neighbour(1)
        self.add(CardArt(ui, (ui.width - w) // 2, card_y, w, h, entry.face))
        titles = (ui.body_font, ui.caption_font)
        key = "express.on" if entry.express else "card.default" if entry.default else "card.other"
        self.add(Paragraph(ui, titles, margin, title_y, width, title_h, words.get(key), WHITE, 1))
        state = words.get("card." + entry.state, entry.keys_left)
        self.add(Paragraph(ui, (ui.caption_font,), margin, text_y, width, text_h, state, _INKS[entry.state], 3))
        if len(self._entries) > 1:
            self.add(PageDots(ui, dots_y, len(self._entries), self._index))
        self.target("card", 0, card_y, ui.width, ui.height - card_y, lambda: self._on_open(self._index))

    def _add_neighbour(self, step: int) -> None:
        """The edge of the card before or behind: there is more to the side."""
        ui = self.ui
        _, card_y, w, h = _LAYOUT[ui.metrics.panel][:4]
        shown = (ui.width - w) // 2 - 2 * ui.metrics.gap
        face = self._entries[(self._index + step) % len(self._entries)].face
        radius = w // 14
        x = -radius if step < 0 else ui.width - shown
        self.add(Box(x, card_y + h // 7, shown + radius, h - h // 7 * 2, radius, mix(rgb(face.colour), BLACK, 14)))
