"""Moves the money of a payment: taken, captured, given back. Each at most once, in whatever order it is asked for.

| asked for | state | moves | new state |
|---|---|---|---|
| take, 0200 | (new) | customer to merchant | paid |
| take, 0100 | (new) | customer to held money | held |
| capture | held | held money to merchant, the rest back to the customer | paid |
| give back | held | held money to customer | reversed |
| give back | paid | merchant to customer, what the merchant got | reversed |

Any other pair moves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from tapwatch.bank import declined
from tapwatch.bank.schema import journal, payments

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.ledger import Ledger

_HOLDER = "bank"
_TO_MERCHANT = ("purchase", "capture")


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
            got = self._merchant_got(connection, row.id)
            self._ledger.move(connection, "refund", row.merchant_account, row.customer_account, got, at, row.id)
        self._set(connection, row.id, "reversed")
        return True

    def _held(self, connection: Connection, row: Row) -> int:
        return self._ledger.account(connection, "hold", _HOLDER, row.currency)

    @staticmethod
    def _merchant_got(connection: Connection, payment_id: int) -> int:
        own = (journal.c.payment_id == payment_id, journal.c.reason.in_(_TO_MERCHANT))
        return connection.execute(select(journal.c.amount).where(*own)).scalar_one()

    @staticmethod
    def _set(connection: Connection, payment_id: int, state: str) -> None:
        connection.execute(update(payments).where(payments.c.id == payment_id).values(state=state))
