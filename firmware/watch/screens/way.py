"""The next turn: an arrow, how far, and the phone's words."""

from micropython import const

from watch.ui import arrows, icons
from watch.ui.arrows import Arrow
from watch.ui.screen import Screen
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_OFF_ROUTE = "offroute"
_ARROWS = {
    "continue": (arrows.ON, False),
    "left": (arrows.LEFT, False),
    "left_slight": (arrows.BEAR, False),
    "left_sharp": (arrows.SHARP, False),
    "right": (arrows.LEFT, True),
    "right_slight": (arrows.BEAR, True),
    "right_sharp": (arrows.SHARP, True),
    "keep_left": (arrows.BEAR, False),
    "keep_right": (arrows.BEAR, True),
    "uturn_left": (arrows.BACK, False),
    "uturn_right": (arrows.BACK, True),
    "roundabout_left": (arrows.ROUND, False),
    "roundabout_right": (arrows.ROUND, True),
    "roundabout_straight": (arrows.ROUND_ON, False),
    "roundabout_uturn": (arrows.BACK, False),
    "finish": (arrows.FLAG, False),
}
"""Gadgetbridge's actions: a shape, and whether left and right are changed."""
_HERE = (arrows.HERE, False)
_LAYOUT = {
    # arrow y and size, distance y and height, words y and height, arrival y
    "large": (40, 112, 160, 84, 256, 136, 420),
    "small": (8, 72, 82, 52, 136, 72, 212),
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
        arrow_y, size, distance_y, distance_h, words_y, words_h, arrival_y = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        left = (ui.width - size) // 2
        if turn == _OFF_ROUTE:
            self.add(Icon(ui, icons.LARGE + icons.WARNING, left, arrow_y, ui.accent))
        else:
            shape, mirrored = _ARROWS.get(turn, _HERE)
            self.add(Arrow(left, arrow_y, size, shape, mirrored, ui.accent))
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
