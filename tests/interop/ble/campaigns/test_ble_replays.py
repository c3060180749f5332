"""What an honest phone has sent is sent again over the link, in every way: nothing is worked on twice."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from tapwatch.phone.answers import read_bytes
from tapwatch.phone.bank_client import BankClient
from tapwatch.phone.memory import Memory
from tapwatch.phone.relay import (
    APP_PAYMENTS,
    ATTEST,
    CARD_ART,
    HELLO,
    NOTICE,
    PROVISION,
    RECEIPTS,
    TOKEN_PACKAGE,
    TOKEN_REQUEST,
    TRUST,
    WALLET,
    Phone,
)
from tapwatch.signing import cbor
from tapwatch.simulator.messages import WatchRefused
from tapwatch.stage.stage import CURRENCY, LOOPBACK, OPENING_MINOR
from tapwatch.terminal import amount
from tapwatch.terminal.outcome import Outcome
from tapwatch.terminal.request import TapRequest
from tests.interop.ble.campaigns.tape import Parrot, Said, Tape, new_number, status
from tests.interop.ble.campaigns.yard import NEXT_SESSION_S, Yard, open_yard
from tests.tools.upy_process import LONG

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tapwatch.signing.cbor import Value

    Way = Callable[["World"], Awaitable[None]]

SEED = 20261122
ORDERS = 50 if os.environ.get(LONG) else 1
"""Shuffled orders in which everything is sent again."""
AGAIN = {
    HELLO: {"ok"},
    PROVISION: {"wrong-state"},
    TRUST: {"ok"},
    ATTEST: {"ok"},
    TOKEN_REQUEST: {"ok"},
    TOKEN_PACKAGE: {"replayed"},
    RECEIPTS: {"ok"},
    NOTICE: {"replayed"},
    WALLET: {"ok"},
    APP_PAYMENTS: {"ok"},
    CARD_ART: {"ok", "bad-input"},
}
"""What is said to a message that comes again. A part of a picture is refused where it does not follow the last one."""
BY_ANOTHER = {kind: {"wrong-state"} for kind in AGAIN} | {kind: AGAIN[kind] for kind in (HELLO, NOTICE, WALLET)}
"""The same to a phone that is not the main one; docs/formats.md."""
MOST_RISE_S = 60
"""A campaign's way takes less; so much the floor of security time may rise by the time that passes."""


