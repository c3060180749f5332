"""What the bank carries without reading it: the root's revocation list and a store's licences, each once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tapwatch.bank.parcels import AT_ONCE, LICENCE, REVOCATIONS
from tapwatch.bank.problems import RequestProblem
from tapwatch.errors import UserError
from tapwatch.phone.bank_client import BankClient, News, Parcel, Registration
from tapwatch.phone.memory import Memory
from tapwatch.phone.relay import Phone
from tapwatch.signing import revocations
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.mail import Mail
from tests.host.bank.world import Watch, World
from tests.host.phone.paper_watch import PaperWatch

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.share("store and keys")


def listed(world: World, number: int, *serials: int) -> bytes:
    """A list of the world's root, which the bank has taken."""
    envelope = revocations.issue(world.root, number, 1, serials)
    assert world.bank.set_revocations(envelope) == number
    return envelope


def send(world: World, name: str, body: bytes, kind: int = LICENCE, to: bytes | None = None) -> None:
    with world.bank.books.write() as connection:
        world.bank.books.send(connection, to or world.watch.id, name, kind, [body, b"certificate"])


def test_the_mailbox_brings_each_once_and_the_newest_only(world: World) -> None:
    mail, first = Mail(world), listed(world, 1)
    send(world, "licence chess", b"one")
    second = listed(world, 2, 77)
    mail.round()
    assert mail.brought == [(LICENCE, [b"one", b"certificate"]), (REVOCATIONS, second)] and first != second
    world.reopen()
    mail.round()
    assert len(mail.brought) == 2, "nothing comes twice, also after a restart"
    send(world, "licence chess", b"one")
    listed(world, 2, 77)
    mail.round()
    assert len(mail.brought) == 2, "the same again is nothing new"
    send(world, "licence chess", b"two")
    mail.round()
    assert mail.brought[2:] == [(LICENCE, [b"two", b"certificate"])]


@pytest.mark.parametrize("status", ["replayed", "bad-input", "bad-signature", "app-signer"])
def test_what_a_watch_refuses_for_ever_holds_nothing_up(world: World, status: str) -> None:
    mail = Mail(world)
    mail.refuses = {LICENCE: status}
    send(world, "licence chess", b"one")
    listed(world, 1)
    mail.round()
    assert [kind for kind, _ in mail.brought] == [REVOCATIONS] and mail.kinds.count(LICENCE) == 1
    mail.round()
    assert mail.kinds.count(LICENCE) == 1


@pytest.mark.parametrize("status", ["storage-full", "wrong-state", "error"])
def test_what_a_watch_cannot_take_now_comes_again(world: World, status: str) -> None:
    mail = Mail(world)
    mail.refuses = {REVOCATIONS: status}
    envelope = listed(world, 1)
    mail.round()
    assert mail.brought == [] and mail.kinds[-1] == 10, "the rest of the round goes on"
    mail.refuses = {}
    mail.round()
    assert mail.brought == [(REVOCATIONS, envelope)]


def test_each_watch_gets_its_own_and_a_new_one_the_list(world: World) -> None:
    listed(world, 1)
    send(world, "licence chess", b"one")
    Mail(world).round()
    world.watch = Watch(world.root, 9)
    world.register(world.watch)
    mail = Mail(world)
    mail.round()
    assert [kind for kind, _ in mail.brought] == [REVOCATIONS]


def test_a_watch_that_was_set_up_anew_gets_all_again(world: World) -> None:
    mail = Mail(world)
    send(world, "licence chess", b"one")
    mail.round()
    world.watch.receipt_key = ec.generate_private_key(ec.SECP256R1())
    mail.ticket = None
    mail.round()
    assert len(mail.brought) == 2


def test_lists_of_others_and_older_ones(world: World) -> None:
    for wrong in (b"", b"\x80", revocations.issue(PrivateKey.generate(), 5, 1, [])):
        with pytest.raises(RequestProblem, match="no revocation list of our root"):
            world.bank.set_revocations(wrong)
    assert world.bank.revocations() is None
    newest = listed(world, 3, 1)
    for older in (revocations.issue(world.root, 2, 1, [1]), revocations.issue(world.root, 3, 1, [2])):
        with pytest.raises(RequestProblem, match="not newer"):
            world.bank.set_revocations(older)
    assert world.bank.revocations() == newest


