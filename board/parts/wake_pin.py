"""An interrupt line that also ends the light sleep of the ESP32.

In that sleep an edge calls nobody: whoever listens is called after it, if the line calls then. The chip sees such a
line through the pads of its clock domain, and leaves them there, held: until the pin is set up as an input again and
let go, it has no edges, and reads what it was.
Sources: ESP-IDF, "Sleep Modes", ext0 and ext1; ports/esp32/machine_pin.c.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class Pin(Protocol):
        """What is used of `machine.Pin`."""

        def __call__(self) -> "Optional[int]":
            """The level."""
            ...

        def init(self, mode: int, pull: "Optional[int]", *, hold: bool) -> object:
            """Set it up; without `hold`, let the pad go."""
            ...

        def irq(self, handler: "Callable[[object], object]", trigger: int) -> object:
            """Call the handler, softly, at edges."""
            ...


_IN = const(1)
_PULL_DOWN = const(1)
_PULL_UP = const(2)
"""`machine.Pin.IN`, `PULL_DOWN`, `PULL_UP` on the ESP32."""


class WakePin:
    """What drivers and parts use of an input, and what sleep needs of it."""

    def __init__(
        self,
        pin: "Pin",
        level: int,
        pulled: bool = True,
        look: "Optional[Callable[[object], object]]" = None,
        pulses: bool = False,
    ) -> None:
        """The line calls while it has this level. `pulled`: a resistor of the chip holds it at the other one.

        `pulses`: it may be free again by the time anybody looks (UNSURE-TOUCH-PULSE). `look` is called after a sleep
        where a driver that polls fast has the pin itself, and its interrupt.
        """
        self.pin = pin
        self.level = level
        self._pulses = pulses
        self._pull = (_PULL_DOWN if level else _PULL_UP) if pulled else None
        self._handler = look
        self.called = False
        """True if it has called since somebody has set this to False."""
        pin.init(_IN, self._pull, hold=False)

    def __call__(self) -> int:
        """The level."""
        return self.pin() or 0

    def irq(self, handler: "Callable[[object], object]", trigger: int) -> None:
        """As `machine.Pin`; and call it after a sleep in which the line called."""
        self._handler = handler
        self.pin.irq(self._edge, trigger)

    def calls(self) -> bool:
        """True while the line calls."""
        return self() == self.level

    def woken(self, by_line: bool) -> None:
        """The sleep is over: an input again, and its listener is called if the line calls.

        `by_line`: one of the lines has ended it, and a short pulse may be over by now.
        """
        self.pin.init(_IN, self._pull, hold=False)
        if self.calls() or (by_line and self._pulses):
            self._edge(self.pin)

    def _edge(self, pin: object) -> None:
        self.called = True
        if self._handler is not None:
            self._handler(pin)
