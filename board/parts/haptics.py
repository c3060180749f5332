"""`ports.Haptics` over a DRV2605, and over a motor at a pin.

Whoever plays does not wait. `after_ms(delay, callback)` calls back once, later; a call that is out of date by then does
nothing. A motor that fails is not felt, and disturbs nothing else.
"""

from micropython import const

from drivers.drv2605 import ALERT_750_MS, DOUBLE_CLICK, SHARP_TICK, STRONG_BUZZ, WAIT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    AfterMs = Callable[[int, Callable[[], object]], object]

    class Driver(Protocol):
        """What is used of `drivers.drv2605.Drv2605`."""

        def play(self, effects: bytes) -> None:
            """Play effects. Raises OSError."""
            ...

        def playing(self) -> bool:
            """True until they have come to their end. Raises OSError."""
            ...

        def standby(self) -> None:
            """Take next to nothing. Raises OSError."""
            ...


EFFECTS = (
    bytes((SHARP_TICK,)),
    bytes((DOUBLE_CLICK,)),
    bytes((STRONG_BUZZ, WAIT | 10, STRONG_BUZZ)),
    bytes((ALERT_750_MS, WAIT | 20, ALERT_750_MS)),
)
"""By pattern of `ports.Haptics`: tick, success, failure, attention."""
_LOOK_MS = const(250)
_LOOKS = const(20)
"""A sequence that has not ended after five seconds is ended."""

_TIMES_MS = ((35,), (60, 80, 60), (200, 120, 200), (400, 200, 400))
"""By pattern: on, off, on. A coin motor needs about 30 ms before one feels it."""


class DrvHaptics:
    """`ports.Haptics` over a driver that has been started."""

    def __init__(self, driver: "Driver", after_ms: "AfterMs", endless: "Callable[[], object] | None" = None) -> None:
        """`endless` is called when a pattern had to be ended."""
        self._driver = driver
        self._after_ms = after_ms
        self._endless = endless
        self._turn = 0
        self.busy = False
        """True from a pattern until the chip stands by: if the processor slept now, nobody would see to that."""
        self.faults = 0
        """Times that the bus failed, since the start."""

    def play(self, pattern: int) -> None:
        """Play a pattern in the place of one that plays. Raises ValueError for one that there is not."""
        if not 0 <= pattern < len(EFFECTS):
            raise ValueError("haptic pattern")
        self._turn += 1
        self.busy = True
        try:
            self._driver.play(EFFECTS[pattern])
        except OSError:
            self.faults += 1
        self._look_later(self._turn, _LOOKS)  # after a fault too: the motor may run

    def _look_later(self, turn: int, left: int) -> None:
        self._after_ms(_LOOK_MS, lambda: self._settle(turn, left))

    def _settle(self, turn: int, left: int) -> None:
        """Stand by once all has been played."""
        if turn != self._turn:
            return
        try:
            playing = self._driver.playing()
            if not left or not playing:
                self._driver.standby()
                if playing and self._endless:
                    self._endless()
                self.busy = False
                return
        except OSError:
            self.faults += 1
        self.busy = left > 0
        if left:
            self._look_later(turn, left - 1)


class PinHaptics:
    """`ports.Haptics` over a pin that switches a motor by a transistor; 1 is on."""

    def __init__(self, pin: "Callable[[int], object]", after_ms: "AfterMs") -> None:
        self._pin = pin
        self._after_ms = after_ms
        self._turn = 0
        self.busy = False
        """True while a pattern plays: if the processor slept now, nobody would switch the motor off."""
        pin(0)

    def play(self, pattern: int) -> None:
        """Play a pattern in the place of one that plays. Raises ValueError for one that there is not."""
        if not 0 <= pattern < len(_TIMES_MS):
            raise ValueError("haptic pattern")
        self._turn += 1
        self._go_on(self._turn, _TIMES_MS[pattern], 0)

    def _go_on(self, turn: int, times_ms: "tuple[int, ...]", place: int) -> None:
        if turn != self._turn:
            return
        on = not place & 1
        if not on:
            self._pin(0)
        self.busy = place < len(times_ms)
        if self.busy:
            self._after_ms(times_ms[place], lambda: self._go_on(turn, times_ms, place + 1))
            if on:  # only now that somebody will switch it off
                self._pin(1)
