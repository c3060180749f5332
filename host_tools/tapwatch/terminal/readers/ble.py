"""A reader without a field: the watch's payment service over Bluetooth (docs/bluetooth.md)."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tapwatch.errors import UserError
from tapwatch.phone.transfer import LinkLost
from tapwatch.terminal.readers.ble_card import SERVICE, BleCard, Status
from tapwatch.terminal.readers.port import CardInfo, CardLost, NoCard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import Any, TypeVar

    from tapwatch.phone.ble.gatt import GattClient

    T = TypeVar("T")

_PAIR = "This terminal has no watch yet. On the watch: Settings, Bluetooth, Pair a device, Pay terminal."
_ARM = "No card is armed yet: press the side button of the watch twice."
_LOOK = "Look at the watch, and press twice to pay."
_AGAIN_S = 0.5
"""Pause between two tries to connect."""


@dataclass(frozen=True)
class Till:
    """Whom a terminal collects for, and how it talks to the person in front of it."""

    name: str
    folder: Path
    """Where the keys of its bonds are."""
    tell: Callable[[str], None]


class Central(Protocol):
    """A Bluetooth host that knows at most one watch."""

    async def paired(self) -> bool:
        """True once there is a bond."""
        ...

    async def pair(self, compare: Callable[[str], Awaitable[bool]]) -> None:
        """Pair with the watch that is open for it. Raises UserError, LinkLost."""
        ...

    async def connect(self, service: str) -> GattClient:
        """An encrypted link. Raises LinkLost, UserError."""
        ...

    async def close(self) -> None:
        """Switch the host off."""
        ...


class BleReader:
    """Waits for an armed watch in reach. Every `connect` is a new link."""

    def __init__(
        self,
        name: str,
        till: Till,
        switch_on: Callable[[], Awaitable[Central]],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """`switch_on` makes the host, at first use; `loop` runs it, one of its own thread if there is none."""
        self.name = name
        self._till = till
        self._switch_on = switch_on
        self._loop = loop or _own_loop()
        self._central: Central | None = None
        self._card: BleCard | None = None

    def connect(self, timeout_s: float) -> CardInfo:
        """Connect, and wait until a card is armed. Raises NoCard, CardLost, UserError."""
        self._run(self._connect(timeout_s))
        return CardInfo()

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command. Raises CardLost."""
        if self._card is None:
            raise CardLost("no watch is connected")
        return self._run(self._card.transmit(apdu))

    def refusal(self) -> str:
        """What the watch has said about its wearer, before the answer came; empty if nothing."""
        return self._card.refusal() if self._card is not None else ""

    def disconnect(self) -> None:
        """End the link."""
        card, self._card = self._card, None
        if card is not None:
            self._run(card.close())

    def close(self) -> None:
        """Switch the host off."""
        self.disconnect()
        central, self._central = self._central, None
        if central is not None:
            self._run(central.close())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _connect(self, timeout_s: float) -> None:
        central = self._central = self._central or await self._switch_on()
        if not await central.paired():
            self._till.tell(_PAIR)
            try:
                await central.pair(self._compare)
            except LinkLost as lost:
                raise UserError(
                    f"the watch did not pair: {lost}", "open its screen for pairing, and try again"
                ) from lost
        until = self._loop.time() + timeout_s
        card = self._card = await self._open(central, until)
        if card.status is Status.NOT_ARMED:
            self._till.tell(_ARM)
        if not await card.armed(until - self._loop.time()):
            self._card = None
            await card.close()
            raise NoCard("the watch is there, but no card was armed")

    async def _open(self, central: Central, until: float) -> BleCard:
        """A link; a watch that is not there yet, or whose link breaks at once, is tried again until it is time."""
        why = "the watch does not advertise"
        try:
            async with asyncio.timeout_at(until):
                while True:
                    try:
                        return await BleCard.open(await central.connect(SERVICE), self._till.name, self._told)
                    except LinkLost as lost:
                        why = str(lost)
                    await asyncio.sleep(_AGAIN_S)
        except TimeoutError as late:
            raise NoCard(f"no watch came in reach: {why}") from late

    async def _compare(self, digits: str) -> bool:
        """One person sees both and refuses on the watch if they differ; this side shows and agrees."""
        self._till.tell(f"Compare with the watch: {digits[:3]} {digits[3:]}")
        return True

    def _told(self, status: Status) -> None:
        if status is Status.ASKING:
            self._till.tell(_LOOK)


def _own_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="bluetooth", daemon=True).start()
    return loop
