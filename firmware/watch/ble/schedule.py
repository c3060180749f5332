"""How fast the watch advertises: arithmetic on ticks, without a radio. Whether it may at all is for its owner."""

from micropython import const

from watch.kernel.clock import ticks_diff

FAST_US = const(30000)
"""TGAP(adv_fast_interval1), Core 5.4 vol. 3 part C appendix A: found at once."""
SLOW_US = const(1022500)
"""The longest interval that Apple's accessory guidelines list: found within seconds, a thirtieth of the power."""
FAST_MS = const(30000)
"""How long a device that has gone is called back fast; TGAP(adv_fast_period)."""
FOR_EVER = const(-1)


class Schedule:
    """Says what to do at a tick, and until when that holds."""

    def __init__(self, now_ms: int) -> None:
        """Wanted, from a fast beginning."""
        self.wanted = True
        """Bonded devices are to find the watch; else only one that may pair."""
        self._fast_ms = now_ms  # when the fast time began
        self._fast = True

    def want(self, wanted: bool, now_ms: int) -> None:
        """Let bonded devices find the watch, fast at first; or not."""
        self.wanted = wanted
        self.lost(now_ms)

    def lost(self, now_ms: int) -> None:
        """A bonded device has gone; it may be back soon."""
        self._fast_ms, self._fast = now_ms, True

    def plan(self, now_ms: int, pairing: bool) -> "tuple[int, int]":
        """(interval in us or 0 for silence, ms for which that holds or `FOR_EVER`)."""
        if pairing:
            return FAST_US, FOR_EVER
        if not self.wanted:
            return 0, FOR_EVER
        fast_ms = self._fast_left(now_ms)
        return (FAST_US, fast_ms) if fast_ms else (SLOW_US, FOR_EVER)

    def _fast_left(self, now_ms: int) -> int:
        """Milliseconds of the fast time that are left; 0 when it is over."""
        if self._fast and not 0 <= ticks_diff(now_ms, self._fast_ms) < FAST_MS:
            self._fast = False  # noted, since ticks wrap
        return FAST_MS - ticks_diff(now_ms, self._fast_ms) if self._fast else 0
