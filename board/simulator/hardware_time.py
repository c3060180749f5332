"""The time of a real board on virtual hardware: chips, timers and the event loop share the time of the processor."""

from micropython import const

from watch.kernel.clock import port_ticks_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.esp32s3.hardware import Hardware

_WRAP_MS = 1 << 30
_US_PER_MS = const(1000)
_LOOK_MS = const(5)
"""The longest that nobody looks at timers and wires while every task waits."""


class HardwareTime:
    """`watch.kernel.loop.Waiter`. Follows the computer's time, except while `advance` makes it run ahead."""

    def __init__(self, hardware: "Hardware") -> None:
        self._hardware = hardware
        # The interpreter stamps tasks that are ready with the port's counter: this one must never be behind it.
        self._zero_ms = (port_ticks_ms() // _WRAP_MS + 2) * _WRAP_MS
        self._real_ms = port_ticks_ms()
        self._ahead_until_ms = 0

    def ticks_ms(self) -> int:
        """Milliseconds that do not wrap. Lets the hardware catch up."""
        real_ms = port_ticks_ms()
        passed_ms, self._real_ms = real_ms - self._real_ms, real_ms
        if passed_ms > 0:
            self._hardware.time.advance_us(passed_ms * _US_PER_MS)
        return self._zero_ms + self._hardware.time.now_us // _US_PER_MS

    def advance(self, ms: int) -> None:
        """Run ahead by `ms` as fast as the tasks allow."""
        self._ahead_until_ms = max(self._ahead_until_ms, self.ticks_ms()) + ms

    def wait(self, poll: "Callable[[int], None]", delay_ms: int) -> None:
        """Wait for input or a part of the time until the next deadline; the loop comes back for the rest."""
        ahead_ms = self._ahead_until_ms - self.ticks_ms()
        if ahead_ms <= 0:
            poll(_LOOK_MS if delay_ms < 0 else min(delay_ms, _LOOK_MS))
            self.ticks_ms()
            return
        poll(0)
        step_ms = ahead_ms if delay_ms < 0 else min(ahead_ms, delay_ms)
        left_us = self._hardware.time.left_us()
        if left_us >= 0:  # a timer or a chip may call a task before that
            step_ms = min(step_ms, left_us // _US_PER_MS + 1)
        self._hardware.time.advance_us(step_ms * _US_PER_MS)
