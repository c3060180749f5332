"""MicroPython's `time` as a board has it, over the hardware's own time: seconds since 2000, ticks modulo 2^30.

Waiting costs nothing: it lets the models run. A look at the ticks takes a moment, so that a loop that waits for the
hardware comes to an end. `install` puts it in the place of the module of the computer.
"""

import sys
import time as _port

from micropython import const

from board.simulator.esp32s3.hardware import current

_TICKS = const(0x3FFF_FFFF)
_HALF = const(0x2000_0000)
_LOOK_US = const(5)
"""A call into the port and back; an estimate for the board."""
_US_PER_MS = const(1000)
_NS_PER_US = const(1000)
_US = const(1_000_000)
_UNIX_2000_S = const(946_684_800)

_kept: "list[object]" = []


class BoardTime:
    """The module. Its functions are methods, which nobody who imports it can tell."""

    start_s = 0
    """What the clock of the port says at power-up."""

    def __init__(self, real: bool = False) -> None:
        """`real`: work takes the time that it takes here, so ticks are never behind ours; else it takes none."""
        self._since_ns = _port.time_ns() if real else 0

    def ticks_ms(self) -> int:
        """Milliseconds."""
        return self.ticks_us_long() // _US_PER_MS & _TICKS

    def ticks_us(self) -> int:
        """Microseconds."""
        return self.ticks_us_long() & _TICKS

    def ticks_us_long(self) -> int:
        """Microseconds that do not wrap."""
        time, behind_us = current().time, 0
        if self._since_ns:
            behind_us = (_port.time_ns() - self._since_ns) // _NS_PER_US - time.now_us
        time.advance_us(max(_LOOK_US, behind_us))
        return time.now_us

    ticks_cpu = ticks_us

    def ticks_diff(self, end: int, start: int) -> int:
        """Signed distance."""
        return ((end - start + _HALF) & _TICKS) - _HALF

    def ticks_add(self, ticks: int, delta: int) -> int:
        """A later tick."""
        return (ticks + delta) & _TICKS

    def sleep_us(self, us: int) -> None:
        """Wait."""
        current().wait_us(us)

    def sleep_ms(self, ms: int) -> None:
        """Wait."""
        current().wait_us(ms * _US_PER_MS)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        current().wait_us(int(seconds * _US))

    def time(self) -> int:
        """Seconds since 2000."""
        return self.start_s + current().time.now_us // _US

    def gmtime(self, seconds: "int | None" = None) -> tuple:
        """Year, month, day, hour, minute, second, weekday, day of the year."""
        if seconds is None:
            seconds = self.time()
        return tuple(_port.gmtime(seconds + _UNIX_2000_S))[:8]

    localtime = gmtime

    def mktime(self, local: tuple) -> int:
        """Seconds since 2000."""
        return int(_port.mktime(tuple(local[:8]) + (0,))) - _UNIX_2000_S


def install(real: bool = False) -> None:
    """Whoever imports `time` from now on gets this one; `real` as for `BoardTime`."""
    _kept.append(sys.modules.get("time"))
    sys.modules["time"] = BoardTime(real)  # type: ignore[assignment] # as a module


def remove() -> None:
    """As before `install`."""
    kept = _kept.pop()
    if kept is None:
        del sys.modules["time"]
    else:
        sys.modules["time"] = kept  # type: ignore[assignment] # it was there
