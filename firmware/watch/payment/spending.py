"""What a token has spent: today, and without a passcode since the last passcode. The bank repeats every limit."""

from micropython import const

from watch.kernel.errors import CorruptError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_DAY_S = const(86_400)


class Spending:
    """Counters of one token, in minor units of the token's currency."""

    def __init__(self, day: int = 0, today: int = 0, taps: int = 0, total: int = 0) -> None:
        self.day = day
        self.today = today
        self.taps_without_cdcvm = taps
        self.sum_without_cdcvm = total

    @classmethod
    def from_fields(cls, fields: "Any") -> "Spending":
        """Read the stored form."""
        if not isinstance(fields, list) or len(fields) != 4:
            raise CorruptError("the spending record has the wrong shape")
        return cls(*fields)

    def fields(self) -> "list[int]":
        """The form that is stored."""
        return [self.day, self.today, self.taps_without_cdcvm, self.sum_without_cdcvm]

    def turn_day(self, now_s: int) -> None:
        """Start a new day of security time. Days count in UTC, so that no time zone can add one."""
        day = now_s // _DAY_S
        if day > self.day:
            self.day = day
            self.today = 0

    def add(self, amount: int, cdcvm: bool) -> None:
        """Count one payment that was sent; allocates nothing. An amount in another currency is given as 0."""
        self.today += amount
        if not cdcvm:
            self.taps_without_cdcvm += 1
            self.sum_without_cdcvm += amount

    def passcode_entered(self) -> bool:
        """Forget what was spent without a passcode. Returns False if there was nothing to forget."""
        if not self.taps_without_cdcvm and not self.sum_without_cdcvm:
            return False
        self.taps_without_cdcvm = 0
        self.sum_without_cdcvm = 0
        return True
