"""Time on the watch. Only this room uses the `time` module.

Three kinds of time:

- ticks: wrap at 2^30, for measuring short spans; compare them with `ticks_diff` only;
- display time: what the screen shows; any bonded phone may set it;
- security time: a floor that only rises; validity, limits and delays use it.
"""

import time

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import ClockSource

    Saved = tuple[int, Optional[int]]

_TICKS_MASK = const(0x3FFFFFFF)  # 2^30 - 1: the port's own wrap on the ESP32, a divisor of it on unix
_TICKS_HALF = const(0x20000000)  # 2^29; larger sums would leave the 31-bit small integers and allocate
_EPOCH_2000_S = const(946684800)  # 2000-01-01 UTC in seconds since 1970
_DISPLAY_MIN_S = const(946684800)
_DISPLAY_MAX_S = 4102444800  # 2100-01-01 UTC; not const: beyond the small integers of the board
_MAX_OFF_S = const(31622400)  # 366 days: a longer gap between two starts means the clock chip is wrong

MINUTES_1970_TO_2000 = const(15_778_080)
"""Services count minutes since 1970, screens and apps since 2000."""

port_ticks_ms: "Callable[[], int]" = time.ticks_ms  # type: ignore[assignment]
"""The interpreter's own counter, in ms; wraps as the port does."""


def ticks_diff(later: int, earlier: int) -> int:
    """Signed distance of two ticks in their unit, right up to 2^29 (six days in ms). Allocates nothing."""
    distance = later - earlier
    if distance >= _TICKS_HALF:
        return distance - _TICKS_HALF - _TICKS_HALF
    if distance < -_TICKS_HALF:
        return distance + _TICKS_HALF + _TICKS_HALF
    return distance


def ticks_add(ticks: int, delta: int) -> int:
    """The tick `delta` later (or earlier, if negative); `delta` within 2^29. Allocates nothing."""
    centred = ticks - _TICKS_HALF + delta
    if centred >= _TICKS_HALF:
        return centred - _TICKS_HALF
    if centred < -_TICKS_HALF:
        centred = centred + _TICKS_HALF + _TICKS_HALF
    return centred + _TICKS_HALF


def unix_offset_s(epoch_year: int) -> int:
    """What to add to a port's `time.time()`, given `time.gmtime(0)[0]`. Raises ValueError for an unknown epoch."""
    if epoch_year == 1970:
        return 0
    if epoch_year == 2000:
        return _EPOCH_2000_S
    raise ValueError("unknown epoch")


class Clock:
    """Ticks, display time and security time over a board's clock source.

    The owner stores `saved()` from time to time and after `set_display`, and hands it back at the next start.
    """

    def __init__(self, source: "ClockSource", floor_s: int, saved: "Optional[Saved]" = None) -> None:
        """`floor_s`: build time of the firmware, seconds since 1970. `saved`: what `saved()` returned earlier."""
        self._source = source
        self._floor_s = floor_s
        self._rest_ms = 0
        self._counted_ms = self.ticks_ms()
        if saved is not None:
            self._restore(saved[0], saved[1])

    def _restore(self, floor_s: int, rtc_s: "Optional[int]") -> None:
        """Take up an earlier floor and add the time the watch was off, if the clock chip can be believed."""
        now_s = self._source.unix_s()
        if now_s is not None and rtc_s is not None and 0 < now_s - rtc_s <= _MAX_OFF_S:
            floor_s += now_s - rtc_s
        self._floor_s = max(self._floor_s, floor_s)

    def ticks_ms(self) -> int:
        """Milliseconds, wrapping at 2^30 (12 days) on every port."""
        return self._source.ticks_ms() & _TICKS_MASK

    def ticks_us(self) -> int:
        """Microseconds, wrapping at 2^30 (18 minutes) on every port."""
        return self._source.ticks_us() & _TICKS_MASK

    def display_known(self) -> bool:
        """False when the real-time clock lost power and nobody has set it since."""
        return self._source.unix_s() is not None

    def display_s(self) -> int:
        """Seconds since 1970 for the screen; security time while the real-time clock is lost. Decides nothing."""
        now_s = self._source.unix_s()
        return self.security_s() if now_s is None else now_s

    def set_display(self, unix_s: int) -> None:
        """Set the real-time clock. Security time does not move. Raises InputError outside the years 2000 to 2099."""
        if not _DISPLAY_MIN_S <= unix_s < _DISPLAY_MAX_S:
            raise InputError("time is not between 2000 and 2099")
        self._source.set_unix_s(unix_s)

    def security_s(self) -> int:
        """Seconds since 1970 that are certainly over. Never goes back, whoever sets which clock."""
        now_ms = self.ticks_ms()
        # Unsigned on purpose: spans of up to 12 days between two calls count in full.
        elapsed_ms = (now_ms - self._counted_ms & _TICKS_MASK) + self._rest_ms
        self._counted_ms = now_ms
        self._floor_s += elapsed_ms // 1000
        self._rest_ms = elapsed_ms % 1000
        return self._floor_s

    def raise_floor(self, unix_s: int) -> None:
        """Security time is at least `unix_s` from now on. The caller has verified who says so."""
        self._floor_s = max(self.security_s(), unix_s)

    def saved(self) -> "Saved":
        """(security time, real-time clock) now, to be stored and given to the next start."""
        return self.security_s(), self._source.unix_s()
