"""`ports.Rest` of the ESP32: light sleep, ended by the lines of devices or by time.

Lines that call low end it through ext1, one that calls high through ext0. A GPIO that has an interrupt at an edge must
be given to `wake_on_gpio`: it would call without end (esp-idf issues 4046 and 11686). Whether the USB port works when
a cable comes after many sleeps is UNSURE-USB-AFTER-SLEEP.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.parts.sleep_order import SleepOrder
    from board.parts.wake_pin import WakePin

    Busy = Callable[[], bool]

_STUCK_MS = const(60_000)
"""Longest sleep while a line calls for no reason: what else it had to tell is asked for after that."""


class LightSleep:
    """Falls asleep in order, wakes up in order, and loses nothing between."""

    def __init__(
        self,
        low: "tuple[WakePin, ...]",
        high: "Optional[WakePin]",
        order: "SleepOrder",
        busy: "tuple[Busy, ...]",
        sleep: "Callable[[tuple[WakePin, ...], Optional[WakePin], int], bool]",
    ) -> None:
        """The lines that end a sleep by being low, and the one that does by being high.

        `busy` are questions, any of which forbids sleep: something works that would stop with the processor. `sleep`
        is told which lines count this time, and the longest time in ms; it says whether a line has ended it.
        """
        self._low = low
        self._high = high
        self._all = low if high is None else low + (high,)
        self._order = order
        self._busy = busy
        self._sleep = sleep
        self._stuck: "tuple[WakePin, ...]" = ()
        """Lines that called when sleep was last asked for."""

    def light(self, limit_ms: int) -> bool:
        """As `ports.Rest`. A line that calls is waited for awake once; after that it is taken for stuck."""
        for busy in self._busy:
            if busy():
                return False
        calling = tuple([pin for pin in self._all if pin.calls()])
        known, self._stuck = self._stuck, calling
        if not all(pin in known for pin in calling):
            return False
        self._go(min(limit_ms, _STUCK_MS) if calling else limit_ms)
        return True

    def _go(self, limit_ms: int) -> None:
        for pin in self._all:
            pin.called = False
        by_line = False
        self._order.before()
        try:
            if not any(pin.called or pin.calls() for pin in self._all if pin not in self._stuck):
                low = tuple([pin for pin in self._low if pin not in self._stuck])
                by_line = self._sleep(low, self._high if self._high not in self._stuck else None, limit_ms)
        finally:
            for pin in self._all:
                if pin not in self._stuck:
                    pin.woken(by_line)
            self._order.after()
