"""The phone between a paper watch and the real bank, and taps with the keys it carried."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from tapwatch.acquiring.client import AcquirerClient
from tapwatch.bank.service import Bank
from tapwatch.errors import UserError
from tapwatch.phone.bank_client import BankClient, BankRefused, Registration
from tapwatch.phone.memory import Memory
from tapwatch.phone.relay import Phone
from tapwatch.signing import certificates
from tapwatch.signing.keys import PrivateKey
from tapwatch.simulator.messages import WatchRefused
from tapwatch.terminal import amount
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.session import TapResult, TapSession
from tests.host.phone.paper_watch import PaperCard, PaperWatch
from tests.host.terminal.direct import DirectReader

CNY = 156
NEVER = 4_000_000_000


@dataclass
class World:
    """A bank that serves, a watch, and the phone between them."""

    bank: Bank
    watch: PaperWatch
    phone: Phone
    client: BankClient
    certificate: bytes
    root: PrivateKey
    memory: Memory

    async def ready(self) -> Registration:
        """Provision and register the watch."""
        await self.phone.provision(self.root.public, self.certificate)
        return await self.phone.register(self.certificate)

    def token(self, profile: str = "visa") -> bytes:
        """A new token of a new card on a new account with 1000.00."""
        card = self.bank.order_card(self.bank.open_account("Wang Wei", CNY, 100_000), profile)
        return self.bank.issue_token(card, self.watch.identity.key_id)

    async def pay(self, token: bytes, text: str = "12.34") -> TapResult:
        """Tap the watch's card."""
        card = PaperCard(self.watch.packages[token])
        session = TapSession(DirectReader(card.apdu), AcquirerClient("127.0.0.1", self.bank.iso_port))
        return await asyncio.to_thread(session.tap, TapRequest(amount.parse(text, "CNY")))


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    root, watch, memory = PrivateKey.generate(), PaperWatch(), Memory.load(folder / "phone.json")
    bank = Bank.create(f"sqlite:///{folder / 'bank.db'}", folder / "keys", root)
    await bank.start()
    certificate = certificates.issue(
        root, "device", watch.identity.public, "TW-PAPER", 0, NEVER, 1, {"secret": "software"}
    )
    try:
        async with BankClient(f"http://127.0.0.1:{bank.http_port}") as client:
            yield World(bank, watch, Phone(watch.message, client, memory), client, certificate, root, memory)
    finally:
        await bank.stop()


def in_world(folder: Path, story: Callable[[World], Awaitable[None]]) -> None:
    async def run() -> None:
        async with world(folder) as here:
            await asyncio.wait_for(story(here), 60)

    asyncio.run(run())


def test_hello(tmp_path: Path) -> None:
    async def story(here: World) -> None:
        hello = await here.phone.hello()
        assert (hello.firmware, hello.provisioned, hello.secret_kind) == ("paper", False, "software")
        assert hello.device_id == here.watch.identity.key_id
        await here.ready()
        assert (await here.phone.hello()).provisioned

    in_world(tmp_path, story)


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_a_card_is_added_and_pays(tmp_path: Path, profile: str) -> None:
    async def story(here: World) -> None:
        await here.ready()
        token = here.token(profile)
        assert await here.phone.add_card(token)
        started = time.perf_counter()
        result = await here.pay(token)
        print(f"NOTE phone: {profile} tap and bank {(time.perf_counter() - started) * 1000:.0f} ms")
        assert result.receipt.approved and result.receipt.scheme == profile, result.receipt
        (notice,) = await here.phone.deliver_notices()
        assert (notice[4], notice[5], notice[6], notice[7]) == (result.receipt.atc, "approved", 1234, CNY)
        assert here.watch.notices == [notice]
        assert await here.phone.deliver_notices() == []
        assert here.bank.trial_balance().balanced

    in_world(tmp_path, story)


def test_the_bank_declines_a_used_key_and_says_so(tmp_path: Path) -> None:
    async def story(here: World) -> None:
        await here.ready()
        token = here.token()
        await here.phone.add_card(token)
        assert (await here.pay(token)).receipt.approved
        clone = await here.pay(token)  # the paper card starts again with its first key
        assert (clone.receipt.approved, clone.receipt.response_code) == (False, "59")
        delivered = await here.phone.deliver_notices()
        assert [notice.get(4) for notice in delivered if len(notice) == 5] == ["suspended"]
        assert [notice[2] for notice in delivered] == sorted(notice[2] for notice in delivered)

    in_world(tmp_path, story)


