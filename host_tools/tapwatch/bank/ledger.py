"""Double-entry books in integer minor units.

One journal row is one balanced entry: what it takes from the debit account it gives to the credit account, in one
currency (a foreign key sees to that). So the books cannot fail to balance; `trial_balance` recomputes them anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from tapwatch.bank.problems import StateProblem, UnknownProblem
from tapwatch.bank.schema import accounts, journal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

MAX_AMOUNT_MINOR = 999_999_999_999
"""Twelve digits: ISO 8583 field 4."""


@dataclass(frozen=True)
class Line:
    """One account in a trial balance. `balance_minor` is credits less debits."""

    account: int
    kind: str
    owner: str
    currency: int
    balance_minor: int


@dataclass(frozen=True)
class TrialBalance:
    """Every account, and the sum per currency, which is zero in books that are right."""

    lines: tuple[Line, ...]
    totals: Mapping[int, int]

    @property
    def balanced(self) -> bool:
        """True if the sum of every currency is zero."""
        return not any(self.totals.values())


class Ledger:
    """Accounts and the journal. Every method works inside the caller's transaction."""

    def account(self, connection: Connection, kind: str, owner: str, currency: int) -> int:
        """Return the account of that kind, owner and currency, opened now if need be."""
        wanted = (accounts.c.kind == kind, accounts.c.owner == owner, accounts.c.currency == currency)
        found = connection.execute(select(accounts.c.id).where(*wanted)).scalar()
        if found is not None:
            return found
        return self.open(connection, kind, owner, currency)

    def open(self, connection: Connection, kind: str, owner: str, currency: int) -> int:
        """Open a new account with nothing on it and return its number."""
        row = insert(accounts).values(kind=kind, owner=owner, currency=currency).returning(accounts.c.id)
        return connection.execute(row).scalar_one()

    def balance(self, connection: Connection, account: int) -> int:
        """Return the balance in minor units. Raises UnknownProblem."""
        balance = connection.execute(select(accounts.c.balance).where(accounts.c.id == account)).scalar()
        if balance is None:
            raise UnknownProblem(f"there is no account {account}")
        return balance

    def move(
        self,
        connection: Connection,
        reason: str,
        debit: int,
        credit: int,
        amount_minor: int,
        at: int,
        payment: int | None = None,
    ) -> None:
        """Write one entry. Raises StateProblem for an amount that is no amount.

        The database refuses an overdraft, accounts of two currencies, and a second entry of that reason for a payment.
        """
        if not 0 < amount_minor <= MAX_AMOUNT_MINOR:
            raise StateProblem(f"{amount_minor} is not an amount")
        currency = connection.execute(select(accounts.c.currency).where(accounts.c.id == debit)).scalar()
        entry = {"debit": debit, "credit": credit, "amount": amount_minor, "currency": currency}
        connection.execute(insert(journal).values(reason=reason, payment_id=payment, at=at, **entry))

    def trial_balance(self, connection: Connection) -> TrialBalance:
        """Recompute every balance from the journal. Raises StateProblem if one differs from the balance kept."""
        moved = self._moved(connection)
        lines = []
        totals: dict[int, int] = {}
        for row in connection.execute(select(accounts).order_by(accounts.c.id)):
            if row.balance != moved.get(row.id, 0):
                entries = moved.get(row.id, 0)
                raise StateProblem(f"account {row.id} holds {row.balance}, its entries add up to {entries}")
            lines.append(Line(row.id, row.kind, row.owner, row.currency, row.balance))
            totals[row.currency] = totals.get(row.currency, 0) + row.balance
        return TrialBalance(tuple(lines), totals)

    @staticmethod
    def _moved(connection: Connection) -> dict[int, int]:
        moved: dict[int, int] = {}
        for side, sign in ((journal.c.credit, 1), (journal.c.debit, -1)):
            for account, total in connection.execute(select(side, func.sum(journal.c.amount)).group_by(side)):
                moved[account] = moved.get(account, 0) + sign * int(total)
        return moved
