"""Steps fill a ring around the time until the goal is reached; beneath it, when they were made."""

from micropython import const

from watch.apps.api import GREY, RED, WHITE, Arc, Box, Face, Facts, Label, TimeFigures, charge_ink, icons, rgb

from .bars import HOURS, HourBars

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_RING = {"large": (196, 20, 4), "small": (117, 12, 4)}  # radius, thickness, thickness in the dark
_LAYOUT = {
    # y of the day and its width, y of the next thing and its width, y of time, steps, bars
    "large": (106, 200, 146, 264, 180, 306, 350),
    "small": (36, 134, 59, 160, 83, 152, 178),
}
_BARS = {"large": (5, 2, 48), "small": (3, 1, 26)}  # width, space, height
_CORNERS = {
    # x, y and width of the half of the day, of the charge; x, y and size of the mark for messages
    "large": (155, 14, 100, 155, 456, 100, 150, 466, 12),
    "small": (190, 2, 44, 6, 2, 48, 10, 222, 8),
}
_LIME = rgb(0xA6EE4C)
_LIME_TRACK = rgb(0x1E2C14)
_LIME_DARK = rgb(0x4E6B2C)
_GOLD = rgb(0xFFC83D)
"""The ring of a goal that has been reached."""
_CYAN = rgb(0x35C4F0)
_WHOLE_PERCENT = const(100)
_MINUTES_PER_HOUR = const(60)
_MINUTES_PER_DAY = const(1440)


class Rings(Face):
    """One ring, one line of bars."""

    complications = 1

    def open(self, watch: "Watch") -> None:
        """Make everything; `tick` fills it in."""
        ui = self.ui
        panel, small = ui.metrics.panel, ui.caption_font
        self._now, self._glance = watch.time, watch.glance
        day, day_w, upcoming, upcoming_w, time, steps, bars = _LAYOUT[panel]
        x, y, (radius, thickness, thin) = ui.width // 2, ui.height // 2, _RING[panel]
        self._bright_ring = Arc(x, y, radius, thickness, _LIME, _LIME_TRACK)
        self._dark_ring = Arc(x, y, radius, thin, _LIME_DARK, 0)
        self._date = Label(ui, small, x - day_w // 2, day, day_w, "", GREY)
        self._upcoming = Label(ui, small, x - upcoming_w // 2, upcoming, upcoming_w, "", WHITE)
        self._said = Facts(ui, upcoming, 1, x - upcoming_w // 2, upcoming_w)
        self._bright, self._dark = TimeFigures(ui, time, WHITE), TimeFigures(ui, time, GREY)
        self._facts = Facts(ui, steps, 1, ui.width // 4)
        wide, gap, high = _BARS[panel]
        left = x - (HOURS * (wide + gap) - gap) // 2
        self._bars = HourBars(left, bars, wide, gap, high, _CYAN, WHITE)
        self._make_corners()
        self.build()

    def build(self) -> None:
        """Everything, or in the dark the time and the day, and a thin ring where it lights few of the pixels."""
        if self.dimmed:
            self._ring, self._time = self._dark_ring, self._dark
            shown = (self._date, self._time, self._half)
            if self.ui.large:
                self.add(self._ring)
        else:
            self._ring, self._time = self._bright_ring, self._bright
            shown = (self._ring, self._date, self._upcoming, self._said, self._time, self._facts, self._bars)
            shown += (self._half, self._charge, self._unread)
        for widget in shown:
            self.add(widget)
        self._minutes = self._hour = self._steps = self._goal = self._percent = -2
        self._charging = False
        self._next = self._words = self._own = None

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes, glance = self._now.minutes, self._glance
        if minutes != self._minutes:
            self._minutes = minutes
            self._time.set(minutes % _MINUTES_PER_DAY)
            if minutes // _MINUTES_PER_HOUR != self._hour:
                self._show_hour(minutes)
        if glance.steps != self._steps or glance.goal_percent != self._goal:
            self._show_steps()
        if not self.dimmed:
            if glance.percent != self._percent or glance.charging != self._charging:
                self._show_charge()
            if glance.upcoming != self._next or glance.complications is not self._words or glance.chosen != self._own:
                self._show_next()
            self._unread.recolour(RED if glance.unread else 0)

    def _show_next(self) -> None:
        """What the wearer has chosen; else what comes next; while nothing does, what an app has to say."""
        glance = self._glance
        self._next, self._words, self._own = glance.upcoming, glance.complications, glance.chosen
        upcoming = "" if glance.chosen else glance.upcoming
        self._upcoming.set(upcoming)
        words = () if upcoming else glance.complications
        icon, text = words[0][1:] if words else (0, "")
        self._said.set(0, icon, text, WHITE)

    def _make_corners(self) -> None:
        """What stands outside of the ring."""
        ui = self.ui
        half_x, half_y, half_w, charge_x, charge_y, charge_w, x, y, size = _CORNERS[ui.metrics.panel]
        self._half = Label(ui, ui.caption_font, half_x, half_y, half_w, "", GREY)
        self._charge = Label(ui, ui.caption_font, charge_x, charge_y, charge_w, "", GREY)
        self._unread = Box(x, y, size, size, size // 2, 0)

    def _show_hour(self, minutes: int) -> None:
        words = self.watch.text
        self._hour = minutes // _MINUTES_PER_HOUR
        self._half.set(words.half(minutes))
        self._bars.set(self._glance.hours, self._hour % HOURS)
        self._date.set(words.date(minutes))

    def _show_charge(self) -> None:
        percent, charging = self._glance.percent, self._glance.charging
        self._percent, self._charging = percent, charging
        self._charge.set("%d%%" % percent, charge_ink(percent, charging))

    def _show_steps(self) -> None:
        glance = self._glance
        self._steps, self._goal = glance.steps, glance.goal_percent
        self._ring.set(min(glance.goal_percent, _WHOLE_PERCENT))
        if self.dimmed:
            return
        self._ring.recolour(_GOLD if glance.goal_percent >= _WHOLE_PERCENT else _LIME)
        self._facts.set(0, icons.STEPS, "" if glance.steps < 0 else _grouped(glance.steps), _LIME)
        self._bars.set(glance.hours, self._hour % HOURS)


def _grouped(number: int) -> str:
    """A number with its thousands apart."""
    return "%d,%03d" % (number // 1000, number % 1000) if number >= 1000 else str(number)
