"""The bank's two servers, with real sockets on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import aiohttp
import cbor2
import pytest

from tapwatch.acquiring import framing, spec
from tapwatch.acquiring.client import AcquirerClient
from tapwatch.bank.problems import SetupProblem
from tapwatch.bank.service import Bank
from tests.host.bank.card import Card, open_package
from tests.host.bank.test_codes_merchant import payment
from tests.host.bank.till import Till, presented, shown
from tests.host.bank.world import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.host.bank.world import World

ECHO = {"t": "0800", "7": "1122090000", "11": "000001", "70": spec.ECHO}


@contextlib.asynccontextmanager
async def serving(world: World) -> AsyncIterator[aiohttp.ClientSession]:
    """Run the servers; yield a client for HTTP."""
    await world.bank.start()
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{world.bank.http_port}") as session:
            yield session
    finally:
        await world.bank.stop()


async def call(
    session: aiohttp.ClientSession, method: str, path: str, body: object = None, bearer: str = "", **headers: str
) -> tuple[int, dict]:
    """Ask once; return status and decoded body."""
    sent = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    data = None if body is None else cbor2.dumps(body, canonical=True)
    async with session.request(method, path, data=data, headers={**sent, **headers}) as response:
        return response.status, cbor2.loads(await response.read())


def test_a_card_comes_to_a_watch_and_pays(world: World) -> None:
    """The whole way over the network: register, order, fetch, confirm, pay, hear of it."""

    async def run() -> None:
        async with serving(world) as session:
            watch, operator = Watch(world.root, 7), world.bank.operator_token
            challenge = (await call(session, "POST", "/v1/challenges"))[1]["challenge"]
            body = {"certificate": watch.certificate, "attestation": watch.attest(challenge)}
            _, device = await call(session, "POST", "/v1/devices", body)
            assert device["device_id"] == watch.id
            order = {"holder": "Grace", "currency": 978, "opening_minor": 5000}
            account = (await call(session, "POST", "/v1/accounts", order, operator))[1]["account"]
            order = {"account": account, "profile": "mastercard", "label": "Mine"}
            card_number = (await call(session, "POST", "/v1/cards", order, operator))[1]["card"]
            order = {"card": card_number, "device_id": watch.id, "limits": {"per_tap": 3000}}
            token = (await call(session, "POST", "/v1/tokens", order, operator))[1]["token_id"]
            request = watch.request(token, world.bank.issuer_id)
            _, answer = await call(session, "POST", "/v1/token-requests", {"request": request})
            assert answer["certificate"] == world.bank.certificate
            card = Card(open_package(answer["package"], watch.receipt_key, watch.id, world.bank.issuer_id))
            assert (card.content[10], card.content[15][1]) == ("Mine", 3000)
            client = AcquirerClient("127.0.0.1", world.bank.iso_port)
            codes = [
                (await asyncio.to_thread(client.exchange, world.purchase(card, atc, amount)))["39"]
                for atc, amount in ((1, 2500), (2, 3001))
            ]
            assert codes == ["00", "61"]
            path = f"/v1/devices/{watch.id.hex()}/notices"
            _, told = await call(session, "GET", path + "?since=1", bearer=device["bearer"])
            assert len(told["notices"]) == 1
            _, told = await call(session, "POST", f"/v1/devices/{watch.id.hex()}/states", bearer=device["bearer"])
            assert len(told["notices"]) == 2
            _, books = await call(session, "GET", "/v1/ledger", bearer=operator)
            assert books["balanced"]
            _, listed = await call(session, "GET", "/v1/tokens", bearer=operator)
            assert [row["token_id"] for row in listed["tokens"]] == [token]
            path = f"/v1/tokens/{token.hex()}/state"
            assert (await call(session, "POST", path, {"state": "suspended"}, operator))[0] == 200

    asyncio.run(run())


def test_codes_merchants_and_a_lost_watch(world: World) -> None:
    """The same by network: a code is scanned, a merchant's code is paid, the watch is lost and found."""

    async def run() -> None:
        async with serving(world) as session:
            operator, card = world.bank.operator_token, world.card()
            client = AcquirerClient("127.0.0.1", world.bank.iso_port)
            code = shown(card.content[21], 0, world.clock.now)
            assert (await asyncio.to_thread(client.exchange, Till(world).digits(code, 100)))["39"] == "00"
            qr = Till(world).qr(card, presented(card, 1), 100)
            assert (await asyncio.to_thread(client.exchange, qr))["39"] == "00"
            order = {"name": "Corner", "currency": 978}
            account = (await call(session, "POST", "/v1/merchants", order, operator))[1]["account"]
            order = {"account": account, "amount_minor": 1234, "currency": 978, "once": False}
            text = (await call(session, "POST", "/v1/merchant-codes", order, operator))[1]["code"]
            body = {"payment": payment(world, card, 2, text), "code": text}
            for _ in range(2):
                assert (await call(session, "POST", "/v1/merchant-payments", body)) == (
                    200,
                    {"response": "00", "approved": True},
                )
            order = {"account": account, "currency": 978}
            text = (await call(session, "POST", "/v1/merchant-codes", order, operator))[1]["code"]
            body = {"payment": payment(world, card, 6, text, 55), "code": text}
            assert (await call(session, "POST", "/v1/merchant-payments", body))[1]["response"] == "00"
            path = f"/v1/devices/{world.watch.id.hex()}/state"
            for state, answer in (("lost", "41"), ("found", "00"), ("wipe", "41")):
                body = {"state": state, **({"text": "call 555"} if state == "lost" else {})}
                assert (await call(session, "POST", path, body, operator)) == (200, {"state": state})
                atc = {"lost": 3, "found": 4, "wipe": 5}[state]
                assert (await asyncio.to_thread(client.exchange, world.purchase(card, atc, 1)))["39"] == answer

    asyncio.run(run())


