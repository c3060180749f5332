"""Bosch BHI260AP sensor hub on I2C: acceleration, steps, movement and gestures from its virtual sensors.

Its firmware is not ours to give (UNSURE-BHI-LICENCE): without the file the hub stays asleep, tells nothing, and does no
harm. Which virtual sensors there are depends on the firmware, so the hub is asked. Source as in bhi260ap_bus.py.
"""

from micropython import const

from drivers import bhi260ap_boot as boot
from drivers import bhi260ap_bus as hub
from drivers import bhi260ap_fifo as fifo
from drivers.bhi260ap_bus import HubBus
from drivers.bhi260ap_fifo import Fifo
from drivers.motion_sensor import MOVED, RAISED, STEPS, STILL, UPRIGHT, signed16

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from drivers.motion_sensor import Blob, I2c

_PRESENT = const(0x011F)
_PRESENT_BYTES = const(32)
_MOUNTED = const(0x0121)
"""How the accelerometer is mounted: nine numbers of four bits, and three spare bytes."""
_QUIET = const(0x0E)
"""The line tells of the FIFO that wakes and of faults; the rest is muted."""
_LOW = const(0x20)
"""The line is low while there is news, not high."""

_CHOICES = (
    # what for, and virtual sensors that tell it, the best first
    (STEPS, (fifo.STEPS_LOW, fifo.STEPS, fifo.STEPS_LOW_WAKE, fifo.STEPS_WAKE)),
    (RAISED, (fifo.WRIST_TILT, fifo.GLANCE, fifo.WAKE_GESTURE)),
    (MOVED, (fifo.ANY_MOTION, fifo.MOTION, fifo.ANY_MOTION_WAKE)),
    (STILL, (fifo.STATIONARY,)),
)
"""Only a raised wrist need end the sleep of the processor: a wearer moves all day, and the watch looks in the end."""
_RESTARTED = (16, 19)
"""Meta events: initialised, reset. After the start they say that the hub has lost its sensors."""
_LINGER = const(150)
"""Acceleration goes on for so many calls of `events` after the last question about it: more than a minute, which is the
longest time between two questions of a phone."""
_BAD_MOST = const(8)
"""A hub that makes no sense so many times in a row has gone."""

# Bosch: 4096 to the g at any range.
_TIMES, _SHIFT = const(125), const(9)
_TOP_MASK = const(0x3F)


