"""The bank against carriers, operators and watches that send anything: bodies, signed payloads, messages, files."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tapwatch.acquiring import spec
from tapwatch.acquiring.problems import MessageProblem
from tapwatch.bank import arguments as arguments_room
from tapwatch.bank import http_views, keyring
from tapwatch.bank.art import form
from tapwatch.bank.chip import ChipData
from tapwatch.bank.http_server import MAX_BODY_BYTES, HttpServer
from tapwatch.bank.problems import BankProblem
from tapwatch.bank.profiles import PROFILES
from tapwatch.errors import UserError
from tapwatch.signing import cbor, certificates, envelope
from tapwatch.signing.keys import PrivateKey
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_text, mutated_value, noise, sizes
from tests.host.bank.mail import Mail
from tests.host.bank.test_codes_merchant import merchant_code, payment
from tests.host.bank.world import START, Watch, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SLOW_MS = 1_000
"""Requests that write to the database wait for the disk."""
PASSWORD = "correct horse"
WALLET_CARD = {2: "active", 3: 10, 4: False, 5: 0, 6: 0, 7: None}
"""A card in the answer to message 10, without its token."""


class Branch(World):
    """A world with a customer, whose the account is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        desk = self.bank.customers
        self.customer = desk.create("ada", PASSWORD, "+10005550142", "ada@example.org")
        desk.give_account(self.customer, self.account)
        self.session = desk.log_in("ada", PASSWORD).bearer


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branch]:
    """One bank for all; what it takes it keeps."""
    world = Branch(tmp_path_factory.mktemp("bank"))
    yield world
    asyncio.run(world.bank.stop())


def test_cbor() -> None:
    random.seed(1)
    good = cbor.encode({1: [7, b"ab", "c\u4ed8", [[None, True], {}]], "key": {-5: 1 << 40}, 2: [b"x" * 30] * 3})

    def take(data: bytes) -> None:
        assert cbor.encode(cbor.decode(data)) == data, "two encodings of one value"

    share = Campaign("host CBOR", take, cbor.CborProblem).run(lambda: mutated(good), 4_000)
    assert 0.01 < share < 0.9
    around = Campaign("host CBOR at sizes", take, cbor.CborProblem)
    for size in sizes(cbor.MAX_BYTES):
        for head in (b"", b"\x80", b"\x81" * 40, b"\x9b" + b"\xff" * 8, b"\xbb" + b"\x7f" * 8, b"\x5b" + b"\xff" * 8):
            around.one((head + bytes(size))[:size])
    around.note()


def test_envelopes_and_certificates() -> None:
    random.seed(2)
    root = PrivateKey.generate()
    good = certificates.issue(root, "device", root.public, "W-1", 1, START * 2, 1, {"secret": "software"})
    parts = cbor.decode(good)

    def make() -> bytes:
        return mutated(good) if random.getrandbits(1) else cbor.encode(mutated_value(parts))

    share = Campaign("host envelopes", envelope.parse, envelope.SignatureProblem).run(make, 2_500)
    assert 0.01 < share < 0.9
    forged = Campaign(
        "host signatures",
        lambda data: certificates.check(data, root.public, "device", START),
        envelope.SignatureProblem,
    )
    for _ in range(150):
        data = make()
        assert not forged.one(data) or data == good
    forged.note()
    payload = envelope.parse(good).payload
    signed = Campaign("host certificates", certificates._read, envelope.SignatureProblem)
    assert 0.01 < signed.run(lambda: mutated_value(payload), 1_500) < 0.95


def kinds(world: World) -> dict[str, tuple[Callable[[bytes], object], Callable[[], tuple[str, dict, bytes | None]]]]:
    """What watches sign: who takes it, and a good payload with its kind."""
    bank, watch = world.bank, world.watch
    token = world.token()
    code = merchant_code(world)
    card = world.card()

    def parts(data: bytes) -> tuple[str, dict, bytes | None]:
        found = envelope.parse(data)
        return found.kind, found.payload, found.nonce

    return {
        "attestation": (
            lambda data: bank.register(watch.certificate, data),
            lambda: parts(watch.attest(bank.challenge())),
        ),
        "token request": (bank.package, lambda: parts(watch.request(token, bank.issuer_id))),
        "receipt": (bank.receipt, lambda: parts(watch.receipt(token, 1, bytes(16), bytes(32)))),
        "merchant payment": (
            lambda data: bank.merchant_payment(data, code),
            lambda: parts(payment(world, card, 1, code)),
        ),
    }


