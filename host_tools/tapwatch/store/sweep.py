"""Finds what the bank was paid for orders and by apps, and does what follows from it, each payment once.

The bank knows nothing of the store, so the store looks. It remembers how far it has looked: payments are numbered in
the order in which they are committed, since the bank has one writer at a time. What is found and the number are one
transaction, so nothing is lost and nothing happens twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from tapwatch.bank.code_schema import merchant_payments
from tapwatch.bank.schema import payments, tokens
from tapwatch.store.money_schema import orders, tills
from tapwatch.store.orders import ENDED, OPEN, PAID, RETURNED
from tapwatch.store.schema import apps, payees, settings, versions
from tapwatch.store.sharing import Earned

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.books import Books
    from tapwatch.store.licences import Licences
    from tapwatch.store.orders import Orders
    from tapwatch.store.sharing import Sharing

FINISH_S = 60
"""How often it looks for orders that cannot be given back any more."""
_SEEN = "payments seen"
_NUMBER_BYTES = 8


class Sweep:
    """Works inside the caller's transaction."""

    def __init__(self, books: Books, orders_: Orders, licences: Licences, sharing: Sharing) -> None:
        self._books = books
        self._orders = orders_
        self._licences = licences
        self._sharing = sharing
        self._finished_at = -FINISH_S

    def run(self, connection: Connection, at: int) -> int:
        """Take in what is new; returns how many payments of the store that was."""
        self._orders.end_old(connection, at)
        if abs(at - self._finished_at) >= FINISH_S:  # it looks at every order that was ever paid
            self._licences.finish(connection, at)
            self._finished_at = at
        seen, last = _seen(connection), connection.execute(select(func.max(payments.c.id))).scalar() or 0
        if last == seen:
            return 0
        bought = self._bought(connection, seen)
        for row in bought:
            self._settle(connection, row, at)
        earned = self._earned(connection, seen)
        for row in earned:
            self._sharing.post(connection, row, at)
        connection.execute(delete(settings).where(settings.c.name == _SEEN))
        connection.execute(insert(settings).values(name=_SEEN, value=last.to_bytes(_NUMBER_BYTES, "big")))
        return len(bought) + len(earned)

    @staticmethod
    def _bought(connection: Connection, seen: int) -> list[Row]:
        """Payments of bills of ours, with their orders."""
        joined = payments.join(tills, payments.c.merchant_account == tills.c.account)
        joined = joined.join(merchant_payments, merchant_payments.c.payment_id == payments.c.id)
        joined = joined.join(orders, orders.c.code_hash == merchant_payments.c.bill)
        query = select(orders, payments.c.id.label("paid_by"), payments.c.at.label("when"), tills.c.account)
        new = (payments.c.id > seen, payments.c.state == "paid", orders.c.state.in_((OPEN, ENDED)))
        return list(connection.execute(query.select_from(joined).where(*new).order_by(payments.c.id)))

    def _settle(self, connection: Connection, row: Row, at: int) -> None:
        own = orders.c.number == row.number
        app = connection.execute(select(apps).where(apps.c.id == row.app_id)).one()
        had = (orders.c.device_id == row.device_id, orders.c.app_id == row.app_id, orders.c.state == PAID)
        twice = connection.execute(select(orders.c.number).where(*had)).first() is not None
        listed = select(versions.c.void).where(versions.c.id == app.listed)
        gone = app.state == "withdrawn" or connection.execute(listed).scalar()
        state = RETURNED if twice or gone else PAID
        values = {"state": state, "payment_id": row.paid_by, "paid_at": row.when}
        connection.execute(update(orders).where(own).values(**values))
        if state == RETURNED:
            self._books.refund(connection, row.paid_by, row.amount, at)
            return
        sold = (row.app_id, row.version, app.maker, row.region, row.device_id, row.account, row.amount, row.currency)
        self._sharing.post(connection, Earned(row.paid_by, "purchase", *sold, row.when), at)
        self._licences.provisional(connection, row, row.when)

    @staticmethod
    def _earned(connection: Connection, seen: int) -> list[Earned]:
        """Payments to payees of apps."""
        joined = payments.join(payees, payments.c.merchant_account == payees.c.account)
        joined = joined.join(apps, apps.c.id == payees.c.app_id).join(tokens, tokens.c.id == payments.c.token_id)
        joined = joined.join(versions, versions.c.id == apps.c.listed)
        query = select(payments, payees.c.country, apps.c.id.label("app"), apps.c.maker, versions.c.text)
        query = query.add_columns(tokens.c.device_id).select_from(joined)
        new = (payments.c.id > seen, payments.c.state == "paid")
        rows = connection.execute(query.where(*new).order_by(payments.c.id))
        return [
            Earned(
                row.id,
                "in-app",
                row.app,
                row.text,
                row.maker,
                row.country,
                row.device_id,
                row.merchant_account,
                row.amount,
                row.currency,
                row.at,
            )
            for row in rows
        ]


def _seen(connection: Connection) -> int:
    value = connection.execute(select(settings.c.value).where(settings.c.name == _SEEN)).scalar()
    return int.from_bytes(value, "big") if value else 0
