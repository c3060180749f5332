"""Finger, buttons, motion sensor and battery, driven by frames from the host."""

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
_BUTTON_EVENTS = const(16)
"""A triple press is six."""
_G = const(1000)
"""Gravity, milli-g."""
_MOVING, _RAISED = const(1), const(2)
"""Bits of a MOTION frame."""


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


class Buttons:
    """`ports.Buttons`."""

    def __init__(self, link: "Link") -> None:
        self._events = Ring(1, _BUTTON_EVENTS)
        self._held = [0]
        self.listen = self._events.listen
        link.handle(frames.BUTTONS, self._on_frame)

    def read(self) -> int:
        """The bits held down at the oldest unread change, or -1."""
        return self._held[0] if self._events.take(self._held) else -1

    def _on_frame(self, payload: memoryview) -> None:
        (held,) = struct.unpack(">B", payload)
        self._events.put(held)


class Motion:
    """`ports.Motion`."""

    def __init__(self, link: "Link") -> None:
        self._moved = False
        self._raised = False
        self._steps = 0
        self._held = [0, 0, _G]
        self._callback = None
        link.handle(frames.MOTION, self._on_frame)
        link.handle(frames.ACCELERATION, self._on_acceleration)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when motion starts, stillness has lasted, or the wrist is raised."""
        self._callback = callback

    def moving(self) -> bool:
        """True if the watch has moved since the last call."""
        moved = self._moved
        self._moved = False
        return moved

    def raised(self) -> bool:
        """True if the wrist was raised since the last call."""
        raised = self._raised
        self._raised = False
        return raised

    def steps(self) -> int:
        """Steps since power-up."""
        return self._steps

    def acceleration(self, into: "list[int]") -> bool:
        """Store x, y, z in milli-g, as the host last said; at first the watch lies on a table."""
        for place in range(3):
            into[place] = self._held[place]
        return True

    def _on_acceleration(self, payload: memoryview) -> None:
        self._held[0], self._held[1], self._held[2] = struct.unpack(">hhh", payload)

    def _on_frame(self, payload: memoryview) -> None:
        bits, self._steps = struct.unpack(">BI", payload)
        self._moved = self._moved or bool(bits & _MOVING)
        self._raised = self._raised or bool(bits & _RAISED)
        if self._callback:
            self._callback()


class Power:
    """`ports.Power`."""

    def __init__(self, link: "Link", percent: int, charging: bool) -> None:
        """Start with `percent` charge, on the charger or not."""
        self._percent = percent
        self._charging = charging
        self._callback = None
        link.handle(frames.POWER, self._on_frame)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when the charger comes or goes, or the battery runs low."""
        self._callback = callback

    def percent(self) -> int:
        """Charge left, 0 to 100."""
        return self._percent

    def charging(self) -> bool:
        """True while external power is present."""
        return self._charging

    def _on_frame(self, payload: memoryview) -> None:
        self._percent, charging = struct.unpack(">BB", payload)
        self._charging = bool(charging)
        if self._callback:
            self._callback()
