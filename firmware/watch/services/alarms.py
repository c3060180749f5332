"""Alarms, each in a record of its own: a change is there or not, wherever the power goes.

`now` is always the minute of the wall clock since 1970 (`Services.local_minutes`). Nothing ticks: the owner asks
`next_due` how long the watch may sleep, and `take_due` what rings.
"""

from micropython import const

from watch.kernel.errors import InputError, StateError, StorageError
from watch.services import inputs
from watch.services.alarm import EVERY_DAY, SNOOZE_MIN, Alarm, unpack
from watch.services.news import News
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.storage.journal import Journal

PHONE_MOST = const(10)
"""Alarms in one message of the phone; Gadgetbridge's own limit."""


class Alarms(News):
    """Sixteen places, numbered from 0; `places[n]` is an `Alarm` or None."""

    def __init__(self, journal: "Journal") -> None:
        """None until `load`."""
        super().__init__()
        self._journal = journal
        self.places: "list[Optional[Alarm]]" = [None] * records.ALARMS
        self.refused = 0
        """Records that are no alarms."""
        self._asked_at = self._asked_changes = self._next = -1
        """When `next_due` was asked last, after how many changes, and its answer: it is asked thrice a second."""
        self.unsaved = 0
        """Times that an alarm rang and the flash did not take it: it may ring again after a restart."""

    def __len__(self) -> int:
        """How many there are."""
        return sum([alarm is not None for alarm in self.places])

    def load(self) -> None:
        """Read the records. Raises CorruptError, StorageError; a record with bad contents is counted and left out."""
        self.refused, self._asked_at = 0, -1
        for number in range(records.ALARMS):
            stored = self._journal.get(records.ALARM + number)
            self.places[number] = None if stored is None else unpack(stored)
            if stored is not None and self.places[number] is None:
                self.refused += 1

    def add(self, hour: int, minute: int, days: int, now: int, label: str = "") -> int:
        """Set an alarm, `days` as in `Alarm`; returns its number. Raises InputError, StateError, StorageError."""
        number = self._free([])
        self.change(number, hour, minute, days, now, label)
        return number

    def change(self, number: int, hour: int, minute: int, days: int, now: int, label: str = "") -> None:
        """Set the alarm in this place, and switch it on. Raises InputError, StorageError."""
        alarm = Alarm(hour, minute, days, label)
        alarm.skip_now(now)
        self._commit({self._place(number): alarm})

    def enable(self, number: int, on: bool, now: int) -> None:
        """Switch it on or off; off also ends its snooze. Raises InputError, StorageError."""
        alarm = self._copy(number)
        alarm.enabled = on
        alarm.skip_now(now)
        self._commit({number: alarm})

    def remove(self, number: int) -> None:
        """Forget it. An empty place stays one. Raises InputError, StorageError."""
        self._commit({self._place(number): None})

    def snooze(self, number: int, now: int) -> None:
        """Let it ring again in `SNOOZE_MIN` minutes. Raises InputError, StorageError."""
        alarm = self._copy(number)
        alarm.snoozed = now + SNOOZE_MIN
        self._commit({number: alarm})

    def from_phone(self, message: "dict[str, Any]", now: int) -> None:
        """Take Gadgetbridge's `alarm`: in place of all that the phone set before, in one change.

        Raises InputError, StateError if the wearer's own leave too few places, StorageError.
        """
        wanted = [_from_phone(row) for row in inputs.rows(message, "d", PHONE_MOST)]
        changes: "dict[int, Optional[Alarm]]" = {}
        for number, old in enumerate(self.places):
            if old is not None and old.from_phone:
                changes[number] = None
        cleared = list(changes)
        for alarm in wanted:
            alarm.skip_now(now)
            number = cleared.pop(0) if cleared else self._free(changes)
            changes[number] = alarm
        self._commit(changes)

    def take_due(self, now: int) -> int:
        """The number of an alarm that must ring now, -1 if none must. It rings once: that is written down first.

        Allocates nothing while nothing rings.
        """
        if self.next_due(now) != now:
            return -1
        for number in range(records.ALARMS):
            alarm = self.places[number]
            if alarm is not None and alarm.is_due(now):
                alarm.ring(now)
                self._keep_rung(number, alarm)
                return number
        return -1

    def next_due(self, now: int) -> int:
        """The minute at which the next one rings, `now` if one is due, -1 if none ever will. Allocates nothing."""
        if now != self._asked_at or self.changes != self._asked_changes:
            self._next = self._soonest(now)
            self._asked_at, self._asked_changes = now, self.changes
        return self._next

    def clear(self) -> None:
        """Forget all of them in RAM: the flash is being erased."""
        self._asked_at = -1
        for number in range(records.ALARMS):
            self.places[number] = None

    def _soonest(self, now: int) -> int:
        soonest = -1
        for number in range(records.ALARMS):
            alarm = self.places[number]
            if alarm is not None:
                at = alarm.next_due(now)
                if at >= 0 and (soonest < 0 or at < soonest):
                    soonest = at
        return soonest

    def _keep_rung(self, number: int, alarm: Alarm) -> None:
        self._changed()
        try:
            self._journal.commit({records.ALARM + number: alarm.pack()})
        except StorageError:
            self.unsaved += 1  # ringing matters more; what is lost is only the memory that it rang

    def _commit(self, changes: "dict[int, Optional[Alarm]]") -> None:
        """Write, then believe."""
        stored = {records.ALARM + number: alarm.pack() if alarm else None for number, alarm in changes.items()}
        self._journal.commit(stored)
        for number, alarm in changes.items():
            self.places[number] = alarm
        self._changed()

    def _free(self, taken: "Any") -> int:
        """The first empty place that is not `taken`. Raises StateError."""
        for number, alarm in enumerate(self.places):
            if alarm is None and number not in taken:
                return number
        raise StateError("every alarm is in use")

    def _place(self, number: int) -> int:
        if not 0 <= number < records.ALARMS:
            raise InputError(f"there is no alarm {number}")
        return number

    def _copy(self, number: int) -> Alarm:
        """A copy of the alarm there, so that a failed write changes nothing. Raises InputError."""
        alarm = self.places[self._place(number)]
        copy = None if alarm is None else unpack(alarm.pack())
        if copy is None:
            raise InputError(f"there is no alarm {number}")
        return copy


def _from_phone(row: "Any") -> Alarm:
    """One entry of Gadgetbridge's list. Raises InputError."""
    if not isinstance(row, dict):
        raise InputError("an alarm is a map")
    hour, minute = inputs.whole(row, "h", 0, 23), inputs.whole(row, "m", 0, 59)
    alarm = Alarm(hour, minute, inputs.whole(row, "rep", 0, EVERY_DAY, 0), "", inputs.flag(row, "on", True))
    alarm.from_phone = True
    return alarm
