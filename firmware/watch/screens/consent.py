"""The question that only the wearer can answer: whether a card may be added."""

from micropython import const

from watch.screens.parts import add_button, add_test_mark
from watch.ui.card_art import CardArt
from watch.ui.screen import Screen
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.card_art import CardFace
    from watch.ui.context import Ui

_LAYOUT = {
    # test mark y, headline y and height, card y, width and height, sender y and height, buttons y
    "large": (20, 52, 50, 112, 240, 150, 268, 74, 350),
    "small": (0, 2, 34, 38, 128, 80, 122, 46, 160),
}


class ConsentScreen(Screen):
    """Asks whether to add a card.

    Args:
        ui: the shared context.
        card: the card as the bank describes it.
        sender: name of the bank, from its certificate.
        on_yes, on_no: the answer. The side button and a swipe mean no.
    """

    name = "consent"

    def __init__(
        self, ui: "Ui", card: "CardFace", sender: str, on_yes: "Callable[[], None]", on_no: "Callable[[], None]"
    ) -> None:
        super().__init__(ui)
        self._on_no = on_no
        mark_y, title_y, title_h, card_y, card_w, card_h, from_y, from_h, button_y = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        words = ui.text
        if ui.large:
            add_test_mark(self, mark_y)
        titles = (ui.title_font, ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, titles, margin, title_y, width, title_h, words.get("consent.title"), WHITE, 1))
        self.add(CardArt(ui, (ui.width - card_w) // 2, card_y, card_w, card_h, card))
        texts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, texts, margin, from_y, width, from_h, words.get("consent.from", sender), GREY, 2))
        side = margin if ui.large else ui.metrics.gap
        gap = ui.metrics.gap
        half = (ui.width - 2 * side - gap) // 2
        add_button(self, "no", words.get("consent.no"), side, button_y, half, on_no, False)
        add_button(self, "yes", words.get("consent.yes"), side + half + gap, button_y, half, on_yes)

    def swipe(self, direction: str) -> None:
        """No."""
        self._on_no()

    def button(self, kind: str) -> None:
        """No."""
        if kind == "single":
            self._on_no()
