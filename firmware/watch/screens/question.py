"""A question with two answers, for what cannot be undone."""

from micropython import const

from watch.screens.parts import add_button
from watch.ui.screen import Screen
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # headline y and height, text y and height, first button y
    "large": (56, 64, 124, 130, 262),
    "small": (2, 30, 32, 48, 80),
}


class QuestionScreen(Screen):
    """One question. The safe answer is the strong one, and comes last: it lies where a thumb rests.

    Args:
        ui: the shared context.
        key: of the texts `<key>.title`, `<key>.text`, `<key>.yes` and `<key>.no`; also names the screen.
        on_yes: do it.
        on_no: leave it; also the side button and a swipe.
    """

    def __init__(self, ui: "Ui", key: str, on_yes: "Callable[[], None]", on_no: "Callable[[], None]") -> None:
        super().__init__(ui)
        self.name = key
        self._on_no = on_no
        title_y, title_h, text_y, text_h, button_y = _LAYOUT[ui.metrics.panel]
        margin, words, pitch = ui.metrics.margin, ui.text, ui.metrics.target
        width = ui.width - 2 * margin
        titles = (ui.title_font, ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, titles, margin, title_y, width, title_h, words.get(key + ".title"), WHITE, 1))
        texts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, texts, margin, text_y, width, text_h, words.get(key + ".text"), GREY))
        side = ui.width // 6
        yes, no, wide = words.get(key + ".yes"), words.get(key + ".no"), ui.width - 2 * side
        add_button(self, "yes", yes, side, button_y, wide, on_yes, False, no)
        add_button(self, "no", no, side, button_y + pitch, wide, on_no, True, yes)

    def swipe(self, direction: str) -> None:
        """No."""
        self._on_no()

    def button(self, kind: str) -> None:
        """No."""
        if kind == "single":
            self._on_no()
