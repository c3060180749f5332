"""How much to pay, for a merchant's code that does not say: digits come in from the right, as on a payment terminal.

What is entered fills a field and no more: the forward key leads to the question about the payment, which is another
"""

from micropython import const

from watch.screens import keypad
from watch.ui.money import MAX_MINOR, currency_name, figures
from watch.ui.screen import Screen
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


class AmountEntryScreen(Screen):
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
        super().__init__(ui)
        self._merchant, self._currency = merchant, currency
        self._on_forward, self._on_back = on_forward, on_back
        self._pressed: "keypad.Key | None" = None
        self.amount_minor = 0
        """What has been entered."""
        name_x, name_y, x, y, h, currency_y = _LAYOUT[ui.metrics.panel]
        right = ui.width if ui.large else ui.width - ui.metrics.target + _FACE_INSET
        self._name = Label(ui, ui.caption_font, name_x, name_y, right - 2 * name_x, merchant, GREY)
        amounts = (ui.display_font, ui.figures_font, ui.title_font, ui.body_font, ui.caption_font)
        self._amount = Paragraph(ui, amounts, x, y, right - 2 * x, h, "", GREY, 1)
        self._code = Label(ui, ui.caption_font, x, currency_y, right - 2 * x, currency_name(currency), GREY)
        self._pages = keypad.build_amount(ui)
        self._turn_to(0)

    def targets(self) -> "list[tuple[str, int, int, int, int]]":
        """The keys that do something now."""
        return [(key.label, key.x, key.y, key.w, key.h) for key in self._keys if key.usable]

    def close(self) -> None:
        """The finger on a key is no longer this screen's."""
        self.release()

    def press(self, x: int, y: int) -> None:
        """Light the key under the finger."""
        self._pressed = self._key_at(x, y)
        if self._pressed is not None:
            self._pressed.press(True)

    def release(self) -> None:
        """Put the light out."""
        if self._pressed is not None:
            self._pressed.press(False)
            self._pressed = None

    def tap(self, x: int, y: int) -> None:
        """Take the key."""
        key = self._key_at(x, y)
        if key is None:
            return
        if key.label == keypad.TURN:
            self._turn_to(1 - self._page)
        elif key.label == keypad.DELETE:
            self._set(self.amount_minor // 10)
        elif key.label == keypad.FORWARD:
            self._on_forward(self.amount_minor)
        else:
            self._add(int(key.label))

    def swipe(self, direction: str) -> None:
        """Back by a swipe to the right."""
        if direction == "right":
            self._on_back()

    def button(self, kind: str) -> None:
        """Back."""
        if kind == "single":
            self._on_back()

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
        for key in self._keys:
            if key.label in (keypad.DELETE, keypad.FORWARD):
                key.enable(amount_minor > 0)

    def _key_at(self, x: int, y: int) -> "keypad.Key | None":
        for key in self._keys:
            if key.usable and key.x <= x < key.x + key.w and key.y <= y < key.y + key.h:
                return key
        return None

    def _turn_to(self, page: int) -> None:
        """Show a page of keys."""
        self.release()
        self._page = page
        self._keys = self._pages[page]
        self.clear()
        for widget in (self._name, self._amount, self._code):
            self.add(widget)
        for key in self._keys:
            self.add(key)
        self._set(self.amount_minor)
