"""The phone between a watch and a bank that both send anything: only errors that a person can read."""

from __future__ import annotations

import asyncio
import json
import random
import struct
from typing import TYPE_CHECKING

from tapwatch.compiled import ROOT
from tapwatch.errors import UserError
from tapwatch.phone import bank_client
from tapwatch.phone.bank_client import BankClient, Registration
from tapwatch.phone.customer import Enrolment, TokenFacts
from tapwatch.phone.kinds import kind_of
from tapwatch.phone.memory import Memory
from tapwatch.phone.relay import Phone
from tapwatch.phone.transfer import LinkLost, Transfer
from tapwatch.signing import cbor
from tapwatch.signing.keys import PrivateKey
from tapwatch.simulator.messages import MAX_MESSAGE, Messages
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_value, noise

if TYPE_CHECKING:
    from pathlib import Path

KEY = PrivateKey.generate()
NOTICE = KEY.sign("tapwatch/notice", {1: KEY.key_id, 2: 7, 3: bytes(8)})
WATCH_ANSWERS: dict[int, object] = {
    1: {1: 1, 2: "0.1", 3: KEY.public, 4: "provisioned", 5: "software", 6: "worn"},
    2: None,
    3: None,
    4: bytes(200),
    5: bytes(200),
    6: bytes(100),
    7: [bytes(100)],
    8: None,
    9: None,
    10: [{1: bytes(8), 2: "active", 3: 9, 4: False, 5: 0, 6: 0, 7: bytes(32)}],
    11: 2048,
    12: None,
    13: {1: "Shop", 2: 100, 3: 978},
    14: bytes(300),
    24: [["0002010102", bytes(300)]],
}
BANK_ANSWERS: dict[str, dict[str, object]] = {
    "/v1/service": {"certificate": bytes(200), "issuer_id": bytes(8), "time": 1},
    "/v1/challenges": {"challenge": bytes(16)},
    "/v1/devices": {"device_id": bytes(8), "bearer": "token", "certificate": bytes(200)},
    "/v1/token-requests": {"package": bytes(900), "certificate": bytes(200)},
    "/v1/receipts": {"taken": 1},
    "/v1/merchant-payments": {"response": "00", "approved": True},
    "/v1/art": {"art": bytes(3000)},
    "notices": {"notices": [NOTICE]},
}


class FalseBank(BankClient):
    """Answers each path with something like what belongs there."""

    def __init__(self) -> None:
        super().__init__("http://bank")

    async def ask(self, method: str, path: str, body: dict | None = None, bearer: str = "") -> object:
        cbor.encode(body)
        good = next(answer for known, answer in BANK_ANSWERS.items() if known in path)
        status = random.choice((200, 200, 200, 400, 500))
        data = cbor.encode(mutated_value(good)) if random.getrandbits(1) else cbor.encode(good)
        return bank_client._read(status, mutated(data) if random.randrange(8) == 0 else data)


async def false_watch(kind: int, body: object) -> object:
    """Answers each message with something like what belongs there."""
    cbor.encode([kind, 1, body])
    return mutated_value(WATCH_ANSWERS[kind]) if random.randrange(3) else WATCH_ANSWERS[kind]


def ways(phone: Phone) -> tuple:
    """Everything a phone does."""
    return (
        phone.hello,
        lambda: phone.provision(bytes(64), bytes(200)),
        lambda: phone.register(bytes(200)),
        lambda: phone.add_card(bytes(8)),
        phone.collect_receipts,
        phone.deliver_notices,
        lambda: phone.set_clock(1, 0),
        phone.wallet,
        phone.deliver_art,
        lambda: phone.set_own_record(None),
        lambda: phone.show_merchant_code("000201"),
        lambda: phone.pay_merchant_code("000201"),
    )


def test_between_a_watch_and_a_bank() -> None:
    random.seed(1)
    memory = Memory(registration=Registration(bytes(8), "token"))
    phone = Phone(false_watch, FalseBank(), memory)

    def take(number: int) -> None:
        asyncio.run(asyncio.wait_for(ways(phone)[number](), 5))
        assert isinstance(memory.last_notice, int) and isinstance(memory.registration, Registration)

    share = Campaign("phone", take, UserError, most_ms=500).run(lambda: random.randrange(12), 750, 2)
    assert 0.1 < share < 0.9


def test_what_a_watch_says_of_itself_has_the_right_types() -> None:
    """Else the type would be trusted far away from where it came in."""
    random.seed(2)
    phone = Phone(false_watch, FalseBank(), Memory())

    def take(_: object) -> None:
        hello = asyncio.run(phone.hello())
        assert (type(hello.protocol), type(hello.firmware), len(hello.identity)) == (int, str, 64)
        for card in asyncio.run(phone.wallet()):
            assert isinstance(card.token_id, bytes) and isinstance(card.keys_left, int)
            assert card.lacks_art is None or len(card.lacks_art) == 32
        asked = asyncio.run(phone.show_merchant_code("000201"))
        assert (type(asked.merchant), type(asked.amount_minor), type(asked.currency)) == (str, int, int)

    Campaign("phone, types", take, UserError, most_ms=500).run(lambda: None, 800, 2)


