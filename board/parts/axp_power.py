"""`ports.Power` over an AXP2101: charge, charger, switching off. A battery that is empty is told first."""

from micropython import const

from drivers.axp2101_events import (
    BATTERY_IN,
    BATTERY_OUT,
    CHARGE_DONE,
    CHARGE_START,
    EMPTY,
    LOW,
    VBUS_IN,
    VBUS_OUT,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.parts.axp_events import AxpEvents
    from drivers.axp2101 import Axp2101

_EVENTS = LOW | EMPTY | BATTERY_OUT | BATTERY_IN | VBUS_OUT | VBUS_IN | CHARGE_START | CHARGE_DONE
_LOW_PERCENT = const(10)
_EMPTY_PERCENT = const(2)
_EMPTY_MV = const(3450)
"""A gauge without a profile of the cell may be wrong; only both together mean empty."""
_REFRESH_MS = const(10_000)
_MEASURE_MS = const(1000)
"""The longest that the converter is waited for, which stands in sleep; X-Powers does not say how long it takes."""
_GRACE_MS = const(20_000)
"""From telling that the battery is empty to switching off."""
_BOUNCE_PERCENT = const(3)
"""The gauge may go back this far without anybody seeing it."""
_TICKS = const(0x3FFF_FFFF)


class AxpPower:
    """`ports.Power`. What the chip says is asked for every 10 s and after each event; between, it is remembered."""

    def __init__(
        self, pmu: "Axp2101", events: "AxpEvents", reset: "Callable[[], object]", ticks_ms: "Callable[[], int]"
    ) -> None:
        """`reset` starts the processor anew."""
        self._pmu = pmu
        self._events = events
        self._reset = reset
        self._ticks_ms = ticks_ms
        self._callback: "Callable[[], None]" = _nothing
        self._percent = -1
        self._powered = False
        self._battery = True
        self._stale = True
        self._asked_ms = 0
        self._empty = False
        self._empty_ms = 0
        self._blind = False
        self._blind_ms = 0
        self.measuring = False
        """True while it hangs on a measurement that has not come yet whether the cell is empty: no time to sleep."""
        events.add(_EVENTS, self._on_event)

    def start(self) -> None:
        """Set the levels of warning. Raises OSError."""
        self._pmu.battery.warn_at(_LOW_PERCENT, _EMPTY_PERCENT)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when the charger comes or goes, or the battery runs low."""
        self._callback = callback
        self._events.listen(callback)

    def percent(self) -> int:
        """Charge left, 0 to 100; 0 without a battery. While the bus is broken, what it was last."""
        self._ask()
        return max(self._percent, 0)

    def charging(self) -> bool:
        """True while external power is present."""
        self._ask()
        return self._powered

    def restart(self) -> None:
        """Start anew, as after a reset. Does not return on a board."""
        self._reset()

    def off(self) -> None:
        """Switch everything off but the clock; the key or a charger starts the watch again. Raises OSError."""
        self._pmu.power_off()

    def finding(self) -> str:
        """What is wrong with battery or line; empty if nothing."""
        self._ask()
        if self._events.stuck:
            return "the interrupt line is held low"
        return "" if self._battery else "no battery"

    def _on_event(self, found: int) -> None:
        self._stale = True

    def _ask(self) -> None:
        self._events.take()
        if self._stale or (self._ticks_ms() - self._asked_ms) & _TICKS >= _REFRESH_MS:
            try:
                self._refresh()
            except OSError:
                return  # what was known stays; the chip's own cut-off guards an empty battery
            self._stale = self.measuring
            self._asked_ms = self._ticks_ms()
        if self._empty and (self._ticks_ms() - self._empty_ms) & _TICKS >= _GRACE_MS:
            self._give_up()

    def _refresh(self) -> None:
        battery = self._pmu.battery
        powered = battery.powered()
        self._battery = battery.present()
        percent = battery.percent() if self._battery else 0
        if percent is not None:
            self._percent = self._steady(percent, powered)
        self._powered = powered
        empty = self._is_empty(self._battery and not powered and 0 <= self._percent <= _EMPTY_PERCENT)
        if empty and not self._empty:
            self._empty_ms = self._ticks_ms()
            self._callback()
        self._empty = empty

    def _is_empty(self, low: bool) -> bool:
        """Whether the cell is, if the gauge says `low`; as before while the converter has not measured yet."""
        millivolts = self._pmu.battery.battery_mv() if low else _EMPTY_MV
        if millivolts:
            self._blind = self.measuring = False
            return low and millivolts < _EMPTY_MV
        if not self._blind:
            self._blind, self._blind_ms = True, self._ticks_ms()
        self.measuring = (self._ticks_ms() - self._blind_ms) & _TICKS < _MEASURE_MS
        return self._empty or not self.measuring  # one that never measures leaves it to the gauge

    def _steady(self, percent: int, powered: bool) -> int:
        """The gauge without its bounces: not up on the battery, not down on a charger that stayed."""
        step = percent - self._percent
        backwards = -step if powered else step
        if powered == self._powered and self._percent >= 0 and 0 < backwards <= _BOUNCE_PERCENT:
            return self._percent
        return percent

    def _give_up(self) -> None:
        try:
            self._refresh()
            if self._empty and not self.measuring:
                self._pmu.power_off()
        except OSError:
            return  # asked for again with the next call


def _nothing() -> None:
    """Nobody listens yet."""
