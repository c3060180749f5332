"""A whole watch with its wearer, and strange and bonded devices on its air."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import sys
import termios
import time
from typing import TYPE_CHECKING, TypeVar

from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.device import Connection, Device, Peer
from bumble.hci import HCI_Error

from tapwatch.phone.transfer import LinkLost
from tapwatch.simulator.options import WatchOptions
from tapwatch.stage.pairing import open_bluetooth, stay_connected
from tapwatch.stage.stage import Stage
from tests.tools.processor import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator
    from pathlib import Path

    from bumble.device import Advertisement

    T = TypeVar("T")

PROGRAM = "tests.interop.ble.programs.weighed"
ROLES = ("phone", "loader", "terminal", "tv")
NEXT_SESSION_S = 2.0
"""R11 of the targets, in the watch's own time."""
_READING_S = 1.2
"""The watch takes no agreement to digits that were shown for less than a second."""
_WAIT_S = 30.0
_CONNECT_S = 0.5
_ENCRYPT_S = 4.0
_MTU = 256
_PHONE_LINK = UUID("6e400001-b5a3-f393-e0a9-e50e24dcca9e")

GONE = (BaseBumbleError, HCI_Error, LinkLost, asyncio.CancelledError, TimeoutError)
"""What Bumble and what stands on it raise when the other side goes in the middle of something."""


class Yard:
    """One stage, driven from ordinary functions by `do`."""

    def __init__(self, runner: asyncio.Runner, stage: Stage, folder: Path) -> None:
        self._runner = runner
        self.stage, self.folder = stage, folder
        self.watch, self.wearer = stage.watch, stage.wearer
        self.devices: dict[str, Device] = {}
        """Bonded devices by role."""

    def do(self, work: Coroutine[object, object, T], limit_s: float = 120.0) -> T:
        """Run a coroutine on the stage's loop."""
        return self._runner.run(asyncio.wait_for(work, limit_s))

    async def now(self) -> dict:
        """What the program weighed says of itself."""
        return (await self.watch.state())["campaign"]

    async def ticks_ms(self) -> int:
        """The watch's own time."""
        return (await self.now())["ticks_ms"]

    async def heap(self) -> int:
        """Bytes of the watch's heap that are in use after a collection."""
        await self.watch.phone({"t": "weigh"})
        return (await self.now())["heap"]

    async def until(self, wanted: Callable[[dict], object]) -> dict:
        """Wait until `wanted` of `now` is so."""
        return (await self.watch.wait_for(lambda state: wanted(state["campaign"])))["campaign"]

    async def open_for(self, role: str) -> None:
        """The wearer lets a device of this role pair."""
        self.watch.move()  # a watch that lies still for ten minutes locks
        await open_bluetooth(self.watch, self.wearer)
        await self.wearer.choose("pair")
        await self.watch.wait_for("roles")
        await self.watch.advance(0.5)
        await self.wearer.choose(role)
        await self.watch.wait_for("pair-open")

    async def agree(self) -> None:
        """The wearer reads the digits and says yes."""
        await self.watch.wait_for("pairing")
        await self.watch.advance(_READING_S)
        await self.watch.tap_target("yes")

    async def bond(self, role: str, name: str = "") -> Device:
        """A device that has paired as `role`; the one there is of this name, which is the role if there is none."""
        name = name or role
        if name not in self.devices:
            device = await self.watch.air.device(name.capitalize())
            await self.open_for(role)
            connection = await self.call(device)
            pairing = asyncio.ensure_future(connection.pair())
            await self.agree()
            await pairing
            known = len(self.devices) + 1
            await self.watch.wait_for(lambda now: len(now["bluetooth"]["bonds"]) == known)
            self.devices[name] = device
            await hang_up(connection)
            await self.wearer.home()
        return self.devices[name]

    async def call(self, device: Device, *, encrypted: bool = False) -> Connection:
        """Connect to the watch. Its address may change between the search and the call, and the call go to nobody."""
        end, patience_s = time.monotonic() + _WAIT_S, _CONNECT_S
        while True:
            try:
                connection = await device.connect(await find(device), timeout=patience_s)
                if encrypted:
                    await asyncio.wait_for(connection.encrypt(), _ENCRYPT_S)
                return connection
            except GONE:
                if time.monotonic() > end:
                    raise
                patience_s *= 2  # a busy computer takes longer, each time

    async def link(self, role: str, name: str = "") -> Connection:
        """Connect and encrypt as a bonded device."""
        device = await self.bond(role, name)
        await device.refresh_resolving_list()
        connection = await self.call(device, encrypted=True)
        await self.watch.wait_for(
            lambda now: any(one["role"] == role and one["connected"] for one in now["bluetooth"]["bonds"])
        )
        return connection

    def on_the_way(self) -> int:
        """Bytes sent to the watch that it has not read, where the system says so (Linux)."""
        run = self.watch._run
        assert run is not None
        writer, waiting = run.process.writer, bytearray(4)
        with contextlib.suppress(OSError):  # another system: nothing is held back there
            fcntl.ioctl(writer.get_extra_info("socket").fileno(), termios.TIOCOUTQ, waiting)
        return writer.transport.get_write_buffer_size() + int.from_bytes(waiting, sys.byteorder)

    def stopwatch(self) -> Stopwatch:
        """Counts from now, without the time in which other programs kept the watch or us from a processor."""
        run = self.watch._run
        assert run is not None
        return Stopwatch(run.process.pid)

    async def session(self, role: str) -> int:
        """An honest session: a bonded device connects, encrypts and reads the battery.

        Gives its ms of watch time; what was waited for a processor is taken off.
        """
        began, counting = await self.ticks_ms(), self.stopwatch()
        connection = await self.link(role)
        peer = Peer(connection)
        values = await asyncio.wait_for(peer.read_characteristics_by_uuid(UUID.from_16_bits(0x2A19)), _WAIT_S)
        assert [len(value) for value in values] == [1], values
        took_ms = await self.ticks_ms() - began - counting.waited_s * 1000
        await hang_up(connection)
        return max(0, round(took_ms))

    async def no_links(self) -> None:
        """Wait until the watch has seen every connection end."""
        await self.until(lambda now: now["connections"] == 0 and now["links"] == 0)


