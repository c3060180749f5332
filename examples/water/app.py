"""Water: the glasses of today in a ring, a week in bars, and a word when two hours went by without one.

Shows files, messages, work in the background, and a word on faces.
"""

from micropython import const

from watch.apps.api import GREY, SUCCESS, TICK, WHITE, App, Arc, Bars, Label, icons, rgb

from .week import DAYS, Week, day_of

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_GOAL = const(8)  # glasses
_WHOLE_PERCENT = const(100)
_PAUSE_MIN = const(120)
_FIRST_MIN, _LAST_MIN = const(9 * 60), const(21 * 60)
"""Nobody is reminded at night."""
_BLUE, _TRACK = rgb(0x35C4F0), rgb(0x10303C)
_LAYOUT = {
    # centre, radius and thickness of the ring, y of number and goal, bars, y and height of the key
    "large": (182, 116, 18, 118, 198, 316, 56, 392, 84),
    "small": (78, 70, 10, 36, 86, 156, 24, 184, 52),
}
_BARS_WIDE = const(3)
"""Part of the panel's width, in sixths, that the week takes."""


class Water(App):
    """One page."""

    def open(self, watch: "Watch") -> None:
        """Build the page, and begin to watch over the wearer."""
        self._week = Week(watch.storage, day_of(watch.time.minutes))
        y, radius, thick, number_y, goal_y, bars_y, bars_h, key_y, key_h = _LAYOUT[self.ui.metrics.panel]
        ui, margin = self.ui, self.ui.metrics.margin
        width = ui.width - 2 * margin
        self._ring = self.add(Arc(ui.width // 2, y, radius, thick, _BLUE, _TRACK))
        self._number = self.add(Label(ui, ui.figures_font, margin, number_y, width, "", WHITE))
        self.add(Label(ui, ui.caption_font, margin, goal_y, width, watch.text.get("goal", _GOAL), GREY))
        bars_w = ui.width * _BARS_WIDE // 6
        self._bars = self.add(Bars((ui.width - bars_w) // 2, bars_y, bars_w, bars_h, DAYS, _BLUE))
        self.button("more", margin, key_y, width, key_h, self._more, watch.text.get("more"), face=_BLUE)
        self._show()
        if watch.background.due < 0:
            watch.background.after(_PAUSE_MIN)

    def background(self) -> None:
        """Two hours without a glass: say so by day, and look again."""
        watch = self.watch
        if _FIRST_MIN <= watch.time.minute_of_day() <= _LAST_MIN:
            drunk = Week(watch.storage, day_of(watch.time.minutes)).today()
            if drunk < _GOAL:
                watch.notify.post(watch.text.get("thirsty"), watch.text.get("so_far", drunk))
        watch.background.after(_PAUSE_MIN)

    def _more(self) -> None:
        self._week.drink()
        watch = self.watch
        watch.background.after(_PAUSE_MIN)
        watch.haptics.play(SUCCESS if self._week.today() == _GOAL else TICK)
        watch.complication.show(f"{self._week.today()}/{_GOAL}", icons.DROP)
        self._show()

    def _show(self) -> None:
        drunk = self._week.today()
        self._number.set(str(drunk))
        self._ring.set(min(_WHOLE_PERCENT, _WHOLE_PERCENT * drunk // _GOAL))
        self._bars.set(self._week.counts, _GOAL)
