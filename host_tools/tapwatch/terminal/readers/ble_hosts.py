"""Bluetooth hosts for the reader: Bumble on a controller behind TCP, or bleak on the computer's own adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.phone.ble import bleak_client
from tapwatch.terminal.readers.ble import BleReader, Till

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tapwatch.phone.ble.bumble_host import BumbleHost
    from tapwatch.phone.ble.gatt import GattClient

HOST_NAME = "Tapwatch terminal"


class BumbleCentral:
    """A Bumble host that has been started."""

    def __init__(self, host: BumbleHost) -> None:
        self._host = host

    async def paired(self) -> bool:
        """True once there is a bond."""
        return await self._host.paired()

    async def pair(self, compare: Callable[[str], Awaitable[bool]]) -> None:
        """Pair with the watch that is open for it. Raises UserError, LinkLost."""
        await self._host.pair(compare)

    async def connect(self, service: str) -> GattClient:
        """An encrypted link. Raises LinkLost, UserError."""
        return await self._host.connect(service)

    async def close(self) -> None:
        """Switch the host off."""
        await self._host.__aexit__(None, None, None)


class BleakCentral:
    """The operating system's Bluetooth: it pairs by itself, and shows the digits in its own window."""

    def __init__(self, who: str) -> None:
        """`who`: address or name of the watch."""
        self._who = who

    async def paired(self) -> bool:
        """The operating system knows; it pairs when it connects if it has to."""
        return True

    async def pair(self, compare: Callable[[str], Awaitable[bool]]) -> None:
        """Nothing to do before the connection."""

    async def connect(self, service: str) -> GattClient:
        """An encrypted link. Raises LinkLost, UserError."""
        return await bleak_client.connect(self._who, pair=True, service=service)

    async def close(self) -> None:
        """The adapter stays on."""


def open_ble(where: str, till: Till) -> BleReader:
    """A reader for `tcp:HOST:PORT`, a controller of its own; or for the name or address of a watch near the adapter."""
    if where.startswith("tcp:"):
        return BleReader(f"Bluetooth controller at {where[4:]}", till, lambda: _bumble(where, till))

    async def switch_on() -> BleakCentral:
        return BleakCentral(where)

    return BleReader(f"Bluetooth adapter, {where}", till, switch_on)


async def _bumble(where: str, till: Till) -> BumbleCentral:
    from tapwatch.phone.ble.bumble_host import BumbleHost  # here: Bumble takes 0.4 s to import

    return BumbleCentral(await BumbleHost(till.folder, where, HOST_NAME).__aenter__())
