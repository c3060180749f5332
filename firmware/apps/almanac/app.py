"""A leaf of a Chinese calendar: the lunar day beside the seal of the year, beneath the time."""

from micropython import const

from watch.apps.api import (
    GREY,
    HOUR,
    RED,
    Box,
    Face,
    Label,
    TimeFigures,
    Widget,
    charge_ink,
    line,
    rgb,
)

from .phrases import Phrases

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Canvas, Watch
    from watch.ui.context import Ui
    from watch.ui.layout import Run

_LAYOUT = {
    # y of the mark for messages and its size, y of day, time, leaf, year, term, charge; side of the seal
    "large": (30, 10, 52, 90, 242, 344, 386, 436, 80),
    "small": (5, 6, 15, 35, 115, 168, 190, 213, 46),
}
_CINNABAR = rgb(0xC8352B)
_PAPER = rgb(0xF6EBD9)
_GOLD = rgb(0xE0B15A)
_MINUTES_PER_DAY = const(1440)
_HALF_DAY = const(720)
_LOW_PERCENT = const(20)


class Leaf(Widget):
    """The seal with the animal of the year, and the lunar date beside it: one line, or two."""

    def __init__(self, ui: "Ui", y: int, seal: int) -> None:
        room = ui.metrics.gap  # letters reach beyond the seal, above and beneath
        Widget.__init__(self, room, y - room, ui.width - 2 * room, seal + 2 * room)
        self._top, self._seal, self._gap = y, seal, room
        self._title, self._caption = ui.title_font, ui.caption_font
        self._animal = self._above = self._date = line(ui.title_font, "")
        self._at = self.x

    def set(self, animal: str, above: str, date: str) -> None:
        """Show the animal's character, a small line (or none) and a large one."""
        self._animal = line(self._title, animal)
        self._above, self._date = line(self._caption, above), line(self._title, date)
        width = self._seal + 2 * self._gap + max(self._above.width, self._date.width)
        self._at = self.x + (self.w - width) // 2
        self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        seal, x, y = self._seal, self._at, self._top
        canvas.round_rect(x, y, seal, seal, seal // 6, _CINNABAR)
        self._line(canvas, self._animal, x + (seal - self._animal.width) // 2, y + seal // 2, _PAPER)
        x += seal + 2 * self._gap
        if self._above.text:
            self._line(canvas, self._above, x, y + seal // 5, GREY)
            self._line(canvas, self._date, x, y + seal * 7 // 10, _PAPER)
        else:
            self._line(canvas, self._date, x, y + seal // 2, _PAPER)

    def texts(self) -> "list[str]":
        """All of it."""
        return [run.text for run in (self._animal, self._above, self._date) if run.text]

    def _line(self, canvas: "Canvas", run: "Run", x: int, middle: int, ink: int) -> None:
        """A line of text around a height."""
        canvas.run(run, x, middle - run.font.line_height // 2, ink)


class Almanac(Face):
    """Time and Gregorian date above, lunar date, year and solar term beneath."""

    def open(self, watch: "Watch") -> None:
        """Make everything; `tick` fills it in."""
        ui = self.ui
        self._now, self._glance = watch.time, watch.glance
        dot, size, day, time, leaf, year, term, charge, seal = _LAYOUT[ui.metrics.panel]
        x, width, font = 2 * ui.metrics.gap, ui.width - 4 * ui.metrics.gap, ui.caption_font
        self._unread = Box((ui.width - size) // 2, dot, size, size, size // 2, 0)
        self._date = Label(ui, font, x, day, width, "", GREY)
        self._bright, self._dark = TimeFigures(ui, time, _PAPER), TimeFigures(ui, time, GREY)
        self._leaf = Leaf(ui, leaf, seal)
        self._year = Label(ui, font, x, year, width, "", GREY)
        self._term = Label(ui, font, x, term, width, "", _GOLD)
        self._charge = Label(ui, font, x, charge, width, "", GREY)
        self._dark_day = Label(ui, font, x, leaf, width, "", HOUR)
        self._dark_half = Label(ui, font, x, day, width, "", HOUR)
        self.build()

    def build(self) -> None:
        """The whole leaf, or in the dark the time and the lunar day."""
        self._time = self._dark if self.dimmed else self._bright
        shown = (self._dark_half, self._time, self._dark_day)
        if not self.dimmed:
            shown = (self._unread, self._date, self._time, self._leaf, self._year, self._term, self._charge)
        for widget in shown:
            self.add(widget)
        self._minutes = self._half = self._percent = -1
        self._charging = False

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes, glance = self._now.minutes, self._glance
        if minutes != self._minutes:
            self._minutes = minutes
            self._time.set(minutes % _MINUTES_PER_DAY)
            if minutes // _HALF_DAY != self._half:
                self._half = minutes // _HALF_DAY
                self._show_day(minutes)
        self._unread.recolour(RED if glance.unread else 0)
        if glance.percent != self._percent or glance.charging != self._charging:
            self._show_charge()

    def _show_day(self, minutes: int) -> None:
        words = self.watch.text
        chinese = words.language == "zh"
        half = words.half(minutes)
        self._date.set(words.date(minutes) + ("  " + half if half else ""))
        day = Phrases(words, minutes // _MINUTES_PER_DAY, self._now.date())
        if chinese:
            self._leaf.set(day.animal, "", day.month + day.day)
        else:
            self._leaf.set(day.animal, day.month, day.day)
        self._year.set(day.year)
        self._term.set(day.feast or day.term)
        self._dark_day.set(day.month + ("" if chinese else ", ") + day.day)
        self._dark_half.set(half)

    def _show_charge(self) -> None:
        """Say it when it matters: it is low, or it rises."""
        percent, charging = self._glance.percent, self._glance.charging
        self._percent, self._charging = percent, charging
        matters = charging or percent <= _LOW_PERCENT
        self._charge.set("%d%%" % percent if matters else "", charge_ink(percent, charging))