def test_what_watches_sign(bank: World) -> None:
    """Payloads of every form, with the right signature of a registered watch."""
    random.seed(3)
    for name, (take, good) in kinds(bank).items():

        def make() -> bytes:
            kind, payload, nonce = good()
            if random.randrange(4) == 0:
                return mutated(bank.watch.identity.sign(kind, payload, nonce))
            return bank.watch.identity.sign(kind, mutated_value(payload), nonce)

        Campaign(f"bank, signed {name}", take, BankProblem, most_ms=SLOW_MS).run(make, 25, 100)
    assert bank.bank.trial_balance().balanced


def arguments(world: Branch) -> dict[str, dict[str, object]]:
    """Good arguments of each path."""
    watch = Watch(world.root, random.getrandbits(30))
    device, token = world.watch.id, world.token()
    merchant = world.bank.open_merchant(f"Shop {random.getrandbits(40):x}", 978)
    code = world.bank.merchant_code(merchant, 1234, 978)
    return {
        "/v1/service": {},
        "/v1/challenges": {},
        "/v1/devices": {"certificate": watch.certificate, "attestation": watch.attest(world.bank.challenge())},
        "/v1/token-requests": {"request": world.watch.request(token, world.bank.issuer_id)},
        "/v1/receipts": {"receipts": [world.watch.receipt(token, 1, bytes(16), bytes(32))]},
        "/v1/art/{digest}": {"digest": bytes(32).hex()},
        "/v1/devices/{id}/notices": {"id": device.hex(), "since": "0"},
        "/v1/devices/{id}/states": {"id": device.hex()},
        "/v1/merchant-payments": {"payment": noise(100), "code": code},
        "/v1/devices/{id}/state": {"id": device.hex(), "state": "lost", "text": "call"},
        "/v1/merchants": {"name": "Shop", "currency": 978},
        "/v1/merchant-codes": {"account": merchant, "amount_minor": 100, "currency": 978, "name": "Shop", "once": True},
        "/v1/accounts": {"holder": "Ada", "currency": 978, "opening_minor": 100},
        "/v1/cards": {"account": world.account, "profile": "visa", "label": "Card"},
        "/v1/tokens": {"card": 1, "device_id": device, "limits": {"per_tap": 100}},
        "/v1/tokens/{id}/state": {"id": token.hex(), "state": "active"},
        "/v1/ledger": {},
        "/v1/revocations": {},
        **customers_arguments(world, token),
    }


def customers_arguments(world: Branch, token: bytes) -> dict[str, dict[str, object]]:
    """Those of customers and of the phones of watches."""
    device, desk = world.watch.id.hex(), world.bank.customers
    own: dict[str, object] = {arguments_room.WHO: world.customer}
    world.bank.order_card(world.account, "visa-18")
    card = desk.cards(world.customer)[-1]
    enrolment: dict[str, object] = {
        "id": device,
        "enrolment": desk.enrol(world.watch.id, "", None, card.pan, card.expiry).id.hex(),
    }
    paths: dict[str, dict[str, object]] = {
        "/tokens": {},
        "/tokens/{token}/state": {"token": token.hex(), "state": "suspended"},
        "/tokens/{token}/history": {"token": token.hex()},
    }
    return {
        "/v1/login": {"name": "ada", "password": PASSWORD},
        "/v1/logout": {"session": "x"},
        "/v1/my/cards": own,
        "/v1/my/devices": own,
        "/v1/my/devices/{device}/state": {**own, "device": device, "state": "found", "text": "call"},
        **{"/v1/my" + path: {**own, **more} for path, more in paths.items()},
        **{"/v1/devices/{id}" + path: {"id": device, **more} for path, more in paths.items()},
        "/v1/devices/{id}/wallet": {"id": device, "wallet": [{**WALLET_CARD, 1: token}]},
        "/v1/enrolments": {"id": device, "session": world.session, "card": card.number},
        "/v1/enrolments/{enrolment}": enrolment,
        "/v1/enrolments/{enrolment}/challenge": {**enrolment, "method": "sms"},
        "/v1/enrolments/{enrolment}/code": {**enrolment, "code": "123456"},
    }