async def hang_up(connection: Connection) -> None:
    """End a connection; one that has gone is as good."""
    if here(connection):
        await while_linked(connection, connection.disconnect())


def here(connection: Connection) -> bool:
    """True while its device knows of it."""
    return connection in connection.device.connections.values()


async def while_linked(
    connection: Connection, work: Coroutine[object, object, T], limit_s: float = _WAIT_S
) -> T | None:
    """What `work` gives; None if it fails because the link goes or the other side refuses, or takes too long."""
    gone = asyncio.Event()
    connection.on(connection.EVENT_DISCONNECTION, lambda _reason: gone.set())
    task, leaving = asyncio.ensure_future(work), asyncio.ensure_future(gone.wait())
    await asyncio.wait((task, leaving), timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    task.cancel()
    try:
        return await task
    except GONE:
        return None


async def find(device: Device) -> object:
    """The address at which the watch advertises now."""
    heard: asyncio.Future = asyncio.get_running_loop().create_future()

    def seen(packet: Advertisement) -> None:
        services = packet.data.get(AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS) or []
        name = packet.data.get(AdvertisingData.COMPLETE_LOCAL_NAME) or ""
        if (_PHONE_LINK in services or str(name).startswith("Tapwatch")) and not heard.done():
            heard.set_result(packet.address)

    device.on(device.EVENT_ADVERTISEMENT, seen)
    await device.start_scanning(legacy=True, filter_duplicates=False)
    try:
        return await asyncio.wait_for(heard, _WAIT_S)
    finally:
        await device.stop_scanning()
        device.remove_listener(device.EVENT_ADVERTISEMENT, seen)


async def lost(connection: Connection, wait_s: float = _WAIT_S) -> bool:
    """True once the connection has ended, False if it has not for so long."""
    end = time.monotonic() + wait_s
    while here(connection):
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.01)
    return True


async def together(*work: Awaitable[T]) -> list[T]:
    """All at once."""
    return list(await asyncio.gather(*work))


@contextlib.contextmanager
def open_yard(folder: Path, cards: bool = False, **options: object) -> Iterator[Yard]:
    """A yard in a folder: a passcode, the radio always on; with `cards` it can pay. `options`: of the program."""
    with asyncio.Runner() as runner:
        stage = Stage(folder, WatchOptions(size="240x240", program=PROGRAM, program_options=options))
        runner.run(stage.__aenter__())
        try:
            yard = Yard(runner, stage, folder)
            yard.do(_set_up(stage, cards))
            yield yard
        finally:
            runner.run(stage.__aexit__(None, None, None))


async def _set_up(stage: Stage, cards: bool) -> None:
    if cards:
        await stage.set_up()
    else:
        await stage.provision()
        await stage.wearer.unlock()
    await stay_connected(stage.watch, stage.wearer)
