"""The watch as a GATT client of whoever is connected to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bumble import att
from bumble.core import UUID, ProtocolError
from bumble.device import Connection
from bumble.gatt_client import Client, ServiceProxy

from tapwatch.simulator.radio import wire

_UNLIKELY = 0x0E
"""ATT error "unlikely error", for what has no number of its own."""

Tell = Callable[..., None]
"""Sends a message to the firmware; arguments of `wire.pack`."""


class WatchClient:
    """Carries out the firmware's requests one after the other, as NimBLE does for one connection."""

    def __init__(self, connection: Connection, link: int, tell: Tell) -> None:
        self._connection = connection
        self._client: Client = connection.gatt_client
        self._link = link
        self._tell = tell
        self._turn = asyncio.Lock()
        handlers: Any = self._client
        handlers.on_att_handle_value_notification = self._on_notification
        handlers.on_att_handle_value_indication = self._on_indication

    async def run(self, message: bytes) -> None:
        """Do what one message asks for."""
        async with self._turn:
            await _ACTIONS[message[0]](self, message)

    async def _find_services(self, message: bytes) -> None:
        wanted = wire.rest("H", message)

        async def find() -> None:
            uuids = [UUID.from_bytes(wanted)] if wanted else []
            for found in await self._client.discover_services(uuids):
                uuid = found.uuid.to_bytes()
                self._tell(wire.SERVICE, "HHH", self._link, found.handle, found.end_group_handle, data=uuid)

        self._tell(wire.SERVICES_DONE, "HB", self._link, await _status(find()))

    async def _find_characteristics(self, message: bytes) -> None:
        _, start, end = wire.unpack("HHH", message)
        wanted = wire.rest("HHH", message)
        uuids = [UUID.from_bytes(wanted)] if wanted else []

        async def find() -> None:
            service = ServiceProxy(self._client, start, end, UUID.from_16_bits(0))
            for found in await self._client.discover_characteristics(uuids, service):
                fields = (self._link, found.end_group_handle, found.handle, found.properties)
                self._tell(wire.CHARACTERISTIC, "HHHB", *fields, data=found.uuid.to_bytes())

        self._tell(wire.CHARACTERISTICS_DONE, "HB", self._link, await _status(find()))

    async def _find_descriptors(self, message: bytes) -> None:
        _, start, end = wire.unpack("HHH", message)

        async def find() -> None:
            for found in await self._client.discover_descriptors(start_handle=start + 1, end_handle=end):
                self._tell(wire.DESCRIPTOR, "HH", self._link, found.handle, data=found.type.to_bytes())

        self._tell(wire.DESCRIPTORS_DONE, "HB", self._link, await _status(find()))

    async def _read(self, message: bytes) -> None:
        _, handle = wire.unpack("HH", message)

        async def read() -> None:
            value = await self._client.read_value(handle, no_long_read=True)
            self._tell(wire.READ_RESULT, "HH", self._link, handle, data=value)

        self._tell(wire.READ_DONE, "HHB", self._link, handle, await _status(read()))

    async def _write(self, message: bytes) -> None:
        _, handle, confirmed = wire.unpack("HHB", message)
        value = wire.rest("HHB", message)
        status = await _status(self._client.write_value(handle, value, with_response=bool(confirmed)))
        if confirmed:
            self._tell(wire.WRITE_DONE, "HHB", self._link, handle, status)

    async def _exchange_mtu(self, message: bytes) -> None:
        await _status(self._client.request_mtu(self._connection.device.gatt_server.max_mtu))

    def _on_notification(self, pdu: att.ATT_Handle_Value_Notification) -> None:
        self._tell(wire.NOTIFIED, "HH", self._link, pdu.attribute_handle, data=pdu.attribute_value)

    def _on_indication(self, pdu: att.ATT_Handle_Value_Indication) -> None:
        self._tell(wire.INDICATED, "HH", self._link, pdu.attribute_handle, data=pdu.attribute_value)
        self._client.send_confirmation(att.ATT_Handle_Value_Confirmation())


_ACTIONS: dict[int, Callable[[WatchClient, bytes], Awaitable[None]]] = {
    wire.FIND_SERVICES: WatchClient._find_services,
    wire.FIND_CHARACTERISTICS: WatchClient._find_characteristics,
    wire.FIND_DESCRIPTORS: WatchClient._find_descriptors,
    wire.CLIENT_READ: WatchClient._read,
    wire.CLIENT_WRITE: WatchClient._write,
    wire.CLIENT_MTU: WatchClient._exchange_mtu,
}


async def _status(work: Awaitable[object]) -> int:
    """0, or the ATT error that the other side answered."""
    try:
        await work
    except (att.ATT_Error, ProtocolError) as problem:
        return problem.error_code or _UNLIKELY
    except TimeoutError:
        return _UNLIKELY
    return 0