REFUSALS = (
    # status, method, path, body, who asks, headers
    (403, "GET", "/v1/ledger", None, "", {}),
    (403, "GET", "/v1/ledger", None, "carrier", {}),
    (403, "GET", "/v1/ledger", None, "", {"Authorization": "Bearer \N{LATIN SMALL LETTER E WITH ACUTE}"}),
    (403, "GET", "/v1/devices/{device}/notices?since=0", None, "", {}),
    (403, "GET", "/v1/devices/{device}/notices?since=0", None, "operator", {}),
    (403, "GET", "/v1/devices/{nobody}/notices?since=0", None, "carrier", {}),
    (400, "GET", "/v1/devices/{device}/notices?since=99", None, "carrier", {}),
    (400, "GET", "/v1/devices/{device}/notices?since=x", None, "carrier", {}),
    (400, "GET", "/v1/devices/{device}/notices", None, "carrier", {}),
    (400, "GET", "/v1/devices/zz/notices?since=0", None, "carrier", {}),
    (403, "GET", "/v1/service", None, "", {"Host": "bank.example"}),
    (403, "GET", "/v1/service", None, "", {"Origin": "http://127.0.0.1"}),
    (404, "GET", "/v1/nothing", None, "", {}),
    (405, "DELETE", "/v1/service", None, "", {}),
    (400, "POST", "/v1/token-requests", {}, "", {}),
    (400, "POST", "/v1/token-requests", {"request": 5}, "", {}),
    (400, "POST", "/v1/token-requests", {"request": b"x"}, "", {}),
    (400, "POST", "/v1/token-requests", [1], "", {}),
    (413, "POST", "/v1/token-requests", {"request": bytes(20_000)}, "", {}),
    (400, "POST", "/v1/receipts", {"receipts": [b""] * 33}, "", {}),
    (400, "POST", "/v1/receipts", {"receipts": [5]}, "", {}),
    (400, "POST", "/v1/accounts", {"holder": "", "currency": 978, "opening_minor": 1}, "operator", {}),
    (400, "POST", "/v1/accounts", {"holder": "x", "currency": 978, "opening_minor": -1}, "operator", {}),
    (409, "POST", "/v1/accounts", {"holder": "x", "currency": 978, "opening_minor": 10**12}, "operator", {}),
    (400, "POST", "/v1/cards", {"account": 2**63, "profile": "visa"}, "operator", {}),
    (400, "POST", "/v1/accounts", {"holder": "x", "currency": True, "opening_minor": 1}, "operator", {}),
    (404, "POST", "/v1/cards", {"account": 99, "profile": "visa"}, "operator", {}),
    (400, "POST", "/v1/cards", {"account": 1, "profile": "amex"}, "operator", {}),
    (400, "POST", "/v1/cards", {"account": 1, "profile": "visa", "label": "x" * 33}, "operator", {}),
    (404, "POST", "/v1/tokens", {"card": 99, "device_id": bytes(8)}, "operator", {}),
    (404, "POST", "/v1/tokens", {"card": 1, "device_id": bytes(8)}, "operator", {}),
    (400, "POST", "/v1/tokens", {"card": 1, "device_id": bytes(8), "limits": {"x": 1}}, "operator", {}),
    (400, "POST", "/v1/tokens", {"card": 1, "device_id": bytes(8), "limits": {"per_tap": -1}}, "operator", {}),
    (400, "POST", "/v1/tokens/{token}/state", {"state": "gone"}, "operator", {}),
    (400, "POST", "/v1/tokens/{token}/state", {"state": "active", "id": "x"}, "operator", {}),
    (404, "POST", "/v1/tokens/{nobody}/state", {"state": "active"}, "operator", {}),
    (403, "POST", "/v1/devices/{device}/state", {"state": "lost"}, "carrier", {}),
    (400, "POST", "/v1/devices/{device}/state", {"state": "stolen"}, "operator", {}),
    (400, "POST", "/v1/devices/{device}/state", {"state": "lost", "text": "x" * 81}, "operator", {}),
    (404, "POST", "/v1/devices/{nobody}/state", {"state": "lost"}, "operator", {}),
    (409, "POST", "/v1/devices/{device}/state", {"state": "found"}, "operator", {}),
    (403, "POST", "/v1/merchants", {"name": "Corner", "currency": 978}, "", {}),
    (400, "POST", "/v1/merchants", {"name": "x" * 26, "currency": 978}, "operator", {}),
    (400, "POST", "/v1/merchants", {"name": "Corner", "currency": 0}, "operator", {}),
    (400, "POST", "/v1/merchant-codes", {"account": 1, "amount_minor": None, "currency": 978}, "operator", {}),
    (404, "POST", "/v1/merchant-codes", {"account": 1, "amount_minor": 1, "currency": 978}, "operator", {}),
    (400, "POST", "/v1/merchant-codes", {"account": 1, "amount_minor": 1, "currency": 978, "once": 1}, "operator", {}),
    (400, "POST", "/v1/merchant-payments", {"payment": b"x", "code": "x"}, "", {}),
    (400, "POST", "/v1/merchant-payments", {"payment": "x", "code": "x"}, "", {}),
)


