"""Follow the money: an app is published, reviewed, bought with a whole watch, takes a payment, and is given back.

The books are added up with `sqlite3` alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch.apps import archive, pack
from tapwatch.phone.memory import Memory
from tapwatch.stage.app_store import served
from tapwatch.store import statement_csv
from tapwatch.store.client import StoreClient
from tests.host.store.mall import listing, project
from tests.system.desk import Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tapwatch.store.service import AppStore

pytestmark = [
    pytest.mark.share("apps"),
    pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning"),
]
CNY = 156
PRICE, ROUND = 1299, 501
"""What the app costs, and what is paid in it; both leave odd units to share."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def query(path: Path, statement: str) -> list[Any]:
    """Ask the database file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


async def pay(desk: Desk, code: str) -> str:
    """The phone shows the code, the wearer agrees, the phone brings the payment to the bank."""
    stage = desk.stage
    await stage.wearer.home()
    await stage.phone.show_merchant_code(code)
    await stage.wearer.agree()
    response = None
    until = time.monotonic() + 20
    while response is None and time.monotonic() < until:
        response = await stage.phone.pay_merchant_code(code)
        await asyncio.sleep(0.1)
    return str(response)


async def published(desk: Desk, store: AppStore, client: StoreClient) -> None:
    """From source to the list."""
    developer = desk.stage.manufacturer.developer
    files = project("bazaar", paid=True, permissions='["payment"]')
    packed = pack.pack_files(files, developer.key, developer.certificate).bundle
    said = listing(prices=[["CN", CNY, PRICE]], payee=["Bazaar", "CN", CNY])
    sent = await client.publish(developer.key, said, packed, archive.write(files))
    assert sent.state == "waiting"
    store.accept(store.reviews()[0]["review"])
    assert (await client.publication(sent.publication)).state == "accepted"


async def story(desk: Desk, store: AppStore) -> None:
    """Everything that moves money, most of it twice."""
    stage = desk.stage
    device = Memory.load(stage.issuer_keys.parents[2] / "phone.json").registration
    assert device is not None
    async with served(store) as url, StoreClient(url) as client:
        await published(desk, store, client)
        for _ in range(2):
            order = await client.order(device, "bazaar", "CN", CNY, bytes(16))
        assert await pay(desk, order.code) == "00"
        licence = await client.licence(device, "bazaar")
        await stage.phone.apps.licence(licence.licence, licence.certificate)
        folder = stage.issuer_keys.parents[1]
        ((payee,),) = query(folder / "bank.db", "SELECT account FROM store_payees")
        assert await pay(desk, stage.bank.merchant_code(payee, ROUND, CNY)) == "00"
        store.sweep()
        for _ in range(2):
            assert (await client.refund(device, order.order)).state == "refunded"
        ended = await client.licence(device, "bazaar")
        await stage.phone.apps.licence(ended.licence, ended.certificate)
        assert ended.not_after is not None and ended.not_after <= time.time()


def test_from_a_purchase_to_a_statement(desk: Desk) -> None:
    stage = desk.stage
    path = stage.issuer_keys.parents[1] / "bank.db"
    before = sum(row[0] for row in query(path, "SELECT balance FROM accounts WHERE kind = 'customer'"))
    store = stage.app_store()
    desk.do(story(desk, store))
    after = sum(row[0] for row in query(path, "SELECT balance FROM accounts WHERE kind = 'customer'"))
    assert before - after == ROUND, "the app came back, the payment in it stays"
    assert query(path, "SELECT SUM(balance) FROM accounts") == [(0,)]
    moved = """SELECT a.owner, SUM(CASE WHEN j.credit = a.id THEN j.amount ELSE -j.amount END) FROM accounts a
               JOIN journal j ON a.id IN (j.debit, j.credit) WHERE a.owner LIKE 'party/%' GROUP BY a.owner"""
    shares = {owner.removeprefix("party/"): total for owner, total in query(path, moved)}
    assert shares == {"workshop": 426, "Tapwatch Store": 50, "Watch Manufacturer": 25}
    merchants = "SELECT COALESCE(SUM(balance), 0) FROM accounts WHERE owner IN ('bank/Bazaar', 'bank/Tapwatch Store')"
    assert query(path, merchants) == [(0,)], "what merchants got was shared out whole"
    month = time.strftime("%Y-%m", time.gmtime())
    for party, total in shares.items():
        data = statement_csv.write(store.statement(party, month, CNY)).decode()
        rows = list(csv.DictReader(io.StringIO(data, newline="")))
        assert sum(int(row["share_minor"] or 0) for row in rows) == int(rows[-1]["balance_minor"]) == total
    print(f"NOTE store: {PRICE} bought and given back, {ROUND} paid in an app: parties have {sum(shares.values())}")
