"""Made to be always on: figures on black, the day beneath, and nothing else."""

from micropython import const

from watch.apps.api import GREY, HOUR, WHITE, Face, Label, TimeFigures

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {"large": (172, 318), "small": (74, 150)}  # y of time and day
_MINUTES_PER_DAY = const(1440)
_HALF_DAY = const(720)


class Minimal(Face):
    """The time and the day."""

    def open(self, watch: "Watch") -> None:
        """Make both."""
        ui = self.ui
        self._now = watch.time
        time, day = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        self._bright, self._dark = TimeFigures(ui, time, WHITE), TimeFigures(ui, time, GREY)
        self._date = Label(ui, ui.caption_font, margin, day, ui.width - 2 * margin, "", HOUR)
        self.build()

    def build(self) -> None:
        """The same in two shades."""
        self._time = self.add(self._dark if self.dimmed else self._bright)
        self.add(self._date)
        self._minutes = self._half = -1

    def tick(self, now: int) -> None:
        """Once a minute, show it."""
        minutes = self._now.minutes
        if minutes != self._minutes:
            self._minutes = minutes
            self._time.set(minutes % _MINUTES_PER_DAY)
            if minutes // _HALF_DAY != self._half:
                self._half = minutes // _HALF_DAY
                words = self.watch.text
                half = words.half(minutes)
                self._date.set(words.date(minutes) + ("  " + half if half else ""))