def test_every_path_has_good_arguments(bank: Branch) -> None:
    assert {path for _, path, _, _ in http_views.ROUTES} == set(arguments(bank))


def test_arguments_of_every_path(bank: Branch) -> None:
    """What every view does with a map of anything: an answer that CBOR can hold, or a problem with a status."""
    random.seed(4)
    for method, path, _, view in http_views.ROUTES:
        good = arguments(bank)[path]

        def take(given: dict[str, object]) -> None:
            cbor.encode(view(bank.bank, given))

        def make() -> dict[str, object]:
            given = mutated_value(good, 4)
            return given if isinstance(given, dict) and all(isinstance(name, str) for name in given) else {}

        Campaign(f"bank, {method} {path}", take, BankProblem, most_ms=SLOW_MS).run(make, 8, 200)
    assert bank.bank.trial_balance().balanced


@pytest.mark.parametrize("known", [True, False])
def test_polls_of_the_mailbox(tmp_path: Path, known: bool) -> None:
    """A conversation in which every poll comes damaged as well: an answer, or a problem; and the good one gets on."""
    random.seed(11)
    bank = World(tmp_path)
    if known:
        bank.token()
    else:
        bank.watch = Watch(bank.root, 2)
    mail = Mail(bank)

    def take(body: bytes) -> None:
        answer = cbor.decode(base64.b64decode(bank.bank.poll(body)))
        assert isinstance(answer, dict) and set(answer) == {1, 2, 3}

    def make() -> bytes:
        if random.randrange(3) == 0:
            message, _ = mail.poll()
            mail.answer = None if message is None else mail.work(message)
        poll = {1: bank.watch.id, 2: mail.answer, 3: mail.ticket}
        kind = random.randrange(4)
        if kind == 0:
            return mutated(base64.b64encode(cbor.encode(poll)))
        if kind == 1:
            return base64.b64encode(mutated(cbor.encode(poll)))
        if kind == 2 or mail.answer is None:
            return base64.b64encode(cbor.encode(mutated_value(poll)))
        answer = mutated_value(cbor.decode(mail.answer), 6)
        return base64.b64encode(cbor.encode({**poll, 2: cbor.encode(answer)}))

    share = Campaign(f"bank, polls of a {'known' if known else 'new'} watch", take, BankProblem, most_ms=SLOW_MS).run(
        make, 150, 100
    )
    assert 0.05 < share < 0.98, share
    mail.ticket = mail.answer = None
    assert mail.round() >= {3, 7, 10}
    asyncio.run(bank.bank.stop())


def test_bodies_over_http(bank: World) -> None:
    """Raw bodies, headers and paths on the wire: an answer in CBOR with a status, never 500."""
    random.seed(5)
    statuses: dict[int, int] = {}
    paths = ("/v1/token-requests", "/v1/receipts", "/v1/tokens", "/v1/mailbox", "/v1/login", "/v1/enrolments")
    bearers = ("", "Bearer ", "Bearer x", "Basic \xff", "Bearer " + "a" * 500)

    async def scenario() -> None:
        server = HttpServer(bank.bank)
        port = await server.start("127.0.0.1", 0)
        good = cbor.encode({"request": bytes(100)})
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            for number in range(120):
                path = random.choice(paths)
                if number % 5 == 0:
                    path = "/" + mutated_text(path[1:]).lstrip("/").replace("#", "").replace("\r", "").replace("\n", "")
                body = mutated(good) if number % 3 else noise(random.choice((0, 1, MAX_BODY_BYTES, MAX_BODY_BYTES + 1)))
                headers = {"Authorization": random.choice(bearers)}
                async with session.post(path, data=body, headers=headers) as answer:
                    statuses[answer.status] = statuses.get(answer.status, 0) + 1
                    assert answer.status < 500, (path, body)
                    await answer.read()
        await server.stop()

    asyncio.run(asyncio.wait_for(scenario(), 120))
    print(f"NOTE fuzz, bank over HTTP: {sum(statuses.values())} requests, statuses {sorted(statuses.items())}")


