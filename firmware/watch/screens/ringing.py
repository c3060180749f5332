"""An alarm or a timer rings: what, when, and two large answers."""

from micropython import const

from watch.screens.parts import add_button
from watch.ui.screen import Screen
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.ui.context import Ui
    from watch.ui.font import Font

_LAYOUT = {
    # time y and height, title y, label y and height, first button y
    "large": (88, 96, 48, 190, 64, 262),
    "small": (0, 54, 54, 54, 26, 80),
}


class RingingScreen(Screen):
    """Something rings. The strong button ends it; so do the side button and a swipe.

    Args:
        ui: the shared context.
        title: key of the text that says what rings: `ringing.alarm` or `ringing.timer`.
        time: the time of an alarm, the length of a timer.
        label: the wearer's word for it, may be empty.
        on_stop: end it.
        on_snooze: let it ring again later; None leaves out the button.
    """

    name = "ringing"

    def __init__(
        self,
        ui: "Ui",
        title: str,
        time: str,
        label: str,
        on_stop: "Callable[[], None]",
        on_snooze: "Optional[Callable[[], None]]",
    ) -> None:
        super().__init__(ui)
        self._on_stop = on_stop
        time_y, time_h, title_y, label_y, label_h, button_y = _LAYOUT[ui.metrics.panel]
        margin, words, pitch = ui.metrics.margin, ui.text, ui.metrics.target
        width = ui.width - 2 * margin
        if ui.large or not label:  # the small panel has one line for both
            small = ui.body_font if ui.large else ui.caption_font
            self.add(Label(ui, small, margin, title_y, width, words.get(title), GREY))
        self.add(Paragraph(ui, _fonts(ui, time), margin, time_y, width, time_h, time, WHITE, 1))
        self.add(Paragraph(ui, (ui.body_font, ui.caption_font), margin, label_y, width, label_h, label, WHITE))
        side = ui.width // 6
        wide, snooze, stop = ui.width - 2 * side, words.get("ringing.snooze"), words.get("ringing.stop")
        if on_snooze is not None:
            add_button(self, "snooze", snooze, side, button_y, wide, on_snooze, False, stop)
        add_button(self, "stop", stop, side, button_y + pitch, wide, on_stop, True, snooze)

    def swipe(self, direction: str) -> None:
        """Enough."""
        self._on_stop()

    def button(self, kind: str) -> None:
        """Enough."""
        if kind == "single":
            self._on_stop()


def _fonts(ui: "Ui", time: str) -> "tuple[Font, ...]":
    """Fonts for a time, largest first; the largest has no letters for AM and PM."""
    letters = (ui.title_font, ui.body_font)
    return (ui.figures_font,) + letters if all(ui.figures_font.has(ord(one)) for one in time) else letters