class World:
    """A watch, and what an honest phone has sent to it."""

    def __init__(self, yard: Yard) -> None:
        self.yard = yard
        self.said: list[Said] = []
        self.sent: Counter[str] = Counter()
        self.slowest_ms = 0

    async def use(self) -> None:
        """Everything that an honest phone brings: a card and a picture, a payment, every kind of notice."""
        stage, tape = self.yard.stage, await Tape.over(await self.yard.link("phone"))
        async with BankClient(f"http://{LOOPBACK}:{stage.bank.http_port}") as client:
            phone = Phone(tape.ask, client, Memory())
            certificate = (await phone.hello()).certificate
            assert certificate
            with pytest.raises(WatchRefused, match="wrong-state"):  # it is the manufacturer's, from before
                await phone.provision(stage.manufacturer.root.public, certificate)
            device_id = (await phone.register(certificate)).device_id
            card = stage.bank.order_card(stage.bank.open_account("Anna", CURRENCY, OPENING_MINOR), "visa")
            token = stage.bank.issue_token(card, device_id)
            assert await phone.add_card(token)
            await phone.deliver_art()
            await self._pay()
            for state in ("suspended", "active"):
                stage.bank.set_state(token, state)
            stage.bank.lost(device_id, "Please call")
            stage.bank.found(device_id)
            assert len(await phone.deliver_notices()) >= 5
            await phone.collect_receipts()
        await tape.close()
        await self.yard.wearer.unlock()
        self.said = tape.said
        assert {one.kind for one in self.said} == set(AGAIN)

    def body(self, kind: int) -> Value:
        """Of the first message of a kind."""
        fields = cbor.decode(next(one for one in self.said if one.kind == kind).message)
        assert isinstance(fields, list)
        return fields[2]

    async def facts(self) -> dict[str, object]:
        """What no message that comes again may change."""
        await self.yard.heap()
        state = await self.yard.watch.state()
        return {
            "cards": state["cards"],
            "payments": state["payments"],
            "kept": state["campaign"]["kept"],
            "wallet": await self.yard.stage.phone.wallet(),
            "lost": state["access"] == "lost",
        }

    async def again(self, parrot: Parrot, how: str, one: Said, expected: dict[int, set[str]], new: bool) -> bytes:
        """Send one message again, under its number or a new one; the answer has a status that is expected."""
        self.sent[how] += 1
        fragments = one.under(new_number()) if new else one.fragments
        answer = await parrot.say(fragments)
        assert status(answer) in expected[one.kind], (how, one.kind, answer)
        return answer

    async def honest(self) -> None:
        """The next message of the main phone is served in time."""
        began = await self.yard.ticks_ms()
        tape = await Tape.over(await self.yard.link("phone"))
        await tape.ask(HELLO, None)
        self.slowest_ms = max(self.slowest_ms, await self.yard.ticks_ms() - began)
        await tape.close()
        await self.yard.no_links()

    async def parrot(self, name: str = "phone") -> Parrot:
        """A phone that sends again."""
        return await Parrot.over(await self.yard.link("phone", name))

    async def _pay(self) -> None:
        self.yard.watch.move()
        await self.yard.wearer.arm("visa")
        result = await self.yard.stage.tap(TapRequest(amount.parse("1.00", "CNY")))
        assert result.outcome is Outcome.APPROVED, result.receipt.reason
        await self.yard.watch.wait_for(lambda now: now["access"] == "worn")
        await self.yard.wearer.home()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_yard(tmp_path_factory.mktemp("yard")) as yard:
        world = World(yard)
        yard.do(yard.bond("phone"))
        yard.do(yard.bond("phone", "second"))
        yard.do(world.use())
        yield world


async def as_it_was(world: World) -> None:
    """Each under its number. The last one that was worked on gives the answer that it gave."""
    parrot = await world.parrot()
    for one in world.said:
        answer = await world.again(parrot, "same number", one, AGAIN, new=False)
        assert await world.again(parrot, "same number at once", one, AGAIN, new=False) == answer
    await parrot.close()


async def in_another_order(world: World) -> None:
    """Under new numbers, backwards and shuffled."""
    parrot, random = await world.parrot(), Random(SEED)
    orders = [world.said[::-1], *(random.sample(world.said, len(world.said)) for _ in range(ORDERS))]
    for order in orders:
        requests = set()
        for one in order:
            answer = await world.again(parrot, "new number, another order", one, AGAIN, new=True)
            if one.kind == TOKEN_REQUEST:
                requests.add(answer)
        assert len(requests) == 1
    await parrot.close()


async def by_another_phone(world: World) -> None:
    """By one that is bonded, and not the main one."""
    parrot = await world.parrot("second")
    for one in world.said:
        await world.again(parrot, "another phone", one, BY_ANOTHER, new=False)
    await parrot.close()


async def strays(world: World) -> None:
    """Each fragment in the middle of an honest transfer, which comes through."""
    await world.yard.no_links()
    tape = await Tape.over(await world.yard.link("phone"))
    certificate = world.body(TRUST)
    for one in world.said:
        for number, fragment in enumerate(one.fragments):
            world.sent["stray fragment"] += 1
            await tape.ask_past(fragment, (number + 1) % 2, TRUST, certificate)
    await tape.close()


async def foreign_questions(world: World) -> None:
    """For the rest of answers to other transfers: the state is told, no answer, and what is held stays."""
    parrot = await world.parrot()
    last = world.said[0]
    answer = await world.again(parrot, "same number", last, AGAIN, new=False)
    before, heard = await parrot.state(), parrot.heard()
    for number in (new_number(), *(one.number for one in world.said[1:])):
        for offset in (0, 1, 0xFFFF):
            world.sent["foreign question"] += 1
            await parrot.question(number, offset)
    await world.yard.watch.advance(0.1)  # returns when the watch has done what was due
    assert (await parrot.state(), parrot.heard()) == (before, heard)
    assert await parrot.say(last.fragments) == answer
    await parrot.close()


