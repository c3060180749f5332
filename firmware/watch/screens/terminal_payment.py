"""A terminal asks for money by Bluetooth: how much, and who says so."""

from micropython import const

from watch.kernel.errors import InputError
from watch.screens.parts import add_test_mark, fits
from watch.screens.sheet import Sheet
from watch.ui.money import currency_name, figures
from watch.ui.theme import AMBER, GREY, WHITE
from watch.ui.widget import Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # test mark y, headline y and height, amount y and height, currency y and height, name y and height, device y and
    # height
    "large": (22, 50, 44, 92, 90, 180, 40, 220, 104, 324, 40),
    "small": (0, 0, 0, 20, 44, 62, 22, 84, 46, 130, 26),
}
_LONG = {
    "large": (22, 50, 44, 92, 70, 160, 40, 200, 124, 324, 40),
    "small": (0, 0, 0, 19, 34, 53, 22, 75, 66, 141, 22),
}
"""The same with more room for the terminal's name."""
_NAME_HEIGHT = const(8)
_READ_MS = const(1000)
"""An amount has been on the screen this long before a press agrees to it: two presses that armed are no third."""


class TerminalPaymentSheet(Sheet):
    """Amount and terminal, to be agreed to by a touch, or by a double press of the side button.

    Args:
        ui: the shared context.
        device: the bond's name, which the wearer saw when it was paired.
        terminal: whom the terminal says it collects for; empty if it does not say.
        amount_minor, currency: what is paid; ISO 4217 numeric code.
        ticks_ms, on_yes, on_no: as for `Sheet`.

    Raises:
        InputError: the amount cannot be shown, or the terminal's name not as a whole.
    """

    read_ms = _READ_MS

    def __init__(
        self,
        ui: "Ui",
        device: str,
        terminal: str,
        amount_minor: int,
        currency: int,
        ticks_ms: "Callable[[], int]",
        on_yes: "Callable[[], None]",
        on_no: "Callable[[], None]",
    ) -> None:
        super().__init__(ui, "terminal-payment", ticks_ms, on_yes, on_no)
        self.drawn = (device, terminal, amount_minor, currency)
        """What the wearer sees."""
        panel, margin, words = ui.metrics.panel, ui.metrics.margin, ui.text.get
        width, inset = ui.width - 2 * margin, margin + ui.corner // 4
        name = terminal or words("terminal-payment.unnamed")
        layout = _LAYOUT if fits(ui.caption_font, name, width, _LAYOUT[panel][_NAME_HEIGHT]) else _LONG
        if not fits(ui.caption_font, name, width, layout[panel][_NAME_HEIGHT]):
            raise InputError("the terminal's name does not fit the screen")
        mark_y, title_y, title_h, amount_y, amount_h, money_y, money_h, name_y, name_h, device_y, device_h = layout[
            panel
        ]
        texts = (ui.body_font, ui.caption_font)
        add_test_mark(self, mark_y)
        if title_h:
            title = words("terminal-payment.title")
            self.add(Paragraph(ui, texts, inset, title_y, ui.width - 2 * inset, title_h, title, AMBER, 1))
        amounts = (ui.display_font, ui.figures_font, ui.title_font) + texts
        shown = figures(amount_minor, currency)
        self.add(Paragraph(ui, amounts, margin, amount_y, width, amount_h, shown, WHITE, 1))
        self.add(Paragraph(ui, texts, margin, money_y, width, money_h, currency_name(currency), GREY, 1))
        self.add(Paragraph(ui, texts, margin, name_y, width, name_h, name, WHITE))
        told = words("terminal-payment.told", device or words("pairing.unnamed"))
        self.add(Paragraph(ui, (ui.caption_font,), margin, device_y, width, device_h, told, GREY, 1, True))
        self._answers(words("terminal-payment.no"), words("terminal-payment.yes"))

    def button(self, kind: str) -> None:
        """One press refuses, two pay, once the amount could be read."""
        if kind == "double" and self._was_read():
            self._on_yes()
        else:
            super().button(kind)
