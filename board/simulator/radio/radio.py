"""The watch's half of the simulated radio: what it holds, and its end of the host link."""

import errno
import struct

from micropython import const

from board.simulator import frames
from board.simulator.radio import wire
from board.simulator.radio.events import Events
from board.simulator.radio.values import Values

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.link import Link

MAX_LINKS = const(4)
"""Of the stock image for the ESP32: CONFIG_BT_NIMBLE_MAX_CONNECTIONS of boards/sdkconfig.ble."""
_QUEUE = const(12)
"""Notifications of a link that may wait to be sent: NimBLE's MSYS_1_BLOCK_COUNT on the ESP32."""


class _Peer:
    def __init__(self) -> None:
        self.waiting = 0


class Radio:
    """State of the radio; `bluetooth.BLE` is its face."""

    def __init__(self, uuid: "Callable[[bytes], object]") -> None:
        """`uuid` makes UUIDs of their bytes."""
        self.handler: "Callable[[int, tuple], object] | None" = None
        self.address = bytes(6)
        self.stock_writes = False
        """True: what a handler says to a write is ignored, as the stock image does; else it is the ATT error."""
        self._link = None
        self._events = Events(self, uuid)
        self.reset(False)

    def attach(self, link: "Link", address: bytes, stock_writes: bool) -> None:
        """Put the radio on a board."""
        self._link = link
        self.address = address
        self.stock_writes = stock_writes
        link.handle(frames.RADIO, self._receive)

    def reset(self, on: bool) -> None:
        """Forget links, services and values, and be on or off."""
        self.on = on
        self.advertising = False
        self.values = Values()
        self._peers = {}

    def need(self) -> None:
        """Raise OSError unless the radio is on."""
        if not self.on:
            raise OSError(errno.ENODEV)

    def connected(self, link: int) -> bool:
        """True if there is such a connection."""
        return link in self._peers

    def need_link(self, link: int) -> None:
        """Raise OSError unless there is such a connection."""
        self.need()
        if link not in self._peers:
            raise OSError(errno.ENOTCONN)

    @property
    def links(self) -> int:
        """How many connections there are."""
        return len(self._peers)

    def send(self, number: int, form: str, fields: tuple = (), data: bytes = b"") -> None:
        """Tell the host. Raises OSError."""
        if self._link is None:
            raise OSError(errno.ENODEV)
        head = bytes((number,)) + struct.pack(form, *fields)
        self._link.send(frames.RADIO, head, data, len(data))

    def push(self, number: int, link: int, handle: int, data: bytes) -> None:
        """Send a notification or indication. Raises OSError: ENOTCONN, ENOMEM when the link's queue is full."""
        self.need_link(link)
        peer = self._peers[link]
        if number == wire.NOTIFY:
            if peer.waiting >= _QUEUE:
                raise OSError(errno.ENOMEM)
            peer.waiting += 1
        self.send(number, ">HH", (link, handle), data)

    def joined(self, link: int) -> None:
        """A connection was made, which ends the advertising."""
        self._peers[link] = _Peer()
        self.advertising = False

    def left(self, link: int) -> None:
        """A connection has gone."""
        self._peers.pop(link, None)

    def sent(self, link: int) -> None:
        """One notification has left."""
        if link in self._peers:
            self._peers[link].waiting -= 1

    def _receive(self, payload: memoryview) -> None:
        message = bytes(payload)  # the handler may use the link, whose buffer this is
        if self.on:
            self._events.happen(message)
