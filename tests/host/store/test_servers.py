"""The store over HTTP: the client of phones and developers, pages, and what strangers send."""

from __future__ import annotations

import asyncio
import html.parser
import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tapwatch.apps import archive, bundle, pack
from tapwatch.errors import UserError
from tapwatch.phone.bank_client import Registration
from tapwatch.signing import envelope, revocations
from tapwatch.store import client as client_room
from tapwatch.store import publication
from tapwatch.store.client import StoreClient, StoreRefused
from tapwatch.store.http_server import HttpServer
from tests.host.bank.world import EUR
from tests.host.store.mall import PRICE, listing, project
from tests.host.store.test_publishing import PICTURE
from tests.host.store.test_statements import sold

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.host.store.mall import Mall

pytestmark = pytest.mark.share("system")


@asynccontextmanager
async def served(mall: Mall) -> AsyncIterator[str]:
    """The store on a free port; gives its address."""
    server = HttpServer(mall.store)
    port = await server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.stop()


async def get(url: str, **headers: str) -> tuple[int, str, Any]:
    """Status, body and headers."""
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.text(errors="replace"), response.headers


def test_a_phone_buys_an_app(mall: Mall) -> None:
    device = Registration(mall.world.watch.id, mall.world.bearer)
    card = mall.world.card()

    async def run() -> None:
        async with served(mall) as url, StoreClient(url) as client:
            service = await client.service()
            assert (service.name, service.certificate) == ("Mall Store", mall.store.certificate)
            found = await client.apps(region="DE", currency=str(EUR))
            assert [app["id"] for app in found] == ["chess", "tally", "tea"]
            data = await client.bundle(bytes.fromhex(found[0]["digest"]))
            assert bundle.read(data).manifest[1] == "chess"
            with pytest.raises(StoreRefused) as none:
                await client.licence(device, "chess")
            assert none.value.status == 404
            key = secrets.token_bytes(16)
            order = await client.order(device, "chess", "DE", EUR, key)
            assert (order, order.amount_minor) == (await client.order(device, "chess", "DE", EUR, key), PRICE)
            assert mall.pay(card, 1, order.code, order.amount_minor) == "00"
            assert (await client.order_state(device, order.order)).state == "paid"
            licence = await client.licence(device, "chess")
            assert envelope.parse(licence.licence).kind == "tapwatch/licence"
            assert licence.not_after == mall.world.clock.now + 21 * 86_400
            assert [one.state for one in await client.orders(device)] == ["paid"]
            assert (await client.refund(device, order.order)).state == "refunded"
            assert (await client.refund(device, order.order)).state == "refunded"
            assert await client.revocations() is None
            mall.store.set_revocations(revocations.issue(mall.world.root, 1, 1))
            assert await client.revocations() == mall.store.revocations()

    asyncio.run(run())
    assert mall.world.spent == 0


