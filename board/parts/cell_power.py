"""`ports.Power` of a board without a power chip: a lithium cell behind a divider, a charger, a latch that holds power.

What is left is guessed from the voltage, which a load pulls down: it never goes up on the battery by less than a step.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    class Line(Protocol):
        """What is used of `machine.Pin`."""

        def __call__(self) -> int:
            """The level."""
            ...

        def irq(self, handler: "Callable[[object], None]", trigger: int) -> object:
            """Call the handler, softly, at edges."""
            ...


_EMPTY_MV = const(3520)
_MV_PER_PERCENT = const(6)
"""Steps of 20 % are 120 mV apart from 3.52 V on: Waveshare's own demo of ESP32-S3-Touch-LCD-1.54."""
_FULL = const(100)
_BACK_PERCENT = const(10)
_LOOKS = const(8)
"""Measurements that are put together: the converter of the ESP32-S3 is noisy."""
_REFRESH_MS = const(10_000)
_BOTH = const(3)
"""`machine.Pin.IRQ_RISING | IRQ_FALLING`."""
_TICKS = const(0x3FFF_FFFF)


class CellPower:
    """`ports.Power`. The voltage is measured every 10 s at most, and after the charger came or went."""

    def __init__(
        self,
        cell_mv: "Callable[[], int]",
        charger: "Line",
        latch: "Callable[[int], object]",
        reset: "Callable[[], object]",
        ticks_ms: "Callable[[], int]",
    ) -> None:
        """`cell_mv` measures once. `charger` is low while it charges. `latch(0)` lets the supply go."""
        self._cell_mv = cell_mv
        self._charger = charger
        self._latch = latch
        self._reset = reset
        self._ticks_ms = ticks_ms
        self._callback: "Callable[[], None]" = _nothing
        self._percent = -1
        self._asked_ms = 0
        self._charged = False
        charger.irq(self._edge, _BOTH)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when charging begins or ends."""
        self._callback = callback

    def percent(self) -> int:
        """Charge left, 0 to 100."""
        charging = self.charging()
        old = (self._ticks_ms() - self._asked_ms) & _TICKS >= _REFRESH_MS
        if self._percent < 0 or old or charging != self._charged:
            found = self._measure()
            up = found - self._percent
            if self._percent < 0 or charging or self._charged or up < 0 or up > _BACK_PERCENT:
                self._percent = found
            self._charged = charging
            self._asked_ms = self._ticks_ms()
        return self._percent

    def charging(self) -> bool:
        """True while it charges. The charger does not say that it is there once the cell is full."""
        return not self._charger()

    def restart(self) -> None:
        """Start anew, as after a reset. Does not return on a board."""
        self._reset()

    def off(self) -> None:
        """Let the supply go. At a computer or charger the watch stays on."""
        self._latch(0)

    def _measure(self) -> int:
        total = 0
        for _ in range(_LOOKS):
            total += self._cell_mv()
        percent = (total // _LOOKS - _EMPTY_MV + _MV_PER_PERCENT // 2) // _MV_PER_PERCENT
        return max(0, min(_FULL, percent))

    def _edge(self, pin: object) -> None:
        self._callback()


def _nothing() -> None:
    """Nobody listens yet."""
