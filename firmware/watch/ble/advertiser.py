"""Carries the schedule out: tells the stack what to send, and again after each connection."""

from micropython import const

from watch.ble import advertising
from watch.ble.connections import MOST
from watch.ble.schedule import Schedule

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Ble
    from watch.kernel.clock import Clock

_AGAIN_MS = const(1000)  # after the stack refused, for instance because a connection is just ending


class Advertiser:
    """What is on the air now."""

    def __init__(self, ble: "Ble", clock: "Clock", name: str) -> None:
        """Nothing is on the air. `name`: see `advertising.name_of`."""
        self._ble, self._clock = ble, clock
        self._name = name
        self._schedule = Schedule(clock.ticks_ms())
        self._interval_us = 0
        self._role = ""

    @property
    def name(self) -> str:
        """What it calls itself."""
        return self._name

    @property
    def advertising(self) -> bool:
        """True while devices can find the watch."""
        return self._interval_us > 0

    def want(self, wanted: bool) -> None:
        """Let bonded devices find the watch, or only one that may pair; `Radio.wake` makes it effective."""
        if wanted != self._schedule.wanted:
            self._schedule.want(wanted, self._clock.ticks_ms())

    def rename(self, name: str) -> None:
        """Another name from the next start of advertising on. Raises OSError."""
        self._name = name
        self._ble.config(gap_name=name)
        self.ended()

    def lost(self, now_ms: int) -> None:
        """A device has gone."""
        self._schedule.lost(now_ms)

    def ended(self) -> None:
        """The stack has stopped by itself, as it does with every connection. Called from interrupts."""
        self._interval_us = 0

    def stop(self) -> None:
        """Be silent: the radio goes off."""
        self._interval_us = 0
        try:
            self._ble.gap_advertise(None)
        except OSError:  # it was off already
            return

    def step(self, now_ms: int, connections: int, role: str) -> int:
        """Do what the schedule says. Gives the ms until it must be asked again, or -1.

        `role`: of the pairing window, empty if there is none.
        """
        interval_us, wait_ms = self._schedule.plan(now_ms, bool(role))
        if connections >= MOST:
            interval_us, wait_ms = 0, -1
        if interval_us == self._interval_us and role == self._role:
            return wait_ms
        return wait_ms if self._send(interval_us, role) else _AGAIN_MS

    def _send(self, interval_us: int, role: str) -> bool:
        """Start, change or stop. False if the stack could not."""
        self._interval_us, self._role = interval_us, role  # before: a device may connect during the call
        try:
            if interval_us:
                data = advertising.advertisement(self._name, role)
                self._ble.gap_advertise(interval_us, data, resp_data=advertising.scan_response(self._name))
            else:
                self._ble.gap_advertise(None)
        except OSError:
            self._interval_us = 0
            return False
        return True
