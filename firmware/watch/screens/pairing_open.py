"""The watch can be found and paired, for as long as this is in front; and what came of it."""

from micropython import const

from watch.screens.message import MessageScreen
from watch.screens.parts import add_button
from watch.ui import icons
from watch.ui.dial import TICKS, Dial
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, GREEN, GREY, WHITE
from watch.ui.widget import Icon, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

PICTURES = {"phone": icons.PHONE, "loader": icons.COMPUTER, "terminal": icons.TERMINAL, "tv": icons.TV}
"""What a device of each role looks like."""
_LAYOUT = {
    # picture y, name y, height and lines, text y and height, button y
    "large": (46, 92, 132, 2, 228, 122, 354),
    "small": (18, 46, 30, 1, 76, 78, 154),
}


class PairOpenScreen(Screen):
    """The watch's name, what to do on the other side, and a ring of sixty ticks that goes out.

    Args:
        ui: the shared context.
        watch: the name by which the watch is found.
        role: what the device is going to be, a key of `PICTURES`.
        left_ticks: tells how many of the sixty ticks still shine.
        on_cancel: the button, or the side button.
    """

    name = "pair-open"
    keeps_light = "pairing"

    def __init__(
        self, ui: "Ui", watch: str, role: str, left_ticks: "Callable[[], int]", on_cancel: "Callable[[], None]"
    ) -> None:
        super().__init__(ui)
        self._left_ticks, self._on_cancel = left_ticks, on_cancel
        icon_y, name_y, name_h, lines, text_y, text_h, button_y = _LAYOUT[ui.metrics.panel]
        margin, words = ui.metrics.margin, ui.text
        width = ui.width - 2 * margin
        self._dial = self.add(Dial(ui, ui.accent, TICKS))
        picture = Icon(ui, (icons.MEDIUM if ui.large else icons.SMALL) + PICTURES[role], 0, icon_y, ui.accent)
        picture.x = (ui.width - picture.w) // 2
        self.add(picture)
        names = (ui.title_font, ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, names, margin, name_y, width, name_h, watch, WHITE, lines))
        texts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, texts, margin, text_y, width, text_h, words.get("pair-open." + role), GREY))
        side = ui.width // 4
        add_button(self, "cancel", words.get("pair-open.cancel"), side, button_y, ui.width - 2 * side, on_cancel, False)

    def open(self) -> None:
        """Show the time left at once."""
        self.tick(0)

    def tick(self, now: int) -> None:
        """Let the ring follow the time."""
        self._dial.set(min(max(self._left_ticks(), 0), TICKS))

    def button(self, kind: str) -> None:
        """Cancel."""
        if kind == "single":
            self._on_cancel()


def paired(ui: "Ui", role: str, primary: bool, on_close: "Callable[[], None]") -> MessageScreen:
    """A device of this role is known to the watch from now on. `primary`: it is the main phone."""
    words = ui.text
    text = words.get("paired." + ("main" if primary else role))
    return MessageScreen(ui, "paired", icons.CHECK, GREEN, words.get("paired.title"), text, on_close)


def failed(ui: "Ui", reason: str, on_close: "Callable[[], None]") -> MessageScreen:
    """Nothing is paired. `reason`: one of the texts `pair-failed.REASON`; unknown ones get the general text."""
    words = ui.text
    key = "pair-failed." + reason
    text = words.get(key if words.has(key) else "pair-failed.error")
    return MessageScreen(ui, "pair-failed", icons.WARNING, AMBER, words.get("pair-failed.title"), text, on_close)
