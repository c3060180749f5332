"""The finger on the glass of the simulated watch, driven by frames from the host."""

import struct

from micropython import const

from board.simulator import frames
from board.simulator.ring import Ring

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from board.simulator.link import Link

    class TouchChip(Protocol):
        """What a finger needs of a model of a touch controller."""

        on_read: "Callable[[], None]"
        """Called when a report has been read."""
        waits: bool
        """True while a report has not been read."""

        @property
        def resting(self) -> bool:
            """True while nobody will read reports."""
            ...

        def touch(self, down: int, x: int, y: int) -> None:
            """The finger has come, moved or gone."""
            ...


_TOUCH_EVENTS = const(64)
"""Two seconds of a moving finger at the usual 30 reports a second."""


class Finger:
    """The finger on the glass. It waits for the watch: the chip keeps one report, and a busy watch would lose a tap."""

    def __init__(self, link: "Link", chip: "TouchChip") -> None:
        """Touch the glass of `chip` as the host says."""
        self._events = Ring(3, _TOUCH_EVENTS)
        self._event = [0, 0, 0]
        self._chip = chip
        chip.on_read = self._next
        link.handle(frames.TOUCH, self._on_frame)

    def _on_frame(self, payload: memoryview) -> None:
        down, x, y = struct.unpack(">BHH", payload)
        self._events.put(down, x, y)
        self._next()

    def _next(self) -> None:
        """Give the chip what it can take. One that rests gets everything: nobody will ask for it."""
        chip = self._chip
        while (chip.resting or not chip.waits) and self._events.take(self._event):
            down, x, y = self._event
            chip.touch(down, x, y)
