"""Refunds: money back to the wearer, shares back from the parties, the licence ended; all in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from tapwatch.bank.problems import StateProblem
from tapwatch.store.licences import REFUND_S
from tapwatch.store.money_schema import orders
from tapwatch.store.orders import PAID, REFUNDED, RETURNED

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.books import Books
    from tapwatch.store.licences import Licences
    from tapwatch.store.orders import Order, Orders
    from tapwatch.store.sharing import Sharing


class Refunds:
    """Every method works inside the caller's transaction."""

    def __init__(self, books: Books, orders_: Orders, licences: Licences, sharing: Sharing) -> None:
        self._books = books
        self._orders = orders_
        self._licences = licences
        self._sharing = sharing

    def by_wearer(self, connection: Connection, device_id: bytes, number: str, at: int) -> Order:
        """Give an app back. Harmless when repeated. Raises UnknownProblem, StateProblem when it is too late."""
        order = self._orders.get(connection, device_id, number)
        if order.state in (REFUNDED, RETURNED):
            return order
        if order.state != PAID or order.paid_at is None:
            raise StateProblem("the order is not paid", "there is nothing to give back")
        if at >= order.paid_at + REFUND_S:
            raise StateProblem("the time to give it back is over", "ask the store's operator")
        payment = connection.execute(select(orders.c.payment_id).where(orders.c.number == number)).scalar_one()
        self.pay_back(connection, payment, None, f"order {number}", at)
        return self._orders.get(connection, device_id, number)

    def pay_back(self, connection: Connection, payment_id: int, amount: int | None, key: str, at: int) -> bool:
        """Give back a part of a payment, all that is left for None; False if that was done under this `key` before.

        Raises UnknownProblem for a payment that was not shared out, StateProblem for more than is left of it.
        """
        left = sum(self._sharing.held(connection, payment_id).values())
        before = self._sharing.refunded(connection, payment_id, key)
        wanted = (before or left) if amount is None else amount
        if not self._sharing.take_back(connection, payment_id, wanted, key, at):
            return False
        self._books.refund(connection, payment_id, wanted, at)
        if wanted == left:
            self._end(connection, payment_id)
        return True

    def _end(self, connection: Connection, payment_id: int) -> None:
        """The whole price of an order is back: its licence ends."""
        order = connection.execute(select(orders).where(orders.c.payment_id == payment_id)).one_or_none()
        if order is not None:
            connection.execute(update(orders).where(orders.c.number == order.number).values(state=REFUNDED))
            self._licences.ended(connection, order)
