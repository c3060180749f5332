"""`ports.Buttons` over pins that a button pulls low. Edges are taken in the soft interrupt; bounces are left out."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class Pin(Protocol):
        """What is used of `machine.Pin`."""

        def __call__(self) -> int:
            """The level."""
            ...

        def irq(self, handler: "Callable[[object], None]", trigger: int) -> object:
            """Call the handler, softly, at edges."""
            ...


_BOTH = const(3)
"""`machine.Pin.IRQ_RISING | IRQ_FALLING`."""
_EVENTS = const(16)
"""A triple press is six."""
_BOUNCE_MS = const(8)
"""Small switches bounce for less than 5 ms."""
_TICKS = const(0x3FFF_FFFF)


class PinButtons:
    """`ports.Buttons`: bit n is the n-th pin."""

    def __init__(self, pins: "tuple[Pin, ...]", ticks_ms: "Callable[[], int]") -> None:
        """Pins are inputs with a pull-up."""
        self._pins = pins
        self._ticks_ms = ticks_ms
        self._callback: "Optional[Callable[[], None]]" = None
        self._events = bytearray(_EVENTS)
        self._count = 0
        self._told = self._held()
        self._changed_ms = ticks_ms() - _BOUNCE_MS
        for pin in pins:
            pin.irq(self._edge, _BOTH)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when a button goes down or up."""
        self._callback = callback

    def read(self) -> int:
        """The bits of the buttons held down at the oldest unread change, or -1 when there is none."""
        if self._count:
            return self._take()
        self._note()  # the last edge may have been called a bounce: what holds now counts
        return self._take() if self._count else -1

    def _held(self) -> int:
        held = 0
        for index in range(len(self._pins)):
            if not self._pins[index]():
                held |= 1 << index
        return held

    def _edge(self, pin: object) -> None:
        self._note()
        if self._callback:
            self._callback()

    def _note(self) -> None:
        """Remember a change, unless the last one is so young that this is its bounce."""
        held = self._held()
        now_ms = self._ticks_ms()
        if held == self._told or (now_ms - self._changed_ms) & _TICKS < _BOUNCE_MS:
            return
        if self._count == _EVENTS:
            self._count -= 1  # the last word counts
        self._events[self._count] = self._told = held
        self._count += 1
        self._changed_ms = now_ms

    def _take(self) -> int:
        held = self._events[0]
        for index in range(1, self._count):
            self._events[index - 1] = self._events[index]
        self._count -= 1
        return held
