"""Connections: what the interrupt knows of each device that is connected, bonded or not."""

from micropython import const

from watch.ble import roles
from watch.kernel.clock import ticks_diff

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.ports import Ble
    from watch.ble.link import Link

MOST = const(4)
"""Connections of the stock image (CONFIG_BT_NIMBLE_MAX_CONNECTIONS)."""
STRANGERS = const(1)
"""Of these, how many may be unknown: the others stay free for bonded devices."""
SECURE_MS = const(30000)
"""A device that has not secured its link after this time is sent away; as long as the timer of pairing,
Core 5.4 vol. 3 part H section 3.4."""
CLAIM_MS = const(5000)
"""So long for a device that comes under the address of a bond: it has the key and is asked to use it at once, which
takes a few connection intervals, tens of milliseconds each with phones and televisions."""

_FIRST_MTU = const(23)  # Core 5.4 vol. 3 part F section 3.2.8
_KEY_BYTES = const(16)
_SERIALS = const(0xFFFF)


def address_key(kind: int, address: "bytes | memoryview") -> bytes:
    """An address as the stack's secrets have it: kind, then bytes from the least significant.

    `address`: as events have it, the other way round. Kinds 2 and 3 are 0 and 1 after a private address was resolved.
    """
    return bytes((kind & 1, address[5], address[4], address[3], address[2], address[1], address[0]))


class Connection:
    """One device. Written by the interrupt, read by everybody."""

    def __init__(self, ble: "Ble", conn: int, address: bytes, serial: int, now_ms: int) -> None:
        """`conn`: the stack's number. `address`: see `address_key`. `serial`: unlike all others of these days."""
        self._ble = ble
        self.conn, self.address, self.serial, self.since_ms = conn, address, serial, now_ms
        self.mtu = _FIRST_MTU
        self.level = roles.PLAIN
        self.bonded = False
        self.claims = False
        """It came under the address of a bond."""
        self.link: "Optional[Link]" = None
        """Set once it has a bond and the level of its role."""
        self.closing = False
        """It is being sent away, and counts for nothing any more."""

    def encrypted(self, encrypted: bool, authenticated: bool, bonded: bool, key_bytes: int) -> None:
        """What the stack says of the link now."""
        strong = encrypted and authenticated and key_bytes == _KEY_BYTES
        self.level = roles.AUTHENTICATED if strong else roles.ENCRYPTED if encrypted else roles.PLAIN
        self.bonded = bool(bonded)

    @property
    def alive(self) -> bool:
        """It can be asked something."""
        return not self.closing

    def gone(self) -> None:
        """It is not there any more."""
        self.closing = True
        if self.link is not None:
            self.link.alive = False

    def close(self) -> None:
        """Send it away. Asking again is safe."""
        if self.closing:
            return
        self.gone()
        try:
            self._ble.gap_disconnect(self.conn)
        except OSError:  # it went by itself, or the radio is off
            return


class Connections:
    """The connections of now, in fixed places."""

    def __init__(self) -> None:
        self.places: "list[Optional[Connection]]" = [None] * MOST
        self._serial = 0

    def add(self, ble: "Ble", conn: int, address: bytes, now_ms: int) -> "Optional[Connection]":
        """A new one; None if there is no place, which a stack of `MOST` connections never lets happen."""
        self.remove(conn)  # the stack gave the number anew: whatever had it is gone
        for place in range(MOST):
            if self.places[place] is None:
                self._serial = self._serial % _SERIALS + 1
                made = self.places[place] = Connection(ble, conn, address, self._serial, now_ms)
                return made
        return None

    def find(self, conn: int) -> "Optional[Connection]":
        """The one with this number of the stack."""
        for connection in self.places:
            if connection is not None and connection.conn == conn:
                return connection
        return None

    def link(self, conn: int) -> "Optional[Link]":
        """The link of a connection that has one and is not being sent away."""
        connection = self.find(conn)
        return None if connection is None or connection.closing else connection.link

    def remove(self, conn: int) -> "Optional[Connection]":
        """It has gone; gives what it was."""
        for place in range(MOST):
            connection = self.places[place]
            if connection is not None and connection.conn == conn:
                self.places[place] = None
                connection.gone()
                return connection
        return None

    def close_claims(self, address: bytes) -> None:
        """Send away who has this address and no link. A link has shown the key, so it is no impostor's."""
        for connection in self.unsecured():
            if connection.address == address:
                connection.close()

    def count(self) -> int:
        """How many there are, those included that are being sent away."""
        return sum([connection is not None for connection in self.places])

    def unsecured(self) -> "list[Connection]":
        """Those without a link that are not being sent away, oldest first."""
        found = [one for one in self.places if one is not None and one.link is None and not one.closing]
        return sorted(found, key=lambda one: one.serial)

    def close_late(self, now_ms: int) -> int:
        """Send away who has been without a link for too long. Gives the ms until the next is due, or -1."""
        wait_ms = -1
        for connection in self.unsecured():
            limit_ms = CLAIM_MS if connection.claims else SECURE_MS
            left_ms = limit_ms - ticks_diff(now_ms, connection.since_ms)
            if left_ms <= 0:
                connection.close()
            elif wait_ms < 0 or left_ms < wait_ms:
                wait_ms = left_ms
        return wait_ms