def test_a_locked_watch_keeps_the_package(tmp_path: Path) -> None:
    async def story(here: World) -> None:
        await here.ready()
        token = here.token()
        here.watch.locked = True
        assert not await here.phone.add_card(token)
        here.watch.locked = False
        assert await here.phone.collect_receipts() == 1
        assert await here.phone.collect_receipts() == 0
        assert await here.phone.add_card(token)
        assert here.watch.packages[token][2] == 2

    in_world(tmp_path, story)


def test_notices_survive_a_forgetful_phone(tmp_path: Path) -> None:
    async def story(here: World) -> None:
        registration = await here.ready()
        token = here.token()
        await here.phone.add_card(token)
        await here.pay(token)
        assert len(await here.phone.deliver_notices()) == 1
        forgetful = Phone(here.watch.message, here.client, Memory(None, registration))
        assert await forgetful.deliver_notices() == []
        remembered = Memory.load(tmp_path / "phone.json")
        assert (remembered.registration, remembered.last_notice) == (registration, 1)
        assert (tmp_path / "phone.json").stat().st_mode & 0o077 == 0

    in_world(tmp_path, story)


def test_refusals_reach_the_caller(tmp_path: Path) -> None:
    async def story(here: World) -> None:
        with pytest.raises(UserError, match="not registered"):
            await here.phone.deliver_notices()
        await here.ready()
        with pytest.raises(WatchRefused):
            await here.phone.provision(here.root.public, here.certificate)
        with pytest.raises(BankRefused, match="no such token") as caught:
            await here.phone.add_card(bytes(8))
        assert caught.value.status == 404
        here.memory.registration = Registration(here.watch.identity.key_id, "wrong")
        with pytest.raises(BankRefused):
            await here.phone.deliver_notices()
        await here.phone.set_clock(1_800_000_000, 480)
        assert here.watch.clock == [1_800_000_000, 480]

    in_world(tmp_path, story)


def test_no_bank() -> None:
    async def story() -> None:
        async with BankClient("http://127.0.0.1:9") as client:
            with pytest.raises(UserError, match="does not answer"):
                await client.service()

    asyncio.run(story())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"device_id": "zz", "bearer": "x", "last_notice": 1}'])
def test_damaged_memory(tmp_path: Path, text: str) -> None:
    path = tmp_path / "phone.json"
    path.write_text(text)
    with pytest.raises(UserError, match="damaged"):
        Memory.load(path)


def test_payments_of_apps_are_carried_before_notices(tmp_path: Path) -> None:
    """Whatever the bank says to one, the watch hears that it has been answered; without a bank it keeps it."""

    class Till:
        """As much of a bank client as carries payments."""

        def __init__(self) -> None:
            self.taken: list[str] = []
            self.away: UserError = UserError("the bank does not answer")
            self.there = False

        async def merchant_payment(self, payment: bytes, code: str) -> str:
            if not self.there:
                raise self.away
            self.taken.append(code)
            if code == "wrong":
                raise BankRefused("malformed", "", 400)
            return "00"

    async def story() -> None:
        watch, till = PaperWatch(), Till()
        phone = Phone(watch.message, cast("BankClient", till))
        watch.app_payments = [("one", b"1"), ("wrong", b"2"), ("three", b"3")]
        for away in (till.away, BankRefused("the database failed", "", 503), BankRefused("too often", "", 429)):
            till.away = away
            with pytest.raises(UserError):
                await phone.carry_app_payments()
            assert len(watch.app_payments) == 3, "what the bank could not look at is not answered"
        till.there = True
        assert await phone.carry_app_payments() == 3 and watch.app_payments == []
        assert till.taken == ["one", "wrong", "three"] and await phone.carry_app_payments() == 0

    asyncio.run(story())


def test_a_watch_that_knows_no_payments_of_apps_has_none(tmp_path: Path) -> None:
    async def refuse(kind: int, body: object) -> object:
        raise WatchRefused(kind, "bad-input")

    async def strange(kind: int, body: object) -> object:
        return [["code", b"payment", 3]]

    async def story() -> None:
        assert await Phone(refuse, cast("BankClient", None)).carry_app_payments() == 0
        with pytest.raises(UserError):
            await Phone(strange, cast("BankClient", None)).carry_app_payments()

    asyncio.run(story())
