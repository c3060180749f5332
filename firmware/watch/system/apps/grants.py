"""What an app sees of the service behind a permission: what it needs, in its own time, and nothing else.

Services count minutes since 1970, some of them UTC; apps count local minutes since 2000, as in `Time.minutes`. A change
that is refused is False here: an app has no use for the watch's errors.
"""

from micropython import const

from watch.apps.capabilities import Entry, Part
from watch.kernel.clock import MINUTES_1970_TO_2000
from watch.kernel.errors import WatchError
from watch.services.activity import estimated_metres
from watch.services.find_phone import LONGEST_MS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from watch.system.services import Services

_HOUR_MIN = const(60)
_RANDOM_BYTES = const(4)


class Alarms:
    """The alarms of the watch, also those that the phone has set."""

    def __init__(self, services: "Services", allowed: "Callable[[], bool]") -> None:
        """`allowed` is asked before each change, and counts it: each one is a record in the flash."""
        self._services, self._alarms, self._allowed = services, services.alarms, allowed

    @property
    def changes(self) -> int:
        """Counts up with every change."""
        return self._alarms.changes

    def all(self) -> "list[tuple[int, int, int, str, bool]]":
        """Number, minute of the day, weekdays, label and whether it is on, by time of day.

        Weekdays: Monday is 1, Tuesday 2, Sunday 64; 0 is once.
        """
        found = []
        for number, one in enumerate(self._alarms.places):
            if one is not None:
                found.append((number, one.hour * _HOUR_MIN + one.minute, one.days, one.label, one.enabled))
        return sorted(found, key=lambda alarm: alarm[1])

    def full(self) -> bool:
        """True if no other alarm can be added."""
        return len(self._alarms) == len(self._alarms.places)

    def next_due(self) -> int:
        """The local minute since 2000 at which the next one rings; -1 if none will. Allocates nothing."""
        at = self._alarms.next_due(self._services.local_minutes())
        return at - MINUTES_1970_TO_2000 if at >= 0 else -1

    def add(self, minute: int, days: int, label: str) -> int:
        """Set another alarm; returns its number, or -1 if it could not be kept."""
        if not self._allowed():
            return -1
        try:
            now = self._services.local_minutes()
            return self._alarms.add(minute // _HOUR_MIN, minute % _HOUR_MIN, days, now, label)
        except WatchError:
            return -1

    def change(self, number: int, minute: int, days: int, label: str) -> bool:
        """Set an alarm anew and switch it on. False if that could not be kept."""
        now = self._services.local_minutes()
        return self._allowed() and _done(
            lambda: self._alarms.change(number, minute // _HOUR_MIN, minute % _HOUR_MIN, days, now, label)
        )

    def enable(self, number: int, on: bool) -> bool:
        """Switch an alarm on or off. False if that could not be kept."""
        return self._allowed() and _done(lambda: self._alarms.enable(number, on, self._services.local_minutes()))

    def remove(self, number: int) -> bool:
        """Forget an alarm. False if it is still there."""
        return self._allowed() and _done(lambda: self._alarms.remove(number))


class Calendar:
    """The coming events, as the phone has told them."""

    def __init__(self, services: "Services") -> None:
        self._services, self._calendar = services, services.calendar

    @property
    def changes(self) -> int:
        """Counts up with every change."""
        return self._calendar.changes

    def events(self) -> "list[Entry]":
        """All that is known, soonest first."""
        shift = self._services.settings.get("utc_offset_min") - MINUTES_1970_TO_2000
        found = []
        for event in self._calendar.events:
            # An all-day event is a date: it begins at midnight wherever the wearer is.
            moved = -MINUTES_1970_TO_2000 if event.all_day else shift
            start, end = event.start + moved, event.end + moved
            found.append(Entry(start, end, event.all_day, event.title, event.place, event.text))
        return found

    def ask(self) -> bool:
        """Ask the phone for what is not known yet. False if there is none, or if it has not taken the last word yet."""
        return self._services.phone.connected and not len(self._services.outbox) and self._calendar.ask()


class Weather:
    """The weather, as the phone said it last."""

    _FIELDS = ("temp_c", "high_c", "low_c", "humidity_percent", "rain_percent", "uv", "wind_kmh", "wind_deg") + (
        "sky",
        "text",
        "place",
    )

    def __init__(self, services: "Services") -> None:
        self._weather = services.weather

    @property
    def changes(self) -> int:
        """Counts up with every change."""
        return self._weather.changes

    def age_min(self) -> int:
        """Minutes since the phone said it; -1 if nothing is known."""
        return self._weather.age_min()

    def fresh(self) -> bool:
        """True while it is new enough to count."""
        return self._weather.fresh()

    def now(self) -> Part:
        """The weather: None, or an empty text, for what the phone did not say."""
        return Part(self._weather, self._FIELDS)


class Music:
    """What the phone plays, and the keys of its player."""

    _FIELDS = ("track", "artist", "album", "length_s", "state")

    def __init__(self, services: "Services") -> None:
        self._music, self._phone = services.music, services.phone

    @property
    def changes(self) -> int:
        """Counts up with every change."""
        return self._music.changes

    @property
    def phone(self) -> bool:
        """True while the phone is there to hear a key."""
        return self._phone.connected

    def now(self) -> Part:
        """Track, artist, album, length in seconds (0 if unknown) and state: `play`, `pause`, `stop` or empty."""
        return Part(self._music, self._FIELDS)

    def position_s(self) -> int:
        """Seconds into the track. Allocates nothing."""
        return self._music.position_s()

    def command(self, name: str) -> bool:
        """Press a key: `playpause`, `next`, `previous`, `volumeup`, `volumedown`. False if no phone hears it.

        Raises InputError.
        """
        return self._phone.connected and self._music.command(name)


class FindPhone:
    """Lets the phone ring, and tells when the phone looks for the watch."""

    def __init__(self, services: "Services") -> None:
        self._find, self._phone = services.find_phone, services.phone

    @property
    def connected(self) -> bool:
        """True while the phone is there to hear."""
        return self._phone.connected

    @property
    def ringing(self) -> bool:
        """True while the phone rings."""
        return self._find.ringing

    @property
    def wanted(self) -> bool:
        """True while somebody looks for the watch."""
        return self._find.wanted

    def left_percent(self) -> int:
        """Part of the minute of ringing that is left. Allocates nothing."""
        return (self._find.left_ms() + 999) // 1000 * 100_000 // LONGEST_MS

    def start(self) -> bool:
        """Let the phone ring, a minute at most. False if no phone hears it."""
        return self._phone.connected and self._find.start()

    def stop(self) -> None:
        """Let the phone be quiet."""
        self._find.stop()

    def found(self) -> None:
        """The wearer has the watch in hand: it need not buzz any more."""
        self._find.found()


class Activity:
    """The wearer's steps of eight days, and the daily goal."""

    def __init__(self, services: "Services", allowed: "Callable[[], bool]") -> None:
        """`allowed` is asked before each change of the goal, and counts it."""
        self._services, self._activity, self._allowed = services, services.activity, allowed
        self.counted = services.counts_steps
        """False on a watch without a step counter."""

    @property
    def changes(self) -> int:
        """Counts up with every step that becomes known."""
        return self._activity.changes

    @property
    def goal(self) -> int:
        """Steps a day that the wearer has set."""
        return self._activity.goal

    def steps(self, ago: int = 0) -> int:
        """Steps of today, or of the date up to seven days `ago`. Allocates nothing."""
        return self._activity.day(self._services.local_minutes(), ago).total()

    def hours(self) -> "list[int]":
        """Steps of today, hour by hour."""
        return list(self._activity.day(self._services.local_minutes(), 0).steps)

    def metres(self, steps: int) -> int:
        """About how far that is: to be shown as an estimate."""
        return estimated_metres(steps)

    def set_goal(self, steps: int) -> bool:
        """Change the goal, 1000 to 40000. False if that could not be kept."""
        return self._allowed() and _done(lambda: self._services.set_goal(steps))


class Loyalty:
    """The wearer's cards of shops. They say who the wearer is: there are none while the watch is locked."""

    def __init__(self, services: "Services") -> None:
        self._guard, self._loyalty = services.guard, services.loyalty

    @property
    def changes(self) -> int:
        """Counts up with every change."""
        return self._loyalty.changes

    def cards(self) -> "list[tuple[int, str, str, str]]":
        """Number, name, kind (`code128` or `qr`) and text of each card, by name."""
        if not self._guard.unlocked():
            return []
        cards = enumerate(self._loyalty.places)
        found = [(number, card.name, card.kind, card.text) for number, card in cards if card is not None]
        return sorted(found, key=lambda card: card[1].lower())

    def remove(self, number: int) -> bool:
        """Forget a card. False if it is still there."""
        return self._guard.unlocked() and _done(lambda: self._loyalty.remove(number))


class Dice:
    """Numbers that nobody can guess."""

    def __init__(self, services: "Services") -> None:
        self._random = services.random

    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1; `count` at most 65,536, so none is likelier than another by 1 in 65,536."""
        return int.from_bytes(self._random.bytes(_RANDOM_BYTES), "big") % count


def _done(change: "Callable[[], Any]") -> bool:
    try:
        change()
    except WatchError:
        return False
    return True
