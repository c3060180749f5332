"""The store against developers, phones and strangers that send anything: publications, listings, arguments, answers."""

from __future__ import annotations

import asyncio
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch.apps import archive, pack
from tapwatch.bank.problems import BankProblem
from tapwatch.errors import UserError
from tapwatch.store import client, http_views, keyring, listing, months, pages, publication, regions
from tapwatch.store.statement_csv import write
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_text, mutated_value, noise
from tests.host.bank.world import EUR, START
from tests.host.store.mall import Mall, project
from tests.host.store.mall import listing as good_listing
from tests.host.store.test_publishing import PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLOW_MS = 1_000
"""Requests that write to the database wait for the disk."""
FULL = good_listing(prices=[["**", EUR, 100], ["CN", 156, 700]], payee=["Tea", "DE", EUR])


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    """One store for all; what it takes it keeps."""
    mall = Mall(tmp_path_factory.mktemp("mall"))
    mall.stock()
    yield mall
    asyncio.run(mall.world.bank.stop())


def test_publications(mall: Mall) -> None:
    """Bytes of every form, and bodies of every form with the right signature."""
    random.seed(61)
    files = project("clock")
    bundle = pack.pack_files(files, mall.ann.key, mall.ann.certificate).bundle
    parts = [("bundle", bundle), ("archive", archive.write(files))]
    whole = mall.signed(mall.ann, "publish", good_listing(), parts)
    own = Campaign("store, publications", lambda data: publication.read(data, mall.ann.key.public), BankProblem)
    own.run(lambda: mutated(whole), 1_500)

    def make() -> bytes:
        name, data = random.choice(parts)
        broken = [(name, mutated(data) or b"x")] + [part for part in parts if part[0] != name]
        if random.getrandbits(1):
            return mall.signed(mall.ann, "publish", mutated_value(good_listing()), parts)  # type: ignore[arg-type]
        return mall.signed(mall.ann, random.choice(["publish", "withdraw", "register", "x"]), good_listing(), broken)

    def safe() -> bytes:
        """A signed map, whatever the mutation made of it."""
        while True:
            try:
                return make()
            except TypeError:
                continue

    Campaign("store, signed publications", mall.store.publish, BankProblem, SLOW_MS).run(safe, 60, 100)


def test_listings() -> None:
    random.seed(62)

    def take(body: Any) -> None:
        found = listing.read(body if isinstance(body, dict) else {}, True, True)
        assert all(price.amount > 0 for price in found.prices)
        json.dumps(found.record())

    Campaign("store, listings", take, BankProblem).run(lambda: mutated_value(FULL), 3_000)
    Campaign("store, names", listing.compared, ()).run(lambda: mutated_text("App Täl 计数"), 2_000)
    Campaign("store, pictures", listing.check_picture, BankProblem).run(lambda: mutated(PICTURE), 1_500)


def good_arguments(mall: Mall) -> dict[str, Any]:
    """Something for every argument there is."""
    return {
        "app": "chess",
        "region": "DE",
        "currency": EUR,
        "key": "00" * 16,
        "device": mall.world.watch.id.hex(),
        "order": mall.order().order,
        "nonce": "00" * 16,
        "search": "tea",
        "without": "web,payment",
        "kind": "app",
        "category": "games",
        "after": "a",
        "api": "1",
    }


def test_arguments(mall: Mall) -> None:
    """Every request with arguments of every form."""
    random.seed(63)
    good = good_arguments(mall)
    for method, path, _, view in http_views.ROUTES:

        def take(arguments: Any, view: http_views.View = view) -> None:
            json.dumps(view(mall.store, arguments if isinstance(arguments, dict) else {}))

        def make() -> Any:
            texts = {**good, "currency": str(EUR)} if random.getrandbits(1) else good
            return mutated_value(texts)

        Campaign(f"store, {method} {path}", take, BankProblem, SLOW_MS).run(make, 60, 100)


def test_small_texts(mall: Mall) -> None:
    """Months, regions, currencies, links to statements."""
    random.seed(64)
    key = mall.store.statement_key("bob", "2026-11", EUR)
    Campaign("store, months", months.end, BankProblem).run(lambda: mutated_text("2026-11"), 1_000)
    Campaign("store, regions", regions.check, BankProblem).run(lambda: mutated_text("DE"), 1_000)
    Campaign("store, currencies", regions.check_currency, BankProblem).run(lambda: random.randrange(-5, 1_500), 300)

    def links(text: str) -> None:
        mall.store.check_statement_key("bob", "2026-11", EUR, text)
        assert text == key

    Campaign("store, links", links, BankProblem).run(lambda: mutated_text(key), 500)

    def statement(month: str) -> None:
        assert write(mall.store.statement("bob", month, EUR)).endswith(b"\r\n")

    Campaign("store, statements", statement, BankProblem, SLOW_MS).run(lambda: mutated_text("2026-11"), 60, 100)


def test_pages_of_strangers(mall: Mall) -> None:
    """Facts of every form never get out of their place in a page."""
    random.seed(65)

    def take(text: str) -> None:
        facts = {**mall_facts, "summary": {"en": text}, "description": {"en": text}, "maker_name": text}
        page = pages._detail(facts, "en") + pages._card(facts, "en", "DE-978")
        assert "<script" not in page and page.count("<bdi>") == page.count("</bdi>")

    mall_facts = mall.store.app("tea")
    Campaign("store, pages", take, ()).run(lambda: mutated_text('"><script>alert(1)</script>'), 1_500)


def test_key_files(mall: Mall, tmp_path: Path) -> None:
    """Files of the key folder that were damaged stop the store with a clear line."""
    random.seed(66)
    for name in ("store.pem", "store.cert", "root.pub", "link-key"):
        path = mall.keys / name
        good = path.read_bytes()

        def take(data: bytes, path: Path = path) -> None:
            path.write_bytes(data)
            keyring.load(mall.keys, START)

        campaign = Campaign(f"store, {name}", take, UserError, SLOW_MS)
        for _ in range(12):
            campaign.one(mutated(good))
        path.write_bytes(good)
        campaign.note()


def test_answers_of_a_store() -> None:
    """What a phone reads of a store that says anything."""
    random.seed(67)
    good = {
        "order": "1",
        "app": "tea",
        "state": "open",
        "code": "0002",
        "amount_minor": 5,
        "currency": EUR,
        "region": "DE",
        "created_at": 1,
        "paid_at": None,
        "refund_until": None,
    }
    made = Campaign("store client, orders", lambda said: client._made(client.Order, said), UserError)
    made.run(lambda: mutated_value(good), 2_000)
    whole = {"licence": "00ff", "certificate": "01", "not_after": None}
    given = Campaign("store client, licences", lambda said: client._made(client.Licence, said), UserError)
    given.run(lambda: mutated_value(whole), 2_000)
    data = json.dumps(good).encode()
    Campaign("store client, JSON", client._read, UserError).run(
        lambda: mutated(data) if random.getrandbits(1) else noise(40), 2_000
    )
