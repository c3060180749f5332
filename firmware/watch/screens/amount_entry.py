"""How much to pay, for a merchant's code that does not say: digits come in from the right, as on a payment terminal.

What is entered fills a field and no more: the forward key leads to the question about the payment, another screen.
"""

from micropython import const

from watch.screens import keypad
from watch.screens.keypad import KeyedScreen
from watch.ui.money import MAX_MINOR, currency_name, figures
from watch.ui.theme import AMBER, GREY, WHITE
from watch.ui.widget import Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # name x and y, amount x, y and height, currency y
    "large": (64, 14, 24, 46, 84, 130),
    "small": (1, 0, 1, 15, 50, 58),
}
_FACE_INSET = const(6)
"""From the edge of a key of the small panel to its face."""


class AmountEntryScreen(KeyedScreen):
    """Merchant, currency, the amount so far, and keys.

    Args:
        ui: the shared context.
        merchant: who is to be paid. May be cut here: the question that follows shows it whole.
        currency: ISO 4217 numeric code.
        on_forward: gets the amount in minor units, 1 to MAX_MINOR, when the wearer goes on.
        on_back: the wearer does not want to: side button, or a swipe to the right.
    """

    name = "merchant-amount"
    keeps_light = "question"

    def __init__(
        self,
        ui: "Ui",
        merchant: str,
        currency: int,
        on_forward: "Callable[[int], None]",
        on_back: "Callable[[], None]",
    ) -> None:
        self._merchant, self._currency, self._on_forward = merchant, currency, on_forward
        self.amount_minor = 0
        """What has been entered."""
        name_x, name_y, x, y, h, currency_y = _LAYOUT[ui.metrics.panel]
        right = ui.width if ui.large else ui.width - ui.metrics.target + _FACE_INSET
        self._name = Label(ui, ui.caption_font, name_x, name_y, right - 2 * name_x, merchant, GREY)
        amounts = (ui.display_font, ui.figures_font, ui.title_font, ui.body_font, ui.caption_font)
        self._amount = Paragraph(ui, amounts, x, y, right - 2 * x, h, "", GREY, 1)
        code = Label(ui, ui.caption_font, x, currency_y, right - 2 * x, currency_name(currency), GREY)
        super().__init__(ui, (self._name, self._amount, code), keypad.build_amount(ui), on_back)
        self._set(0)

    def typed(self, label: str) -> None:
        """A digit, or what becomes of them."""
        if label == keypad.DELETE:
            self._set(self.amount_minor // 10)
        elif label == keypad.FORWARD:
            self._on_forward(self.amount_minor)
        else:
            self._add(int(label))

    def _add(self, digit: int) -> None:
        """One more digit, unless no payment could be as large as that."""
        amount_minor = self.amount_minor * 10 + digit
        if amount_minor > MAX_MINOR:
            self._name.set(self.ui.text.get("merchant-amount.most"), AMBER)
        else:
            self._set(amount_minor)

    def _set(self, amount_minor: int) -> None:
        self.amount_minor = amount_minor
        self._name.set(self._merchant, GREY)
        self._amount.set(figures(amount_minor, self._currency), WHITE if amount_minor else GREY)
        self._enable()

    def _enable(self) -> None:
        for key in self._keys:
            if key.label in (keypad.DELETE, keypad.FORWARD):
                key.enable(self.amount_minor > 0)
