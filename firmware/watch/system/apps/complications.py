"""What the places of a face say: apps' words and some of the watch's own facts, as the wearer has chosen for it."""

from micropython import const

from watch.apps.settings import MOST_PLACES
from watch.kernel.errors import WatchError
from watch.ui import icons
from watch.ui.facts import SKIES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Sequence

    from watch.apps.capabilities import Glance
    from watch.system.services import Services
    from watch.ui.context import Ui

    Entry = tuple[str, int, str]
    Fact = tuple[Callable[[Glance], int], Callable[[Ui, int], str], int]

AUTO, NONE = "", "-"
"""Choices besides an id: whatever an app has to say; nothing."""
BATTERY, MESSAGES = ".battery", ".messages"
"""Facts of the watch that belong to no app: no app has such an id."""
_EMPTY = ("", 0, "")
_NOTHING = const(-1000)  # no fact is so low
_GROUP = const(1000)


def _steps(glance: "Glance") -> int:
    return glance.steps if glance.steps >= 0 else _NOTHING


def _temperature(glance: "Glance") -> int:
    return _NOTHING if glance.temp_c is None else glance.temp_c


def _alarm(glance: "Glance") -> int:
    return glance.alarm if glance.alarm >= 0 else _NOTHING


def _grouped(ui: "Ui", number: int) -> str:
    """A number with its thousands apart."""
    return "%d,%03d" % (number // _GROUP, number % _GROUP) if number >= _GROUP else str(number)


FACTS: "dict[str, Fact]" = {
    "activity": (_steps, _grouped, icons.STEPS),
    "weather": (_temperature, lambda ui, temp_c: "%d°" % temp_c, icons.CLOUDS),
    "alarms": (_alarm, lambda ui, minute: ui.text.time(minute, ui.clock_24h), icons.ALARM),
    BATTERY: (lambda glance: glance.percent, lambda ui, percent: "%d%%" % percent, icons.BOLT),
    MESSAGES: (lambda glance: glance.unread, lambda ui, unread: str(unread), icons.MESSAGE),
}
"""Facts of the watch by the app that they belong to: where the number is, how it is written, with which icon."""
ORDER = ("activity", "weather", "alarms", BATTERY, MESSAGES)
"""Of the facts in a list: tables of MicroPython have none."""


class Complications:
    """Fills `Glance.complications` for the face that runs.

    Args:
        glance: where faces find it.
        services: what apps have to say, and which apps there are.
        ui: language and clock.
    """

    def __init__(self, glance: "Glance", services: "Services", ui: "Ui") -> None:
        self._glance, self._services, self._ui = glance, services, ui
        self._chosen: "tuple[str, ...]" = ()
        self._words: "Optional[tuple[Entry, ...]]" = None
        """Words of apps that were looked at last."""
        self._numbers: "list[Callable[[Glance], int]]" = []
        """Where the numbers are of the facts that were chosen."""
        self._seen = [_NOTHING] * MOST_PLACES
        """What they were when they were looked at last."""

    def follow(self, chosen: "Sequence[str]") -> None:
        """A face has started, or its wearer has chosen: this is what its places shall say, the first one first."""
        self._chosen = tuple(chosen[:MOST_PLACES])
        self._glance.chosen = any(choice != AUTO for choice in self._chosen)
        self._numbers = [FACTS[choice][0] for choice in self._chosen if choice in FACTS]
        self._words = None
        self.tick()

    def tick(self) -> None:
        """To be called once a second. Allocates nothing while nothing changes."""
        words = self._services.app_marks.complications
        news = self._take_numbers() if self._numbers else False
        if words is self._words and not news:
            return
        self._words = words
        self._glance.complications = self._filled() if self._chosen else words

    def says(self, choice: str) -> "Optional[Entry]":
        """App, icon and text of a choice; an empty text while it has nothing to say, None for an app that is gone."""
        if choice in FACTS:
            return self._fact(choice)
        word = self._services.app_marks.word(choice)
        if word is not None:
            return (choice,) + word
        return _EMPTY if choice == NONE or self._is_there(choice) else None

    def _take_numbers(self) -> bool:
        """Look at the numbers that are shown. True if one has changed."""
        glance, seen, numbers, news = self._glance, self._seen, self._numbers, False
        for at in range(len(numbers)):  # enumerate would allocate
            number = numbers[at](glance)
            if number != seen[at]:
                seen[at] = number
                news = True
        return news

    def _filled(self) -> "tuple[Entry, ...]":
        """What each place says; an app that is gone leaves its place to the others."""
        free = [app for app in self._services.app_marks.apps() if app not in self._chosen]
        found = []
        for place in range(MOST_PLACES):
            choice = self._chosen[place] if place < len(self._chosen) else AUTO
            entry = self.says(choice) if choice != AUTO else None
            if entry is None:
                entry = self.says(free.pop(0)) if free else None
            found.append(entry or _EMPTY)
        while found and not found[-1][2]:
            found.pop()
        return tuple(found)

    def _fact(self, choice: str) -> "Entry":
        value, written, icon = FACTS[choice]
        number = value(self._glance)
        if number == _NOTHING:
            return _EMPTY
        if choice == "weather":
            icon = SKIES.get(self._glance.sky, icon)
        return choice, icon, written(self._ui, number)

    def _is_there(self, app: str) -> bool:
        try:
            return self._services.shelf.find(app) is not None
        except WatchError:
            return False  # what cannot be read says nothing
