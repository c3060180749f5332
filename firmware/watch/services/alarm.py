"""One alarm: when it rings, and its form on flash (docs/formats.md, "What the watch keeps for its wearer").

Minutes are those of the wall clock, counted since 1970. An alarm rings once for one time on one date: `done` is the
time for which it has rung, so a clock that is set back does not let it ring again.
"""

import struct

from micropython import const

from watch.kernel.errors import InputError
from watch.services import inputs

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

LATE_MIN = const(60)
"""How late an alarm still rings: the clock was moved over it (summer time), or the watch was off."""
SNOOZE_MIN = const(10)
"""How long it is quiet after *snooze*."""
LABEL_BYTES = const(32)
EVERY_DAY = const(0x7F)
"""All bits of `days`: Monday is 1, Sunday 64, as Gadgetbridge counts."""

_DAY_MIN = const(1440)
_HOUR_MIN = const(60)
_EPOCH_WEEKDAY = const(3)  # 1970-01-01 was a Thursday; Monday is 0
_FORMAT = "<BBBBII"
_HEAD_BYTES = const(12)
_ENABLED = const(1)
_FROM_PHONE = const(2)


class Alarm:
    """Read it; change it through `Alarms`."""

    def __init__(self, hour: int, minute: int, days: int, label: str = "", enabled: bool = True) -> None:
        """`days`: bits of the weekdays, 0 for once. Raises InputError."""
        if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= days <= EVERY_DAY):
            raise InputError("an alarm has an hour, a minute and weekdays")
        self.hour = hour
        self.minute = minute
        self.days = days
        self.label = inputs.clean(label, LABEL_BYTES)
        self.enabled = enabled
        self.from_phone = False
        """The phone has set it, and will replace it."""
        self.done = 0
        """The time for which it has rung."""
        self.snoozed = 0
        """When it rings again after *snooze*; 0 if it does not."""

    def pack(self) -> bytes:
        """Its bytes on flash."""
        flags = (_ENABLED if self.enabled else 0) | (_FROM_PHONE if self.from_phone else 0)
        head = struct.pack(_FORMAT, self.hour, self.minute, self.days, flags, self.done, self.snoozed)
        return head + self.label.encode()

    def skip_now(self, now: int) -> None:
        """It is set at this minute: a time that is just over is not meant."""
        self.snoozed = 0
        latest = self._latest(now)
        self.done = latest if now - latest <= LATE_MIN else 0

    def is_due(self, now: int) -> bool:
        """True if it must ring at this minute. Allocates nothing."""
        return self._snooze_over(now) or self._is_time(now)

    def ring(self, now: int) -> None:
        """It rings now. One that rings once is off afterwards."""
        if self._is_time(now):
            self.done = self._latest(now)
            if not self.days:
                self.enabled = False
        self.snoozed = 0

    def next_due(self, now: int) -> int:
        """The minute at which it rings next, this one if it is due, -1 if never. Allocates nothing."""
        if self.is_due(now):
            return now
        soonest = self.snoozed if self.snoozed else -1
        if not self.enabled:
            return soonest
        at = now // _DAY_MIN * _DAY_MIN + self.hour * _HOUR_MIN + self.minute
        end = at + 8 * _DAY_MIN  # a weekly alarm that has rung today already is a week away
        while at < end:
            if at > now and at != self.done and self._on(at):
                return at if soonest < 0 or at < soonest else soonest
            at += _DAY_MIN
        return soonest

    def _snooze_over(self, now: int) -> bool:
        """True when the snooze has passed, or the clock was set so that it would last longer than it may."""
        return self.snoozed != 0 and not 0 < self.snoozed - now <= SNOOZE_MIN

    def _is_time(self, now: int) -> bool:
        latest = self._latest(now)
        return self.enabled and latest != self.done and now - latest <= LATE_MIN and self._on(latest)

    def _latest(self, now: int) -> int:
        """The last minute up to now with this time of the day."""
        at = now // _DAY_MIN * _DAY_MIN + self.hour * _HOUR_MIN + self.minute
        return at if at <= now else at - _DAY_MIN

    def _on(self, at: int) -> bool:
        """True if the alarm is for the weekday of `at`."""
        return self.days == 0 or self.days >> (at // _DAY_MIN + _EPOCH_WEEKDAY) % 7 & 1 != 0


def unpack(data: bytes) -> "Optional[Alarm]":
    """The alarm in bytes from flash, None if they are none."""
    if not _HEAD_BYTES <= len(data) <= _HEAD_BYTES + LABEL_BYTES:
        return None
    hour, minute, days, flags, done, snoozed = struct.unpack_from(_FORMAT, data)
    try:
        alarm = Alarm(hour, minute, days, str(data[_HEAD_BYTES:], "utf-8"), flags & _ENABLED != 0)
    except (InputError, UnicodeError):
        return None
    alarm.from_phone = flags & _FROM_PHONE != 0
    alarm.done, alarm.snoozed = done, snoozed
    return alarm
