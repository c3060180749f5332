"""A GATT client on a real adapter, by bleak. The operating system pairs, compares digits and keeps the bond's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tapwatch.errors import UserError
from tapwatch.phone.ble.gatt import MOST_VALUE_BYTES, NOTIFY_HEAD_BYTES, SERVICE
from tapwatch.phone.transfer import LinkLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from bleak import BleakClient

SCAN_S = 15.0
"""Longest search. A watch with the radio setting `windows` is there 20 s in every 15 min."""


class BleakLink:
    """A `gatt.GattClient` over a connected bleak client."""

    def __init__(self, client: BleakClient) -> None:
        self._client = client
        self._lost = False
        self._told: list[Callable[[], None]] = []

    def gone(self) -> None:
        """The operating system says that the link has gone."""
        self._lost = True
        for told in self._told:
            told()
        self._told.clear()

    @property
    def room(self) -> int:
        """Bytes that one write takes."""
        return min(self._client.mtu_size - NOTIFY_HEAD_BYTES, MOST_VALUE_BYTES)

    async def read(self, uuid: str) -> bytes:
        """Read a characteristic, never from a cache."""
        return bytes(await self._guarded(self._client.read_gatt_char(uuid, use_cached=False)))

    async def write(self, uuid: str, data: bytes) -> None:
        """Write, with a response."""
        await self._guarded(self._client.write_gatt_char(uuid, data, response=True))

    async def subscribe(self, uuid: str, told: Callable[[bytes], None]) -> None:
        """Ask for notifications."""
        await self._guarded(self._client.start_notify(uuid, lambda _, data: told(bytes(data))))

    def on_lost(self, told: Callable[[], None]) -> None:
        """Call back once when the link goes."""
        if self._lost:
            told()
        else:
            self._told.append(told)

    async def close(self) -> None:
        """End the link."""
        if not self._lost:
            try:
                await self._guarded(self._client.disconnect())
            except LinkLost:
                return  # it has gone by itself

    async def _guarded(self, work: Any) -> Any:
        from bleak.exc import BleakError

        try:
            return await work
        except (BleakError, OSError, TimeoutError) as problem:
            raise LinkLost(str(problem)) from problem


async def connect(who: str, pair: bool = False, service: str = SERVICE) -> BleakLink:
    """A link to the watch with this address or name. Raises LinkLost if it is not there, UserError without an adapter.

    With `pair` the operating system is asked to pair, and asks its user to compare the digits. `service`: the one that
    is wanted of the watch.
    """
    from bleak import BleakClient, BleakScanner
    from bleak.exc import BleakBluetoothNotAvailableError, BleakError

    try:
        device = await BleakScanner.find_device_by_filter(
            lambda found, data: who.lower() in (found.address.lower(), (data.local_name or found.name or "").lower()),
            timeout=SCAN_S,
        )
        if device is None:
            raise LinkLost(f"no watch called {who} is in reach")
        link: BleakLink | None = None
        client = BleakClient(device, lambda _: link and link.gone(), services=[service], pair=pair)
        link = BleakLink(client)
        await client.connect()
    except BleakBluetoothNotAvailableError as problem:
        raise UserError("There is no Bluetooth adapter that can be used.", "Switch Bluetooth on.") from problem
    except (BleakError, OSError, TimeoutError) as problem:
        raise LinkLost(str(problem)) from problem
    return link