def test_requests_of_acquirers(bank: World) -> None:
    """Fields of every form in messages that decode: an answer with a response code."""
    random.seed(6)
    good = bank.purchase(bank.card(), 1, 100)
    values = {
        "t": ("0100", "0200", "0220", "0400", "0420", "0800", "0101", "0810", "9999"),
        "22": ("031", "071", "", "999"),
    }

    def make() -> dict[str, str]:
        fields = dict(good)
        for _ in range(random.randrange(1, 4)):
            name = random.choice(list(fields))
            if random.randrange(6) == 0:
                fields.pop(name)
            elif name in values:
                fields[name] = random.choice(values[name])
            elif name == "55":
                fields[name] = mutated(bytes.fromhex(good["55"]))[:255].hex().upper()
            else:
                fields[name] = mutated_text(fields[name])
        fields.setdefault("t", "0200")
        if random.randrange(4) == 0:
            fields["90"] = "".join(random.choice("0123456789") for _ in range(42))
        return fields

    def take(fields: dict[str, str]) -> None:
        answer = bank.bank.desk.answer_bytes(spec.encode(fields))
        assert answer is None or len(spec.decode(answer)["39"]) == 2

    share = Campaign("bank, acquirers' messages", take, MessageProblem, most_ms=SLOW_MS).run(make, 250, 20)
    assert share > 0.1
    assert bank.bank.trial_balance().balanced


def test_chip_data(bank: World) -> None:
    random.seed(7)
    good = bytes.fromhex(bank.purchase(bank.card(), 1, 100)["55"])

    def take(data: bytes) -> None:
        chip = ChipData.parse(data.hex())
        assert 0 <= chip.amount <= 999_999_999_999 and 0 <= chip.atc <= 0xFFFF and isinstance(chip.pan, str)

    share = Campaign("bank, field 55", take, MessageProblem).run(lambda: mutated(good), 2_500)
    assert 0.01 < share < 0.9


def test_card_art() -> None:
    random.seed(8)
    stripes = [bytes(x // 16 % 2 for _ in range(h) for x in range(w)) for w, h in form.SIZES]
    pictures = [
        form.Picture(w, h, (0xF800, 0x07E0), pixels) for (w, h), pixels in zip(form.SIZES, stripes, strict=True)
    ]
    good = form.encode(tuple(pictures))

    def make() -> bytes:
        kind = random.randrange(3)
        if kind == 0:
            return mutated(good)
        at = random.randrange(16) if kind == 1 else random.randrange(len(good))
        return good[:at] + noise(1) + good[at + 1 :]

    share = Campaign("bank, card art", form.decode, form.ArtProblem, most_ms=200).run(make, 60, 100)
    assert 0.01 < share < 0.9


def test_key_folders(bank: World, tmp_path: Path) -> None:
    """A key folder with damage is said to be damaged."""
    random.seed(9)
    names = ("token-service.pem", "token-service.cert", "root.pub", "issuer-keys.json", "operator-token")
    good = {name: (bank.keys / name).read_bytes() for name in names}

    def take(changed: tuple[str, bytes]) -> None:
        for name, data in {**good, changed[0]: changed[1]}.items():
            path = tmp_path / name
            path.write_bytes(data)
            path.chmod(0o600)
        ring = keyring.load(tmp_path, START)
        assert all(len(ring.master(profile)) == 16 for profile in PROFILES) and ring.operator_token.isascii()

    def make() -> tuple[str, bytes]:
        name = random.choice(names)
        if name == "issuer-keys.json" and random.getrandbits(1):
            return name, json.dumps(mutated_value(json.loads(good[name])), default=str).encode()
        return name, mutated(good[name])

    Campaign("bank, key folders", take, UserError, most_ms=SLOW_MS).run(make, 150, 20)
