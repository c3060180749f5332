"""Steps, hour by hour for eight days, from a counter that starts anew whenever its chip does.

Each day is a record of its own, written once an hour if steps were made: at most an hour is lost with the power.
`now` is the minute of the wall clock since 1970 (`Services.local_minutes`).
"""

import struct
from array import array

from micropython import const

from watch.kernel.errors import StorageError
from watch.services.news import News
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.storage.journal import Journal

GOAL_STEPS = const(8000)
"""Daily goal until the wearer sets another: from there on more steps add little (Paluch et al. 2022, The Lancet)."""
STEP_CM = const(70)
"""Length of a step for the estimated distance: 0.41 of the height of somebody of 170 cm."""
HOURS = const(24)

_DAY_MIN = const(1440)
_HOUR_MIN = const(60)
_MOST = const(0xFFFF)  # steps an hour that can be kept; nobody makes half of them
_FORMAT = "<I24H"
_BYTES = const(52)


class Day:
    """One date. `steps[h]`: steps in the hour that begins at h."""

    def __init__(self) -> None:
        self.number = 0
        """Days since 1970; 0 for a place that was never used."""
        self.steps = array("H", bytes(2 * HOURS))

    def start(self, number: int) -> None:
        """Be another date, without steps."""
        self.number = number
        for hour in range(HOURS):
            self.steps[hour] = 0

    def total(self) -> int:
        """Steps of the whole day. Allocates nothing."""
        total = 0
        for hour in range(HOURS):
            total += self.steps[hour]
        return total


class Activity(News):
    """Steps of today and of the seven days before."""

    def __init__(self, journal: "Journal") -> None:
        """Nothing until `load`."""
        super().__init__()
        self._journal = journal
        self._days = tuple([Day() for _ in range(records.STEP_DAYS)])
        self._none = Day()
        self._counter = -1
        self._hour = -1
        self._unsaved = False
        self.goal = GOAL_STEPS
        """Steps a day; the owner sets what the wearer chose, which is the setting `steps_goal`."""
        self.refused = 0
        """Records that hold no steps."""
        self.failed = 0
        """Hours that the flash did not take when they were over."""

    def load(self) -> None:
        """Read the records. Raises CorruptError, StorageError; a record with bad contents is counted and left out."""
        self.refused = 0
        for place, day in enumerate(self._days):
            stored = self._journal.get(records.STEPS + place)
            if stored is not None and not _unpack(stored, place, day):
                self.refused += 1

    def update(self, now: int, counter: int) -> None:
        """Take the counter's reading at this minute. Allocates nothing but when an hour ends.

        The first reading after a start is where counting begins: what the chip counted before may be known already.
        A reading below the last one means that the chip has started anew, from 0.
        """
        hour = now // _HOUR_MIN
        if hour != self._hour:
            self.save()
            self._hour = hour
        made = counter - self._counter if counter >= self._counter else counter
        if self._counter >= 0 and made > 0:
            self._add(now, made)
        self._counter = counter

    def today(self, now: int) -> int:
        """Steps of the date of this minute. Allocates nothing."""
        return self.day(now, 0).total()

    def day(self, now: int, ago: int) -> Day:
        """The date `ago` days before this minute's, 0 to 7; one without steps if nothing is known of it."""
        number = now // _DAY_MIN - ago
        day = self._days[number % records.STEP_DAYS]
        return day if day.number == number and 0 <= ago < records.STEP_DAYS else self._none

    def percent(self, now: int) -> int:
        """Part of the goal that today's steps are; may be above 100. Allocates nothing."""
        return self.today(now) * 100 // self.goal

    def save(self) -> None:
        """Write the present day, if it has changed. A flash that refuses costs nothing but what a restart would."""
        if not self._unsaved:
            return
        self._unsaved = False
        day = self._days[self._hour // HOURS % records.STEP_DAYS]
        try:
            self._journal.commit({records.STEPS + day.number % records.STEP_DAYS: _pack(day)})
        except StorageError:
            self.failed += 1  # the steps are still in RAM, and go with the next hour of the day

    def clear(self) -> None:
        """Forget all of it in RAM: the flash is being erased."""
        for day in self._days:
            day.start(0)
        self._unsaved = False
        self.changes += 1

    def _add(self, now: int, made: int) -> None:
        number = now // _DAY_MIN
        day = self._days[number % records.STEP_DAYS]
        if day.number != number:
            day.start(number)
        hour = now % _DAY_MIN // _HOUR_MIN
        total = day.steps[hour] + made
        day.steps[hour] = total if total < _MOST else _MOST
        self._unsaved = True
        self._changed()


def estimated_metres(steps: int) -> int:
    """About how far that is. An estimate, and to be shown as one: nobody has measured the wearer's step."""
    return steps * STEP_CM // 100


def _pack(day: Day) -> bytes:
    return struct.pack(_FORMAT, day.number, *day.steps)


def _unpack(data: bytes, place: int, day: Day) -> bool:
    """Read a record into `day`; False if it is none of this place."""
    if len(data) != _BYTES:
        return False
    number = struct.unpack_from("<I", data)[0]
    if number % records.STEP_DAYS != place:
        return False
    day.number = number
    for hour in range(HOURS):
        day.steps[hour] = struct.unpack_from("<H", data, 4 + 2 * hour)[0]
    return True
