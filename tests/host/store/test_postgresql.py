"""The same store on PostgreSQL. Skipped where PostgreSQL is missing."""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text

from tapwatch.bank.problems import StateProblem, StoreProblem
from tests.host.bank.world import EUR
from tests.host.store.mall import Mall
from tests.host.store.races import exactly_once
from tests.host.store.test_faults import Fault, Story, played
from tests.host.store.test_sharing import check_books
from tests.host.store.test_statements import DECEMBER
from tests.host.store.three_months import ThreeMonths

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

pytestmark = [
    pytest.mark.share("system"),
]
STATEMENTS = (
    "UPDATE store_contract_parts SET basis_points = 1",
    "DELETE FROM store_lines",
    "UPDATE store_sales SET gross = 1",
    "INSERT INTO store_sales SELECT * FROM store_sales",
    "UPDATE store_licences SET serial = 9",
    "UPDATE store_statements SET closing = 1",
    """INSERT INTO store_lines (party_id, currency, month, at, kind, payment_id, refund_number, gross, amount)
       SELECT party_id, currency, month, at, kind, payment_id, 7, 0, 0 FROM store_lines""",
)


@pytest.fixture(scope="module")
def mall(url: str, tmp_path_factory: pytest.TempPathFactory) -> Mall:
    """One mall for the whole module: making one takes a while."""
    mall = Mall(tmp_path_factory.mktemp("mall"), url)
    mall.stock()
    return mall


def test_from_order_to_statement(mall: Mall) -> None:
    card, watch = mall.world.card(), mall.world.watch.id
    order = mall.order()
    assert mall.pay_order(card, 1, order) == "00"
    assert mall.pay_in_app(card, 2, 1001) == "00"
    assert [mall.licence()[4] for _ in range(2)] == [1, 1]
    number = mall.rows("SELECT payment_id FROM store_sales WHERE kind = 'in-app'")[0][0]
    assert [mall.store.refund(number, 333, "part") for _ in range(2)] == [True, False]
    assert [mall.store.give_back(watch, order.order).state for _ in range(2)] == ["refunded"] * 2
    with pytest.raises(StateProblem):
        mall.store.refund(number, 669, "too much")
    mall.store.pay_out("bob", 100, EUR, "T-1")
    check_books(mall)
    mall.reopen()
    mall.world.clock.now = DECEMBER
    assert len(mall.store.close_month("2026-11")) == 4
    for statement in STATEMENTS:
        with pytest.raises(StoreProblem), mall.world.bank.books.write() as connection:
            connection.execute(text(statement))
    assert mall.world.spent == 1001 - 333
    check_books(mall)


def test_many_at_once(mall: Mall) -> None:
    """Eight phones order and look at the same time: one order, one share, one licence."""
    key, found = secrets.token_bytes(16), []

    def together(what: object) -> None:
        threads = [threading.Thread(target=lambda: found.append(what())) for _ in range(8)]  # type: ignore[operator]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    together(lambda: mall.order(key=key).order)
    assert len(found) == 8 and len(set(found)) == 1
    assert mall.pay_order(mall.world.card(), 1, mall.order(key=key)) == "00"
    found.clear()
    together(lambda: mall.licence()[4])
    assert found == [3] * 8
    check_books(mall)


class Unplugged(Fault):
    """The server ends the connection right before the n-th write from now."""

    def _write(self, connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        super()._write(connection, _cursor, statement)
        if self.left == 0:
            self.left = -1
            driver = connection.connection.driver_connection
            with create_engine(self._engine.url).connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": driver.info.backend_pid})

    def _count(self) -> None:
        self.left -= 1


def another(url: str, name: str) -> str:
    """Another empty database in the cluster."""
    with create_engine(make_url(url).set(drivername="postgresql+psycopg")).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(f"CREATE DATABASE {name}"))
    return url.replace("/postgres?", f"/{name}?")


@pytest.mark.share("store and keys")
def test_three_months_by_hand(url: str, tmp_path: Path) -> None:
    """The same story as on SQLite, with the questions of docs/store.md."""
    mall = Mall(tmp_path, another(url, "months"))
    mall.stock()
    story = ThreeMonths(mall)
    story.told()
    assert story.check() >= 24


@pytest.mark.share("store and keys")
def test_two_processes_buy_the_same(url: str, tmp_path: Path) -> None:
    mall = Mall(tmp_path, another(url, "races"))
    mall.stock()
    exactly_once(mall)


def test_the_connection_is_lost_anywhere(url: str, tmp_path: Path) -> None:
    """The store runs on; what was asked for is asked for again."""
    mall = Mall(tmp_path, another(url, "cut"))
    mall.stock()
    story = Story(mall)
    points = played(story, lambda at: Unplugged(mall, at, False), StoreProblem)
    print(f"NOTE store: PostgreSQL ended the connection at {points} writes of 8 steps: 0 lost, 0 twice")
    assert points >= 40
