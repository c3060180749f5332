"""Steps, minute by minute, for a phone that keeps a diary of them. In RAM; older hours are in `Activity`.

Minutes here are UTC, counted since 1970.
"""

from array import array

from micropython import const

from watch.services.activity import HOURS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterator

    from watch.services.activity import Activity

    Sample = tuple[int, int]

PLACES = const(720)
"""Minutes with steps that are kept: more than somebody walks in a day."""
_DAYS = const(8)
_HOUR_MIN = const(60)
_MOST = const(0xFFFF)


class Samples:
    """A ring of the latest minutes in which there were steps."""

    def __init__(self) -> None:
        """Nothing."""
        self._minutes = array("I", bytes(4 * PLACES))
        self._steps = array("H", bytes(2 * PLACES))
        self._count = 0
        self._next = 0
        self._counter = -1
        self._began = -1

    def update(self, now: int, counter: int) -> int:
        """Take the counter's reading at this minute; returns the steps since the last one. Allocates nothing.

        The first reading is where counting begins. A reading below the last one means that the chip started anew.
        """
        if self._began < 0:
            self._began = now
        made = counter - self._counter if counter >= self._counter else counter
        made = made if self._counter >= 0 else 0
        self._counter = counter
        if made > 0:
            self._add(now, made)
        return made

    def since(self, since: int, activity: "Activity", offset_min: int) -> "Iterator[Sample]":
        """(minute, steps) of all that is known from this minute on, oldest first; `offset_min` of the wearer's clock.

        Hours of `activity` from before the ring begins count at their first minute.
        """
        first = self._first()
        for start, steps in _hours(activity, first // _HOUR_MIN * _HOUR_MIN, offset_min):
            if start >= since:
                yield start, steps
        count = self._count
        place = (self._next - count) % PLACES
        for _ in range(count):
            if self._minutes[place] >= since:
                yield self._minutes[place], self._steps[place]
            place = (place + 1) % PLACES

    def clear(self) -> None:
        """Forget all of it."""
        self._count = self._next = 0
        for place in range(PLACES):
            self._minutes[place] = self._steps[place] = 0

    def _first(self) -> int:
        """Where the ring begins: what is older was overwritten, or made before the watch was started."""
        return self._minutes[self._next] if self._count == PLACES else self._began

    def _add(self, now: int, made: int) -> None:
        last = (self._next - 1) % PLACES
        if self._count and self._minutes[last] == now:
            total = self._steps[last] + made
            self._steps[last] = total if total < _MOST else _MOST
            return
        self._minutes[self._next] = now
        self._steps[self._next] = made if made < _MOST else _MOST
        self._next = (self._next + 1) % PLACES
        if self._count < PLACES:
            self._count += 1


def _hours(activity: "Activity", before: int, offset_min: int) -> "Iterator[Sample]":
    """Hours with steps that end before this minute, oldest first."""
    local = before + offset_min
    for ago in range(_DAYS - 1, -1, -1):
        day = activity.day(local, ago)
        for hour in range(HOURS):
            start = (day.number * HOURS + hour) * _HOUR_MIN - offset_min
            if day.steps[hour] and start + _HOUR_MIN <= before:
                yield start, day.steps[hour]