def test_http_refusals(world: World) -> None:
    names = {"device": world.watch.id.hex(), "token": world.token().hex(), "nobody": "00" * 8}
    bearers = {"": "", "carrier": world.bearer, "operator": world.bank.operator_token}

    async def run() -> None:
        async with serving(world) as session:
            for status, method, path, body, who, headers in REFUSALS:
                got, answer = await call(session, method, path.format(**names), body, bearers[who], **headers)
                assert (got, sorted(answer)) == (status, ["error", "hint"]), (path, answer)
            async with session.post("/v1/token-requests", data=b"\xff\xff") as response:
                assert response.status == 400

    asyncio.run(run())


def test_iso_echo_and_several_messages_on_one_connection(world: World) -> None:
    async def run() -> None:
        async with serving(world):
            reader, writer = await asyncio.open_connection("127.0.0.1", world.bank.iso_port)
            writer.write(framing.wrap(spec.encode(ECHO)) * 3)
            for _ in range(3):
                assert spec.decode(await framing.read_from_stream(reader)) == {**ECHO, "t": "0810", "39": "00"}
            writer.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00", b"\xff\xff", framing.wrap(b"9999"), b"\x00\x10ab"]
)
def test_iso_garbage_closes_the_connection_only(world: World, data: bytes) -> None:
    async def run() -> None:
        async with serving(world):
            reader, writer = await asyncio.open_connection("127.0.0.1", world.bank.iso_port)
            writer.write(data)
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()
            client = AcquirerClient("127.0.0.1", world.bank.iso_port)
            assert (await asyncio.to_thread(client.exchange, ECHO))["39"] == "00"

    asyncio.run(run())


def test_malformed_message_gets_a_format_error(world: World) -> None:
    message = spec.encode(world.purchase(world.card(), 1, 100))
    answer = world.bank.desk.answer_bytes(message[:-3])
    assert answer is not None
    assert spec.decode(answer) == {"t": "0210", "39": "30"}
    assert world.bank.desk.answer_bytes(b"0210" + message[4:]) is None


@pytest.mark.parametrize("which", ["http", "iso"])
def test_port_taken(world: World, which: str) -> None:
    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(SetupProblem, match=f"port {port}"):
                await world.bank.start(**{f"{which}_port": port})
        async with serving(world):  # what had been opened is closed again
            pass

    asyncio.run(run())


def test_database_down_over_http(world: World) -> None:
    async def run() -> None:
        async with serving(world) as session:
            (world.keys.parent / "bank.db").rename(world.keys.parent / "gone")
            world.bank.desk._store.close()
            for extra in ("bank.db-wal", "bank.db-shm"):
                (world.keys.parent / extra).unlink(missing_ok=True)
            status, answer = await call(session, "POST", "/v1/challenges")
            assert (status, "database" in answer["error"]) == (503, True)

    asyncio.run(run())