class Bhi260ap:
    """One hub."""

    def __init__(
        self,
        i2c: "I2c",
        delay_ms: "Callable[[int], object]",
        axes: "tuple[int, int, int]" = UPRIGHT,
        low: bool = False,
    ) -> None:
        """`axes` as `motion_sensor.UPRIGHT`: gestures depend on it, what `acceleration` stores does not.

        `low`: the line is low while there is news; else it is high.
        """
        self._axes = axes
        self._line = _QUIET | _LOW if low else _QUIET
        self._bus = HubBus(i2c, delay_ms)
        self._fifo = Fifo(self._bus, self._take)
        self._held = [0, 0, 0]
        self._kinds = bytearray(256)
        """By number of a virtual sensor that was chosen: what it tells."""
        self._chosen: "list[int]" = []
        self._forget()
        self.bad = 0
        """Reads of a FIFO that made no sense, since power-up."""

    def _forget(self) -> None:
        self.awake = False
        """True while the hub runs its firmware."""
        self.abilities = 0
        """What the hub tells by itself, bits of motion_sensor.py."""
        self._steps = self._events = self._fresh = self._linger = self._bad_now = 0
        self._measured = self._restarted = False

    def start(self, blob: "Optional[Blob]" = None, length: int = 0) -> None:
        """Reset the hub; with its firmware, `length` bytes, let it run. Without it stays asleep: see `awake`.

        Takes up to 0.15 s, with the firmware 1 to 3 s. Raises OSError, ENODEV if it is another chip; ValueError if the
        firmware is none. It sleeps then.
        """
        self._forget()
        boot.reset(self._bus)
        if blob is None:
            return
        try:
            boot.load(self._bus, blob, length)
        except ValueError:
            boot.reset(self._bus)
            raise
        self._bus.write(hub.INTERRUPTS, self._line)
        self._bus.write(hub.INTERFACE, 0)
        self._bus.set_parameter(_MOUNTED, _matrix(self._axes))
        self._choose()
        self._drain()
        self._events, self._restarted = 0, False  # that it has started is no news
        self.awake = True

    def acceleration(self, into: "list[int]") -> bool:
        """Store the latest x, y, z in milli-g; False as long as there are none, 40 ms after the first question.

        Allocates nothing. Raises OSError.
        """
        if not self.awake:
            return False
        if not self._linger:
            self._measured = False
            self._bus.configure(fifo.ACCELERATION, hub.RATE_25_HZ)
        self._linger = _LINGER
        self._drain()
        if not self._measured:
            return False
        for place in range(3):  # the hub has turned them towards the wearer; its sisters do not
            axis = self._axes[place]
            into[abs(axis) - 1] = self._held[place] if axis > 0 else -self._held[place]
        return True

    def steps(self) -> int:
        """Steps since `start`, as of the last `events` or `acceleration`. Allocates nothing."""
        return self._steps

    def events(self) -> int:
        """What has happened since the last call: MOVED, STILL, RAISED. Allocates nothing. Raises OSError."""
        if not self.awake:
            return 0
        if self._linger:
            self._linger -= 1
            if not self._linger:
                self._bus.configure(fifo.ACCELERATION, hub.RATE_OFF)
        self._drain()
        told, self._events = self._events, 0
        return told if self.awake else 0

    def rest(self, on: bool) -> None:
        """Switch every virtual sensor off, or those that were chosen on. Asking again is safe. Raises OSError."""
        if not self.awake:
            return
        if on:
            self._linger = 0
            self._bus.configure(fifo.ACCELERATION, hub.RATE_OFF)
        for number in self._chosen:
            self._bus.configure(number, hub.RATE_OFF if on else hub.RATE_ON)

    def _choose(self) -> None:
        """Switch on the best virtual sensor that there is for each purpose."""
        present = bytearray(_PRESENT_BYTES)
        self._bus.parameter(_PRESENT, present)
        for number in self._chosen:
            self._kinds[number] = 0
        self._chosen = []
        for purpose, numbers in _CHOICES:
            for number in numbers:
                if present[number >> 3] >> (number & 7) & 1:
                    self._kinds[number] = purpose
                    self._chosen.append(number)
                    self.abilities |= purpose
                    self._bus.configure(number, hub.RATE_ON)
                    break

    def _drain(self) -> None:
        good = self._fifo.drain(hub.FIFO_WAKE)
        good = self._fifo.drain(hub.FIFO_QUIET) and good
        if not good:
            self.bad += 1
        self._bad_now = 0 if good else self._bad_now + 1
        if self.awake and (self._restarted or self._bad_now >= _BAD_MOST):
            self.awake, self.abilities = False, 0
        fresh, self._fresh = self._fresh, 0
        if fresh and self.awake:
            for number in self._chosen:  # some of them tell once and stop
                if self._kinds[number] & fresh:
                    self._bus.configure(number, hub.RATE_ON)

    def _take(self, number: int, data: bytearray) -> None:
        """One event."""
        if number == fifo.ACCELERATION:
            for place in range(3):
                self._held[place] = signed16(data, 2 * place) * _TIMES >> _SHIFT
            self._measured = True
        elif number == fifo.META or number == fifo.META_WAKE:
            self._restarted = self._restarted or data[0] in _RESTARTED
        elif self._kinds[number] == STEPS:
            self._steps = data[0] | data[1] << 8 | data[2] << 16 | (data[3] & _TOP_MASK) << 24
        elif self._kinds[number]:
            self._events |= self._kinds[number]
            self._fresh |= self._kinds[number]


def _matrix(axes: "tuple[int, int, int]") -> bytes:
    """One row for each direction of the wearer, of 1, 0 and -1 for each axis of the chip; low half of a byte first."""
    cells = [0] * 10
    for row, axis in enumerate(axes):
        cells[3 * row + abs(axis) - 1] = 1 if axis > 0 else -1
    return bytes(cells[place] & 0x0F | (cells[place + 1] & 0x0F) << 4 for place in range(0, 10, 2)) + bytes(3)
