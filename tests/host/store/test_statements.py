"""Statements: what is closed stays, what is refunded late comes later, and the CSV can be read by others."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tapwatch.bank.problems import AccessProblem, RequestProblem, StateProblem, StoreProblem
from tapwatch.store import statement_csv
from tests.host.bank.world import EUR, START
from tests.host.store.test_sharing import check_books

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

DECEMBER = 1_796_083_200  # 2026-12-01 00:00:00 UTC
JANUARY = DECEMBER + 31 * 86_400


def sold(mall: Mall, amount: int = 1000) -> int:
    """A payment in the app; its number."""
    assert mall.pay_in_app(mall.world.card(), 1, amount) == "00"
    mall.store.sweep()
    return mall.rows("SELECT max(payment_id) FROM store_sales")[0][0]


def test_a_closed_month_never_changes(mall: Mall) -> None:
    number = sold(mall)
    with pytest.raises(StateProblem, match="not over"):
        mall.store.close_month("2026-11")
    mall.world.clock.now = DECEMBER
    closed = {one.party: one for one in mall.store.close_month("2026-11")}
    assert closed["bob"].closing_minor == 850
    before = statement_csv.write(mall.store.statement("bob", "2026-11", EUR))
    assert mall.store.close_month("2026-11") == []
    mall.store.refund(number, 400, "late")
    assert statement_csv.write(mall.store.statement("bob", "2026-11", EUR)) == before
    december = mall.store.statement("bob", "2026-12", EUR)
    assert (december.opening_minor, december.closing_minor) == (850, 510)
    assert [(line.kind, line.gross_minor, line.share_minor) for line in december.lines] == [("refund", -400, -340)]
    check_books(mall)


def test_what_is_found_after_the_end_of_a_month(mall: Mall) -> None:
    """Nobody looked on the last day. What was paid then is November's until that is closed, then December's."""
    assert mall.pay_in_app(mall.world.card(), 1, 1000) == "00"
    mall.world.clock.now = DECEMBER
    assert mall.store.statement("bob", "2026-11", EUR).closing_minor == 850
    mall.store.close_month("2026-11")
    with mall.world.bank.books.write() as connection:  # the clock was set back
        connection.execute(text("DELETE FROM store_settings WHERE name = 'payments seen'"))
    mall.world.clock.now = START
    assert mall.pay_in_app(mall.world.card(), 1, 10) == "00"
    with pytest.raises(StoreProblem):
        mall.store.sweep()  # it would share the first payment out again: the database refuses


def test_a_line_in_a_closed_month_is_refused(mall: Mall) -> None:
    sold(mall)
    mall.world.clock.now = DECEMBER
    mall.store.close_month("2026-11")
    statement = """INSERT INTO store_lines
        (party_id, currency, month, at, kind, payment_id, refund_number, gross, amount)
        SELECT party_id, currency, month, at, kind, payment_id, 7, 0, 0 FROM store_lines"""
    with pytest.raises(StoreProblem, match="closed"), mall.world.bank.books.write() as connection:
        connection.execute(text(statement))
    for change in ("UPDATE store_statements SET closing = 1", "DELETE FROM store_statements"):
        with pytest.raises(StoreProblem, match="append-only"), mall.world.bank.books.write() as connection:
            connection.execute(text(change))


def test_a_statement_that_was_tampered_with_is_noticed(mall: Mall) -> None:
    sold(mall)
    mall.world.clock.now = DECEMBER
    mall.store.close_month("2026-11")
    with mall.world.bank.books.write() as connection:
        connection.execute(text("DROP TRIGGER store_lines_no_update"))
        connection.execute(text("UPDATE store_lines SET gross = gross + 1"))
    with pytest.raises(StateProblem, match="was changed"):
        mall.store.statement("bob", "2026-11", EUR)


def test_payouts(mall: Mall) -> None:
    sold(mall)
    for _ in range(2):
        mall.store.pay_out("bob", 800, EUR, "T-1")
    assert mall.balances()["bob"] == 50
    for amount, reference, problem in (
        (51, "T-2", StateProblem),
        (5, "T-1", StateProblem),
        (0, "T-3", RequestProblem),
        (-5, "T-3", RequestProblem),
        (5, "", RequestProblem),
        (5, "a\nb", RequestProblem),
    ):
        with pytest.raises(problem):
            mall.store.pay_out("bob", amount, EUR, reference)
    mall.store.refund(mall.rows("SELECT max(payment_id) FROM store_sales")[0][0], None, "all")
    assert mall.balances()["bob"] == -800, "what was paid out and given back is owed"
    assert mall.world.spent == 0
    found = mall.store.statement("bob", "2026-11", EUR)
    assert [line.share_minor for line in found.lines] == [850, -800, -850]
    assert (found.total("payout"), found.total("refund"), found.closing_minor) == (-800, -850, -800)
    check_books(mall)


def test_the_csv_is_one_that_others_read(mall: Mall) -> None:
    number = sold(mall)
    mall.store.pay_out("bob", 1, EUR, "=SUM(A1)")
    mall.store.pay_out("bob", 2, EUR, 'a "quote", and more')
    data = statement_csv.write(mall.store.statement("bob", "2026-11", EUR))
    assert data.count(b"\n") == data.count(b"\r\n") == 6
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert rows[0]["kind"] == "opening"
    assert rows[1] == {
        "date": "2026-11-22",
        "app": "tea",
        "version": "1.0.0",
        "kind": "in-app",
        "gross_minor": "1000",
        "share_minor": "850",
        "balance_minor": "850",
        "reference": f"payment {number}",
    }
    assert rows[2]["reference"] == "'=SUM(A1)"
    assert rows[3]["reference"] == 'a "quote", and more'
    assert (rows[-1]["kind"], rows[-1]["balance_minor"], rows[-1]["date"]) == ("closing", "847", "2026-11-30")


@pytest.mark.parametrize("month", ["", "2026-13", "2026-00", "26-11", "2026-11-01", "2026-1", "９999-11"])
def test_months_that_are_none(mall: Mall, month: str) -> None:
    for ask in (lambda: mall.store.statement("bob", month, EUR), lambda: mall.store.close_month(month)):
        with pytest.raises(RequestProblem):
            ask()


def test_links_are_of_one_statement(mall: Mall) -> None:
    key = mall.store.statement_key("bob", "2026-11", EUR)
    mall.store.check_statement_key("bob", "2026-11", EUR, key)
    for other in (("ann", "2026-11", EUR), ("bob", "2026-12", EUR), ("bob", "2026-11", 156)):
        with pytest.raises(AccessProblem):
            mall.store.check_statement_key(*other, key)


def test_months_follow_each_other(mall: Mall) -> None:
    sold(mall, 100)
    mall.world.clock.now = DECEMBER + 5
    sold(mall, 200)
    mall.world.clock.now = JANUARY
    closed = [(one.party, one.month, one.opening_minor, one.closing_minor) for one in mall.store.close_month("2026-12")]
    assert [one for one in closed if one[0] == "bob"] == [("bob", "2026-11", 0, 85), ("bob", "2026-12", 85, 255)]
