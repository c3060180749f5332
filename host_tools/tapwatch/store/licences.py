"""Licences: what lets a watch run an app that costs something, checked there without a network.

The first one ends some time after the order can no longer be given back; then one without an end follows. A refund
puts one that has ended in its place. A higher serial number takes the place of a lower one on the watch. The bank
carries each to the watch with its notices; a phone may also ask the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, insert, select

from tapwatch.bank.parcels import LICENCE
from tapwatch.bank.problems import UnknownProblem
from tapwatch.store.money_schema import licences, orders
from tapwatch.store.schema import apps

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.books import Books
    from tapwatch.signing.signer import Signer

KIND = "tapwatch/licence"
REFUND_S = 14 * 86_400
"""How long an app can be given back: the withdrawal period of EU directive 2011/83 article 9, in days."""
GRACE_S = 7 * 86_400
"""How long after that the first licence lasts: a watch may meet no phone for a week."""
PROVISIONAL, FINAL, ENDED = "provisional", "final", "ended"


@dataclass(frozen=True)
class Licence:
    """What a watch is given. `not_after` is None for one without end."""

    envelope: bytes
    not_after: int | None


class Licences:
    """Every method works inside the caller's transaction."""

    def __init__(self, books: Books, key: Signer, certificate: bytes) -> None:
        """`books` are the bank's, which carries licences to watches; `certificate` is the store's."""
        self._books = books
        self._key = key
        self._certificate = certificate

    def provisional(self, connection: Connection, order: Row, paid_at: int) -> None:
        """Give the first licence of an order."""
        self._issue(connection, order, PROVISIONAL, paid_at, paid_at + REFUND_S + GRACE_S)

    def ended(self, connection: Connection, order: Row) -> None:
        """Put one that has ended in the place of what the order gave. Harmless when repeated."""
        if self._of(connection, order, ENDED) is None:
            self._issue(connection, order, ENDED, order.paid_at, order.paid_at)

    def finish(self, connection: Connection, at: int) -> None:
        """Give one without end for each order that cannot be given back any more. Harmless when repeated."""
        done = exists().where(licences.c.order_number == orders.c.number, licences.c.kind == FINAL)
        due = (orders.c.state == "paid", orders.c.paid_at <= at - REFUND_S, ~done)
        for order in connection.execute(select(orders).where(*due).order_by(orders.c.paid_at)).all():
            self._issue(connection, order, FINAL, order.paid_at, None)

    def newest(self, connection: Connection, device_id: bytes, app: str) -> Licence:
        """The licence that counts. Raises UnknownProblem."""
        query = select(licences).where(licences.c.device_id == device_id, licences.c.app_id == app)
        row = connection.execute(query.order_by(licences.c.serial.desc())).first()
        if row is None:
            raise UnknownProblem("there is no licence for this app and this watch", "buy it first")
        return Licence(row.envelope, row.not_after)

    def _issue(self, connection: Connection, order: Row, kind: str, not_before: int, not_after: int | None) -> None:
        own = (licences.c.device_id == order.device_id, licences.c.app_id == order.app_id)
        serial = 1 + (connection.execute(select(func.max(licences.c.serial)).where(*own)).scalar() or 0)
        maker = connection.execute(select(apps.c.maker).where(apps.c.id == order.app_id)).scalar_one()
        body = {1: order.device_id, 2: order.app_id, 3: maker, 4: serial, 5: not_before, 6: not_after}
        values = {
            "device_id": order.device_id,
            "app_id": order.app_id,
            "serial": serial,
            "order_number": order.number,
            "kind": kind,
            "not_after": not_after,
            "envelope": self._key.sign(KIND, body),
        }
        connection.execute(insert(licences).values(**values))
        name = f"licence {order.app_id}"
        self._books.send(connection, order.device_id, name, LICENCE, [values["envelope"], self._certificate])

    @staticmethod
    def _of(connection: Connection, order: Row, kind: str) -> Row | None:
        own = (licences.c.order_number == order.number, licences.c.kind == kind)
        return connection.execute(select(licences).where(*own)).one_or_none()
