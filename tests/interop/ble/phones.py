"""Bumble centrals that use the bell."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bumble.core import UUID
from bumble.device import Connection, Device, DeviceConfiguration, Peer
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address
from bumble.transport import open_transport

from tests.interop.ble.bell import LOG, NUMBER, TEXT

WAIT_S = 5
WATCH = "C2:54:41:50:57:4D"


@contextlib.asynccontextmanager
async def over_tcp(address: str, config: DeviceConfiguration) -> AsyncIterator[Device]:
    """A host whose radio is behind `tcp:HOST:PORT`."""
    async with await open_transport(f"tcp-client:{address.removeprefix('tcp:')}") as hci:
        device = Device.from_config_with_hci(config, hci.source, hci.sink)
        await device.power_on()
        yield device


async def find(device: Device, name: str = "Bell 1") -> Address:
    """The address under which somebody of this name advertises now."""
    heard: asyncio.Future[Address] = asyncio.get_running_loop().create_future()

    def on_advertisement(packet) -> None:
        found = packet.data.get(packet.data.Type.COMPLETE_LOCAL_NAME)
        if found == name and not heard.done():
            heard.set_result(packet.address)

    device.on("advertisement", on_advertisement)
    await device.start_scanning(filter_duplicates=False)
    try:
        return await asyncio.wait_for(heard, WAIT_S)
    finally:
        await device.stop_scanning()
        device.remove_listener("advertisement", on_advertisement)


class Caller:
    """A connection to the bell, with its characteristics."""

    def __init__(self, connection: Connection, peer: Peer) -> None:
        self.connection = connection
        self.peer = peer
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()

    def __getattr__(self, name: str) -> CharacteristicProxy:
        uuid = {"number": NUMBER, "text": TEXT, "log": LOG}[name]
        return self.peer.get_characteristics_by_uuid(UUID(uuid))[0]

    async def hear(self) -> bytes:
        """The next notification or indication."""
        return await asyncio.wait_for(self.heard.get(), WAIT_S)

    async def listen(self, characteristic: CharacteristicProxy, indications: bool = False) -> None:
        """Subscribe."""
        await characteristic.subscribe(self.heard.put_nowait, prefer_notify=not indications)


async def call(device: Device, mtu: int = 517, encrypt: bool = False) -> Caller:
    """Find the bell, connect, negotiate, discover. With `encrypt` by the bond there is."""
    connection = await asyncio.wait_for(device.connect(await find(device)), WAIT_S)
    if encrypt:
        await asyncio.wait_for(connection.encrypt(), WAIT_S)
    peer = Peer(connection)
    await peer.request_mtu(mtu)
    await peer.discover_all()
    return Caller(connection, peer)
