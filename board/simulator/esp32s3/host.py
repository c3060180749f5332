"""The host link of a watch on virtual hardware: its panel and radio go out, fingers and the button come in."""

import struct
import sys
import time as _port

from micropython import const

from board.simulator import frames
from board.simulator.link import Link
from board.simulator.outputs import Glass
from board.simulator.radio.alone import put_on_air

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.simulator.esp32s3.hardware import Hardware
    from board.simulator.link import Stream

_LOOK_MS = const(5)
"""A look whether the host has something to say takes a millisecond or two of the computer's time."""


class Host:
    """The wiring of a board, joined to a host process."""

    def __init__(self, stream: "Stream", hardware: "Hardware", wiring: "Any") -> None:
        """`wiring` is a module of board/simulator/wiring/."""
        self._link = Link(stream)
        self._port: "Any" = _port
        self._looked_ms = _port.ticks_ms()
        glass = Glass(self._link)
        self._wiring = wiring.Wiring(hardware, glass.show, glass.light, glass.dark)
        self._link.handle(frames.TOUCH, self._touch)
        self._link.handle(frames.BUTTONS, self._buttons)
        self._link.handle(frames.POWER, self._power)
        put_on_air(hardware.unique_id, self._link)
        self._link.send(frames.READY, b"")

    def serve(self, limit_ms: int) -> None:
        """Wait for frames, `limit_ms` at most, and do what they say. Raises OSError once the host is gone."""
        self._link.serve(limit_ms)

    def pause(self, limit_ms: int) -> None:
        """As `serve`, for a loop whose tasks may always have work: it takes the time here that it takes.

        Without that its timers would stand while a passcode is stretched, and nobody would be answered meanwhile.
        """
        now_ms = self._port.ticks_ms()
        if limit_ms or self._port.ticks_diff(now_ms, self._looked_ms) >= _LOOK_MS:
            self._looked_ms = now_ms
            self._link.serve(limit_ms)
        sys.modules["time"].ticks_us()  # the module of the board: never behind ours

    def _touch(self, payload: memoryview) -> None:
        down, x, y = struct.unpack(">BHH", payload)
        if self._wiring.touch.chip:
            self._wiring.touch.chip.touch(down, x, y)

    def _buttons(self, payload: memoryview) -> None:
        (held,) = struct.unpack(">B", payload)
        self._wiring.hold(held)

    def _power(self, payload: memoryview) -> None:
        percent, charging = struct.unpack(">BB", payload)
        self._wiring.charge(percent, bool(charging))
