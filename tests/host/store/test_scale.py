"""Two years of sales: every month closed, every statement read back, one contract changed in the middle of a month."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from tapwatch.bank.schema import atcs, payments
from tapwatch.store import months, statement_csv
from tapwatch.store.contracts import Scope
from tapwatch.store.split import split
from tests.host.bank.world import EUR, START
from tests.host.store.test_sharing import check_books

if TYPE_CHECKING:
    from tests.host.store.mall import Mall

pytestmark = pytest.mark.share("system")
LONG = os.environ.get("TAPWATCH_LONG") == "1"
SALES = 10_000 if LONG else 96
MONTHS = 24
MONTH_S = 30 * 86_400
_MOST = 5_000
_KEYS = 1_000
"""Counters from here on are none of the card's batch."""
PARTIES = ("Ada", "Bo", "Cy", "Di", "Ed")
BEFORE = {"developer": 4_001, "store": 1_999, **{f"={name}": 800 for name in PARTIES}}
AFTER = {"developer": 9_999, "=Ada": 1}


def sold(mall: Mall, month: int, count: int) -> list[tuple[int, int]]:
    """Payments in the app, put where the bank puts them; amounts from 1 on. Returns amounts and times."""
    books, made = mall.world.bank.books, []
    with books.write() as connection:
        one = connection.execute(select(payments).order_by(payments.c.id.desc()).limit(1)).one()._asdict()
        key = connection.execute(select(atcs).where(atcs.c.atc == one["atc"])).one()._asdict()
        till = books.ledger.account(connection, "till", "bank", EUR)
        books.ledger.move(connection, "opening", till, one["customer_account"], count * _MOST, START)
        number = one["id"]
        for place in range(count):
            amount, at = 1 + (place * 37 + month) % _MOST, START + month * MONTH_S + place * MONTH_S // count
            number += 1
            connection.execute(insert(atcs).values(**{**key, "atc": _KEYS + number}))
            row = {**one, "id": number, "amount": amount, "at": at, "atc": _KEYS + number}
            connection.execute(insert(payments).values(**row))
            books.ledger.move(
                connection, "purchase", row["customer_account"], row["merchant_account"], amount, at, number
            )
            made.append((amount, at))
    return made


def test_two_years_of_statements(mall: Mall) -> None:
    assert mall.pay_in_app(mall.world.card(), 1, 1) == "00"
    mall.store.sweep()
    for name in PARTIES:
        mall.store.add_party(name, "other", "")
    mall.store.add_contract(Scope("tea"), BEFORE)
    change = START + MONTHS // 2 * MONTH_S + MONTH_S // 2
    mall.store.add_contract(Scope("tea"), AFTER, change)
    expected = 0
    started = time.monotonic()
    for month in range(MONTHS):
        mall.world.clock.now = START + (month + 1) * MONTH_S
        for amount, at in sold(mall, month, SALES // MONTHS):
            parts = AFTER if at >= change else BEFORE
            expected += split(amount, list(parts.values()))[0]
        mall.store.sweep()
    shared_s = time.monotonic() - started
    mall.world.clock.now += 2 * MONTH_S
    started = time.monotonic()
    closed = mall.store.close_month(months.of(START + MONTHS * MONTH_S))
    closed_s = time.monotonic() - started
    started = time.monotonic()
    for one in closed:
        again = mall.store.statement(one.party, one.month, EUR)
        assert statement_csv.write(again) == statement_csv.write(one)
    read_s = time.monotonic() - started
    assert mall.balances()["bob"] == expected + 1, "the first unit was under the store's own contract"
    check_books(mall)
    print(
        f"NOTE store: {SALES} payments in {MONTHS} months, 7 parties: shared out in {shared_s:.1f} s, "
        f"{len(closed)} statements closed in {closed_s:.1f} s, read again in {read_s:.1f} s"
    )
