"""A watch whose only phone runs an unmodified Gadgetbridge: the bank reaches it through the mailbox, over https."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.phone.ble.bumble_host import BumbleHost
from tapwatch.phone.transfer import LinkLost
from tapwatch.signing import cbor
from tapwatch.simulator.options import WatchOptions
from tapwatch.stage.pairing import pair_phone, stay_connected
from tapwatch.stage.stage import CURRENCY, Stage
from tapwatch.terminal import amount
from tapwatch.terminal.request import TapRequest
from tests.interop.ble.gadgetbridge import SERVICE, Gadgetbridge
from tests.interop.ble.https import Front, Internet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    Message = dict[str, object]

LIMIT_S = 80
WAIT_S = 15.0
QUIET_S = 2.0
"""A request that is so old was forgotten by the watch: another phone connection made it."""
SETTLED_S = 0.3
"""The watch reads the last line meanwhile."""
REST_S, PAUSE_S, LATE_S = 901.0, 61.0, 33.0
"""The bank has nothing more; a poll has failed; the watch waits for an answer no longer."""


class Wrist:
    """A wearer with a watch, a phone with Gadgetbridge, and a bank behind a proxy with TLS."""

    def __init__(self, stage: Stage, front: Front, host: BumbleHost, internet: Internet) -> None:
        self.stage, self.front, self._host, self.internet = stage, front, host, internet
        self.phone: Gadgetbridge | None = None
        self._talking = False
        self._heard_s = 0.0

    async def come(self) -> None:
        """The phone is there, again."""
        for _ in range(20):
            with contextlib.suppress(LinkLost):
                link = await self._host.connect(str(SERVICE))
                self.phone = await Gadgetbridge.over(link.connection, self._web)
                return
        raise AssertionError("the watch cannot be reached")

    async def back(self) -> None:
        """The phone is there again, and the watch goes on at once."""
        before = self.front.asked
        await self.come()
        await self.until(lambda: self.front.asked > before, "no poll")

    async def go(self) -> None:
        """The phone goes away."""
        if self.phone is not None:
            phone, self.phone = self.phone, None
            self._talking = False
            await phone.close()

    async def until(self, true: Callable[[], bool], what: str) -> None:
        """Wait until it is so."""
        end = time.monotonic() + WAIT_S
        while not true():
            assert time.monotonic() < end, f"{what}; asked {self.front.asked} times, {self.internet.failed}"
            await asyncio.sleep(0.02)

    async def device(self) -> bytes:
        """The id of the watch, as its page in the settings shows it."""
        return (await self.stage.phone.hello()).device_id

    def known(self, device_id: bytes) -> bool:
        """True once the bank knows the watch."""
        try:
            self.stage.bank.announce_states(device_id)
        except UserError:
            return False
        return True

    async def order(self, device_id: bytes, profile: str = "visa") -> None:
        """The customer asks for a card at the bank's counter."""
        account = self.stage.bank.open_account("Wearer", CURRENCY, 1_000_000)
        self.stage.bank.issue_token(self.stage.bank.order_card(account, profile), device_id)

    async def cards(self) -> list[dict]:
        return (await self.stage.watch.state())["cards"]

    async def rest(self, seconds: float = REST_S) -> None:
        """Time goes by until the watch asks again, and has heard all there is."""
        await self.idle()
        before = self.front.asked
        await self.stage.watch.advance(seconds)
        await self.until(lambda: self.front.asked > before, "no poll")
        await self.idle()

    async def idle(self) -> None:
        """Wait until the watch has heard all that the bank has to say now."""
        while self._talking and time.monotonic() < self._heard_s + QUIET_S:
            await asyncio.sleep(0.02)
        if self.phone is not None:
            await self.phone.written()
        await asyncio.sleep(SETTLED_S)

    async def _web(self, asked: Message) -> Message:
        """Carry a request, and note whether another must follow."""
        self._talking = True
        self._heard_s = time.monotonic()
        answer = await self.internet(asked)
        self._talking = _is_message(answer.get("resp"))
        return answer

    async def filled(self, count: int) -> None:
        """Wait until the watch has so many cards with keys."""
        await self.stage.watch.wait_for(
            lambda now: len(now["cards"]) == count and all(card["keys_left"] for card in now["cards"]), WAIT_S
        )


def _is_message(text: object) -> bool:
    """True if the bank's answer holds a message: the watch will bring the answer to it."""
    try:
        answer = cbor.decode(base64.b64decode(str(text), validate=True))
    except ValueError:
        return False
    return isinstance(answer, dict) and isinstance(answer.get(1), bytes) and not answer[2]


