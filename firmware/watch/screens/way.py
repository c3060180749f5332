"""The next turn: an arrow, how far, and the phone's words."""

from micropython import const

from watch.ui import icons
from watch.ui.screen import Screen
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_ARROWS = {
    "": icons.NAVIGATE,
    "continue": icons.GO_ON,
    "left": icons.TURN_LEFT,
    "left_slight": icons.BEAR_LEFT,
    "left_sharp": icons.SHARP_LEFT,
    "right": icons.TURN_RIGHT,
    "right_slight": icons.BEAR_RIGHT,
    "right_sharp": icons.SHARP_RIGHT,
    "keep_left": icons.BEAR_LEFT,
    "keep_right": icons.BEAR_RIGHT,
    "uturn_left": icons.U_TURN_LEFT,
    "uturn_right": icons.U_TURN_RIGHT,
    "offroute": icons.WARNING,
    "roundabout_left": icons.ROUND_LEFT,
    "roundabout_right": icons.ROUND_RIGHT,
    "roundabout_straight": icons.ROUND_ON,
    "roundabout_uturn": icons.U_TURN_LEFT,
    "finish": icons.FLAG,
}
"""Pictures of Gadgetbridge's actions."""
_LAYOUT = {
    # arrow y, distance y and height, words y and height, arrival y
    "large": (40, 160, 84, 256, 136, 420),
    "small": (8, 82, 52, 136, 72, 212),
}


class WayScreen(Screen):
    """Follows the way as the phone tells it.

    Args:
        ui: the shared context.
        on_back: side button or swipe to the right: the wearer wants to see something else.
    """

    name = "way"

    def __init__(self, ui: "Ui", on_back: "Callable[[], None]") -> None:
        super().__init__(ui)
        self._on_back = on_back

    def show(self, turn: str, distance: str, words: str, arrival: str) -> None:
        """Show a turn; `turn` as Gadgetbridge has it, or empty."""
        self.clear()
        ui = self.ui
        arrow_y, distance_y, distance_h, words_y, words_h, arrival_y = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        size = icons.LARGE
        arrow = self.add(Icon(ui, size + _ARROWS.get(turn, icons.NAVIGATE), 0, arrow_y, ui.accent))
        arrow.x = (ui.width - arrow.w) // 2
        if distance:
            plain = all(ui.title_font.has(ord(letter)) for letter in distance)
            fonts = (ui.title_font, ui.body_font) if plain else (ui.body_font, ui.caption_font)
            self.add(Paragraph(ui, fonts, margin, distance_y, width, distance_h, distance, WHITE, 1, True))
        fonts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, margin, words_y, width, words_h, words, WHITE, 4, True))
        if arrival:
            inset = margin + ui.corner // 3
            text = ui.text.get("way.arrival", arrival)
            self.add(Label(ui, ui.caption_font, inset, arrival_y, ui.width - 2 * inset, text, GREY))

    def swipe(self, direction: str) -> None:
        """Something else."""
        if direction == "right":
            self._on_back()

    def button(self, kind: str) -> None:
        """Something else."""
        if kind == "single":
            self._on_back()
