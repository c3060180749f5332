"""Payment is armed: which card pays, and how long it still can."""

from micropython import const

from watch.screens.parts import add_test_mark
from watch.ui.card_art import CardArt
from watch.ui.dial import TICKS, Dial
from watch.ui.screen import Screen
from watch.ui.theme import WHITE
from watch.ui.waves import STEP_MS, Waves
from watch.ui.widget import Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.card_art import CardFace
    from watch.ui.context import Ui

_LAYOUT = {
    # test mark y, card y, width and height, y of the waves' middle, text y and height
    "large": (40, 78, 280, 176, 297, 332, 128),
    "small": (12, 34, 152, 96, 154, 175, 40),
}


class ArmedScreen(Screen):
    """The card, waves that lead to the reader, and a ring of sixty ticks of which one goes out every second.

    With reduced motion both stand still. `keeps_light` is why they never move in the dark.

    Args:
        ui: the shared context.
        card: the card that pays.
        remaining_s: tells how many seconds are left, 0 to 60.
        on_other: pay with another card: -1 the one before (swipe right), 1 the next one (swipe left).
        on_cancel: the wearer changed their mind: side button, or swipe up or down.
        again: the reader lost the watch in the middle of a tap and may have it once more.
    """

    name = "armed"
    keeps_light = "armed"

    def __init__(
        self,
        ui: "Ui",
        card: "CardFace",
        remaining_s: "Callable[[], int]",
        on_other: "Callable[[int], None]",
        on_cancel: "Callable[[], None]",
        again: bool = False,
    ) -> None:
        super().__init__(ui)
        self._remaining_s, self._on_other, self._on_cancel = remaining_s, on_other, on_cancel
        mark_y, card_y, card_w, card_h, waves_y, text_y, text_h = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        self._dial = self.add(Dial(ui, card.ink, TICKS))
        add_test_mark(self, mark_y)
        self.add(CardArt(ui, (ui.width - card_w) // 2, card_y, card_w, card_h, card))
        self._waves = self.add(Waves(ui, ui.width // 2, waves_y, card.ink))
        fonts = (ui.title_font, ui.body_font)
        text = ui.text.get("torn.title" if again else "armed.title" if ui.taps else "armed.no-nfc")
        self.add(Paragraph(ui, fonts, margin, text_y, ui.width - 2 * margin, text_h, text, WHITE, 2))
        if not ui.reduced_motion:
            self.tick_ms = STEP_MS

    def open(self) -> None:
        """Show the time left at once."""
        self.tick(0)

    def tick(self, now: int) -> None:
        """Let the ring and the waves follow the time."""
        if not self.ui.reduced_motion:
            self._waves.step(now)
            self._dial.set(min(max(self._remaining_s(), 0), TICKS))

    def swipe(self, direction: str) -> None:
        """Another card, or cancel."""
        if direction == "left":
            self._on_other(1)
        elif direction == "right":
            self._on_other(-1)
        else:
            self._on_cancel()

    def button(self, kind: str) -> None:
        """Cancel."""
        if kind == "single":
            self._on_cancel()
