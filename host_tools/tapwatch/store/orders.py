"""Orders: an app for one watch, at the price of a region, with a merchant code to pay once.

| state | comes from | goes to |
|---|---|---|
| open | a request | paid, returned, ended |
| ended | 30 minutes, or another price | paid, returned: the code can still be paid |
| paid | its payment | refunded |
| returned | its payment, when the app was bought already or is withdrawn | |
| refunded | a refund of what was left | |
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, insert, select, update

from tapwatch.bank.problems import BusyProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.store.licences import REFUND_S
from tapwatch.store.money_schema import order_keys, orders, refunds

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row, Select

    from tapwatch.store.offers import Offer, Offers
    from tapwatch.store.till import Till

OPEN, ENDED, PAID, REFUNDED, RETURNED = "open", "ended", "paid", "refunded", "returned"
OPEN_S = 1800
"""How long an order waits before it is no longer the one that a new request finds."""
PER_HOUR = 20
"""Most requests for orders of one watch within an hour, the same key counted once."""
KEY_BYTES = 16
_HOUR_S = 3600
_NUMBER_BYTES = 8
_MAX_LISTED = 100


@dataclass(frozen=True)
class Order:
    """One order, as phones see it."""

    order: str
    app: str
    state: str
    code: str
    amount_minor: int
    currency: int
    region: str
    created_at: int
    paid_at: int | None
    refund_until: int | None
    back_minor: int
    """What came back of it."""


class Orders:
    """Every method works inside the caller's transaction."""

    def __init__(self, offers: Offers, till: Till) -> None:
        self._offers = offers
        self._till = till

    def place(
        self, connection: Connection, device_id: bytes, app: str, region: str, currency: int, key: bytes, at: int
    ) -> Order:
        """Return the order for this key, or the paid or open one for this app, or a new one.

        Raises UnknownProblem for an app that is not sold there, StateProblem for a free one or a key that was used for
        something else, BusyProblem for too many, RequestProblem for another key than of 16 bytes.
        """
        if len(key) != KEY_BYTES:
            raise RequestProblem(f"a key has {KEY_BYTES} bytes")
        own = (order_keys.c.device_id == device_id, order_keys.c.key == key)
        known = connection.execute(select(order_keys.c.order_number).where(*own)).scalar()
        if known is not None:
            return _same(self.get(connection, device_id, known), app, region, currency)
        paid = self._find(connection, device_id, app, PAID)
        if paid is not None:
            return _order(paid)
        self._check_rate(connection, device_id, at)
        offer = self._offers.find(connection, app, region, currency)
        number = self._open(connection, device_id, offer, region, at)
        connection.execute(insert(order_keys).values(device_id=device_id, key=key, order_number=number, at=at))
        return self.get(connection, device_id, number)

    def get(self, connection: Connection, device_id: bytes, number: str) -> Order:
        """An order of that watch. Raises UnknownProblem."""
        own = (orders.c.number == number, orders.c.device_id == device_id)
        row = connection.execute(_orders().where(*own)).one_or_none()
        if row is None:
            raise UnknownProblem("there is no such order")
        return _order(row)

    def all(self, connection: Connection, device_id: bytes) -> list[Order]:
        """The newest hundred orders of a watch, the newest first."""
        query = _orders().where(orders.c.device_id == device_id)
        rows = connection.execute(query.order_by(orders.c.created_at.desc(), orders.c.number).limit(_MAX_LISTED))
        return [_order(row) for row in rows]

    def end_old(self, connection: Connection, at: int) -> None:
        """End what nobody paid for."""
        old = (orders.c.state == OPEN, orders.c.created_at <= at - OPEN_S)
        connection.execute(update(orders).where(*old).values(state=ENDED))

    def _open(self, connection: Connection, device_id: bytes, offer: Offer, region: str, at: int) -> str:
        """Number of the open order for this offer, made now if need be; one for another offer ends."""
        row = self._find(connection, device_id, offer.app, OPEN)
        if row is not None:
            same = (row.region, row.currency, row.amount) == (region, offer.currency, offer.amount)
            if same and row.created_at > at - OPEN_S:
                return row.number
            connection.execute(update(orders).where(orders.c.number == row.number).values(state=ENDED))
        number = secrets.token_hex(_NUMBER_BYTES)
        code = self._till.code(connection, offer.amount, offer.currency, number)
        values = {
            "number": number,
            "device_id": device_id,
            "app_id": offer.app,
            "version": offer.version,
            "region": region,
            "currency": offer.currency,
            "amount": offer.amount,
            "code": code,
            "code_hash": hashlib.sha256(code.encode()).digest(),
            "state": OPEN,
            "created_at": at,
        }
        connection.execute(insert(orders).values(**values))
        return number

    @staticmethod
    def _check_rate(connection: Connection, device_id: bytes, at: int) -> None:
        lately = (order_keys.c.device_id == device_id, order_keys.c.at > at - _HOUR_S)
        if connection.execute(select(func.count()).select_from(order_keys).where(*lately)).scalar_one() >= PER_HOUR:
            raise BusyProblem("this watch has asked for too many orders", "wait an hour")

    @staticmethod
    def _find(connection: Connection, device_id: bytes, app: str, state: str) -> Row | None:
        own: tuple[ColumnElement[bool], ...] = (orders.c.device_id == device_id, orders.c.app_id == app)
        return connection.execute(_orders().where(*own, orders.c.state == state)).one_or_none()


def _orders() -> Select:
    """Orders, each with what came back of it as `back`."""
    given = select(func.sum(refunds.c.amount)).where(refunds.c.payment_id == orders.c.payment_id).scalar_subquery()
    back = case((orders.c.state == RETURNED, orders.c.amount), else_=func.coalesce(given, 0))
    return select(orders, back.label("back"))


def _order(row: Row) -> Order:
    until = None if row.paid_at is None else row.paid_at + REFUND_S
    price, times = (row.amount, row.currency, row.region), (row.created_at, row.paid_at, until)
    return Order(row.number, row.app_id, row.state, row.code, *price, *times, int(row.back))


def _same(order: Order, app: str, region: str, currency: int) -> Order:
    if (order.app, order.region, order.currency) != (app, region, currency):
        raise StateProblem("this key was used for another order", "use a new random key for each order")
    return order
