"""When the Bluetooth radio is on: the wearer's setting, the state of the watch, the charger, and who needs it now.

Bluetooth does not survive light sleep, so a radio that is on keeps the whole watch awake. The usual setting therefore
opens a window of 20 s every 15 minutes.
"""

from micropython import const

from watch.access import states
from watch.ble import roles
from watch.kernel.clock import ticks_diff
from watch.kernel.power import WakeLocks

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.access.guard import Guard
    from watch.kernel.clock import Clock
    from watch.storage.settings import Settings

OFF, WINDOWS, CONNECTED = "off", "windows", "connected"
"""The setting `radio`: never but for pairing; a window in each period; always."""
WINDOW_MS = const(20000)
PERIOD_MS = const(900000)
_LONGEST_MS = const(86_400_000)  # the answer is asked for again before ticks wrap
PAIRING = "pairing"
"""Who holds the radio while a device may pair."""

SERVED = {
    states.BLE_ALL: roles.ROLES,
    states.BLE_BONDED: roles.ROLES,
    states.BLE_EXCHANGE: (roles.PHONE, roles.LOADER),
    states.BLE_SILENT: (),
}
"""Roles of the devices that are served."""


class RadioPlan:
    """Answers when asked; nothing here waits or touches the radio.

    Args:
        clock: ticks.
        settings: `radio` and `airplane`.
        guard: the state of the watch.
        charging: tells whether there is external power: then windows never close, since nobody pays for them.
    """

    def __init__(self, clock: "Clock", settings: "Settings", guard: "Guard", charging: "Callable[[], bool]") -> None:
        self._ticks_ms, self._settings, self._guard, self._charging = clock.ticks_ms, settings, guard, charging
        self.locks = WakeLocks(clock.ticks_ms)
        """Who needs the radio beyond its window: a transfer, a game, the pairing screen."""
        self._opened_ms = clock.ticks_ms()
        """When the latest window began."""
        self._allowed = False
        """The radio was allowed when somebody looked last."""

    def served(self) -> "tuple[str, ...]":
        """Roles of the devices that are served in the present state; empty if the radio has to be silent."""
        if self._settings.get("airplane") or self._settings.get("radio") == OFF:
            return ()
        return SERVED[states.TABLE[self._guard.state].ble]

    def may_pair(self) -> bool:
        """True if the wearer may let a new device in: an open watch that is not about to pay.

        The setting does not count: whoever pairs a device wants the radio for it, but for airplane mode.
        """
        open_now = self._guard.unlocked() and states.TABLE[self._guard.state].ble == states.BLE_ALL
        return open_now and not self._settings.get("airplane")

    def on(self) -> bool:
        """True if the radio is to be on now."""
        if self.locks.holds(PAIRING) and self.may_pair():
            return True
        allowed, self._allowed = self._allowed, bool(self.served())
        if not self._allowed:
            return False
        if not allowed:
            self.open_window()
        return self._always() or self._window_age_ms() < WINDOW_MS

    def wait_ms(self) -> int:
        """How long `on` stays as it is by time alone. Settings, states and the charger are told by others."""
        if not self._allowed or self._always():
            return _LONGEST_MS
        age_ms = self._window_age_ms()
        return WINDOW_MS - age_ms if age_ms < WINDOW_MS else PERIOD_MS - age_ms

    def open_window(self) -> None:
        """A window begins now: the wearer wants something of the phone."""
        self._opened_ms = self._ticks_ms()

    def _always(self) -> bool:
        return self._settings.get("radio") == CONNECTED or self._charging() or self.locks.held()

    def _window_age_ms(self) -> int:
        """Milliseconds since the present window began; the next one begins when the period is over.

        After six days without a look ticks seem to run backwards: that is long enough, too.
        """
        age_ms = ticks_diff(self._ticks_ms(), self._opened_ms)
        if not 0 <= age_ms < PERIOD_MS:
            self.open_window()
            return 0
        return age_ms
