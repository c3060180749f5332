"""Screens that show an amount: the question before a payment, and what became of it.

The amount is the largest thing on the screen. It, its currency and the merchant are never cut: they shrink or wrap.
"""

from micropython import const

from watch.screens.parts import add_test_mark, fits
from watch.ui import icons
from watch.ui.dial import TICKS, Dial
from watch.ui.money import currency_name, figures
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, GREEN, GREY, RED, WHITE
from watch.ui.widget import Icon, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # icon y, headline y and height, amount y and height, currency y and height, text y and height, test mark y
    "large": (40, 88, 62, 158, 120, 282, 42, 328, 94, 428),
    "small": (0, 38, 36, 72, 72, 144, 22, 170, 46, 16),
}
_LONG = {
    "large": (40, 88, 62, 150, 86, 236, 42, 280, 146, 428),
    "small": (0, 38, 30, 68, 48, 114, 22, 136, 88, 16),
}
"""The same with more room for the text: a long name, and why it was declined."""
_TEXT_HEIGHT = const(8)


class AmountScreen(Screen):
    """One amount.

    Args:
        ui: the shared context.
        name: of the screen, for state.json.
        icon, ink: picture and colour of the headline and of the ring.
        title: the headline.
        amount_minor, currency: what is shown; ISO 4217 numeric code.
        text: merchant, reason, or what to do.
        on_close: side button, tap or swipe.
        on_more: a tap, if it leads further.

    Raises:
        InputError: the amount cannot be shown.
    """

    def __init__(
        self,
        ui: "Ui",
        name: str,
        icon: int,
        ink: int,
        title: str,
        amount_minor: int,
        currency: int,
        text: str,
        on_close: "Callable[[], None]",
        on_more: "Callable[[], None] | None" = None,
    ) -> None:
        super().__init__(ui)
        self.name = name
        self.drawn = (amount_minor, currency)
        """What the wearer sees."""
        self._on_close, self._on_more = on_close, on_more or on_close
        panel, margin = ui.metrics.panel, ui.metrics.margin
        width = ui.width - 2 * margin
        layout = _LAYOUT if fits(ui.caption_font, text, width, _LAYOUT[panel][_TEXT_HEIGHT]) else _LONG
        icon_y, title_y, title_h, amount_y, amount_h, name_y, name_h, text_y, text_h, mark_y = layout[panel]
        self.add(Dial(ui, ink, TICKS))
        amounts = (ui.display_font, ui.figures_font, ui.title_font, ui.body_font, ui.caption_font)
        shown = figures(amount_minor, currency)
        amount = self.add(Paragraph(ui, amounts, margin, amount_y, width, amount_h, shown, WHITE, 1))
        titles = (ui.title_font, ui.body_font, ui.caption_font)
        if amount.font not in amounts[:2]:
            titles = titles[1:]  # nothing is larger than the amount
        self.add(Paragraph(ui, titles, margin, title_y, width, title_h, title, ink, 1))
        texts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, texts, margin, name_y, width, name_h, currency_name(currency), GREY, 1))
        self.add(Paragraph(ui, texts, margin, text_y, width, text_h, text, WHITE))
        add_test_mark(self, mark_y)
        if ui.large:
            picture = Icon(ui, icons.MEDIUM + icon, (ui.width - 48) // 2, icon_y, ink)
            self.add(picture)

    def tap(self, x: int, y: int) -> None:
        """Close, or go on."""
        self._on_more()

    def swipe(self, direction: str) -> None:
        """Close."""
        self._on_close()

    def button(self, kind: str) -> None:
        """Close."""
        if kind == "single":
            self._on_close()


def confirm(ui: "Ui", amount_minor: int, currency: int, on_cancel: "Callable[[], None]") -> AmountScreen:
    """The first tap was refused because of its amount; a second tap pays."""
    words = ui.text
    return AmountScreen(
        ui,
        "confirm",
        icons.CONTACTLESS,
        AMBER,
        words.get("confirm.title"),
        amount_minor,
        currency,
        words.get("confirm.do"),
        on_cancel,
    )


def sent(ui: "Ui", amount_minor: int, currency: int, on_close: "Callable[[], None]") -> AmountScreen:
    """The reader has the cryptogram. Whether money moves is for the bank to say: the colour gives no verdict."""
    words = ui.text
    return AmountScreen(
        ui,
        "sent",
        icons.SENT,
        WHITE,
        words.get("sent.title"),
        amount_minor,
        currency,
        words.get("sent.do"),
        on_close,
    )


def approved(ui: "Ui", amount_minor: int, currency: int, merchant: str, on_close: "Callable[[], None]") -> AmountScreen:
    """A notice signed by the bank says that it paid."""
    return AmountScreen(
        ui, "approved", icons.CHECK, GREEN, ui.text.get("approved.title"), amount_minor, currency, merchant, on_close
    )


def declined(
    ui: "Ui", amount_minor: int, currency: int, merchant: str, reason: str, on_close: "Callable[[], None]"
) -> AmountScreen:
    """A notice signed by the bank says that it did not pay. `reason`: ISO 8583 response code."""
    words = ui.text
    text = words.get("declined.at", merchant) + why(ui, reason) if merchant else why(ui, reason)
    return AmountScreen(
        ui, "declined", icons.CROSS, RED, words.get("declined.title"), amount_minor, currency, text, on_close
    )


def why(ui: "Ui", reason: str) -> str:
    """An ISO 8583 response code in words."""
    words = ui.text
    return words.get("reason." + reason) if words.has("reason." + reason) else words.get("reason.other", reason)


_RESULTS = {
    # result of a payment in the history: headline, picture, colour
    "sent": ("sent.title", icons.SENT, WHITE),
    "approved": ("approved.title", icons.CHECK, GREEN),
    "declined": ("declined.title", icons.CROSS, RED),
}


def past(
    ui: "Ui",
    amount_minor: int,
    currency: int,
    result: str,
    merchant: str,
    on_close: "Callable[[], None]",
    on_more: "Callable[[], None]",
) -> AmountScreen:
    """A payment of the history. `result`: `sent`, `approved` or `declined`; a tap asks for the receipt."""
    title, icon, ink = _RESULTS[result]
    screen = AmountScreen(
        ui, "payment", icon, ink, ui.text.get(title), amount_minor, currency, merchant, on_close, on_more
    )
    screen.target("receipt", 0, 0, ui.width, ui.height, on_more)
    return screen
