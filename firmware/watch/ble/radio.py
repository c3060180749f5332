"""The radio: starts and stops the stack, and the one task that calls the services."""

from micropython import const

from watch.ble import events
from watch.ble.advertiser import Advertiser
from watch.ble.client import Client
from watch.ble.connections import Connections
from watch.ble.interrupts import Interrupts
from watch.ble.pairing import Pairing
from watch.ble.ring import Ring
from watch.ble.table import Table
from watch.kernel.errors import DeadlineError, StorageError
from watch.kernel.loop import Flag, deadline, sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.ports import Ble
    from watch.ble.bonds import Bonds
    from watch.ble.gatt import Service
    from watch.ble.link import Link
    from watch.kernel.clock import Clock
    from watch.kernel.log import Log

MTU_BYTES = const(256)
"""What the watch offers: a notification of 253 bytes, and buffers of the stack that still fit its pool."""
_BATCH = const(64)  # writes that are handed on before the other tasks get a turn


class Radio:
    """Bluetooth of the watch. `serve` runs for ever as a task; `start` and `stop` switch the radio."""

    def __init__(
        self, ble: "Ble", bonds: "Bonds", clock: "Clock", log: "Log", services: "tuple[Service, ...]", name: str
    ) -> None:
        """The radio is off. `services`: eight at most. `name`: what it advertises, see `advertising.name_of`."""
        self._ble, self._clock, self._log = ble, clock, log
        self.bonds = bonds
        self._wake = Flag()
        self._connections = Connections()
        self._table = Table(services)
        self._ring = Ring()
        self.pairing = Pairing(ble, bonds, self._connections, clock)
        self.client = Client(ble, self._wake)
        self.advertiser = Advertiser(ble, clock, name)
        self.interrupts = Interrupts(ble, clock, bonds, self._connections, self._wake)
        self.interrupts.serve(self._table, self._ring, self.pairing, self.client, self.advertiser)
        self._joined: "list[Link]" = []
        self._listeners: "tuple[Callable[[], None], ...]" = ()
        self._bond_changes = bonds.changes
        self._forgotten: "list[int]" = []
        self.on = False

    @property
    def links(self) -> "list[Link]":
        """Devices that are there, with a role and the level for it."""
        return [link for link in self._joined if link.alive]

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back, from the radio's task, when a link or a bond comes or goes."""
        self._listeners += (callback,)

    def wake(self) -> None:
        """Let the task look at once: after a setting of `advertiser`, or a call to `pairing`."""
        self._wake.set()

    def start(self) -> None:
        """Switch the radio on. Raises OSError, and it is off then. Asking again is safe."""
        if self.on:
            return
        self._ble.irq(self.interrupts.handle)  # before: the stack asks for its identity key while it starts
        try:
            self._ble.active(True)
            self._set_up()
        except OSError:
            self._silence()
            raise
        self.on = True
        self._wake.set()

    def _set_up(self) -> None:
        """What a stack that was off has forgotten."""
        self._ble.config(mtu=MTU_BYTES, gap_name=self.advertiser.name)
        self._hide_address()
        self._ble.config(bond=True, mitm=True, le_secure=True, io=events.IO_DISPLAY_YES_NO)
        self._table.register(self._ble)

    def _silence(self) -> None:
        """A stack that has started half-way would keep the watch awake."""
        try:
            self._ble.active(False)
        except OSError:
            pass  # safe: whoever hears what kept it from starting tries again

    def _hide_address(self) -> None:
        """Private addresses; a stack that has none is told of in the log, for then the watch can be followed."""
        try:
            self._ble.config(addr_mode=events.ADDRESS_PRIVATE)
        except (OSError, ValueError):
            self._log.warning("ble", "this stack has no private addresses")

    def stop(self) -> None:
        """Switch the radio off: no link, no advertising, no pairing; services hear of it from the task."""
        if not self.on:
            return
        self.on = False
        self.pairing.close()
        self.advertiser.stop()
        for connection in self._connections.places:
            if connection is not None:
                self.interrupts.gone(connection.conn)
        self._ble.active(False)
        self._wake.set()

    def forget(self, number: int) -> None:
        """Remove a bond and send its device away. Raises InputError, StorageError."""
        self.bonds.forget(number)
        for connection in self._connections.places:
            if connection is not None and connection.link is not None and connection.link.bond == number:
                connection.close()
        self._forgotten.append(number)
        self._wake.set()

    async def serve(self) -> None:
        """The task. Raises nothing on purpose; whatever a service raises ends it, and it may be started again."""
        while True:
            wait_ms = self._step()
            await sleep_ms(0)  # a flood of writes must not keep the other tasks waiting
            if wait_ms < 0:
                await self._wake.wait()
            else:
                await self._pause(wait_ms)

    async def _pause(self, wait_ms: int) -> None:
        """Wait for news, at most so long."""
        try:
            await deadline(wait_ms, self._wake.wait())
        except DeadlineError:  # the time for which it waited has come
            return

    def _step(self) -> int:
        """Everything that is to be done now. Gives the ms until something is due, -1 if only news can bring work."""
        self._wake.clear()
        pairing_ms = self.pairing.poll()
        changed = self._join()
        self._hand_on()
        self._call(self.client.poll)
        changed = self._leave() or changed
        self._save()
        if changed or self._bond_changes != self.bonds.changes:
            self._bond_changes = self.bonds.changes
            for callback in self._listeners:
                self._call(callback)
        return self._due(pairing_ms) if self.on else -1

    def _due(self, pairing_ms: int) -> int:
        """Deadlines: pairing, devices that do not secure their link, advertising."""
        now_ms = self._clock.ticks_ms()
        late_ms = -1
        if not self.pairing.role:
            late_ms = self._connections.close_late(now_ms)
        advertise_ms = self.advertiser.step(now_ms, self._connections.count(), self.pairing.role)
        return _sooner(pairing_ms, _sooner(late_ms, advertise_ms))

    def _join(self) -> bool:
        """Links that are new, of bonds that are stored; True if there was one."""
        changed = False
        for connection in self._connections.places:
            link = None if connection is None else connection.link
            if link is not None and link.alive and link not in self._joined and self.bonds.has(link.owner):
                self._joined.append(link)
                self._tell("joined", link)
                changed = True
        return changed

    def _hand_on(self) -> None:
        """Give writes to their services, then tell those that lost some."""
        ring = self._ring
        for _ in range(_BATCH):
            if not ring.next():
                self._tell_losses()
                return
            found = self._table.find(ring.handle)
            link = self._link_of(ring.serial)
            if link is not None and found is not None:
                self._call(found[0].written, link, found[1], ring.data)
            else:
                self.interrupts.dropped += 1  # it came and went before the task could run
            ring.done()
        self._wake.set()

    def _link_of(self, serial: int) -> "Optional[Link]":
        """The link of a write; None if it went before its services heard of it."""
        for link in self._joined:
            if link.connection.serial == serial:
                return link
        return self._link_of(serial) if self._join() else None

    def _tell_losses(self) -> None:
        for link in self._joined:
            lost, link.lost = link.lost, 0  # before the calls: what comes from now on is a new beginning
            for place, service in enumerate(self._table.services):
                if lost & 1 << place:
                    self._log.warning("ble", "writes were lost", place)
                    self._call(service.lost, link)

    def _leave(self) -> bool:
        """Links that have gone, then bonds; True if there was one."""
        gone = [link for link in self._joined if not link.alive]
        for link in gone:
            self._joined.remove(link)
            self._tell("left", link)
        while self._forgotten:
            number = self._forgotten.pop(0)
            for service in self._table.services:
                self._call(service.forgotten, number)
        if gone:
            self.advertiser.lost(self._clock.ticks_ms())
        return bool(gone)

    def _tell(self, event: str, link: "Link") -> None:
        """Call `joined` or `left` of the services that the device may use."""
        for service in self._table.services:
            if any(link.may(row) for row in service.rows):
                self._call(service.joined if event == "joined" else service.left, link)

    def _save(self) -> None:
        try:
            self.bonds.save()
        except StorageError as error:  # kept in RAM; tried again with the next event
            self._log.fault("ble", error)

    def _call(self, function: "Callable[..., Any]", *arguments: "Any") -> None:
        """Call a service or listener; what one does wrong must not keep the others from being served."""
        try:
            function(*arguments)
        except Exception as error:  # noqa: BLE001
            # The contract says they raise nothing. The log tells who broke it.
            self._log.fault("ble", error)


def _sooner(one_ms: int, other_ms: int) -> int:
    """The shorter of two waits; -1 is for ever."""
    if one_ms < 0 or other_ms < 0:
        return max(one_ms, other_ms)
    return min(one_ms, other_ms)
