"""Clock sources of the simulator: the computer's time, or virtual time that moves only when the host says so."""

import struct
import time

from board.simulator import frames
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.link import Link

_TICKS_MASK = const(0x3FFF_FFFF)
"""Ticks wrap at 2^30 on the board (30-bit small integers), so they do here; the unix port alone wraps far later."""
_EPOCH_2000_S = const(946_684_800)
"""1970-01-01 to 2000-01-01; MicroPython counts from 2000 on microcontrollers."""


class RealClock:
    """`ports.ClockSource` that follows the computer."""

    virtual = False

    def __init__(self, link: "Link", unix_s: "int | None", ticks_start_ms: int) -> None:
        """`unix_s` is the time of day at the start, None for a clock that lost power; ticks begin at `ticks_start_ms`."""
        self._link = link
        self._ticks_start_ms = ticks_start_ms
        self._base_us = time.ticks_us()
        self._offset_s = None if unix_s is None else unix_s - int(time.time())

    def ticks_ms(self) -> int:
        """Milliseconds that wrap at 2^30."""
        return (self._elapsed_us() // 1000 + self._ticks_start_ms) & _TICKS_MASK

    def ticks_us(self) -> int:
        """Microseconds that wrap at 2^30."""
        return (self._elapsed_us() + self._ticks_start_ms * 1000) & _TICKS_MASK

    def unix_s(self) -> "int | None":
        """Seconds since 1970, or None if the clock lost power."""
        return None if self._offset_s is None else int(time.time()) + self._offset_s

    def set_unix_s(self, seconds: int) -> None:
        """Set the real-time clock; the host keeps the setting over a restart of the watch."""
        self._offset_s = seconds - int(time.time())
        self._link.send(frames.CLOCK_SET, struct.pack(">q", seconds))

    def _elapsed_us(self) -> int:
        return time.ticks_diff(time.ticks_us(), self._base_us)


class VirtualClock:
    """`ports.ClockSource` that moves only by `advance_ms`."""

    virtual = True

    def __init__(self, link: "Link", unix_s: "int | None", ticks_start_ms: int, epoch: int) -> None:
        """As RealClock; the time of day is kept in seconds since `epoch` (1970 or 2000), as the board's chip would."""
        self._link = link
        self._ticks_start_ms = ticks_start_ms
        self._epoch_s = {1970: 0, 2000: _EPOCH_2000_S}[epoch]
        self._elapsed_ms = 0
        self._rtc_s = None if unix_s is None else unix_s - self._epoch_s

    def ticks_ms(self) -> int:
        """Milliseconds that wrap at 2^30."""
        return (self._elapsed_ms + self._ticks_start_ms) & _TICKS_MASK

    def ticks_us(self) -> int:
        """Microseconds that wrap at 2^30; never between two milliseconds."""
        return (self._elapsed_ms + self._ticks_start_ms) * 1000 & _TICKS_MASK

    def unix_s(self) -> "int | None":
        """Seconds since 1970, or None if the clock lost power."""
        return None if self._rtc_s is None else self._rtc_s + self._elapsed_ms // 1000 + self._epoch_s

    def set_unix_s(self, seconds: int) -> None:
        """Set the real-time clock."""
        self._rtc_s = seconds - self._epoch_s - self._elapsed_ms // 1000
        self._link.send(frames.CLOCK_SET, struct.pack(">q", seconds))

    def advance_ms(self, milliseconds: int) -> None:
        """Move on. Raises ValueError for a step back."""
        if milliseconds < 0:
            raise ValueError("time does not go back")
        self._elapsed_ms += milliseconds
