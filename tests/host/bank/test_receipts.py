"""Receipts on the web: links that nobody can guess, pages that say no more than they should."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tapwatch.bank.problems import SetupProblem, UnknownProblem
from tapwatch.bank.receipts import MAX_LINK_BYTES, RETENTION_S, Receipts
from tapwatch.bank.service import Bank
from tests.host.bank.test_codes_merchant import merchant_code, payment
from tests.host.bank.till import Till, presented, shown

if TYPE_CHECKING:
    from tests.host.bank.world import World

BASE = "https://bank.example"


@pytest.fixture
def shop(world: World) -> World:
    """A bank whose receipts have an address."""
    world.bank = Bank(world.url, world.keys, world.clock, BASE)
    return world


def links(world: World) -> list[str]:
    """The link of each notice."""
    return [notice.payload[11] for notice in world.notices() if 11 in notice.payload]


def test_every_payment_has_its_own_link(shop: World) -> None:
    card, code = shop.card(), merchant_code(shop)
    assert shop.pay(card, 1, 100) == "00"
    assert shop.pay(card, 2, 999_999) == "61"
    assert Till(shop).pay(shown(card.content[21], 0, shop.clock.now)) == "00"
    assert shop.code(Till(shop).qr(card, presented(card, 3))) == "00"
    assert shop.bank.merchant_payment(payment(shop, card, 4, code), code) == "00"
    found = links(shop)
    assert len(set(found)) == len(found) == 5
    for link in found:
        assert re.fullmatch(re.escape(BASE) + r"/r/[A-Za-z0-9_-]{22}", link) and len(link) <= MAX_LINK_BYTES
    shown_ = [shop.bank.payment_receipt(link[-22:]) for link in found]
    assert [receipt.channel for receipt in shown_] == ["tap", "tap", "digits", "qr", "remote"]
    assert [receipt.result for receipt in shown_] == ["paid", "declined", "paid", "paid", "paid"]


def test_links_are_random(shop: World) -> None:
    """128 bits from the system's source: no bit is the same in all of them, none is twice."""
    card = shop.card()
    for atc in card.atcs:
        assert shop.pay(card, atc, 1) == "00"
    assert len({link[-22:] for link in links(shop)}) == 10
    assert len({link[-22:-12] for link in links(shop)}) == 10


def test_a_reversal_has_the_link_of_its_payment(shop: World) -> None:
    purchase = shop.purchase(shop.card(), 1, 100)
    assert shop.code(purchase) == "00"
    assert shop.code(shop.about(purchase, "0400")) == "00"
    first, second = links(shop)
    assert first == second
    assert shop.bank.payment_receipt(first[-22:]).result == "reversed"


def test_what_was_captured_is_on_the_receipt(shop: World) -> None:
    held = shop.purchase(shop.card(), 1, 1000, "0100")
    assert shop.code(held) == "00"
    name = links(shop)[0][-22:]
    assert (shop.bank.payment_receipt(name).result, shop.bank.payment_receipt(name).amount) == ("held", 1000)
    assert shop.code(shop.about(held, "0220", 600)) == "00"
    assert (shop.bank.payment_receipt(name).result, shop.bank.payment_receipt(name).amount) == ("paid", 600)


def test_receipts_are_kept_for_a_while(shop: World) -> None:
    card = shop.card()
    assert shop.pay(card, 1, 100) == "00"
    name = links(shop)[0][-22:]
    shop.clock.now += RETENTION_S
    assert shop.bank.payment_receipt(name).amount == 100
    shop.clock.now += 1
    for wrong in (name, "", "x" * 22, "../../etc/passwd", "' OR 1=1 --"):
        with pytest.raises(UnknownProblem):
            shop.bank.payment_receipt(wrong)
    assert shop.pay(shop.card(), 1, 100) == "00", "its receipt replaces the old one"


def test_no_address_no_link(world: World) -> None:
    assert world.pay(world.card(), 1, 100) == "00"
    assert links(world) == [""]


@pytest.mark.parametrize(
    "base", ["bank.example", "ftp://bank.example", "http://", "http://b/?q=1", "http://b ank", "https://" + "b" * 100]
)
def test_addresses_that_cannot_be_in_a_link(base: str) -> None:
    with pytest.raises(SetupProblem):
        Receipts(base)


def test_the_page(world: World) -> None:
    """Over HTTP, with the bank's own address in the link, and a merchant who tries to write HTML."""

    async def run() -> None:
        await world.bank.start()
        try:
            card = world.card()
            evil = "<script>x</script>"
            assert world.code(world.purchase(card, 1, 1234, changes={"43": f"{evil:<40}"})) == "00"
            (link,) = links(world)
            assert link.startswith(f"http://127.0.0.1:{world.bank.http_port}/r/")
            async with aiohttp.ClientSession() as session:
                async with session.get(link, headers={"Host": "bank.example"}) as response:
                    text = await response.text()
                    assert (response.status, response.content_type) == (200, "text/html")
                    assert response.headers["Referrer-Policy"] == "no-referrer"
                    assert response.headers["Cache-Control"] == "no-store"
                    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
                for part in ("12.34 EUR", "Approved", "2026-11-22 09:00 UTC", "&lt;script&gt;", "Tap"):
                    assert part in text, part
                assert card.content[8] in text, "the last four digits"
                for part in ("<script", card.pan, card.pan[:12], card.content[1].hex(), "http"):
                    assert part not in text, part
                print(f"NOTE receipts: a page of {len(text.encode())} bytes, a link of {len(link)}")
                async with session.get(link[:-1] + ("A" if link[-1] != "A" else "B")) as response:
                    assert response.status == 404 and "no such receipt" in await response.text()
                async with session.post(link) as response:
                    assert response.status == 405
                async with session.get(
                    link.replace("/r/", "/v1/service?"), headers={"Host": "evil.example"}
                ) as response:
                    assert response.status == 403, "the rest still listens to this machine alone"
        finally:
            await world.bank.stop()

    asyncio.run(run())


def test_an_amount_in_no_currency(shop: World) -> None:
    """A tap may name any three digits; it is declined, and its receipt can still be read."""
    from tapwatch.bank import receipt_page

    card = shop.card()
    chip = card.tap(1, 100, currency=1)
    assert shop.code(shop.purchase(card, 1, 100, chip=chip, changes={"49": "001"})) == "57"
    page = receipt_page.page(shop.bank.payment_receipt(links(shop)[0][-22:]))
    assert "100 (001)" in page and "Declined" in page
