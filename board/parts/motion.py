"""`ports.Motion` over any of the motion sensors. What the chip does not tell by itself is found in its acceleration.

A sensor that fails does not move: the watch locks after ten minutes then, as it does without one.
"""

from micropython import const

from board.parts.movement import Movement
from board.parts.pedometer import Pedometer
from board.parts.wrist import WristRaise
from drivers.motion_sensor import MOVED, RAISED, STEPS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from drivers.motion_sensor import Blob

    class Sensor(Protocol):
        """What the drivers of motion sensors have in common."""

        abilities: int
        """What the chip tells by itself: bits of drivers/motion_sensor.py."""

        def start(self, blob: "Optional[Blob]" = ..., length: int = ...) -> None:
            """Reset the chip and let it measure. Raises OSError, and ValueError for a program that is none."""
            ...

        def acceleration(self, into: "list[int]") -> bool:
            """Store x, y, z in milli-g along the axes of the chip; False if there is none now. Raises OSError."""
            ...

        def steps(self) -> int:
            """Steps since `start`, 0 if the chip counts none. Raises OSError."""
            ...

        def events(self) -> int:
            """MOVED, STILL, RAISED since the last call. Raises OSError."""
            ...

        def rest(self, on: bool) -> None:
            """Stop measuring, or go on. Raises OSError."""
            ...

    class InterruptPin(Protocol):
        """What is used of `machine.Pin`."""

        def irq(self, handler: "Callable[[object], None]", trigger: int) -> object:
            """Call the handler, softly, at edges."""
            ...


SAMPLE_MS = const(40)
"""How often `sample` is to be called while the processor runs: what is found in software is made for 25 Hz."""
RISING = const(1)
FALLING = const(2)
"""`machine.Pin.IRQ_RISING` and `IRQ_FALLING` on the ESP32."""
_ALL = MOVED | RAISED | STEPS


class Motion:
    """One sensor as the watch sees it."""

    def __init__(
        self,
        sensor: "Sensor",
        axes: "tuple[int, int, int]",
        interrupt: "Optional[InterruptPin]" = None,
        edge: int = RISING,
    ) -> None:
        """A sensor that has been started. `interrupt` is its line, and `edge` what says that the chip has news.

        `axes`: which axis of the chip points right, up and towards the wearer: 1, 2, 3 for x, y, z, negative if it
        points the other way. Raises ValueError for axes that are none.
        """
        if sorted(abs(axis) for axis in axes) != [1, 2, 3]:
            raise ValueError("each axis points in one direction")
        self._sensor = sensor
        self.axes = axes
        self._raw = [0, 0, 0]
        self._now = [0, 0, 0]
        self._movement = Movement()
        self._wrist = WristRaise()
        self._pedometer = Pedometer()
        self._moved = self._raised = False
        self._steps = self._told = 0
        self._busy = False
        """True while the chip is asked something: a timer may call `sample` in the middle of it."""
        self._callback: "Optional[Callable[[], None]]" = None
        self.faults = 0
        """Times that the bus failed, since the start."""
        if interrupt is not None:
            interrupt.irq(self._interrupt, edge)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when motion starts, stillness has lasted, or the wrist is raised."""
        self._callback = callback

    def moving(self) -> bool:
        """True if the watch has moved since the last call. Allocates nothing."""
        self._look()
        if not self._sensor.abilities & MOVED and self.acceleration(self._now):
            self._moved = self._movement.look(self._now) or self._moved
        moved, self._moved = self._moved, False
        return moved

    def raised(self) -> bool:
        """True if the wrist was raised to look at the watch since the last call. Allocates nothing."""
        self._look()
        raised, self._raised = self._raised, False
        return raised

    def steps(self) -> int:
        """Steps since power-up. Never fewer than before, whatever becomes of the chip. Allocates nothing."""
        self._busy, told = True, self._told
        try:
            told = self._sensor.steps()
        except OSError:
            self.faults += 1
        finally:
            self._busy = False
        self._steps += told - self._told if told >= self._told else told
        self._told = told
        return self._steps + self._pedometer.steps

    def acceleration(self, into: "list[int]") -> bool:
        """Store x, y, z in milli-g as `ports.Motion` says; False if there is none now. Allocates nothing."""
        raw = self._raw
        self._busy = True
        try:
            if not self._sensor.acceleration(raw):
                return False
        except OSError:
            self.faults += 1
            return False
        finally:
            self._busy = False
        for place in range(3):
            axis = self.axes[place]
            into[place] = raw[axis - 1] if axis > 0 else -raw[-axis - 1]
        return True

    def sample(self) -> None:
        """To be called each SAMPLE_MS: finds what the chip does not tell. Allocates nothing."""
        able = self._sensor.abilities
        if self._busy or able & _ALL == _ALL or not self.acceleration(self._now):
            return
        news = False
        if not able & MOVED and self._movement.look(self._now):
            news = not self._moved
            self._moved = True
        if not able & RAISED and self._wrist.look(self._now):
            self._raised = news = True
        if not able & STEPS:
            self._pedometer.look(self._now)
        if news:
            self._interrupt(None)

    def rest(self, on: bool) -> None:
        """Stop measuring before the watch goes off, or go on. Raises OSError."""
        self._sensor.rest(on)

    def _look(self) -> None:
        told = 0
        self._busy = True
        try:
            told = self._sensor.events()
        except OSError:
            self.faults += 1
        finally:
            self._busy = False
        if told & MOVED:
            self._moved = True
        if told & RAISED:
            self._raised = True

    def _interrupt(self, _: object) -> None:
        if self._callback:
            self._callback()
