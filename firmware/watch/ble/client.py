"""GATT client: the watch looks at services of a phone that has connected to it.

One question at a time, each with a deadline. What the phone notifies waits in a short queue for the radio's task.
"""

import asyncio

from micropython import const

from watch.ble import events
from watch.ble.table import uuid_of
from watch.kernel.errors import InputError, LinkError
from watch.kernel.loop import Flag, deadline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Protocol, Union

    from board.ports import Ble

    class AnyLink(Protocol):
        """As much of a link as a question needs."""

        @property
        def alive(self) -> bool:
            """False once the connection is gone."""
            ...

        @property
        def conn(self) -> int:
            """The stack's number of the connection."""
            ...

    Received = Callable[[bytes], None]

ANSWER_MS = const(5000)
"""A phone that has not answered for so long does not any more; ATT itself waits 30 s for each step."""
_RESULTS = const(32)  # services or characteristics of one question that are looked at
_QUEUE = const(40)  # notifications that wait: one answer of an iPhone that has not agreed to a longer MTU
_CCCD = const(0x2902)
_SUBSCRIBED = b"\x01\x00"
_WITH_RESPONSE = const(1)
_NONE = const(-1)


class RemoteRow:
    """A characteristic of the other side."""

    def __init__(self, uuid: bytes, properties: int, handle: int) -> None:
        """`uuid`: least significant byte first. `handle`: of its value. `end`: last handle that belongs to it."""
        self.uuid, self.properties, self.handle = uuid, properties, handle
        self.end = handle


