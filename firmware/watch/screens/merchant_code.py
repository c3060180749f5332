"""A merchant's code asks for money: who, and how much. What cannot be drawn whole is not asked."""

from micropython import const

from watch.kernel.errors import InputError
from watch.screens.parts import add_test_mark
from watch.ui.app_mark import add_disc
from watch.ui.card_chip import CardChip
from watch.ui.dial import TICKS, Dial
from watch.ui.font import MISSING
from watch.ui.layout import decode, wrapped
from watch.ui.money import currency_name, figures
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, GREY, WHITE
from watch.ui.widget import Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.ui.app_mark import AppMark
    from watch.ui.card_art import CardFace
    from watch.ui.context import Ui

_LAYOUT = {
    # test mark y, headline y and height, amount y and height, currency y and height, merchant y and height, card y,
    # hint y and height
    "large": (36, 66, 50, 112, 100, 210, 40, 254, 98, 362, 408, 40),
    "small": (14, 0, 0, 34, 58, 90, 22, 112, 66, 178, 200, 22),
}

_APP_LAYOUT = {
    # the same, with room for which app asks and what for: no headline
    "large": (36, 0, 0, 70, 100, 168, 40, 212, 142, 362, 408, 40),
    "small": (9, 0, 0, 27, 50, 70, 22, 90, 88, 178, 200, 22),
}

_NAME_HEIGHT = const(8)

_DISC = {"large": (102, 32, 48), "small": (18, 14, 28)}
"""x, y and size of the disc of the app that asks."""


class Asker:
    """An app that asks for money.

    Args:
        words: its name and what for.
        mark: what it is known by.
    """

    def __init__(self, words: str, mark: "AppMark") -> None:
        self.words, self.mark = words, mark


class MerchantCodeScreen(Screen):
    """Merchant and amount, to be agreed to by a double press of the side button.

    Args:
        ui: the shared context.
        merchant: who is paid.
        amount_minor, currency: what is paid; ISO 4217 numeric code.
        card: the one that pays, or None if there is none.
        on_refuse: the wearer does not want to: side button, or a swipe.
        asker: which app asks and what for; None for the code of a shop.

    Raises:
        InputError: name, words or amount cannot be drawn as they are, whole and in characters that the watch has.
    """

    name = "merchant-code"
    keeps_light = "question"

    def __init__(
        self,
        ui: "Ui",
        merchant: str,
        amount_minor: int,
        currency: int,
        card: "Optional[CardFace]",
        on_refuse: "Callable[[], None]",
        asker: "Optional[Asker]" = None,
    ) -> None:
        super().__init__(ui)
        self._on_refuse = on_refuse
        layout = (_LAYOUT if asker is None else _APP_LAYOUT)[ui.metrics.panel]
        mark_y, title_y, title_h, amount_y, amount_h, name_y, name_h, text_y, text_h, card_y, hint_y, hint_h = layout
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        about = "" if asker is None else ui.text.get("merchant-code.for", asker.words)
        low_h = _expect_whole(ui, about, width, text_h) if about else 0
        text_h -= low_h
        _expect_whole(ui, merchant, width, text_h)
        self.drawn = (merchant, amount_minor, currency)
        """What the wearer sees; it goes to `MerchantPayments.pay` as it is."""
        self.add(Dial(ui, AMBER, TICKS))
        add_test_mark(self, mark_y)
        texts = (ui.body_font, ui.caption_font)
        if title_h:
            title = ui.text.get("confirm.title")
            self.add(Paragraph(ui, (ui.title_font,) + texts, margin, title_y, width, title_h, title, AMBER, 1))
        amounts = (ui.display_font, ui.figures_font, ui.title_font, ui.body_font, ui.caption_font)
        shown = figures(amount_minor, currency)
        self.add(Paragraph(ui, amounts, margin, amount_y, width, amount_h, shown, WHITE, 1))
        self.add(Paragraph(ui, texts, margin, name_y, width, name_h, currency_name(currency), GREY, 1))
        self.add(Paragraph(ui, texts, margin, text_y, width, text_h, merchant, WHITE))
        if asker is not None:
            add_disc(self, asker.mark, *_DISC[ui.metrics.panel])
            low_y = text_y + text_h
            self.add(Paragraph(ui, (ui.caption_font,), margin, low_y, width, low_h, about, GREY))
        if card is not None:
            self.add(CardChip(ui, card_y)).set("•••• " + card.last_four, card.ink, False)
        do = ui.text.get("merchant-code.do")
        self.add(Paragraph(ui, (ui.caption_font,), margin, hint_y, width, hint_h, do, GREY, 1))

    def swipe(self, direction: str) -> None:
        """Refuse."""
        self._on_refuse()

    def button(self, kind: str) -> None:
        """One press refuses; who pays presses twice, which is not for this screen to decide."""
        if kind == "single":
            self._on_refuse()


def expect_name(ui: "Ui", merchant: str) -> None:
    """Raises InputError for a merchant whose name the question could not show whole."""
    layout = _LAYOUT[ui.metrics.panel]
    _expect_whole(ui, merchant, ui.width - 2 * ui.metrics.margin, layout[_NAME_HEIGHT])


def _expect_whole(ui: "Ui", text: str, width: int, height: int) -> int:
    """The height that a text needs in the smallest font, in pixels.

    Raises InputError unless each character has a picture and all of them fit the box.
    """
    codes = decode(text)
    if len(codes) != len(text) or not text.strip():
        raise InputError("a name is empty or too long")
    for code in codes:
        if code == MISSING or not (ui.body_font.has(code) and ui.caption_font.has(code)):
            raise InputError("a name has characters that the watch cannot show")
    font = ui.caption_font
    lines = len(wrapped(font, text, width))
    if lines > height // font.line_height:
        raise InputError("a name does not fit the screen")
    return lines * font.line_height