def test_a_developer_publishes(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_room.time, "time", lambda: mall.world.clock.now)
    files = project("clock")
    packed = pack.pack_files(files, mall.ann.key, mall.ann.certificate).bundle

    async def run() -> None:
        async with served(mall) as url, StoreClient(url) as client:
            sent = await client.publish(mall.ann.key, listing(), packed, archive.write(files), [PICTURE])
            assert (sent.app, sent.version, sent.state) == ("clock", "1.0.0", "waiting")
            mall.store.accept(mall.store.reviews()[0]["review"])
            assert (await client.publication(sent.publication)).state == "accepted"
            (digest,) = (await client.app("clock"))["pictures"]
            status, _, headers = await get(f"{url}/v1/pictures/{digest}")
            assert (status, headers["Content-Type"], headers["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
            assert (await client.withdraw(mall.ann.key, "clock")).state == "done"
            with pytest.raises(StoreRefused, match="no app clock"):
                await client.app("clock")
            assert (await get(f"{url}/v1/pictures/{digest}"))[0] == 404

    asyncio.run(run())


def test_carriers_only(mall: Mall) -> None:
    """Another bearer, none, and one that is no ASCII get nowhere."""
    paths = ("orders", "orders/1", "licences/chess")

    async def run() -> None:
        async with served(mall) as url:
            for path in paths:
                for bearer in ("", "Bearer x", "Bearer \u00e9", f"Bearer {mall.world.bearer}x"):
                    head = {"Authorization": bearer} if bearer else {}
                    asked = f"{url}/v1/devices/{mall.world.watch.id.hex()}/{path}"
                    assert (await get(asked, **head))[0] == 403
            asked = f"{url}/v1/devices/{'00' * 8}/orders"
            assert (await get(asked, Authorization=f"Bearer {mall.world.bearer}"))[0] == 403

    asyncio.run(run())


def test_who_may_call(mall: Mall) -> None:
    async def run() -> None:
        async with served(mall) as url:
            assert (await get(f"{url}/v1/apps", Host="evil.example"))[0] == 403
            assert (await get(f"{url}/v1/apps", Origin="https://evil.example"))[0] == 403
            assert (await get(f"{url}/v1/apps"))[0] == 200

    asyncio.run(run())


def test_what_is_listed_has_a_tag(mall: Mall) -> None:
    async def run() -> None:
        async with served(mall) as url:
            for path in ("/v1/apps?region=DE&currency=978", "/v1/apps/chess"):
                _, _, headers = await get(url + path)
                status, body, _ = await get(url + path, **{"If-None-Match": headers["ETag"]})
                assert (status, body) == (304, "")
            digest = mall.store.app("tally")["digest"]
            assert "immutable" in (await get(f"{url}/v1/bundles/{digest}"))[2]["Cache-Control"]

    asyncio.run(run())


WRONG = (
    ("GET", "/v1/apps?currency=x", b"", 400),
    ("GET", "/v1/apps?currency=1234567", b"", 400),
    ("GET", "/v1/apps?region=123", b"", 400),
    ("GET", "/v1/apps?api=1&api=2", b"", 400),
    ("GET", "/v1/apps/%00", b"", 400),
    ("GET", "/apps/%00", b"", 400),
    ("GET", "/v1/bundles/zz", b"", 400),
    ("GET", "/v1/bundles/" + "00" * 32, b"", 404),
    ("GET", "/v1/publications/00", b"", 400),
    ("GET", "/nothing", b"", 404),
    ("POST", "/v1/publications", b"", 400),
    ("POST", "/v1/publications", b"\xff\xff", 400),
    ("POST", "/v1/publications", bytes(publication.MAX_BYTES + 1), 413),
    ("POST", "/v1/devices/x/orders", b"{", 400),
    ("POST", "/v1/devices/x/orders", b"[" * 5000, 400),
    ("POST", "/v1/devices/x/orders", b" " * 20_000, 400),
    ("DELETE", "/v1/apps", b"", 405),
)


@pytest.mark.parametrize(("method", "path", "body", "status"), WRONG)
def test_requests_that_are_wrong(mall: Mall, method: str, path: str, body: bytes, status: int) -> None:
    async def run() -> None:
        async with served(mall) as url, aiohttp.ClientSession() as session:
            async with session.request(method, url + path, data=body) as response:
                assert response.status == status, await response.text()
            async with session.get(url + "/v1/service") as response:
                assert response.status == 200

    asyncio.run(run())


class Reader(html.parser.HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.links: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.words += data


EVIL = '<script>alert(1)</script><img src=x onerror=alert(1)>" onload=x שלום 👩‍🚀'


def test_pages_hold_nothing_of_strangers_but_text(mall: Mall) -> None:
    said = listing(summary={"en": EVIL[:80]}, description={"en": EVIL, "zh": "计数器"}, notes=EVIL)
    mall.listed(mall.ann, project("clock", **{"name.en": '"<b>Clock</b>"', "name.zh": '"钟"'}), said)

    async def run() -> None:
        async with served(mall) as url:
            for path in (
                "/",
                "/apps/clock",
                "/?search=%3Cscript%3E",
                "/?lang=zh",
                "/apps/clock?market=DE-978",
                "/x<b>",
            ):
                status, body, headers = await get(url + path)
                page = Reader()
                page.feed(body)
                assert status == (404 if "x<" in path else 200)
                assert not {"script", "b", "iframe", "object"} & set(page.tags), path
                assert not {name for name in page.names if name.startswith("on")}, path
                assert all(link.startswith(("/", "?")) for link in page.links), path
                policy = headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'")
                assert "unsafe" not in policy and "script-src" not in policy
                assert "Set-Cookie" not in headers
            _, body, _ = await get(f"{url}/apps/clock?lang=zh")
            assert "计数器" in body and '<html lang="zh">' in body
            _, body, _ = await get(url, **{"Accept-Language": "zh-CN,en"})
            assert "搜索" in body
            for wrong in ("/?market=X-9", "/?market=DE-1", "/apps/none"):
                assert (await get(url + wrong))[0] in (400, 404)

    asyncio.run(run())


def test_the_page_of_a_statement(mall: Mall) -> None:
    sold(mall)
    key = mall.store.statement_key("bob", "2026-11", EUR)

    async def run() -> None:
        async with served(mall) as url:
            path = f"{url}/statements/bob/2026-11/{EUR}"
            status, body, headers = await get(f"{path}?key={key}")
            assert (status, headers["Cache-Control"]) == (200, "no-store")
            assert "8.50 EUR" in body and "tea 1.0.0" in body
            status, body, headers = await get(f"{path}?key={key}&form=csv")
            assert headers["Content-Type"].startswith("text/csv")
            assert body.splitlines()[-1].split(",")[6] == "850"
            assert (await get(path))[0] == (await get(f"{path}?key={key[:-1]}0x"))[0] == 403
            assert (await get(f"{url}/statements/ann/2026-11/{EUR}?key={key}"))[0] == 403

    asyncio.run(run())


def test_the_client_and_other_servers() -> None:
    """Nobody there, and somebody who speaks something else."""
    from aiohttp import web

    async def odd(_: web.Request) -> web.Response:
        return web.Response(text='{"name": 5, "certificate": "zz", "apps": 1}')

    async def run() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", odd)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with StoreClient(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
            for ask in (client.service, client.apps, lambda: client.bundle(bytes(32))):
                with pytest.raises(UserError):
                    await ask()
        await runner.cleanup()
        async with StoreClient("http://127.0.0.1:9") as client:
            with pytest.raises(UserError, match="does not answer"):
                await client.service()

    asyncio.run(run())
