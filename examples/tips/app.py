"""Tip Jar: three keys, each asks the wearer to pay; the app is told what became of it, and nothing of the card.

Shows payments: the request, the outcomes, and that an outcome may be told more than once.
"""

from micropython import const

from watch.apps.api import FAILURE, GREY, SUCCESS, WHITE, App, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from watch.apps.api import Watch

_AMOUNTS = (500, 1000, 2000)  # minor units
_USUAL = const(1000)
_PER_UNIT = const(100)
_LAYOUT = {
    # y and height of the question, y of the first key, height of a key, from key to key, y of the line below
    "large": (40, 90, 136, 84, 96, 436),
    "small": (0, 46, 46, 52, 56, 214),
}


def _money(minor: int) -> str:
    return f"{minor // _PER_UNIT}.{minor % _PER_UNIT:02d}"


class Tips(App):
    """One page; what is said above the keys changes."""

    def open(self, watch: "Watch") -> None:
        """Look at what became of the last request first: the app starts anew after each."""
        ui, margin = self.ui, self.ui.metrics.margin
        y, high, key_y, key_h, pitch, below_y = _LAYOUT[ui.metrics.panel]
        wide = ui.width - 2 * margin
        fonts = (ui.body_font, ui.caption_font)
        if not watch.payment.currency:
            self.add(Paragraph(ui, fonts, margin, 0, wide, ui.height, watch.text.get("closed"), WHITE))
            return
        self._said = self.add(Paragraph(ui, fonts, margin, y, wide, high, self._first_words(), WHITE))
        for minor in _AMOUNTS:
            face = ui.accent if minor == _USUAL else -1
            self.button(f"tip_{minor}", margin, key_y, wide, key_h, self._asks(minor), _money(minor), face=face)
            key_y += pitch
        total = watch.settings.get("total", 0)
        if total:
            below = watch.text.get("total", _money(total))
            self.add(Label(ui, ui.caption_font, margin, below_y, wide, below, GREY))

    def _first_words(self) -> str:
        watch = self.watch
        outcome = watch.payment.outcome()
        if outcome is None:
            return watch.text.get("question")
        if outcome.state == "approved":
            self._count(outcome.amount_minor)
        elif outcome.state != "sent":
            watch.haptics.play(FAILURE)
        watch.settings.set("asked", outcome.state == "sent" and watch.settings.get("asked", False))
        return watch.text.get(outcome.state, _money(outcome.amount_minor))

    def _count(self, minor: int) -> None:
        """Count a tip once, however often its outcome is told."""
        kept = self.watch.settings
        if kept.get("asked", False):
            kept.set("total", kept.get("total", 0) + minor)
            self.watch.haptics.play(SUCCESS)

    def _asks(self, minor: int) -> "Callable[[], None]":
        """What a key does."""

        def ask() -> None:
            self.watch.settings.set("asked", True)
            if not self.watch.payment.request(minor, "Tip"):
                self._said.set(self.watch.text.get("later"))

        return ask
