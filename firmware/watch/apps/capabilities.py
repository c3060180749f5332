"""The objects an app is handed. None of them leads back to the watch: an app has what it was granted."""

import micropython
from micropython import const

from watch.kernel.clock import ticks_diff
from watch.ui.text import civil

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from watch.apps.settings import AppSettings
    from watch.apps.words import Words
    from watch.ui.card_art import CardFace
    from watch.ui.screen import Screen

_MINUTES_PER_DAY = const(1440)
_HOURS = const(24)
_2000_01_01 = const(5)  # a Saturday, counted from Monday = 0

TICK, SUCCESS, FAILURE, ATTENTION = const(0), const(1), const(2), const(3)
"""Patterns of `Haptics.play`."""
FREE, RUNNING, PAUSED, OVER = const(0), const(1), const(2), const(3)
"""What a timer is doing, as in watch.services.timers."""


class Time:
    """What time it is for the wearer. The system sets the fields once a second, so looking at them costs nothing."""

    def __init__(self, ticks_ms: "Callable[[], int]") -> None:
        """`ticks_ms` reads the watch's clock."""
        self.minutes = 0
        """Minutes since 2000-01-01 00:00 local time."""
        self.second = 0
        """0 to 59."""
        self.ticks_ms = ticks_ms
        """Milliseconds, wrapping at 2^30."""

    def since_ms(self, ticks: int) -> int:
        """Milliseconds since an earlier `ticks_ms()`, up to six days."""
        return ticks_diff(self.ticks_ms(), ticks)

    def minute_of_day(self) -> int:
        """0 to 1439."""
        return self.minutes % _MINUTES_PER_DAY

    def date(self) -> "tuple[int, int, int, int]":
        """Year, month, day, and day of the week from Monday = 0."""
        days = self.minutes // _MINUTES_PER_DAY
        year, month, day = civil(days)
        return year, month, day, (days + _2000_01_01) % 7


class Glance:
    """What a face may show of the watch. The system changes the fields; a face looks at them on every tick."""

    def __init__(self) -> None:
        self.percent = 100
        self.charging = False
        self.locked = True
        self.card: "CardFace | None" = None
        """The active card. Another object when it changes."""
        self.upcoming = ""
        """The next thing of the day, one line."""
        self.steps = -1
        """Of today; -1 on a watch that does not count them."""
        self.goal_percent = 0
        """Part of the wearer's goal that these steps are; may be above 100."""
        self.hours: "tuple[int, ...]" = (0,) * _HOURS
        """Steps of each hour of today. Another object when something changes."""
        self.unread = 0
        """Messages that nobody has read."""
        self.temp_c: "int | None" = None
        """Degrees Celsius outside; None unless the phone said it lately, and so for the next two."""
        self.high_c: "int | None" = None
        self.low_c: "int | None" = None
        self.sky = ""
        """`clear`, `clouds`, `drizzle`, `rain`, `snow`, `fog`, `storm`, or empty."""
        self.place = ""
        """Where that weather is."""
        self.alarm = -1
        """When the next alarm rings, as `Time.minutes`; -1 if none does."""
        self.phone = False
        """The phone is connected."""
        self.complications: "tuple[tuple[str, int, str], ...]" = ()
        """App, icon (one of `icons`) and text of up to three apps that have something to say on a face, in the order of
        its places. A place that shall be empty has an empty text. Another object when something changes."""
        self.chosen = False
        """The wearer has chosen what these places say: a face without room for more shows them before `upcoming`."""


class Light:
    """The panel that stays on, at its brightest or not, for as long as the app is in front."""

    def __init__(self, screen: "Screen", bright: "Callable[[bool], None]") -> None:
        self._screen, self._bright = screen, bright

    def full(self, on: bool) -> None:
        """Full light that does not go out, or what the wearer has chosen."""
        self.keep(on)
        self._bright(on)

    @micropython.native
    def keep(self, on: bool) -> None:
        """Light that does not go out, or only for as long as the wearer has chosen. Allocates nothing."""
        self._screen.keeps_light = self._screen.name if on else ""


class Haptics:
    """The motor."""

    def __init__(self, play: "Callable[[int], None]") -> None:
        self._play = play

    def play(self, pattern: int) -> None:
        """Play `TICK`, `SUCCESS`, `FAILURE` or `ATTENTION`; anything else is a tick."""
        self._play(pattern if type(pattern) is int and 0 <= pattern <= ATTENTION else TICK)


class Part:
    """Some methods and objects of a service, and nothing else of it."""

    def __init__(self, service: "Any", names: "tuple[str, ...]") -> None:
        """Take what has these names now. Raises AttributeError for a name the service lacks."""
        for name in names:
            setattr(self, name, getattr(service, name))


class Settings:
    """Small values that an app finds again: texts, whole numbers, truth values and lists of them, 2 KB in all."""

    def __init__(self, kept: "AppSettings") -> None:
        self._kept = kept

    def get(self, name: str, default: "Any") -> "Any":
        """A value, or the default if there is none of the default's type."""
        return self._kept.get(name, default)

    def set(self, name: str, value: "Any") -> None:
        """Change a value; all are written to flash when the app ends. Raises InputError; nothing changes then."""
        self._kept.set(name, value)


class Entry:
    """One event of the calendar. Minutes are local, since 2000-01-01 00:00, as `Time.minutes`."""

    def __init__(self, start: int, end: int, all_day: bool, title: str, place: str, text: str) -> None:
        self.start, self.end, self.all_day = start, end, all_day
        self.title, self.place, self.text = title, place, text


class Watch:
    """What one app may use. A field that its manifest did not ask for is not there. `watch_of` makes one."""

    if TYPE_CHECKING:
        time: Time
        settings: Settings
        text: Words
        close: Callable[[], None]
        """Leave the app."""
        log: Callable[..., None]
        """Write values into the log that `tapwatch app logs` shows, with a space between them."""
        glance: Glance
        haptics: Haptics
        light: Light
        timers: Any
        alarms: Any
        calendar: Any
        weather: Any
        music: Any
        find_phone: Any
        activity: Any
        loyalty: Any
        dice: Any
        gamepad: Any
        location: Any
        phone_files: Any
        phone_intents: Any
        storage: Any
        notify: Any
        background: Any
        web: Any
        motion: Any
        sound: Any
        payment: Any
        complication: Any


def watch_of(
    time: Time,
    settings: "Settings",
    text: "Words",
    close: "Callable[[], None]",
    log: "Callable[..., None]",
    granted: "dict[str, Any]",
) -> Watch:
    """What one app is handed.

    It is no method: apps can call those of any class of the API on any object, and this sets any attribute.

    Each argument but the last is what every app gets; `granted`: name and object of each permission.
    """
    watch = Watch()
    watch.time, watch.settings, watch.text = time, settings, text
    watch.close, watch.log = close, log
    for name, thing in granted.items():
        setattr(watch, name, thing)
    return watch
