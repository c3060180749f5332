"""Events of the phone's calendar, soonest first. In RAM only: the phone sends them again when asked.

Minutes here are UTC, counted since 1970. An all-day event begins at midnight UTC of its date, as Android has it.
"""

from micropython import const

from watch.kernel.errors import InputError
from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.services.inputs import Fields
    from watch.services.outbox import Outbox

PLACES = const(40)
"""Events that are kept: about a week of a busy person."""
SOON_MIN = const(1440)
"""How far ahead `upcoming` looks."""
BEGUN_MIN = const(10)
"""How long an event is still upcoming after it has begun: whoever is late wants to know where."""

_ID_MOST = (1 << 53) - 1  # Android's long, as far as JavaScript carries it
_FIRST_S = const(946684800)  # 2000-01-01; the clock of the watch knows 2000 to 2099
_LAST_S = 4102444800
_LONGEST_S = const(31_622_400)  # 366 days
_TITLE_BYTES = const(120)
_PLACE_BYTES = const(80)
_TEXT_BYTES = const(400)


class Event:
    """One event. It stays as it came."""

    def __init__(self, fields: "Fields") -> None:
        """Read Gadgetbridge's `calendar`. Raises InputError."""
        self.id = inputs.whole(fields, "id", -_ID_MOST, _ID_MOST)
        self.start = inputs.whole(fields, "timestamp", _FIRST_S, _LAST_S) // 60
        """Minute at which it begins."""
        self.end = self.start + inputs.whole(fields, "durationInSeconds", 0, _LONGEST_S, 0) // 60
        self.title = inputs.text(fields, "title", _TITLE_BYTES)
        self.place = inputs.text(fields, "location", _PLACE_BYTES)
        self.text = inputs.text(fields, "description", _TEXT_BYTES)
        self.all_day = inputs.flag(fields, "allDay", False)

    def is_past(self, now: int) -> bool:
        """True if it is over at this minute. An all-day event lasts another day: the date ends later in the west."""
        return self.end + (SOON_MIN if self.all_day else 0) < now


class Calendar(News):
    """What the phone has told of the next days."""

    def __init__(self, outbox: "Outbox") -> None:
        """Nothing known."""
        super().__init__()
        self._outbox = outbox
        self.events: "list[Event]" = []
        """Soonest first. Only to be read."""
        self.dropped = 0
        """Events for which there was no room: always those farthest away."""

    def take(self, fields: "Fields") -> None:
        """Read `calendar`: a new event, or news of one with the same id. Raises InputError."""
        event = Event(fields)
        self._remove(event.id)
        self._insert(event)
        if len(self.events) > PLACES:
            self.events.pop()
            self.dropped += 1
        self._changed()

    def gone(self, fields: "Fields") -> None:
        """Read `calendar-`: an id, or a list of ids. Unknown ones are ignored. Raises InputError."""
        numbers = fields.get("id")
        if not isinstance(numbers, list):
            numbers = [numbers]
        if len(numbers) > PLACES:
            raise InputError("too many events at once")
        for number in numbers:
            if not isinstance(number, int) or isinstance(number, bool):
                raise InputError("an id is a number")
        for number in numbers:
            self._remove(number)
        self._changed()

    def upcoming(self, now: int) -> "Optional[Event]":
        """The event that begins next within a day of this minute, or has just begun; None if there is none.

        Leaves out all-day events: they have no time to be at. Allocates nothing.
        """
        for event in self.events:
            if event.start > now + SOON_MIN:
                return None
            if not event.all_day and event.start + BEGUN_MIN > now:
                return event
        return None

    def forget_past(self, now: int) -> None:
        """Drop what is over at this minute. Allocates nothing while nothing is."""
        for event in self.events:
            if event.is_past(now):
                self._drop_past(now)
                return

    def ask(self) -> bool:
        """Ask the phone to send what is not known yet. False if the outbox is full."""
        ids = [event.id for event in self.events]
        return self._outbox.send({"t": "force_calendar_sync", "ids": ids})

    def clear(self) -> None:
        """Forget all of it."""
        self.events = []
        self.changes += 1

    def _drop_past(self, now: int) -> None:
        self.events = [event for event in self.events if not event.is_past(now)]
        self._changed()

    def _insert(self, event: Event) -> None:
        place = len(self.events)
        while place and self.events[place - 1].start > event.start:
            place -= 1
        self.events.insert(place, event)

    def _remove(self, number: "Any") -> None:
        for place, event in enumerate(self.events):
            if event.id == number:
                del self.events[place]
                return
