"""When the watch advertises, and how fast: arithmetic on ticks, without a radio."""

from micropython import const

from watch.kernel.clock import ticks_add, ticks_diff

OFF, WINDOWS, CONNECTED = "off", "windows", "connected"
"""The setting: never but for pairing; 20 s every 15 min; always."""

FAST_US = const(30000)
"""TGAP(adv_fast_interval1), Core 5.4 vol. 3 part C appendix A: found at once."""
SLOW_US = const(1022500)
"""The longest interval that Apple's accessory guidelines list: found within seconds, a thirtieth of the power."""
FAST_MS = const(30000)
"""How long a device that has gone is called back fast; TGAP(adv_fast_period)."""
WINDOW_MS = const(20000)
PERIOD_MS = const(900000)
FOR_EVER = const(-1)


class Schedule:
    """Says what to do at a tick, and until when that holds."""

    def __init__(self, now_ms: int) -> None:
        """Always, from a fast beginning."""
        self.mode = CONNECTED
        self._since_ms = now_ms  # of the window
        self._fast_ms = now_ms  # when the fast time began
        self._fast = True

    def set_mode(self, mode: str, now_ms: int) -> None:
        """One of the settings above. A window begins, and a fast time."""
        self.mode = mode
        self._since_ms = now_ms
        self.lost(now_ms)

    def lost(self, now_ms: int) -> None:
        """A bonded device has gone; it may be back soon."""
        self._fast_ms, self._fast = now_ms, True

    def plan(self, now_ms: int, pairing: bool) -> "tuple[int, int]":
        """(interval in us or 0 for silence, ms for which that holds or `FOR_EVER`)."""
        if pairing:
            return FAST_US, FOR_EVER
        if self.mode == OFF:
            return 0, FOR_EVER
        fast_ms = self._fast_left(now_ms)
        if self.mode == CONNECTED:
            return (FAST_US, fast_ms) if fast_ms else (SLOW_US, FOR_EVER)
        window_ms = self._window_left(now_ms)
        if window_ms > 0 or fast_ms:
            return FAST_US, max(window_ms, fast_ms)
        return 0, PERIOD_MS - WINDOW_MS + window_ms

    def _fast_left(self, now_ms: int) -> int:
        """Milliseconds of the fast time that are left; 0 when it is over."""
        if self._fast and not 0 <= ticks_diff(now_ms, self._fast_ms) < FAST_MS:
            self._fast = False  # noted, since ticks wrap
        return FAST_MS - ticks_diff(now_ms, self._fast_ms) if self._fast else 0

    def _window_left(self, now_ms: int) -> int:
        """Milliseconds of the window that are left; how long it is over, as a negative number or 0."""
        passed_ms = ticks_diff(now_ms, self._since_ms)
        if passed_ms < 0:  # not looked at for days
            self._since_ms, passed_ms = now_ms, 0
        self._since_ms = ticks_add(self._since_ms, passed_ms - passed_ms % PERIOD_MS)
        return WINDOW_MS - passed_ms % PERIOD_MS
