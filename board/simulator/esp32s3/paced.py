"""Waiting for a cable in real time: the hardware's time goes with ours, however busy the computer is."""

import select
import sys
import time as _port

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.simulator.esp32s3.hardware import Hardware

_US_PER_MS = const(1000)
_LEAST_MS = const(20)
"""Shorter waits last as long as this, unless bytes come: to move all models by five costs the computer two."""


class Paced:
    """What `Idle` and `Sleep` call to wait."""

    def __init__(self, hardware: "Hardware") -> None:
        """The cable is standard input."""
        self._hardware = hardware
        self._port: "Any" = _port
        self._poll = select.poll()
        self._poll.register(sys.stdin, select.POLLIN)
        self._last_ms = self._port.ticks_ms()

    def __call__(self, limit_ms: int) -> None:
        """Wait for bytes, as long or a moment longer. What passes beyond that between two calls passes here too."""
        self._poll.poll(max(limit_ms, _LEAST_MS) if limit_ms else 0)
        now_ms = self._port.ticks_ms()
        beyond_ms = self._port.ticks_diff(now_ms, self._last_ms) - limit_ms
        self._last_ms = now_ms
        if beyond_ms > 0:
            self._hardware.time.advance_us(beyond_ms * _US_PER_MS)
