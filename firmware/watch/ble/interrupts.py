"""What runs while the stack waits: the least that can be done at once.

On the ESP32 the stack calls from its own task, between any two instructions of ours, with a small stack; it may also
call in the middle of a call of ours. So nothing here waits, writes flash or calls a service, but for `Service.read`:
events are noted, writes are copied, the radio's task is woken.
"""

from micropython import const

from watch.ble import events, roles
from watch.ble.connections import STRANGERS, address_key
from watch.ble.link import Link

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.ports import Ble
    from watch.ble.advertiser import Advertiser
    from watch.ble.bond import Bond
    from watch.ble.bonds import Bonds
    from watch.ble.client import Client
    from watch.ble.connections import Connection, Connections
    from watch.ble.pairing import Pairing
    from watch.ble.ring import Ring
    from watch.ble.table import Table
    from watch.kernel.clock import Clock
    from watch.kernel.loop import Flag


class Interrupts:
    """The handler that the stack calls, and its counters."""

    def __init__(self, ble: "Ble", clock: "Clock", bonds: "Bonds", connections: "Connections", wake: "Flag") -> None:
        """`wake` is set whenever there is something for the radio's task."""
        self._ble, self._clock, self._bonds = ble, clock, bonds
        self._connections, self._wake = connections, wake
        self.refused = 0
        """Reads, writes and connections that were not allowed."""
        self.dropped = 0
        """Writes that found no room or were too long."""
        self.faults = 0
        """Events that could not be dealt with, and failures of services in `read`."""

    def serve(
        self, table: "Table", ring: "Ring", pairing: "Pairing", client: "Client", advertiser: "Advertiser"
    ) -> None:
        """Everything else that events are about; once, before the first event."""
        self._table, self._ring, self._pairing = table, ring, pairing
        self._client, self._advertiser = client, advertiser
        pairing.grant = self._grant
        self._handlers: "dict[int, Callable[[Any], Any]]" = {
            events.CENTRAL_CONNECT: self._connected,
            events.CENTRAL_DISCONNECT: self._disconnected,
            events.GATTS_WRITE: self._written,
            events.GATTS_READ_REQUEST: self._read,
            events.MTU_EXCHANGED: self._mtu,
            events.ENCRYPTION_UPDATE: self._encrypted,
            events.GET_SECRET: self._get_secret,
            events.SET_SECRET: self._set_secret,
            events.PASSKEY_ACTION: self._passkey,
        }

    def handle(self, event: int, data: "Any") -> "Any":
        """For `Ble.irq`. What it returns counts for reads and secrets."""
        handler = self._handlers.get(event)
        try:
            if handler is not None:
                return handler(data)
            if events.GATTC_SERVICE_RESULT <= event <= events.GATTC_INDICATE:
                self._client.event(event, data)
        except Exception:  # noqa: BLE001
            # The stack would only print it. The counter tells; a read is refused.
            self.faults += 1
            return events.ATT_UNLIKELY_ERROR if event == events.GATTS_READ_REQUEST else None
        return None

    def _connected(self, data: "tuple[int, int, Any]") -> None:
        conn, kind, address = data
        key = address_key(kind, address)
        self._advertiser.ended()
        connection = self._connections.add(self._ble, conn, key, self._clock.ticks_ms())
        self._wake.set()
        if connection is None:
            self.refused += 1
            self._ble.gap_disconnect(conn)
        else:
            self._greet(connection)

    def _greet(self, connection: "Connection") -> None:
        """Ask who claims a bond for its key, at once; of strangers no more than a few may stay."""
        connection.claims = self._bonds.find(connection.address) is not None
        if connection.claims and not self._pairing.role:
            self._ask_for_key(connection)
        elif not connection.claims and self._strangers() > STRANGERS:
            self.refused += 1
            connection.close()

    def _ask_for_key(self, connection: "Connection") -> None:
        """A security request, Core 5.4 vol. 3 part H section 2.4.6: a central without reason to encrypt does now."""
        try:
            self._ble.gap_pair(connection.conn)
        except OSError:  # it has just gone, or does so already
            return

    def _strangers(self) -> int:
        return sum([not connection.claims for connection in self._connections.unsecured()])

    def _disconnected(self, data: "tuple[int, int, Any]") -> None:
        self._advertiser.ended()  # a connection that failed ends it too
        self.gone(data[0])

    def gone(self, conn: int) -> None:
        """A connection has ended, by itself or with the radio."""
        connection = self._connections.remove(conn)
        self._wake.set()
        if connection is not None:
            self._pairing.left(connection)
            self._client.left(connection.conn)

    def _mtu(self, data: "tuple[int, int]") -> None:
        connection = self._connections.find(data[0])
        if connection is not None:
            connection.mtu = data[1]

    def _encrypted(self, data: "tuple[int, bool, bool, bool, int]") -> None:
        connection = self._connections.find(data[0])
        if connection is None or connection.closing:
            return
        connection.encrypted(data[1], data[2], data[3], data[4])
        self._wake.set()
        link = connection.link
        if link is not None:
            if connection.level < link.level:
                connection.close()
        elif not self._pairing.encrypted(connection):
            self._recognize(connection)

    def _recognize(self, connection: "Connection") -> None:
        """An encrypted link gets the role of its bond, or ends."""
        bond = self._bonds.find(connection.address)
        if bond is None or not connection.bonded or connection.level < _needed(bond):
            self.refused += 1
            connection.close()
        else:
            self._grant(connection, bond)

    def _grant(self, connection: "Connection", bond: "Bond") -> None:
        connection.link = Link(self._ble, self._clock, connection, bond, connection.level)
        self._wake.set()

    def _get_secret(self, data: "tuple[int, int, Any]") -> "Optional[bytearray]":
        kind, index, key = data
        if key is not None:
            key = bytes(key)
            if self._pairing.hidden(key):
                return None
        return self._bonds.secret(kind, index, key)

    def _set_secret(self, data: "tuple[int, Any, Any]") -> bool:
        kind, key, value = data
        self._wake.set()
        if kind == events.SECRET_IDENTITY:
            return self._bonds.set_identity(value)
        if kind not in (events.SECRET_OURS, events.SECRET_PEERS):
            return False
        return self._pairing.secret(kind, bytes(key), value)

    def _passkey(self, data: "tuple[int, int, int]") -> None:
        connection = self._connections.find(data[0])
        if connection is not None:
            self._pairing.passkey(connection, data[1], data[2])
        self._wake.set()

    def _refuse(self, conn: int) -> None:
        """Somebody did what they must not."""
        self.refused += 1
        connection = self._connections.find(conn)
        if connection is not None:
            connection.close()
        self._wake.set()

    def _read(self, data: "tuple[int, int]") -> int:
        conn, handle = data
        found = self._table.find(handle)
        if found is None:
            return 0  # of the stack's own services
        service, row = found
        link = self._connections.link(conn)
        if link is None or (link.role in row.allowed and link.level < row.level):
            self.refused += 1
            return events.ATT_INSUFFICIENT_AUTHENTICATION
        if not link.may(row):
            self.refused += 1
            return events.ATT_INSUFFICIENT_AUTHORIZATION
        if handle == row.handle:
            value = service.read(link, row)
            self._ble.gatts_write(handle, row.value if value is None else value)
        return 0

    def _written(self, data: "tuple[int, int]") -> int:
        conn, handle = data
        found = self._table.find(handle)
        if found is None:
            return 0
        link = self._connections.link(conn)
        if link is None or not link.may(found[1]):
            self._refuse(conn)
            return events.ATT_INSUFFICIENT_AUTHENTICATION if link is None else events.ATT_INSUFFICIENT_AUTHORIZATION
        self._keep(link, found[0], found[1].max_bytes, handle)
        return 0

    def _keep(self, link: "Link", service: "Any", most: int, handle: int) -> None:
        """Copy what was written; a write after one that was lost is lost too, until the service knows."""
        bit = 1 << self._table.services.index(service)
        value = self._ble.gatts_read(handle)
        if link.lost & bit or len(value) > most or not self._ring.put(link.connection.serial, handle, value):
            link.lost |= bit
            self.dropped += 1
        self._wake.set()


def _needed(bond: "Bond") -> int:
    """Level without which a bond's role means nothing."""
    return roles.ENCRYPTED if bond.role == roles.TV else roles.AUTHENTICATED
