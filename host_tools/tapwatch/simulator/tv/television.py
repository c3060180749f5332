"""A television: pairs with a watch that lets it, connects again whenever the watch is there, and hears what it does."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bumble import hci
from bumble.core import AdvertisingData, BaseError, PhysicalTransport
from bumble.device import Advertisement, Connection, Device

from tapwatch.simulator.tv.controls import Controls
from tapwatch.simulator.tv.host import HID_SERVICE, HidHost, NoController
from tapwatch.tasks import end

if TYPE_CHECKING:
    from tapwatch.simulator.radio.air import Air

NAME = "Living room TV"
OFF, SEARCHING, PAIRING, CONNECTED, AWAY = "off", "searching", "pairing", "connected", "away"
ASLEEP = "asleep"
"""States: knows no watch; looks for one that may be paired; pairs; hears it; waits until it comes back; sleeps."""
SEARCH_S = 60.0
"""A television that finds no controller in this time gives up."""
_SECURE_S = 40.0
"""Longest pairing: the wearer has 30 s for an answer."""
_PAUSE_S = 0.3
"""Between two attempts to reach a watch that has gone."""

Tell = Callable[[str, object], None]
"""(kind, data): `state` when that changes, `input` when a control does."""


class Television:
    """One television. `tell` hears of everything; `run` keeps it going."""

    def __init__(self, air: Air, tell: Tell) -> None:
        self._air, self._tell = air, tell
        self._device: Device | None = None
        self._watch: hci.Address | None = None
        self._host: HidHost | None = None
        self._connection: Connection | None = None
        self._controls = Controls([])
        self._work: asyncio.Task[None] | None = None
        self._waking: asyncio.Task[None] | None = None
        self.state = OFF
        self.code = ""
        """Six digits to compare with those on the watch, while they are to be compared."""
        self.problem = ""
        """Why the last attempt failed."""

    def describe(self) -> dict[str, str]:
        """For the page."""
        return {"state": self.state, "code": self.code, "problem": self.problem, "name": NAME}

    async def pair(self) -> None:
        """Forget the watch before, and look for one that shows itself as a controller. Returns at once."""
        await self.forget()
        self.problem = ""
        self._become(SEARCHING)
        self._work = asyncio.create_task(self._guarded(self._pair()))

    async def forget(self) -> None:
        """Throw the keys away and end the connection."""
        if self._work is not None:
            await end(self._work)
            self._work = None
        await self._hang_up()
        if self._device is not None:  # another identity: nothing of the bond before is left
            device, self._device = self._device, None
            await self._air.remove(device)
        self._watch, self.code = None, ""
        if self.state != OFF:
            self._become(OFF)

    async def suspend(self, on: bool) -> None:
        """Let the television sleep, or wake it; a press on the watch wakes it too."""
        if self._host is not None:
            with contextlib.suppress(BaseError):  # the link went: then it is away, and nothing sleeps
                await self._host.suspend(on)
                self._become(ASLEEP if on else CONNECTED)

    async def hang_up(self) -> None:
        """Lose the link, as by going out of reach; it comes back by itself."""
        await self._hang_up()

    async def _guarded(self, work: asyncio.Future[None] | object) -> None:
        try:
            await work  # type: ignore[misc]
        except (NoController, BaseError, TimeoutError) as problem:
            self.problem = str(problem) or "The watch did not answer."
            await self._hang_up()
            self.code = ""
            self._become(OFF)

    async def _pair(self) -> None:
        """From the search to the end of the world: after the pairing, reconnect whenever the link is lost."""
        device = self._device = await self._air.device(NAME, compare=self._compare)
        async with asyncio.timeout(SEARCH_S):
            address = await self._find(device)
        self._become(PAIRING)
        connection = await device.connect(address, timeout=_SECURE_S)
        self._connection = connection
        async with asyncio.timeout(_SECURE_S):
            await connection.pair()
        self.code = ""
        self._watch = connection.peer_address
        await self._serve(connection)
        while True:
            self._become(AWAY)
            await self._reconnect(device)

    async def _find(self, device: Device) -> hci.Address:
        """The address of a controller that advertises itself."""
        found: asyncio.Future[hci.Address] = asyncio.get_running_loop().create_future()

        def seen(advertisement: Advertisement) -> None:
            lists = advertisement.data.get_all(AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS)
            lists += advertisement.data.get_all(AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS)
            if any(HID_SERVICE in one for one in lists) and not found.done():
                found.set_result(advertisement.address)

        device.on(Device.EVENT_ADVERTISEMENT, seen)
        await device.start_scanning(legacy=True, filter_duplicates=False)
        try:
            return await found
        finally:
            device.remove_listener(Device.EVENT_ADVERTISEMENT, seen)
            await device.stop_scanning(legacy=True)

    async def _reconnect(self, device: Device) -> None:
        """Connect as soon as the watch advertises again, and encrypt with the bond's key."""
        await asyncio.sleep(_PAUSE_S)
        if self._watch is None:
            return
        with contextlib.suppress(BaseError, NoController, TimeoutError):  # it went again: the next round tries
            connection = await device.connect(self._watch, PhysicalTransport.LE)
            self._connection = connection
            async with asyncio.timeout(_SECURE_S):
                await connection.encrypt()
            await self._serve(connection)

    async def _serve(self, connection: Connection) -> None:
        """Hear the watch until the link ends."""
        gone = asyncio.Event()
        connection.on(connection.EVENT_DISCONNECTION, lambda _reason: gone.set())
        host = HidHost(connection)
        try:
            await host.open(self._on_report)
            self._controls, self._host = Controls(host.fields), host
            self._become(CONNECTED)
            await gone.wait()
        finally:
            self._connection = self._host = None
            self._send(self._controls.release())

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(BaseError):  # it has ended by itself
                await connection.disconnect()

    async def _compare(self, number: int) -> bool:
        """Show the digits; it is the wearer who compares them."""
        self.code = f"{number:06}"
        self._become(self.state)
        return True

    def _on_report(self, number: int, data: bytes) -> None:
        changes = self._controls.take(number, data)
        if self.state == ASLEEP:  # the press that wakes it does nothing else; what is let go is let go
            if any(changes.values()):
                self._waking = asyncio.create_task(self.suspend(False))
            changes = {name: value for name, value in changes.items() if not value}
        self._send(changes)

    def _send(self, changes: dict[str, int]) -> None:
        if changes:
            self._tell("input", {"at_ms": time.time() * 1000, "controls": changes})

    def _become(self, state: str) -> None:
        self.state = state
        self._tell("state", self.describe())
