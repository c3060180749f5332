"""The wrist that wears the simulated watch, and the motion sensor that feels it.

Both chips find steps, movement and gestures by a program of their own and call by their line, so an idle watch measures
nothing. The makers' programs are not ours to give; what stands here instead is what the models take for one.
"""

import io
import struct

from micropython import const

from board.parts.motion import Motion
from board.simulator import frames
from board.simulator.chips import bhi260ap, bma423
from board.simulator.chips.spi import InterruptPin
from drivers.bhi260ap import Bhi260ap
from drivers.bma423 import Bma423
from drivers.motion_sensor import UPRIGHT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    from board.simulator.desk import Desk
    from board.simulator.link import Link

    class Felt(Protocol):
        """What the models of motion sensors have in common."""

        def move(self, x: int, y: int, z: int) -> None:
            """The watch is held another way."""
            ...

        def walk(self, steps: int) -> None:
            """The wearer makes steps."""
            ...

        def raise_wrist(self) -> None:
            """The wearer looks at the watch."""
            ...


_MOVING, _RAISED = const(1), const(2)
"""Bits of a MOTION frame."""
_SHAKE = const(1000)
"""Milli-g by which a moving wrist jerks; the BMA423 wakes from 708 on as its program starts."""
_RANGE = const(4000)
"""Milli-g that the chips measure at most, as their drivers set them."""
_MOST_STEPS = const(0x3FFF_FFFF)
_ACCELERATION = const(4)
"""Virtual sensor of the hub."""
_PERIOD_MS = const(40)
_HUB_BYTES = const(256)


class Hub(bhi260ap.Chip):
    """Has measured when somebody is about to look, not 25 times a second for nobody."""

    _measured_ms = 0

    def take(self, data: bytes) -> None:
        """What is written to it."""
        super().take(data)
        if _ACCELERATION not in self.rates:
            self._measured_ms = self.time.now

    def give(self, into: "bytearray | memoryview") -> None:
        """What is read from it."""
        if _ACCELERATION in self.rates and self.time.now - self._measured_ms >= _PERIOD_MS:
            self._measured_ms = self.time.now
            self.measure()
        super().give(into)


def hub(desk: "Desk") -> "Motion | None":
    """`ports.Motion` of a BHI260AP."""
    line = InterruptPin()
    chip = Hub(line, desk.misuse)
    desk.wire("BHI260AP", bhi260ap.ADDRESS, chip)
    driver = Bhi260ap(desk.i2c, chip.time.advance)
    return _worn(desk, "BHI260AP", chip, driver, line, b"\x2b\x66" + _filled(_HUB_BYTES - 2, 0x2B + 0x66))


def accelerometer(desk: "Desk") -> "Motion | None":
    """`ports.Motion` of a BMA423."""
    line = InterruptPin()
    chip = bma423.Chip(line, desk.misuse)
    chip.time.advance(bma423.Chip.starting_ms)
    desk.wire("BMA423", bma423.ADDRESS, chip)
    driver = Bma423(desk.i2c, chip.time.advance)
    return _worn(desk, "BMA423", chip, driver, line, _filled(bma423.PROGRAM_BYTES, 0))


def _filled(length: int, total: int) -> bytes:
    """Bytes that add up, with `total`, to a multiple of 256: what the models ask of a program."""
    return bytes(length - 2) + bytes((1, 255 - total & 0xFF))


def _worn(desk: "Desk", name: str, chip: "Felt", driver: "Any", line: InterruptPin, program: bytes) -> "Motion | None":
    """The sensor on a wrist; None if it does not answer."""
    Wrist(desk.link, desk.time.follow, chip, UPRIGHT)
    if not desk.found.attempt(name, lambda: driver.start(io.BytesIO(program), len(program))):
        return None
    return Motion(driver, UPRIGHT, line)


class Wrist:
    """Moves, walks and turns as the host says."""

    def __init__(
        self, link: "Link", follow: "Callable[[], object]", chip: "Felt", axes: "tuple[int, int, int]"
    ) -> None:
        """At first the watch lies on a table. `follow` brings models up to the time; `axes`: how the chip sits."""
        self._follow = follow
        self._chip = chip
        self._axes = axes
        self._held = (0, 0, 1000)
        self._told = 0
        """Steps that the host has counted."""
        self._left = _MOST_STEPS
        link.handle(frames.MOTION, self._on_motion)
        link.handle(frames.ACCELERATION, self._on_acceleration)

    def _on_motion(self, payload: memoryview) -> None:
        bits, steps = struct.unpack(">BI", payload)
        self._follow()
        if bits & _MOVING:
            x, y, z = self._held
            self._hold(x + _SHAKE, y, z)
            self._hold(x, y, z)
        made, self._told = min(steps - self._told, self._left), steps
        if made > 0:
            self._left -= made
            self._chip.walk(made)
        if bits & _RAISED:
            self._chip.raise_wrist()
            self._hold(*self._held)  # as the host last said

    def _on_acceleration(self, payload: memoryview) -> None:
        self._follow()
        x, y, z = [max(-_RANGE, min(_RANGE, value)) for value in struct.unpack(">hhh", payload)]
        self._held = (x, y, z)
        self._hold(x, y, z)

    def _hold(self, *held: int) -> None:
        """The watch is held like that: along the axes of the chip, however it is mounted."""
        along = [0, 0, 0]
        for value, axis in zip(held, self._axes):
            along[abs(axis) - 1] = value if axis > 0 else -value
        self._chip.move(*along)
