"""A link: one connection of a bonded device that has the level its role needs."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import DeadlineError, LinkError
from watch.kernel.loop import sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    from board.ports import Ble
    from watch.ble.bond import Bond
    from watch.ble.connections import Connection
    from watch.ble.gatt import Characteristic
    from watch.kernel.clock import Clock

NOTIFY_MS = const(5000)
"""A notification that finds no room for so long finds none any more."""
_RETRY_MS = const(10)  # the stack frees its buffers once in a connection interval, 7.5 ms at least
_NOTIFY_HEAD_BYTES = const(3)  # Core 5.4 vol. 3 part F section 3.4.7.1


class Link:
    """What services see of a connection; the protocol is `gatt.Link`."""

    def __init__(self, ble: "Ble", clock: "Clock", connection: "Connection", bond: "Bond", level: int) -> None:
        """`level`: what the link has, of `roles`."""
        self._ble, self._clock = ble, clock
        self.connection = connection
        self.owner = bond
        """Its bond. The number of it is `bond`, as services want it."""
        self.role = bond.role
        self.bond = bond.number
        self.level = level
        self.alive = True
        self.lost = 0
        """A bit for each service of the table whose writes found no room."""

    @property
    def primary(self) -> bool:
        """True for the phone that may carry token requests."""
        return self.owner.primary

    @property
    def conn(self) -> int:
        """The stack's number of the connection."""
        return self.connection.conn

    def room(self) -> int:
        """Bytes that one notification takes."""
        return self.connection.mtu - _NOTIFY_HEAD_BYTES

    def may(self, row: "Characteristic") -> bool:
        """True if role and level are enough for `row`. Allocates nothing."""
        return self.role in row.allowed and self.level >= row.level

    def try_notify(self, row: "Characteristic", data: "Union[bytes, bytearray, memoryview]") -> bool:
        """Notify now; False if the stack has no room, the link is gone or it may not use `row`.

        Allocates nothing but what the stack does.
        """
        if not self.alive or not self.may(row):
            return False
        try:
            self._ble.gatts_notify(self.connection.conn, row.handle, data)
        except OSError:  # no room, or it has gone this moment: the caller tries again or gives up
            return False
        return True

    async def notify(self, row: "Characteristic", data: "Union[bytes, bytearray, memoryview]") -> None:
        """Notify, and wait for room if there is none. Raises LinkError when the link is gone, DeadlineError."""
        since_ms = self._clock.ticks_ms()
        while not self.try_notify(row, data):
            if not self.alive or not self.may(row):
                raise LinkError("the device has gone")
            if ticks_diff(self._clock.ticks_ms(), since_ms) >= NOTIFY_MS:
                raise DeadlineError("the device takes nothing")
            await sleep_ms(_RETRY_MS)

    def close(self) -> None:
        """End the connection. From now on the link counts as gone."""
        self.connection.close()
