"""The charger has come, or the battery is low."""

from micropython import const

from watch.screens.message import MessageScreen
from watch.ui import icons
from watch.ui.dial import TICKS, Dial
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, GREEN, GREY, RED, WHITE
from watch.ui.widget import Icon, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # icon y, figures y and height, text y and height
    "large": (72, 180, 150, 346, 50),
    "small": (22, 66, 92, 168, 36),
}
_FULL_PERCENT = const(100)
_HIGH_PERCENT = const(10)


class ChargeScreen(Screen):
    """How full it is, as a number and as a ring.

    Args:
        ui: the shared context.
        percent: 0 to 100.
        on_close: a touch, a swipe, the side button.
    """

    name = "charging"

    def __init__(self, ui: "Ui", percent: int, on_close: "Callable[[], None]") -> None:
        super().__init__(ui)
        self._on_close = on_close
        icon_y, figures_y, figures_h, text_y, text_h = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        self._dial = self.add(Dial(ui, GREEN, percent * TICKS // _FULL_PERCENT))
        icon = Icon(ui, icons.MEDIUM + icons.BOLT, 0, icon_y, GREEN)
        icon.x = (ui.width - icon.w) // 2
        self.add(icon)
        self._figures = self.add(
            Paragraph(ui, (ui.display_font,), margin, figures_y, width, figures_h, str(percent), WHITE, 1)
        )
        key = "charge.full" if percent >= _FULL_PERCENT else "charge.on"
        fonts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, margin, text_y, width, text_h, ui.text.get(key, percent), GREY, 1))

    def tap(self, x: int, y: int) -> None:
        """Close."""
        self._on_close()

    def swipe(self, direction: str) -> None:
        """Close."""
        self._on_close()

    def button(self, kind: str) -> None:
        """Close."""
        if kind == "single":
            self._on_close()


def low(ui: "Ui", percent: int, on_close: "Callable[[], None]") -> MessageScreen:
    """The battery will not last long. `percent`: 0 to 100."""
    key, ink = ("low", AMBER) if percent >= _HIGH_PERCENT else ("empty", RED)
    title, text = ui.text.get("battery.title", percent), ui.text.get("battery." + key)
    return MessageScreen(ui, "battery-low", icons.WARNING, ink, title, text, on_close)
