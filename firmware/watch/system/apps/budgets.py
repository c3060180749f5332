"""How often apps may do what costs others something: attention, flash, the phone's battery."""

from micropython import const

from watch.apps.limits import roomy
from watch.kernel.clock import ticks_diff

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

MOST_APPS = const(64)
"""More than there are at a time: 24 installed ones (`watch.apps.shelf.installed`) and those of the firmware."""
_S = const(1000)  # milliseconds
RATES = {
    "notify": (10 * _S, 20),
    "web": (5 * _S, 500),
    "payment": (10 * _S, 50),
    "background": (0, 96),
    "storage": (0, 300),
    "alarms": (0, 200),
    "goal": (0, 50),
    "phone": (0, 500),
}
"""Milliseconds between two times and the most on one day, of each app: notifications; requests to the web; questions to
be paid; runs in the background, each of which may write its settings; changes of files; changes of alarms and of the
daily goal, which are records of the journal; files, intents and lines for the phone."""
MOST_BYTES_A_DAY = const(262_144)
"""Written to files; eight times all that an app may keep."""


class _Spent:
    """What one app has done today."""

    def __init__(self) -> None:
        self.at_ms = self.day = 0
        self.count = self.turn = 0


class Budget:
    """One thing that apps do: once in `gap_ms`, and at most `most` times a day, each app for itself.

    Args:
        ticks_ms: the watch's clock.
        day: tells which day it is, by a number that changes at midnight.
        gap_ms: between two times, 0 for none.
        most: on one day.
    """

    def __init__(self, ticks_ms: "Callable[[], int]", day: "Callable[[], int]", gap_ms: int, most: int) -> None:
        self._ticks_ms, self._day, self._gap_ms, self._most = ticks_ms, day, gap_ms, most
        self._spent: "dict[str, _Spent]" = {}
        self._turns = 0

    def take(self, app: str) -> bool:
        """Count once more. False, and nothing is counted, if it is too soon or too often.

        Also without room: no app shall use up all memory and so stop a change of records halfway.
        """
        now_ms, today = self._ticks_ms(), self._day()
        spent = self._spent.get(app)
        if spent is None:
            if len(self._spent) == MOST_APPS:
                self._forget_one(today)
            spent = self._spent[app] = _Spent()
        if spent.count and 0 <= ticks_diff(now_ms, spent.at_ms) < self._gap_ms:
            return False
        if spent.day != today:
            spent.day, spent.count = today, 0
        if spent.count >= self._most or not roomy():
            return False
        self._turns += 1
        spent.at_ms, spent.turn = now_ms, self._turns
        spent.count += 1
        return True

    def _forget_one(self, today: int) -> None:
        """Make room: for whom another day has begun, else for whom it is longest ago. Most likely that app is gone."""
        app = min(self._spent, key=lambda one: (self._spent[one].day == today, self._spent[one].turn))
        self._spent[app] = None  # type: ignore[assignment] # a table keeps the value of a key that is only deleted
        del self._spent[app]


class Written:
    """How many bytes each app has written today."""

    def __init__(self, today: "Callable[[], int]") -> None:
        """`today` tells which day it is, by a number that changes at midnight."""
        self._today, self._day = today, 0
        self._bytes: "dict[str, int]" = {}

    def take(self, app: str, count: int) -> bool:
        """Count bytes that are to be written. False, and nothing is counted, if they are too many for one day."""
        today = self._today()
        if today != self._day:
            self._day = today
            self._bytes.clear()
        spent = self._bytes.get(app, 0) + count
        if spent > MOST_BYTES_A_DAY:
            return False
        self._bytes[app] = spent
        return True


def budgets(ticks_ms: "Callable[[], int]", day: "Callable[[], int]") -> "dict[str, Budget]":
    """One for each line of `RATES`."""
    return {name: Budget(ticks_ms, day, gap_ms, most) for name, (gap_ms, most) in RATES.items()}