class Client:
    """Asks one question after the other."""

    def __init__(self, ble: "Ble", wake: "Flag") -> None:
        """`wake` is set when notifications wait; `poll` hands them on."""
        self._ble, self._wake = ble, wake
        self._lock = asyncio.Lock()
        self._answered = Flag()
        self._conn = _NONE  # of the question
        self._last = _NONE  # event that ends it
        self._status = 0
        self._owed: "list[tuple[int, int]]" = []
        """(connection, event that ends it) of questions for which nobody waits any more, and that are not answered."""
        self._results: "list[tuple]" = []
        self._queue: "list[tuple[int, int, bytes]]" = []
        self._subscribers: "dict[tuple[int, int], tuple[Received, Callable[[], None]]]" = {}
        self._lost = False
        self.dropped = 0
        """Notifications that found the queue full."""

    async def discover(self, link: "AnyLink", uuid: "Union[int, str]") -> "list[RemoteRow]":
        """Characteristics of the service `uuid`; none if the device has no such service.

        Raises LinkError, DeadlineError; InputError if the device refuses.
        """
        wanted = uuid_of(uuid)
        start = self._ble.gattc_discover_services
        found = await self._ask(link, events.GATTC_SERVICE_DONE, lambda: start(link.conn, wanted))
        if not found:
            return []
        first, last = found[0]
        look = self._ble.gattc_discover_characteristics
        results = await self._ask(link, events.GATTC_CHARACTERISTIC_DONE, lambda: look(link.conn, first, last))
        rows = [RemoteRow(name, properties, handle) for _, handle, properties, name in results]
        for place, row in enumerate(rows):
            row.end = results[place + 1][0] - 1 if place + 1 < len(rows) else last
        return rows

    async def find(
        self, link: "AnyLink", service: "Union[int, str]", uuids: "tuple[Union[int, str], ...]"
    ) -> "Optional[list[RemoteRow]]":
        """The characteristics `uuids` of a service, in this order; None unless the device has all of them.

        Raises as `discover`.
        """
        rows = {row.uuid: row for row in await self.discover(link, service)}
        found = [rows.get(bytes(uuid_of(uuid))) for uuid in uuids]
        whole = [row for row in found if row is not None]
        return whole if len(whole) == len(uuids) else None

    async def subscribe(
        self, link: "AnyLink", row: RemoteRow, received: "Received", lost: "Callable[[], None]"
    ) -> None:
        """Call `received` with every notification of `row`, from the radio's task.

        `lost` only sets a flag: it is called when some found no room, and, from an interrupt, when the device has gone.
        Raises as `discover`; InputError if it cannot be subscribed to.
        """
        look = self._ble.gattc_discover_descriptors
        results = await self._ask(link, events.GATTC_DESCRIPTOR_DONE, lambda: look(link.conn, row.handle, row.end))
        cccd = bytes(uuid_of(_CCCD))
        handles = [handle for handle, uuid in results if uuid == cccd]
        if not handles:
            raise InputError("the device does not notify this")
        self._subscribers[(link.conn, row.handle)] = (received, lost)
        try:
            await self._write(link, handles[0], _SUBSCRIBED)
        except Exception:
            self._subscribers.pop((link.conn, row.handle), None)
            raise

    async def write(self, link: "AnyLink", row: RemoteRow, data: bytes) -> None:
        """Write with response. Raises as `discover`."""
        await self._write(link, row.handle, data)

    async def read(self, link: "AnyLink", row: RemoteRow) -> bytes:
        """The value. Raises as `discover`."""
        read = self._ble.gattc_read
        results = await self._ask(link, events.GATTC_READ_DONE, lambda: read(link.conn, row.handle))
        return results[0][0] if results else b""

    async def _write(self, link: "AnyLink", handle: int, data: bytes) -> None:
        write = self._ble.gattc_write
        await self._ask(link, events.GATTC_WRITE_DONE, lambda: write(link.conn, handle, data, _WITH_RESPONSE))

    async def _ask(self, link: "AnyLink", last: int, start: "Callable[[], None]") -> "list[Any]":
        """Ask, and wait for the event `last`. Gives what came before it."""
        async with self._lock:
            if not link.alive:
                raise LinkError("the device has gone")
            self._answered.clear()
            self._results, self._status = [], 0
            self._conn, self._last = link.conn, last
            try:
                start()
                await deadline(ANSWER_MS, self._answered.wait())
            except OSError:
                self._last = _NONE
                raise LinkError("the device cannot be asked")
            finally:
                if self._last != _NONE and link.alive and len(self._owed) < _RESULTS:
                    self._owed.append((link.conn, last))  # what comes first is no answer to the next question
                self._conn = self._last = _NONE
            if not link.alive:
                raise LinkError("the device has gone")
            if self._status:
                raise InputError("the device refused")
            return self._results

    # For the interrupt

    def event(self, event: int, data: "Any") -> None:
        """An event of the client. What belongs to no question is ignored."""
        if event in (events.GATTC_NOTIFY, events.GATTC_INDICATE):
            self._notified(data[0], data[1], data[2])
        elif (data[0], event) in self._owed:
            self._owed.remove((data[0], event))
        elif (data[0], event + 1) in self._owed or data[0] != self._conn:
            return
        elif event == self._last:
            self._last, self._status = _NONE, data[-1]
            self._answered.set()
        elif event == self._last - 1 and len(self._results) < _RESULTS:
            self._results.append(_RESULT[event](data))

    def left(self, conn: int) -> None:
        """A connection has gone."""
        for key in [key for key in self._subscribers if key[0] == conn]:
            self._subscribers.pop(key)[1]()
        self._owed = [owed for owed in self._owed if owed[0] != conn]
        if conn == self._conn:
            self._answered.set()

    def _notified(self, conn: int, handle: int, data: "Any") -> None:
        if (conn, handle) not in self._subscribers:
            return
        if self._lost or len(self._queue) == _QUEUE:
            self._lost = True  # until the task has told the subscribers: nothing may follow a gap unseen
            self.dropped += 1
        else:
            self._queue.append((conn, handle, bytes(data)))
        self._wake.set()

    # For the radio's task

    def poll(self) -> None:
        """Hand on what waits."""
        while self._queue:
            conn, handle, data = self._queue.pop(0)
            subscriber = self._subscribers.get((conn, handle))
            if subscriber is not None:
                subscriber[0](data)
        if self._lost:
            self._lost = False
            for subscriber in list(self._subscribers.values()):
                subscriber[1]()


_RESULT = {
    events.GATTC_SERVICE_RESULT: lambda data: (data[1], data[2]),
    events.GATTC_CHARACTERISTIC_RESULT: lambda data: (data[1], data[2], data[3], bytes(data[4])),
    events.GATTC_DESCRIPTOR_RESULT: lambda data: (data[1], bytes(data[2])),
    events.GATTC_READ_RESULT: lambda data: (bytes(data[2]),),
}
"""What is kept of a result: the stack uses its own buffers again."""
