"""What the processor does while every task waits: time goes on, and chips call."""

import time as _port

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from board.simulator.esp32s3.hardware import Hardware

_STEP_MS = const(5)
_US_PER_MS = const(1000)
_WRAP_MS = 1 << 30  # ticks of a board wrap here; only the unix port runs this file


class Idle:
    """Takes the place of the wait of asyncio's loop."""

    def __init__(self, hardware: "Hardware", serve: "Callable[[int], object] | None" = None) -> None:
        """`serve(ms)` waits really, as long at most, for a host; without it waiting costs nothing."""
        self._hardware = hardware
        self._serve = serve

    def install(self) -> None:
        """From now on."""
        import asyncio.core

        core: "Any" = asyncio.core
        port: "Any" = _port
        # The interpreter stamps tasks that are ready with the port's counter: this one must never be behind it.
        ahead_ms = (port.ticks_ms() // _WRAP_MS + 2) * _WRAP_MS
        core.ticks = lambda: ahead_ms + self._hardware.time.now_us // _US_PER_MS
        core.ticks_add, core.ticks_diff = port.ticks_add, port.ticks_diff
        queue_kind = core.IOQueue
        poll = queue_kind.wait_io_event

        def wait(queue: "Any", delay_ms: int) -> None:
            self._wait(lambda: poll(queue, 0), delay_ms)

        queue_kind.wait_io_event = wait

    def _wait(self, poll: "Callable[[], object]", delay_ms: int) -> None:
        """Steps, until the delay is over or somebody has called; the loop comes back anyway after one."""
        poll()
        step_ms = _STEP_MS if delay_ms < 0 else min(delay_ms, _STEP_MS)
        if self._serve:
            self._serve(step_ms)
        self._hardware.wait_us(step_ms * _US_PER_MS)
        poll()
