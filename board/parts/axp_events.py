"""The interrupt line of the power chip, shared by the key and the battery.

The handler of the line only remembers that there is something; events are read from the chip by whoever asks next,
outside of interrupts, since another program may be in the middle of a change of the same chip.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    from drivers.axp2101_events import Events

    class Pin(Protocol):
        """What is used of `machine.Pin`."""

        def __call__(self) -> int:
            """The level."""
            ...

        def irq(self, handler: "Callable[[object], None]", trigger: int) -> object:
            """Call the handler, softly, at edges."""
            ...


_FALLING = const(2)
"""`machine.Pin.IRQ_FALLING` on the ESP32."""
_STUCK_MS = const(1000)
"""A line that stays low is asked about once in this time."""
_TICKS = const(0x3FFF_FFFF)


class AxpEvents:
    """Takes events and gives each to whom it concerns."""

    def __init__(self, events: "Events", pin: "Pin", ticks_ms: "Callable[[], int]") -> None:
        """`pin` is the interrupt line, an input with a pull-up."""
        self._events = events
        self._pin = pin
        self._ticks_ms = ticks_ms
        self._takers: "list[tuple[int, Callable[[int], None]]]" = []
        self._callbacks: "list[Callable[[], None]]" = []
        self._news = False
        self._asked_ms = 0
        self.mask = 0
        """All events that somebody takes."""

    def add(self, mask: int, take: "Callable[[int], None]") -> None:
        """Give the events of `mask` to `take`, outside of interrupts. Before `start`."""
        self._takers.append((mask, take))
        self.mask |= mask

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back, possibly from a soft interrupt, when there is something to take."""
        self._callbacks.append(callback)

    def start(self) -> None:
        """Let the chip tell what somebody takes. Raises OSError."""
        self._events.enable(self.mask)
        self._pin.irq(self._edge, _FALLING)

    @property
    def stuck(self) -> bool:
        """True if the line is low for no reason that the chip tells."""
        return self._events.stuck

    def take(self) -> None:
        """Give out what there is. Costs nothing while the line is free."""
        if not self._news and (self._pin() or self._lately()):
            return
        self._news = False
        self._asked_ms = self._ticks_ms()
        try:
            found = self._events.take()
        except OSError:  # nothing is lost: the chip or its driver keeps what was not told, and the next call asks again
            self._news = True
            return
        self._give(found)

    def told(self, found: int) -> None:
        """Give out what somebody else has taken from the chip, and call back: more may wait there."""
        self._give(found)
        self._edge(None)

    def _give(self, found: int) -> None:
        for mask, take in self._takers:
            if found & mask:
                take(found & mask)

    def _lately(self) -> bool:
        return self._events.stuck and (self._ticks_ms() - self._asked_ms) & _TICKS < _STUCK_MS

    def _edge(self, pin: object) -> None:
        self._news = True
        for callback in self._callbacks:
            callback()
