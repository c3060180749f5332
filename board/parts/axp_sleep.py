"""The step of the AXP2101 in the order of going to sleep; the last one, since its line must be free then.

Its converter stands meanwhile. Whether the gauge counts on without it is UNSURE-GAUGE-ASLEEP.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.parts.axp_events import AxpEvents
    from board.parts.wake_pin import WakePin
    from drivers.axp2101 import Axp2101


class AxpSleep:
    """Events wake as they call when awake: key, charger, battery."""

    def __init__(self, pmu: "Axp2101", events: "AxpEvents", line: "WakePin") -> None:
        self._pmu = pmu
        self._events = events
        self._line = line

    def down(self) -> None:
        """Stop measuring, clear what waits, and give it out: nobody sleeps then. Raises OSError."""
        waited = 0
        try:
            waited = self._pmu.sleep(self._events.mask)
        finally:
            if waited or self._pmu.events.owing:
                self._events.told(waited)
                self._line.called = True

    def up(self) -> None:
        """Measure again. Raises OSError."""
        self._pmu.wake(self._events.mask)
