"""One link of a Bumble host: a `gatt.GattClient` whose every wait ends when the link does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from bumble.core import UUID, BaseBumbleError
from bumble.device import Connection, Peer

from tapwatch.errors import UserError
from tapwatch.phone.ble.gatt import MOST_VALUE_BYTES, NOTIFY_HEAD_BYTES, WRITE_S
from tapwatch.phone.transfer import LinkLost

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bumble.gatt_client import CharacteristicProxy

    T = TypeVar("T")

_MTU = 517  # longest that makes sense: a value of 512 bytes, and what a write puts in front of it


class BumbleLink:
    """A connection to a watch. Make it usable with `discover`, after pairing or encryption."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._peer = Peer(connection)
        self._found: dict[str, CharacteristicProxy[bytes]] = {}
        self._lost = asyncio.Event()
        self._told: list[Callable[[], None]] = []
        connection.on(connection.EVENT_DISCONNECTION, self._gone)

    async def discover(self, service: str) -> None:
        """Find the characteristics of a service. Raises LinkLost, UserError if the watch does not have it."""
        await self.guarded(self._peer.request_mtu(_MTU))
        await self.guarded(self._peer.discover_service(UUID(service)))
        for found in self._peer.get_services_by_uuid(UUID(service)):
            await self.guarded(self._peer.discover_characteristics(service=found))
            for characteristic in found.characteristics:
                self._found[str(characteristic.uuid).lower()] = characteristic
        if not self._found:
            raise UserError(f"The device has no service {service}.", "Is it a Tapwatch?")

    @property
    def room(self) -> int:
        """Bytes that one write takes."""
        return min(self.connection.att_mtu - NOTIFY_HEAD_BYTES, MOST_VALUE_BYTES)

    async def read(self, uuid: str) -> bytes:
        """Read a characteristic."""
        return bytes(await self.guarded(self._peer.read_value(self._row(uuid))))

    async def write(self, uuid: str, data: bytes) -> None:
        """Write, with a response."""
        await self.guarded(self._peer.write_value(self._row(uuid), data, with_response=True))

    async def subscribe(self, uuid: str, told: Callable[[bytes], None]) -> None:
        """Ask for notifications."""
        await self.guarded(self._peer.subscribe(self._row(uuid), lambda data: told(bytes(data))))

    def on_lost(self, told: Callable[[], None]) -> None:
        """Call back once when the link goes."""
        if self._lost.is_set():
            told()
        else:
            self._told.append(told)

    async def close(self) -> None:
        """End the link."""
        if not self._lost.is_set():
            try:
                await self.guarded(self.connection.disconnect())
            except LinkLost:
                return  # it has gone by itself

    async def guarded(self, work: Coroutine[Any, Any, T], limit_s: float = WRITE_S) -> T:
        """What `work` returns; LinkLost if the link goes first, it takes too long, or the stack reports an error."""
        task, lost = asyncio.ensure_future(work), asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait((task, lost), timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise LinkLost("the link has gone" if lost.done() else "the watch does not answer in time")
            return task.result()
        except (BaseBumbleError, OSError, asyncio.CancelledError) as problem:
            if isinstance(problem, asyncio.CancelledError) and not task.cancelled():
                raise  # it was us who were told to stop, and not the stack that gave up
            raise LinkLost(getattr(problem, "error_name", "") or str(problem)) from problem
        finally:
            lost.cancel()
            task.cancel()

    def _row(self, uuid: str) -> CharacteristicProxy[bytes]:
        for known, found in self._found.items():
            if UUID(known) == UUID(uuid):
                return found
        raise UserError(f"The watch has no characteristic {uuid}.", "Is it a watch of this version?")

    def _gone(self, _reason: int) -> None:
        self._lost.set()
        for told in self._told:
            told()
        self._told.clear()
