"""The list of alarms, each with its switch."""

from micropython import const

from watch.apps.api import FAILURE, GREY, OFF, ON, TICK, App, Row, RowList, icons

from .days import DAYS, days_text
from .editor import NEW, Editor

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.api import Watch

_DAY_MIN = const(1440)
_FIRST_TIME = const(420)  # seven in the morning: what a new alarm begins with
_ADD = "add"
_TINT = const(0x3DD6C3)


class AlarmsApp(App):
    """A touch on an alarm opens its pages, one on its switch turns it on or off."""

    def open(self, watch: "Watch") -> None:
        """Show the list."""
        self._alarms, self._words = watch.alarms, watch.text
        self._editor: "Optional[Editor]" = None
        self._changes = self._due = -1
        self._look()
        self._list = RowList(self, self._title(), self._rows(), self._choose, on_switch=self._switch)

    def tick(self, now: int) -> None:
        """Follow what rings, and what the phone sets."""
        if self._editor is None and self._look():
            self._list.show(self._rows(), self._title())

    def swipe(self, direction: str) -> bool:
        """Turn the page of a list."""
        return self._list.swipe(direction) if self._editor is None else self._editor.swipe(direction)

    def back(self) -> bool:
        """From a choice to its alarm, from an alarm to the list."""
        if self._editor is None:
            return False
        self._editor.back()
        return True

    def _look(self) -> bool:
        """True if the list would look different from the last time."""
        changes, due = self._alarms.changes, self._alarms.next_due()
        if changes == self._changes and due == self._due:
            return False
        self._changes, self._due = changes, due
        return True

    def _title(self) -> str:
        """When the next one rings; with its day, if that is not today."""
        words, time = self._words, self.watch.time
        if self._due < 0:
            return words.get("title")
        days = self._due // _DAY_MIN - time.minutes // _DAY_MIN
        text = words.time(self._due)
        if days > 0:
            text = words.days[(time.date()[3] + days) % DAYS] + " " + text
        return words.get("next", text)

    def _rows(self) -> "list[Row]":
        words = self._words
        rows = []
        for number, minute, days, label, on in self._alarms.all():
            when = days_text(words, days) or self._once(minute, on)
            rows.append(
                Row(str(number), words.time(minute), when + " · " + label if label else when, GREY, ON if on else OFF)
            )
        full = words.get("full") if self._alarms.full() else ""
        rows.append(Row(_ADD, words.get("add"), full, icon=icons.PLUS, colour=_TINT))
        return rows

    def _once(self, minute: int, on: bool) -> str:
        """The day on which an alarm rings that rings once."""
        if not on:
            return self._words.get("once")
        return self._words.get("today" if minute > self.watch.time.minute_of_day() else "tomorrow")

    def _choose(self, key: str) -> None:
        if key != _ADD:
            alarm = next((one for one in self._alarms.all() if one[0] == int(key)), None)
            if alarm is not None:
                self._editor = Editor(self, self._alarms, alarm[:4], self._closed)
        elif self._alarms.full():
            self.watch.haptics.play(FAILURE)
        else:
            self._editor = Editor(self, self._alarms, (NEW, _FIRST_TIME, 0, ""), self._closed)

    def _switch(self, key: str) -> None:
        number = int(key)
        on = next((one[4] for one in self._alarms.all() if one[0] == number), True)
        kept = self._alarms.enable(number, not on)
        self.watch.haptics.play(TICK if kept else FAILURE)
        self.tick(0)

    def _closed(self) -> None:
        self._editor = None
        self._look()
        self._list.show(self._rows(), self._title())