@contextlib.asynccontextmanager
async def a_wrist(folder: Path, internet: bool = True) -> AsyncIterator[Wrist]:
    """The phone is paired and near; `internet`: it trusts the bank's https certificate."""
    from tapwatch.simulator.radio.controller import Controller

    async with (
        Front(folder) as front,
        Stage(folder / "stage", WatchOptions(size="240x240"), bank_url=front.url) as stage,
    ):
        front.port = stage.bank.http_port
        await stage.provision()
        await stage.wearer.unlock()
        await stay_connected(stage.watch, stage.wearer)
        await stage.watch.link_phone(False)  # the one of the simulator's page
        host = BumbleHost(folder / "phone", "", "Pixel")
        controller = Controller("phone", link=stage.watch.air)
        await host.attach(controller, controller)  # pyright: ignore[reportArgumentType]
        await pair_phone(stage.watch, stage.wearer, host)
        wrist = Wrist(stage, front, host, Internet(front.certificate if internet else None))
        try:
            await wrist.come()
            yield wrist
        finally:
            await wrist.go()
            await host.close()


async def _story(folder: Path) -> None:
    async with a_wrist(folder) as wrist:
        stage, device_id = wrist.stage, await wrist.device()
        started = time.monotonic()
        await wrist.until(lambda: wrist.known(device_id), "the bank does not know the watch")
        known_s = time.monotonic() - started
        await wrist.order(device_id)
        await wrist.rest()
        await stage.wearer.unlock()
        await wrist.filled(1)
        print(f"NOTE ble.mailbox known after {known_s:.1f} s, a card with picture after {wrist.front.asked} requests")
        await _pay_and_hear(wrist)


async def _pay_and_hear(wrist: Wrist) -> None:
    """A tap at a terminal; the bank's word on it comes with the next poll."""
    stage = wrist.stage
    await stage.wearer.arm("visa")
    result = await stage.tap(TapRequest(amount.parse("12.34", "CNY")))
    assert result.receipt.approved
    await stage.watch.wait_for("sent")
    await stage.wearer.home()
    await wrist.rest()
    await stage.watch.wait_for(lambda now: now["payments"][0]["result"] == "approved")


def test_cards_and_notices_by_gadgetbridge_alone(tmp_path: Path) -> None:
    """Certificate from the manufacturer, everything else by `http` lines: known, trusted, filled, told."""
    asyncio.run(asyncio.wait_for(_story(tmp_path), LIMIT_S))


async def _faults(folder: Path) -> None:
    """Each of them in the middle of a conversation; after a pause the watch goes on where it was."""
    async with a_wrist(folder) as wrist:
        device_id = await wrist.device()
        await wrist.until(lambda: wrist.known(device_id), "the bank does not know the watch")
        await wrist.order(device_id)
        for name, fault in FAULTS.items():
            await wrist.idle()
            failing = fault(wrist)
            await wrist.rest()
            assert failing.done, name
            wrist.front.fault = None
            await (wrist.back() if wrist.phone is None else wrist.rest(PAUSE_S))
        await wrist.stage.wearer.unlock()
        await wrist.filled(1)
        print(
            f"NOTE ble.mailbox {len(FAULTS)} faults in conversations, {wrist.front.asked} requests, the card is there"
        )


class Failing:
    """Lets so many polls through, and then does something instead of the bank."""

    def __init__(self, wrist: Wrist, after: int, what: Callable[[], Awaitable[bytes | None]]) -> None:
        self._after, self._what, self.done = after, what, False
        wrist.front.fault = self._fault

    async def _fault(self) -> bytes | None:
        self._after -= 1
        if self._after >= 0 or self.done:
            return None
        self.done = True
        return await self._what()


def phone_goes(wrist: Wrist) -> Failing:
    """The bank has answered; the phone has gone meanwhile."""

    async def what() -> None:
        await wrist.go()

    return Failing(wrist, 2, what)


def garbage(wrist: Wrist, data: bytes) -> Failing:
    """The proxy has a page of its own."""

    async def what() -> bytes:
        return data

    return Failing(wrist, 2, what)


def late(wrist: Wrist) -> Failing:
    """The answer comes after the watch has given up."""

    async def what() -> None:
        await wrist.stage.watch.advance(LATE_S)

    return Failing(wrist, 2, what)


FAULTS: dict[str, Callable[[Wrist], Failing]] = {
    "the phone goes": phone_goes,
    "a page": lambda wrist: garbage(wrist, b"<html>Log in to the hotel's network</html>"),
    "nothing": lambda wrist: garbage(wrist, b""),
    "too much": lambda wrist: garbage(wrist, b"A" * 20_000),
    "other CBOR": lambda wrist: garbage(wrist, base64.b64encode(cbor.encode({1: b"x", 2: True, 3: None}))),
    "late": late,
}


def test_a_conversation_goes_on_after_every_fault(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_faults(tmp_path), LIMIT_S))


async def _untrusted(folder: Path) -> None:
    async with a_wrist(folder, internet=False) as wrist:
        device_id = await wrist.device()
        await wrist.until(lambda: bool(wrist.internet.failed), "the phone did not ask")
        assert "certificate" in wrist.internet.failed[0].lower()
        assert wrist.front.asked == 0 and not wrist.known(device_id)


def test_a_phone_that_does_not_trust_the_bank_carries_nothing(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_untrusted(tmp_path), LIMIT_S))