async def after_a_restart(world: World) -> None:
    """Locked, then unlocked: the watch has forgotten the numbers of transfers, and nothing else."""
    await world.yard.watch.restart()
    parrot = await world.parrot()
    for one in world.said:
        await world.again(parrot, "after a restart, locked", one, AGAIN, new=False)
    await parrot.close()
    await world.yard.wearer.unlock()
    parrot = await world.parrot()
    for one in world.said:
        await world.again(parrot, "after a restart", one, AGAIN, new=True)
    await parrot.close()


async def an_old_notice(world: World) -> None:
    """One that a watch takes which has forgotten it."""
    parrot = await world.parrot()
    notice = next(one for one in world.said if one.kind == NOTICE)
    await world.again(parrot, "old notice", notice, {NOTICE: {"ok", "replayed"}}, new=True)
    await parrot.close()


WAYS = (as_it_was, in_another_order, by_another_phone, strays, foreign_questions, after_a_restart)


async def campaign(world: World, ways: tuple[Way, ...] = WAYS) -> None:
    """Every way; after each of them nothing has changed, and an honest message is served."""
    for way in ways:
        world.yard.watch.move()
        before, floor_s = await world.facts(), (await world.yard.watch.state())["security_time"]
        await way(world)
        await world.yard.no_links()
        now = await world.yard.watch.state()
        assert 0 <= now["security_time"] - floor_s <= MOST_RISE_S, way
        assert await world.facts() == before, way
        assert now["campaign"]["faults"] == 0
        await world.honest()
    assert world.slowest_ms <= NEXT_SESSION_S * 1000


def test_what_comes_again_changes_nothing(world: World) -> None:
    world.yard.do(campaign(world), 3600)
    ways = ", ".join(f"{count} {how}" for how, count in world.sent.items())
    print(
        f"NOTE Bluetooth replays: {world.sent.total()} repeats of {len(world.said)} messages ({ways}), "
        f"0 worked on twice, next message after {world.slowest_ms} ms of the watch's time at most"
    )


def test_a_package_for_one_request_gives_one_receipt(world: World) -> None:
    async def main() -> None:
        tape = await Tape.over(await world.yard.link("phone"))
        (first,) = {one.answer for one in world.said if one.kind == TOKEN_PACKAGE}
        bank = world.yard.stage.bank
        request = read_bytes(await tape.ask(TOKEN_REQUEST, world.body(TOKEN_REQUEST)))
        packages = {bank.package(request) for _ in range(2)}
        assert len(packages) == 1
        receipt = await tape.ask(TOKEN_PACKAGE, packages.pop())
        await tape.close()
        parrot = await world.parrot()
        (package,) = tape.of(TOKEN_PACKAGE)
        assert await parrot.say(package.fragments) == package.answer != first
        assert status(await world.again(parrot, "package", package, AGAIN, new=True)) == "replayed"
        await parrot.close()
        assert await world.yard.watch.message(RECEIPTS, None) == [receipt]

    world.yard.do(main())


def test_a_watch_that_forgets_which_notices_it_saw_would_be_noticed(world: World) -> None:
    async def restart(**options: object) -> None:
        watch = world.yard.watch
        await watch.kill()
        watch.options = dataclasses.replace(watch.options, program_options=options)
        await watch.start()
        await world.yard.wearer.unlock()

    world.yard.do(restart(forgetting=True))
    try:
        with pytest.raises(AssertionError, match="notice numbers"):
            world.yard.do(campaign(world, (an_old_notice,)))
        with pytest.raises(AssertionError, match="same number"):
            world.yard.do(campaign(world, (as_it_was,)))
    finally:
        world.yard.do(restart())
