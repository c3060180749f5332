"""Tells the wearer once when the charger has come and when the battery runs low."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.screens import charge
from watch.system.view import ATTENTION, TICK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.kernel.clock import Clock
    from watch.system.view import View
    from watch.ui.screen import Screen

_LEVELS = (15, 5)
"""Below each of these, in percent, the wearer is told once."""
_CALM_PERCENT = const(20)
"""From here on a fall is news again: the charge wavers by a percent or two."""
_SHOWN_MS = const(4000)  # the ring of the charger


class BatteryNews:
    """Speaks only to a wearer who is in the middle of nothing."""

    def __init__(self, view: "View", clock: "Clock") -> None:
        self._view = view
        self._clock = clock
        self._charging: "bool | None" = None
        self._told = 0
        """How many of the levels the wearer knows of."""
        self._screen: "Screen | None" = None
        self._since_ms = 0

    def tick(self, percent: int, charging: bool) -> None:
        """Look at the battery; to be called about once a second."""
        came = charging and self._charging is False
        self._charging = charging
        if charging or percent >= _CALM_PERCENT:
            self._told = 0
        if came and self._view.at_rest():
            self._show_charging(percent)
        elif not charging:
            self._warn(percent)
        self._close_old()

    def _show_charging(self, percent: int) -> None:
        self._view.play(TICK)
        self._screen = charge.ChargeScreen(self._view.ui, percent, self._view.close_result)
        self._since_ms = self._clock.ticks_ms()
        self._view.result(self._screen)

    def _warn(self, percent: int) -> None:
        level = len([limit for limit in _LEVELS if percent < limit])
        if level > self._told and self._view.at_rest():
            self._told = level
            self._view.play(ATTENTION)
            self._view.result(charge.low(self._view.ui, percent, self._view.close_result))

    def _close_old(self) -> None:
        """The ring goes by itself, unless something else has come in its place."""
        if self._screen is None or ticks_diff(self._clock.ticks_ms(), self._since_ms) < _SHOWN_MS:
            return
        if self._view.top is self._screen:
            self._view.close_result()
        self._screen = None
