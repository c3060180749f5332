"""`machine.Pin` of the ESP32 port over the nets of a board. Interrupt handlers are soft, as there."""

import micropython
from micropython import const

from board.simulator.esp32s3.hardware import current

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.esp32s3.net import Net

_KEEP = const(-1)


class Pin:
    """One GPIO; every `Pin(n)` is the same object."""

    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_DOWN = 1
    PULL_UP = 2
    IRQ_RISING = 1
    IRQ_FALLING = 2
    WAKE_LOW = 4
    WAKE_HIGH = 5
    DRIVE_0 = 0
    DRIVE_1 = 1
    DRIVE_2 = 2
    DRIVE_3 = 3

    _net: "Net"
    _mode: int
    _value: int

    def __new__(cls, id: "int | Pin", *args: object, **kwargs: object) -> "Pin":  # noqa: A002 # so called by the port
        """The object of this GPIO. Raises ValueError for one that the chip lacks or the flash uses."""
        if isinstance(id, Pin):
            return id
        hardware = current()
        if id not in hardware.nets:
            raise ValueError("invalid pin")
        pin = hardware.objects.get(("Pin", id))
        if pin is None:
            pin = object.__new__(cls)
            hardware.objects[("Pin", id)] = pin
            pin._net, pin._mode, pin._value = hardware.nets[id], cls.IN, 0
            pin._handler, pin._trigger = None, 0
        return pin

    def __init__(
        self,
        id: "int | Pin",  # noqa: A002 # so called by the port
        mode: int = _KEEP,
        pull: "int | None" = _KEEP,
        *,
        value: "int | None" = None,
        drive: "int | None" = None,
        hold: "bool | None" = None,
    ) -> None:
        """As `init`."""
        self.init(mode, pull, value=value, drive=drive, hold=hold)

    def init(
        self,
        mode: int = _KEEP,
        pull: "int | None" = _KEEP,
        *,
        value: "int | None" = None,
        drive: "int | None" = None,
        hold: "bool | None" = None,
    ) -> None:
        """Change what is given: the level first, so that a new output starts with it."""
        if value is not None:
            self._value = 1 if value else 0
        if mode not in (_KEEP, self.IN, self.OUT, self.OPEN_DRAIN):
            raise ValueError("invalid pin mode")
        if mode != _KEEP:
            self._mode = mode
            self._net.give_back(hold is False)
        if hold is not None:
            self._net.held = hold
        if pull != _KEEP:
            self._net.pull(None if pull is None else 1 if pull == self.PULL_UP else 0)
        if mode != _KEEP or value is not None:
            self._put()

    def __call__(self, x: "int | None" = None) -> "int | None":
        """Set the level, or ask."""
        return self.value(x) if x is not None else self._net.read()

    def value(self, x: "int | None" = None) -> "int | None":
        """Set the level, or ask."""
        if x is None:
            return self._net.read()
        self._value = 1 if x else 0
        self._put()
        return None

    def on(self) -> None:
        """High."""
        self.value(1)

    def off(self) -> None:
        """Low."""
        self.value(0)

    def irq(
        self, handler: "Callable[[Pin], object] | None" = None, trigger: int = 3, *, wake: "int | None" = None
    ) -> object:
        """Call `handler` with this pin, softly, at these edges. It ends no sleep through ext0 from now on, as there."""
        sleep = current().sleep
        if sleep.ext0 and sleep.ext0[0] is self._net:
            sleep.ext0 = None
        self._handler, self._trigger = handler, trigger
        self._net.handler = self._edge if handler else None
        return self

    def _put(self) -> None:
        if self._mode == self.IN:
            self._net.output(None)
        else:
            self._net.output(self._value, self._mode == self.OPEN_DRAIN)

    def _edge(self, edge: int) -> None:
        if edge & self._trigger and self._handler:
            try:
                micropython.schedule(self._handler, self)
            except RuntimeError:
                # The queue is full: the port loses the call then, and so do we.
                return


def gpio(pin: "Pin | int | None") -> "int | None":
    """Number of a pin. Raises ValueError."""
    return None if pin is None else Pin(pin)._net.gpio