def test_a_customer_over_the_network(world: World) -> None:
    """Log in, enrol by a code, list, suspend, history, lose: by HTTP, each path of docs/bank.md once."""

    async def run() -> None:
        desk = world.bank.customers
        number = desk.create("ada", "correct horse", "+10005550142")
        desk.give_account(number, world.account)
        world.bank.order_card(world.account, "visa")
        card, watch = desk.cards(number)[0], world.watch.id.hex()
        async with serving(world) as session:

            async def ask(method: str, path: str, body: object = None, bearer: str = "", status: int = 200) -> dict:
                got, answer = await call(session, method, path, body, bearer)
                assert got == status, answer
                return answer

            await ask("POST", "/v1/login", {"name": "ada", "password": "correct hearse"}, status=403)
            login = await ask("POST", "/v1/login", {"name": "ada", "password": "correct horse"})
            mine = login["session"]
            body = {"id": watch, "pan": card.pan, "expiry": card.expiry}
            await ask("POST", "/v1/enrolments", body, mine, 403)
            one = await ask("POST", "/v1/enrolments", body, world.bearer)
            assert one["methods"] == [{"method": "sms", "address": "•••• 0142"}] and one["state"] == "started"
            path = f"/v1/enrolments/{one['enrolment'].hex()}"
            sent = await ask("POST", path + "/challenge", {"id": watch, "method": "sms"}, world.bearer)
            assert (sent["state"], sent["sends_left"]) == ("challenged", 2)
            assert (await ask("GET", f"{path}?id={watch}", None, world.bearer))["seconds_left"] == 600
            code = desk.messages()[0].text[:6]
            done = await ask("POST", path + "/code", {"id": watch, "code": code}, world.bearer)
            token = done["token_id"]
            report = {"wallet": []}
            assert (await ask("POST", f"/v1/devices/{watch}/wallet", report, world.bearer))["keys"] == [token]
            for base, bearer in (("/v1/my", mine), (f"/v1/devices/{watch}", world.bearer)):
                assert [row["token_id"] for row in (await ask("GET", base + "/tokens", None, bearer))["tokens"]] == [
                    token
                ]
                for state in ("suspended", "active"):
                    await ask("POST", f"{base}/tokens/{token.hex()}/state", {"state": state}, bearer)
                await ask("POST", f"{base}/tokens/{token.hex()}/state", {"state": "gone"}, bearer, 400)
                assert (await ask("GET", f"{base}/tokens/{token.hex()}/history", None, bearer))["events"]
            cards = await ask("GET", "/v1/my/cards", None, mine)
            assert cards["cards"][0]["last_four"] == card.pan[-4:] and "pan" not in cards["cards"][0]
            assert (await ask("GET", "/v1/my/devices", None, mine))["devices"][0]["device_id"] == world.watch.id
            for state in ("lost", "found", "wipe"):
                await ask("POST", f"/v1/my/devices/{watch}/state", {"state": state}, mine)
            await ask("POST", "/v1/logout", {"session": mine})
            await ask("GET", "/v1/my/cards", {"@customer": number}, mine, 403)
            await ask("GET", "/v1/my/cards", {"@customer": number}, "", 403)

    asyncio.run(run())


def test_who_may_ask_from_where(world: World) -> None:
    """Our own page and the proxy reach what is for customers; operators and messages are this machine's alone."""

    async def run() -> None:
        world.bank = Bank(world.url, world.keys, world.clock, public_url="https://bank.example")
        async with serving(world) as session:
            port, operator = world.bank.http_port, world.bank.operator_token
            own = f"http://127.0.0.1:{port}"
            wrong = {"name": "nobody", "password": "wrong word"}
            for headers, public in (
                ({}, True),
                ({"Origin": own}, True),
                ({"Origin": "https://evil.example"}, False),
                ({"Host": "bank.example"}, True),
                ({"Host": "bank.example", "Origin": "https://bank.example"}, True),
                ({"Host": "bank.example", "Origin": own}, False),
                ({"Host": "evil.example"}, False),
            ):
                _, answer = await call(session, "POST", "/v1/login", wrong, **headers)
                assert ("machine" not in answer["error"]) == public, headers
                status, _ = await call(session, "GET", "/v1/ledger", None, operator, **headers)
                assert (status == 200) == (not headers), headers
                async with session.get(world.bank.messages_path, headers=headers) as response:
                    assert (response.status == 200) == (not headers)
            async with session.get("/messages/guess") as response:
                assert response.status in (403, 404)
            async with session.post("/v1/mailbox", data=b"A" * 9000, headers={"Host": "bank.example"}) as response:
                assert response.status == 400

    asyncio.run(run())


@pytest.mark.parametrize("url", ["bank.example", "ftp://bank.example", "https://bank.example/path", "https://?x"])
def test_public_addresses_that_are_none(world: World, url: str) -> None:
    with pytest.raises(SetupProblem, match="public address"):
        Bank(world.url, world.keys, world.clock, public_url=url)
