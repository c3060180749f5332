"""Time that steps: the clock source and waiter of tests and of the simulator. Not for the board."""

import asyncio.core

from micropython import const

from watch.kernel.clock import port_ticks_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

_WRAP_MS = 1 << 30  # ticks of the board wrap here; only unix runs this file, so it may exceed small integers


class VirtualTime:
    """A clock source whose waits cost nothing.

    Between waits time stands still; when every task waits, it jumps to the next deadline. With `paced` it follows real
    time instead, except while `advance` makes it run ahead.
    """

    def __init__(
        self, unix_s: "Optional[int]" = None, ticks_ms: int = 0, paced: bool = False, grace_ms: int = 0
    ) -> None:
        """`unix_s`: the real-time clock, None when it lost power. `ticks_ms`: low 30 bits of the tick counter.

        `grace_ms`: real time that open connections get to deliver input before each jump.
        """
        # The interpreter stamps tasks that are ready with the port's counter: virtual time must never be behind it.
        self._now_ms = (port_ticks_ms() // _WRAP_MS + 2) * _WRAP_MS + ticks_ms
        self._real_ms = port_ticks_ms()
        self._ahead_until_ms = self._now_ms
        self._paced = paced
        self._grace_ms = grace_ms
        self._zero_ms = self._now_ms
        self._unix_s = unix_s

    def ticks_ms(self) -> int:
        """Virtual milliseconds."""
        real_ms = port_ticks_ms()
        if self._paced:
            self._now_ms += real_ms - self._real_ms
        self._real_ms = real_ms
        return self._now_ms

    def ticks_us(self) -> int:
        """Virtual microseconds, which stand still while nothing asks for the milliseconds, with `paced` too.

        So work takes no time, and what is calibrated by it comes out the same however busy the computer is.
        """
        return self._now_ms * 1000

    def unix_s(self) -> "Optional[int]":
        """Seconds since 1970, or None as a real-time clock that lost power."""
        return None if self._unix_s is None else self._unix_s + (self.ticks_ms() - self._zero_ms) // 1000

    def set_unix_s(self, seconds: int) -> None:
        """Set the real-time clock."""
        self._zero_ms = self.ticks_ms()
        self._unix_s = seconds

    def lose_power(self) -> None:
        """Let the real-time clock forget the time."""
        self._unix_s = None

    def step(self, ms: int) -> None:
        """Let time pass at once, as if the code that calls had taken that long."""
        self._now_ms += ms

    def advance(self, ms: int) -> None:
        """Paced time: run ahead by `ms` as fast as the tasks allow, meeting every deadline on the way."""
        self._ahead_until_ms = max(self._ahead_until_ms, self.ticks_ms()) + ms

    def wait(self, poll: "Callable[[int], None]", delay_ms: int) -> None:
        """Wait for input or the next deadline (see `Waiter` in loop.py)."""
        ahead_ms = self._ahead_until_ms - self.ticks_ms()
        if self._paced and ahead_ms <= 0:
            poll(delay_ms)
        elif delay_ms < 0 and not self._paced:
            poll(-1)
        else:
            self._jump(poll, delay_ms, ahead_ms)

    def _jump(self, poll: "Callable[[int], None]", delay_ms: int, ahead_ms: int) -> None:
        """Skip to the next deadline (paced: at most to the end of `advance`) unless input came."""
        poll(self._grace_ms if delay_ms and asyncio.core._io_queue.map else 0)
        head = asyncio.core._task_queue.peek()
        if head is not None and head.ph_key <= self._now_ms:
            return
        if self._paced:
            delay_ms = ahead_ms if delay_ms < 0 else min(delay_ms, ahead_ms)
        self._now_ms += delay_ms
