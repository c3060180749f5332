"""What a person does to the watch: touches, strokes, presses."""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable

from tapwatch.simulator import frames
from tapwatch.simulator.panel import Glass

SIDE_BUTTON = 0
TOUCH_S = 0.06
"""How long a short touch or press lasts."""
BETWEEN_PRESSES_S = 0.1
LONG_PRESS_S = 1.2
_STROKE_S = 0.15
_STROKE_STEPS = 10
_STROKES = {"left": (0.8, 0.5, 0.2, 0.5), "right": (0.2, 0.5, 0.8, 0.5),
            "up": (0.5, 0.8, 0.5, 0.2), "down": (0.5, 0.2, 0.5, 0.8)}  # fmt: skip
"""Start and end of a stroke, as parts of the panel's width and height."""


class Fingers:
    """Sends touch and button events.

    Between them `pause(seconds)` lets the watch's time run on, so a gesture has the same length for the watch however
    busy the computer is, and takes less of a script's time.
    """

    def __init__(
        self, glass: Glass, send: Callable[[int, bytes], None], pause: Callable[[float], Awaitable[None]]
    ) -> None:
        self._glass = glass
        self._send = send
        self._pause = pause
        self._held = 0

    def point(self, down: bool, x: int, y: int) -> None:
        """One report of the touch panel; points beyond the edge are moved onto it."""
        x = min(max(x, 0), self._glass.width - 1)
        y = min(max(y, 0), self._glass.height - 1)
        self._send(frames.TOUCH, struct.pack(">BHH", down, x, y))

    def button(self, button: int, down: bool) -> None:
        """One button (0 is the side button) goes down or up. Raises ValueError."""
        if button not in (0, 1):
            raise ValueError(f"there is no button {button}")
        self._held = self._held | 1 << button if down else self._held & ~(1 << button)
        self._send(frames.BUTTONS, bytes([self._held]))

    async def touch(self, x: int, y: int, seconds: float = TOUCH_S) -> None:
        """Touch a point and let go."""
        self.point(True, x, y)
        await self._pause(seconds)
        self.point(False, x, y)
        await self._pause(TOUCH_S)

    async def swipe(self, direction: str) -> None:
        """Stroke `left`, `right`, `up` or `down` across the panel. Raises ValueError."""
        if direction not in _STROKES:
            raise ValueError(f"a swipe goes left, right, up or down, not {direction!r}")
        x0, y0, x1, y1 = _STROKES[direction]
        width, height = self._glass.width, self._glass.height
        await self.drag(int(x0 * width), int(y0 * height), int(x1 * width), int(y1 * height))

    async def drag(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Move a finger from one point to another and let go."""
        for step in range(_STROKE_STEPS + 1):
            x = x0 + (x1 - x0) * step // _STROKE_STEPS
            y = y0 + (y1 - y0) * step // _STROKE_STEPS
            self.point(True, x, y)
            await self._pause(_STROKE_S / _STROKE_STEPS)
        self.point(False, x1, y1)
        await self._pause(TOUCH_S)

    async def press(self, button: int = SIDE_BUTTON, times: int = 1, seconds: float = TOUCH_S) -> None:
        """Press a button `times` times, each for `seconds`."""
        for _ in range(times):
            self.button(button, True)
            await self._pause(seconds)
            self.button(button, False)
            await self._pause(BETWEEN_PRESSES_S)
