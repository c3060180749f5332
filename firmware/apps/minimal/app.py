"""Made to be always on: grey figures on black, the day beneath."""

from micropython import const

from watch.apps.api import GREY, HOUR, Face, Label, TimeFigures

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {"large": (172, 318), "small": (74, 150)}  # y of time and day
_MINUTES_PER_DAY = const(1440)


class Minimal(Face):
    """The time and the day."""

    def open(self, watch: "Watch") -> None:
        """Build both."""
        ui = self.ui
        self._now = watch.time
        self._minutes = self._day = -1
        time, day = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        self._time = self.add(TimeFigures(ui, time, GREY))
        self._date = self.add(Label(ui, ui.caption_font, margin, day, ui.width - 2 * margin, "", HOUR))

    def tick(self, now: int) -> None:
        """Once a minute, show it."""
        minutes = self._now.minutes
        if minutes != self._minutes:
            self._minutes = minutes
            self._time.set(minutes % _MINUTES_PER_DAY)
            if minutes // _MINUTES_PER_DAY != self._day:
                self._day = minutes // _MINUTES_PER_DAY
                self._date.set(self.watch.text.date(minutes))
