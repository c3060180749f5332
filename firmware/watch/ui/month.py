"""One month as a table of days, with today in a disc and a dot under each day that has something in it."""

import micropython
from micropython import const

from watch.kernel.calendar import days_from_date
from watch.ui.layout import line
from watch.ui.theme import BLACK, GREY, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.font import Font

DAYS = const(7)
_MOST_WEEKS = const(6)
_MOST_DAYS = const(31)
_SATURDAY = const(5)
_DAYS_1970_TO_2000 = const(10_957)
_2000_01_01 = const(5)  # a Saturday, counted from Monday = 0
_DECEMBER = const(12)


def days_since_2000(year: int, month: int, day: int) -> int:
    """Days from 2000-01-01 to a Gregorian date."""
    return days_from_date(year, month, day) - _DAYS_1970_TO_2000


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    after = days_since_2000(year + 1, 1, 1) if month == _DECEMBER else days_since_2000(year, month + 1, 1)
    return after - days_since_2000(year, month, 1)


class Month(Widget):
    """Weeks from Monday to Sunday, below each other; they share the height, be they four, five or six.

    Args:
        ui: the shared context.
        font: of the days.
        x, y: where the first Monday is.
        w, h: of the whole table.
        disc: radius of the disc behind today, in px.
    """

    def __init__(self, ui: "Ui", font: "Font", x: int, y: int, w: int, h: int, disc: int) -> None:
        super().__init__(x, y, w, h)
        self._column, self._row, self._disc, self._accent = w // DAYS, h // _MOST_WEEKS, disc, ui.accent
        self._dot = ui.metrics.gap // 4 + 1
        self._top = 0
        self._grey = ui.ink(GREY)
        self._runs = [line(font, str(day)) for day in range(1, _MOST_DAYS + 1)]
        self._line = font.line_height
        self._first = self._count = self._today = 0
        self._marks = bytes(_MOST_DAYS)

    def set(self, year: int, month: int, today: int, marks: "bytes | bytearray") -> None:
        """Show a month. `today`: its day that is today, 0 for none; `marks`: for each day, not 0 if it has a dot."""
        self._first = (days_since_2000(year, month, 1) + _2000_01_01) % DAYS
        self._count = days_in_month(year, month)
        self._today, self._marks = today, marks
        self._row = self.h // ((self._first + self._count + DAYS - 1) // DAYS)
        self._top = (self._row - 2 * self._disc - 3 * self._dot) // 2
        self.mark()

    @micropython.native  # as bytecode its frame would come from the heap
    def draw(self, canvas: "Canvas") -> None:
        """Draw the days that reach into the window."""
        for index in range(self._count):
            place = self._first + index
            x, y = self.x + place % DAYS * self._column, self.y + place // DAYS * self._row
            if canvas.touches(x, y, self._column, self._row):
                self._draw_day(canvas, index, place % DAYS, x + self._column // 2, y + self._top)

    @micropython.native
    def _draw_day(self, canvas: "Canvas", index: int, weekday: int, middle: int, y: int) -> None:
        run = self._runs[index]
        ink = WHITE if weekday < _SATURDAY else self._grey
        if index + 1 == self._today:
            canvas.disc(middle << 4, (y + self._disc) << 4, self._disc << 4, self._accent)
            ink = BLACK
        canvas.run(run, middle - run.width // 2, y + self._disc - self._line // 2, ink)
        if self._marks[index]:
            canvas.disc(middle << 4, (y + 2 * (self._disc + self._dot)) << 4, self._dot << 4, self._accent)

    def texts(self) -> "list[str]":
        """The numbers of the days."""
        return [run.text for run in self._runs[: self._count]]
