"""Moves the money of a payment: taken, captured, given back. Each at most once, in whatever order it is asked for.

Only parts may be given back several times, never more than the merchant got.

| asked for | state | moves | new state |
|---|---|---|---|
| take, 0200 | (new) | customer to merchant | paid |
| take, 0100 | (new) | customer to held money | held |
| capture | held | held money to merchant, the rest back to the customer | paid |
| give back | held | held money to customer | reversed |
| give back | paid | merchant to customer, what the merchant still has of it | reversed |
| give a part back | paid | merchant to customer, that part | paid; reversed when nothing is left |

Any other pair moves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from tapwatch.bank import declined
from tapwatch.bank.problems import StateProblem
from tapwatch.bank.schema import journal, payments

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.ledger import Ledger

_HOLDER = "bank"
_TO_MERCHANT = ("purchase", "capture")
_BACK = ("giveback", "refund")


class Settlement:
    """Every method works inside the caller's transaction."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def merchant(self, connection: Connection, acquirer: str, merchant_id: str, currency: int) -> int:
        """Return the account of a merchant, opened at its first payment."""
        return self._ledger.account(connection, "merchant", f"{acquirer}/{merchant_id}", currency)

    def payment(self, connection: Connection, payment_id: int) -> Row:
        """Return the row of a payment."""
        return connection.execute(select(payments).where(payments.c.id == payment_id)).one()

    def take(self, connection: Connection, payment_id: int, hold_only: bool, at: int) -> None:
        """Take the money of a payment that was just approved."""
        row = self.payment(connection, payment_id)
        target = self._held(connection, row) if hold_only else row.merchant_account
        reason = "hold" if hold_only else "purchase"
        self._ledger.move(connection, reason, row.customer_account, target, row.amount, at, row.id)

    def capture(self, connection: Connection, payment_id: int, amount: int, at: int) -> str:
        """Give the merchant `amount` of what is held, the customer the rest. Returns a response code."""
        row = self.payment(connection, payment_id)
        if row.state == "paid":
            return declined.APPROVED
        if row.state != "held":
            return declined.NO_ACTION
        if not 0 < amount <= row.amount:
            return declined.INVALID_AMOUNT
        held = self._held(connection, row)
        self._ledger.move(connection, "capture", held, row.merchant_account, amount, at, row.id)
        if amount < row.amount:
            self._ledger.move(connection, "release", held, row.customer_account, row.amount - amount, at, row.id)
        self._set(connection, row.id, "paid")
        return declined.APPROVED

    def give_back(self, connection: Connection, payment_id: int, at: int) -> bool:
        """Undo a payment. False if nothing of it was left to undo."""
        row = self.payment(connection, payment_id)
        if row.state not in ("held", "paid"):
            return False
        if row.state == "held":
            self._ledger.move(
                connection, "release", self._held(connection, row), row.customer_account, row.amount, at, row.id
            )
        else:
            left = self.left(connection, row.id)
            self._ledger.move(connection, "refund", row.merchant_account, row.customer_account, left, at, row.id)
        self._set(connection, row.id, "reversed")
        return True

    def give_part(self, connection: Connection, payment_id: int, amount: int, at: int) -> bool:
        """Give a part of a payment back; True if nothing is left of it. Raises StateProblem if it has not so much."""
        row = self.payment(connection, payment_id)
        left = self.left(connection, payment_id) if row.state == "paid" else 0
        if not 0 < amount <= left:
            raise StateProblem(f"of payment {payment_id} {left} can be given back, not {amount}")
        self._ledger.move(connection, "giveback", row.merchant_account, row.customer_account, amount, at, row.id)
        if amount == left:
            self._set(connection, payment_id, "reversed")
        return amount == left

    @staticmethod
    def left(connection: Connection, payment_id: int) -> int:
        """What the merchant has of a payment that was taken, less what was given back of it."""
        own = journal.c.payment_id == payment_id
        got = select(func.coalesce(func.sum(journal.c.amount), 0)).where(own, journal.c.reason.in_(_TO_MERCHANT))
        given = select(func.coalesce(func.sum(journal.c.amount), 0)).where(own, journal.c.reason.in_(_BACK))
        return int(connection.execute(got).scalar_one()) - int(connection.execute(given).scalar_one())

    def _held(self, connection: Connection, row: Row) -> int:
        return self._ledger.account(connection, "hold", _HOLDER, row.currency)

    @staticmethod
    def _set(connection: Connection, payment_id: int, state: str) -> None:
        connection.execute(update(payments).where(payments.c.id == payment_id).values(state=state))
