"""Glasses of the last seven days, in one file of the app."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Storage

DAYS = const(7)
_FILE = "week"
_DAY_BYTES = const(4)
_MOST = const(255)
_MINUTES_PER_DAY = const(1440)


def day_of(minutes: int) -> int:
    """The day of a time as `watch.time.minutes` has it."""
    return minutes // _MINUTES_PER_DAY


class Week:
    """Seven counts, the last one of today. The file is the number of that day and a byte for each count."""

    def __init__(self, storage: "Storage", today: int) -> None:
        self._storage, self._today = storage, today
        kept = storage.read(_FILE)
        if kept is None or len(kept) != _DAY_BYTES + DAYS:
            kept = bytes(_DAY_BYTES + DAYS)
        passed = today - int.from_bytes(kept[:_DAY_BYTES], "big")
        if passed < 0 or passed > DAYS:  # the clock was set, or a week has gone by
            passed = DAYS
        self.counts = list(kept[_DAY_BYTES + passed :]) + [0] * passed

    def today(self) -> int:
        """Glasses of today."""
        return self.counts[-1]

    def drink(self) -> None:
        """One more, kept at once."""
        self.counts[-1] = min(self.counts[-1] + 1, _MOST)
        self._storage.write(_FILE, self._today.to_bytes(_DAY_BYTES, "big") + bytes(self.counts))