def test_many_come_in_several_answers(world: World) -> None:
    for number in range(AT_ONCE + 3):
        send(world, f"licence app{number}", bytes([number]))
    first = world.bank.parcels(world.watch.id, 0)
    rest = world.bank.parcels(world.watch.id, first[-1][0])
    assert (len(first), len(rest), world.bank.parcels(world.watch.id, rest[-1][0])) == (AT_ONCE, 3, [])
    mail = Mail(world)
    mail.round()
    assert len(mail.brought) == AT_ONCE + 3


class Desk:
    """As much of a bank client as brings news."""

    def __init__(self, *parcels: Parcel) -> None:
        self.parcels = list(parcels)

    async def news(self, device: Registration, since: int, parcels: int) -> News:
        return News([], [one for one in self.parcels if one.number > parcels])

    async def revocations(self) -> bytes | None:
        return b"list" if self.parcels else None


def phone(watch: PaperWatch, desk: Desk, memory: Memory) -> Phone:
    return Phone(watch.message, cast("BankClient", desk), memory)


def test_a_phone_brings_them_with_the_notices(tmp_path: Path) -> None:
    """And nothing else that a bank might want carried; what the watch cannot take now comes with the next notices."""
    watch, memory = PaperWatch(), Memory(tmp_path / "phone.json", Registration(bytes(8), "x"))
    desk = Desk(Parcel(3, REVOCATIONS, b"list"), Parcel(4, 18, "chess"), Parcel(6, LICENCE, [b"a", b"b"]))

    async def sync() -> None:
        await phone(watch, desk, memory).deliver_notices()

    watch.refuses = "storage-full"
    asyncio.run(sync())
    assert memory.last_parcel == 0
    watch.refuses = ""
    asyncio.run(sync())
    assert watch.brought == [(REVOCATIONS, b"list"), (LICENCE, [b"a", b"b"])]
    memory = Memory.load(tmp_path / "phone.json")
    assert memory.last_parcel == 6
    asyncio.run(sync())
    assert len(watch.brought) == 2
    memory.registered(Registration(bytes(8), "y"))
    watch.refuses = "replayed"
    asyncio.run(sync())
    assert memory.last_parcel == 6


def test_the_list_is_brought_before_an_install() -> None:
    async def story() -> None:
        watch = PaperWatch()
        await phone(watch, Desk(), Memory()).bring_revocations()
        assert watch.brought == []
        there = phone(watch, Desk(Parcel(1, REVOCATIONS, b"list")), Memory())
        await there.bring_revocations()
        assert watch.brought == [(REVOCATIONS, b"list")]
        watch.refuses = "replayed"
        await there.bring_revocations()
        watch.refuses = "storage-full"
        with pytest.raises(UserError):
            await there.bring_revocations()

    asyncio.run(story())


@pytest.mark.parametrize("entry", [5, [], [1, 20], [1, "20", b"\x40"], [True, 20, b"\x40"], [1, 20, b"\xff"]])
def test_parcels_of_a_wrong_form_are_refused(entry: object, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(*_: object, **__: object) -> object:
        return {"notices": [], "parcels": [entry]}

    async def story() -> None:
        client = BankClient("http://127.0.0.1:9")
        monkeypatch.setattr(client, "ask", answer)
        with pytest.raises(UserError, match="no proper parcels"):
            await client.news(Registration(bytes(8), "x"), 0, 0)

    asyncio.run(story())


def test_over_http(world: World) -> None:
    """The bank's answers, read by the phone's client."""
    envelope = listed(world, 4, 9)
    send(world, "licence chess", b"one")

    async def story() -> None:
        await world.bank.start()
        try:
            async with BankClient(f"http://127.0.0.1:{world.bank.http_port}") as client:
                assert await client.revocations() == envelope
                news = await client.news(Registration(world.watch.id, world.bearer), 0, 0)
                assert [(one.kind, one.body) for one in news.parcels] == [
                    (REVOCATIONS, envelope),
                    (LICENCE, [b"one", b"certificate"]),
                ]
                last = news.parcels[-1].number
                assert (await client.news(Registration(world.watch.id, world.bearer), 0, last)).parcels == []
        finally:
            await world.bank.stop()

    asyncio.run(story())
