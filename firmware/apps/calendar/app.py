"""Three pages, each a touch deeper: the month, what is coming, and one event."""

from micropython import const

from watch.apps.api import CENTRE, GREY, App, Label, Month, Row, RowList, days_in_month, days_since_2000

from .event import EventPages
from .times import line_text, marks

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.api import Entry, Watch

_LAYOUT = {
    # y of the month, y of the weekdays, y of the days, width of a day, height of all, radius of the disc of today
    "large": (32, 80, 118, 52, 342, 24),
    "small": (0, 25, 48, 33, 192, 13),
}
_DAY_MIN = const(1440)
_FIRST_YEAR, _LAST_YEAR = const(2000), const(2099)  # what the clock of the watch knows
_MONTHS = const(12)


class CalendarApp(App):
    """Up and down turn the months; a touch opens what is coming."""

    def open(self, watch: "Watch") -> None:
        """Show this month."""
        self._calendar, self._words = watch.calendar, watch.text
        self._events: "list[Entry]" = []
        self._asked = not self._calendar.events() and self._calendar.ask()
        self._list: "Optional[RowList]" = None
        self._event: "Optional[EventPages]" = None
        self._changes = self._moment = -1
        self._open_month(0)

    def tick(self, now: int) -> None:
        """Show what the phone has changed, and another day when it begins."""
        if self._event is None and self._look():
            if self._list is None:
                self._open_month(self._ahead)
            else:
                self._list.show(self._rows())

    def swipe(self, direction: str) -> bool:
        """Another month, or another page of a list or an event."""
        if self._event is not None:
            return self._event.swipe(direction)
        if self._list is not None:
            return self._list.swipe(direction)
        if direction not in ("up", "down"):
            return False
        self._open_month(self._ahead + (1 if direction == "up" else -1))
        return True

    def back(self) -> bool:
        """From an event to the list, to the month, to this month."""
        if self._event is not None:
            self._event = None
            self._open_list(self._chosen)
        elif self._list is not None or self._ahead:
            self._open_month(self._ahead if self._list is not None else 0)
        else:
            return False
        return True

    def _look(self) -> bool:
        """True if something would look different from the last time; in a list, every minute may be news."""
        changes, minutes = self._calendar.changes, self.watch.time.minutes
        moment = minutes if self._list is not None else minutes // _DAY_MIN
        if changes == self._changes and moment == self._moment:
            return False
        self._changes, self._moment = changes, moment
        return True

    def _open_month(self, ahead: int) -> None:
        """Show the month so many after this one; what the clock does not know stays where it is."""
        year, month, today, _ = self.watch.time.date()
        place = year * _MONTHS + month - 1 + ahead
        if not _FIRST_YEAR <= place // _MONTHS <= _LAST_YEAR:
            return
        self._ahead, self._list = ahead, None
        self._events = self._calendar.events()
        self._look()
        year, month = place // _MONTHS, place % _MONTHS + 1
        self.clear()
        self._add_names(year, month)
        self._add_days(year, month, today if ahead == 0 else 0)
        self._first_day = days_since_2000(year, month, 1)
        self.target("coming", 0, 0, self.ui.width, self.ui.height, self._touched)

    def _add_names(self, year: int, month: int) -> None:
        """Name of the month, and letters of the weekdays."""
        ui, words = self.ui, self._words
        y, names_y, _, w, *_ = _LAYOUT[ui.metrics.panel]
        font = ui.body_font if ui.large else ui.caption_font
        name = words.get("month").replace("{year}", str(year)).replace("{month}", words.months[month - 1])
        self.add(Label(ui, font, ui.metrics.margin, y, ui.width - 2 * ui.metrics.margin, name, ui.accent, CENTRE))
        left = (ui.width - len(words.days) * w) // 2
        for day, name in enumerate(words.days):
            letter = name[-1] if words.language == "zh" else name[0]
            self.add(Label(ui, ui.caption_font, left + day * w, names_y, w, letter, GREY, CENTRE))

    def _add_days(self, year: int, month: int, today: int) -> None:
        ui = self.ui
        _, _, y, w, h, disc = _LAYOUT[ui.metrics.panel]
        font = ui.body_font if ui.large else ui.caption_font
        w *= len(self._words.days)
        days = self.add(Month(ui, font, (ui.width - w) // 2, y, w, h, disc))
        first, count = days_since_2000(year, month, 1), days_in_month(year, month)
        days.set(year, month, today, marks(self._events, first, count))

    def _touched(self) -> None:
        """What is coming; in another month, what is coming from its first day on."""
        first = 0
        if self._ahead > 0:
            later = [place for place, one in enumerate(self._events) if one.start >= self._first_day * _DAY_MIN]
            first = later[0] if later else max(len(self._events) - 1, 0)
        self._open_list(first)

    def _open_list(self, first: int) -> None:
        words = self._words
        empty = words.get("asked" if self._asked else "none")
        self._list = RowList(self, words.get("coming"), self._rows(), self._choose, empty, first)
        self._look()

    def _rows(self) -> "list[Row]":
        words, now = self._words, self.watch.time.minutes
        self._events = self._calendar.events()
        rows = []
        for place, one in enumerate(self._events):
            ink = self.ui.accent if one.start <= now < one.end and not one.all_day else GREY
            rows.append(Row(str(place), one.title or words.get("untitled"), line_text(words, one, now), ink))
        return rows

    def _choose(self, key: str) -> None:
        self._chosen = int(key)
        self._event = EventPages(self, self._events[self._chosen])