def test_frames_from_the_watch() -> None:
    """The byte stream of the watch, damaged: an error that ends the link, never a wrong answer."""
    random.seed(3)

    async def ask(answers: bytes) -> object:
        stream = asyncio.StreamReader()
        stream.feed_data(answers)
        stream.feed_eof()
        return await Messages(lambda data: None, stream).ask(4, bytes(16))

    good = cbor.encode([4, 1, "ok", bytes(100)])
    stream = len(good).to_bytes(2, "big") + good

    def take(data: bytes) -> None:
        body = asyncio.run(ask(data))
        cbor.encode(body)

    from tapwatch.simulator.frames import LinkError
    from tapwatch.simulator.messages import WatchRefused

    share = Campaign("phone, answers", take, (LinkError, WatchRefused)).run(lambda: mutated(stream), 750)
    assert 0.01 < share < 0.95
    for size in (0, 1, MAX_MESSAGE, MAX_MESSAGE + 1, 65_535):
        try:
            take(size.to_bytes(2, "big") + noise(size))
            raise AssertionError("noise was an answer")
        except LinkError:
            pass


def test_memory_files(tmp_path: Path) -> None:
    random.seed(4)
    path = tmp_path / "phone.json"
    good = {"device_id": bytes(8).hex(), "bearer": "token", "last_notice": 7}

    def take(data: bytes) -> None:
        path.write_bytes(data)
        memory = Memory.load(path)
        memory.delivered(memory.last_notice + 1)

    def make() -> bytes:
        if random.getrandbits(1):
            return mutated(json.dumps(good).encode())
        return json.dumps(mutated_value(good), default=str).encode()

    share = Campaign("phone, memory files", take, UserError, most_ms=500).run(make, 200, 20)
    assert 0.02 < share < 0.9
    deep = Campaign("phone, deep memory files", take, UserError, most_ms=500)
    assert not deep.one(b"[" * 100_000) and not deep.one(b'{"device_id":' * 50_000)


def test_files_to_install() -> None:
    """Card art and NDEF messages with damage, and anything else: taken, or refused in words."""
    random.seed(6)
    art = (ROOT / "host_tools/tapwatch/bank/art/visa-18.twa").read_bytes()
    good = (art, b"\xd1\x01\x08T\x02enhello", b"\x91\x01\x02T\x00a\x51\x01\x02T\x00b")

    def make() -> bytes:
        return mutated(random.choice(good)) if random.randrange(4) else noise(600)

    def take(data: bytes) -> None:
        kind_of(data).check(data)

    share = Campaign("phone, files to install", take, UserError, most_ms=500).run(make, 400)
    assert 0.02 < share < 0.9


class FalsePipe:
    """A link to a watch that notifies something like what it must."""

    def __init__(self) -> None:
        self.room = random.choice((20, 100, 512))
        self._number = b""
        self._left = 40

    async def write(self, fragment: bytes) -> None:
        self._number = fragment[:4]

    async def state(self) -> bytes:
        return self._damaged(struct.pack(">BB4sHH", 1, random.randrange(4), self._number, random.randrange(50), 40))

    async def hear(self) -> tuple[bool, bytes]:
        self._left -= 1
        if not self._left:
            raise LinkLost("gone")
        if random.randrange(4) == 0:
            return False, await self.state()
        at = random.randrange(0, 40, 10)
        return True, self._damaged(struct.pack(">4sHH", self._number, 40, at) + bytes([at]) * 10)

    def _damaged(self, data: bytes) -> bytes:
        return mutated(data) if random.randrange(8) == 0 else data


def test_what_a_watch_notifies() -> None:
    """Fragments and states in any order, some damaged: an answer of the length that was told, or a declared error."""
    random.seed(4)

    def take(message: bytes) -> None:
        answer = asyncio.run(asyncio.wait_for(Transfer(message).over(FalsePipe()), 5))
        assert 0 < len(answer) <= 4096

    share = Campaign("phone, notifications", take, (UserError, LinkLost), most_ms=500).run(
        lambda: bytes(random.randrange(1, 300)), 400, 4
    )
    assert 0.05 < share < 0.95


def test_what_a_bank_says_of_cards() -> None:
    random.seed(5)
    good = {
        "enrolment": bytes(8),
        "state": "approved",
        "methods": [{"method": "sms", "address": "+1***23"}],
        "tries_left": 3,
        "token_id": bytes(8),
    }
    token = {"token_id": bytes(8), "state": "active", "label": "Blue", "last_four": "0010"}

    def take(answer: object) -> None:
        enrolment = Enrolment.read(answer) if random.getrandbits(1) else Enrolment.read(good)
        assert isinstance(enrolment.id, bytes) and (enrolment.token_id is None) == (enrolment.state != "approved")
        facts = TokenFacts.read(mutated_value(token))
        assert isinstance(facts.token_id, bytes) and isinstance(facts.label, str)

    share = Campaign("phone, cards at the bank", take, UserError).run(lambda: mutated_value(good), 1_000)
    assert 0.05 < share < 0.95
