"""Whoever follows the money by the questions of the page finds nothing wrong, and finds what is."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.host.bank.world import EUR
from tests.host.store.questions import questions, wrong
from tests.host.store.test_statements import DECEMBER
from tests.host.store.three_months import BOB, STORE, ThreeMonths

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

pytestmark = pytest.mark.share("system")
DAMAGE = (
    "UPDATE accounts SET balance = balance + 1 WHERE owner = 'party/ann'",
    "UPDATE journal SET amount = amount + 1 WHERE reason = 'share' AND credit = {bob}",
    "UPDATE store_sales SET gross = gross + 1",
    "UPDATE store_refunds SET amount = amount + 1",
    "UPDATE store_lines SET amount = amount + 1 WHERE kind = 'in-app'",
    "DELETE FROM store_sales",
    "UPDATE store_statements SET closing = closing + 1",
)


@pytest.fixture
def books(mall: Mall) -> Path:
    """A database in which everything has happened: bought, given back, paid in an app, refunded in part, closed."""
    card, order = mall.world.card(), mall.order()
    mall.pay_order(card, 1, order)
    mall.store.sweep()
    mall.store.give_back(mall.world.watch.id, order.order)
    mall.pay_in_app(card, 2, 1001)
    mall.store.sweep()
    mall.store.refund(mall.rows("SELECT MAX(payment_id) FROM store_sales")[0][0], 333, "part")
    mall.world.clock.now = DECEMBER
    mall.store.close_month("2026-11")
    return Path(str(mall.world.bank.books.database.engine.url.database))


def test_every_question_has_its_answer(books: Path) -> None:
    assert len(questions()) == 8
    assert wrong(books) == []


def test_the_questions_find_what_is_wrong(books: Path) -> None:
    """A guard: each damage is found by at least one of them, and each of them finds one."""
    with contextlib.closing(sqlite3.connect(books, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        (bob,) = connection.execute("SELECT id FROM accounts WHERE owner = 'party/bob'").fetchone()
    clean, found = books.read_bytes(), set()
    for damage in DAMAGE:
        books.write_bytes(clean)
        with contextlib.closing(sqlite3.connect(books, isolation_level=None)) as connection:
            connection.execute(damage.format(bob=bob))
        said = wrong(books)
        assert said, damage
        found |= set(said)
    assert found == {remark for remark, _ in questions()}


def test_three_months_by_hand(mall: Mall) -> None:
    """What was counted on paper is what the statements say, and what the journal adds up to."""
    story = ThreeMonths(mall)
    story.told()
    print(f"NOTE store: three months on paper, {story.check()} statements in 3 currencies: the same")
    for party in (BOB, STORE):
        assert story.due[party, EUR, "2026-12"] and story.due[party, EUR, "2027-01"] < 0
    story.due[BOB, EUR, "2026-12"] += 1
    with pytest.raises(AssertionError):
        story.check()
