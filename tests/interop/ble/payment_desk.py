"""A wearer's watch, a bank, and a terminal that is a Bumble host on the watch's air."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from tapwatch.acquiring.client import AcquirerClient
from tapwatch.phone.ble.bumble_host import BumbleHost
from tapwatch.phone.transfer import LinkLost
from tapwatch.stage.stage import LOOPBACK
from tapwatch.terminal import amount
from tapwatch.terminal.readers.ble import BleReader, Till
from tapwatch.terminal.readers.ble_hosts import BumbleCentral
from tapwatch.terminal.request import TapRequest, Terminal
from tapwatch.terminal.session import TapResult, TapSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tapwatch.phone.ble.bumble_link import BumbleLink
    from tests.system.desk import Desk

SHOP = "Bean & Leaf, Nanjing Road"
WAIT_S = 20.0
"""For a watch that is there: as long as a busy machine may need."""
READING_S = 1.2
"""The sheet takes no answer before its amount has been there for a second."""


class Weak:
    """A link that breaks before the write number `after`, counted from 1; 0 for never. It takes `room` bytes."""

    def __init__(self, link: BumbleLink, after: int, room: int) -> None:
        self._link, self.writes, self._after = link, 0, after
        self._room = room or link.room

    @property
    def room(self) -> int:
        return self._room

    async def read(self, uuid: str) -> bytes:
        return await self._link.read(uuid)

    def on_lost(self, told: Callable[[], None]) -> None:
        self._link.on_lost(told)

    async def close(self) -> None:
        await self._link.close()

    async def write(self, uuid: str, data: bytes) -> None:
        self.writes += 1
        if self.writes == self._after:
            await self._link.close()
            raise LinkLost("the link was cut")
        await self._link.write(uuid, data)

    async def subscribe(self, uuid: str, told: Callable[[bytes], None]) -> None:
        await self._link.subscribe(uuid, told)


class WeakCentral(BumbleCentral):
    """A host whose links are weak."""

    def __init__(self, host: BumbleHost) -> None:
        super().__init__(host)
        self.after = self.room = 0
        self.links: list[Weak] = []

    async def connect(self, service: str) -> Weak:
        """A weak link."""
        self.links.append(Weak(await self._host.connect(service), self.after, self.room))
        return self.links[-1]


class PaymentDesk:
    """The desk of tests/system, and the terminal's till."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder = desk, folder
        self.said: list[str] = []
        self.digits = ""
        self.asked_at = 0
        """Writes of the link by which the sheet was up, in the latest payment."""
        self.central: WeakCentral | None = None
        self.reader = BleReader("air", Till(SHOP, folder, self._say), self._switch_on, desk.do(_loop()))

    async def _switch_on(self) -> WeakCentral:
        from tapwatch.simulator.radio.controller import Controller

        air = self.desk.stage.watch.air
        controller = Controller("terminal", link=air)
        host = BumbleHost(self.folder, "", "Till 3")
        await host.attach(controller, controller)  # pyright: ignore[reportArgumentType]
        self.central = WeakCentral(host)
        return self.central

    def _say(self, text: str) -> None:
        self.said.append(text)
        if text.startswith("Compare"):
            self.digits = text[-7:]

    async def pair(self, role: str = "terminal") -> None:
        """The wearer opens the watch for a terminal, both sides compare."""
        watch, wearer = self.desk.stage.watch, self.desk.stage.wearer
        await wearer.home()
        await watch.look()
        await watch.swipe("down")
        await watch.wait_for("quick")
        await wearer.choose("settings")
        await watch.wait_for("settings")
        await wearer.choose("bluetooth")
        await watch.wait_for("bluetooth")
        await wearer.choose("pair")
        await watch.wait_for("roles")
        await watch.advance(0.5)
        await wearer.choose(role)
        await watch.wait_for("pair-open")
        central = self.central = self.central or await self._switch_on()
        pairing = asyncio.ensure_future(central.pair(self.reader._compare))
        state = await watch.wait_for("pairing")
        assert self.digits in state["texts"], (self.digits, state["texts"])
        await watch.advance(READING_S)
        await watch.tap_target("yes")
        await pairing
        self.reader._central = central
        await watch.wait_for(lambda now: any(bond["role"] == role for bond in now["bluetooth"]["bonds"]))
        await wearer.home()

    async def tap(
        self,
        answer: Callable[[], Awaitable[None]] | None,
        price: str = "12.34",
        bank: bool = True,
        wait_s: float = WAIT_S,
    ) -> TapResult:
        """One payment; `answer` is what the wearer does when the sheet is there, None if it never comes."""
        stage = self.desk.stage
        acquirer = AcquirerClient(LOOPBACK, stage.bank.iso_port) if bank else None
        request = TapRequest(amount.parse(price, "CNY"), Terminal(merchant_name=SHOP))
        tapping = asyncio.ensure_future(asyncio.to_thread(TapSession(self.reader, acquirer).tap, request, wait_s))
        if answer is not None:
            await self.sheet(price, tapping)
            await answer()
        with contextlib.suppress(asyncio.CancelledError):
            return await tapping
        raise AssertionError("the tap was cancelled")

    async def attempt(self) -> TapResult:
        """A payment at a terminal that goes away: nobody presses."""
        request = TapRequest(amount.parse("12.34", "CNY"), Terminal(merchant_name=SHOP))
        return await asyncio.to_thread(TapSession(self.reader).tap, request, WAIT_S)

    async def sheet(self, price: str, tapping: asyncio.Future[TapResult]) -> None:
        """Wait for the sheet, and see that it tells the truth."""
        watch = self.desk.stage.watch
        seen = asyncio.ensure_future(watch.wait_for("terminal-payment"))
        await asyncio.wait((seen, tapping), return_when=asyncio.FIRST_COMPLETED)
        assert not tapping.done(), tapping.result()
        texts = " ".join((await seen)["texts"])
        self.asked_at = self.central.links[-1].writes if self.central else 0
        assert price in texts and "CNY" in texts and SHOP[:20] in texts, texts  # the shortest link takes no more
        await watch.advance(READING_S)

    async def press(self) -> None:
        """Pay."""
        await self.desk.stage.watch.press(times=2)

    async def refuse(self) -> None:
        """Do not pay."""
        await self.desk.stage.watch.tap_target("no")

    async def sleep(self) -> None:
        """Half a minute goes by."""
        await self.desk.stage.watch.advance(31.0)


async def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()
