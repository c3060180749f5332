"""The store's own merchant at the bank, one per currency: its name is what wearers read when they pay for an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tapwatch.store.money_schema import tills

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.books import Books


class Till:
    """Every method works inside the caller's transaction.

    Args:
        books: the bank's.
        name: of the merchant, at most 25 characters.
        country, city: what stands in the codes.
    """

    def __init__(self, books: Books, name: str, country: str, city: str) -> None:
        self._books = books
        self._name = name
        self._place = (country, city)

    def account(self, connection: Connection, currency: int) -> int:
        """Number of the merchant's account, opened at the first sale in a currency. Raises StateProblem."""
        known = connection.execute(select(tills.c.account).where(tills.c.currency == currency)).scalar()
        if known is not None:
            return known
        account = self._books.open_merchant(connection, self._name, currency)
        connection.execute(insert(tills).values(currency=currency, account=account))
        return account

    def code(self, connection: Connection, amount: int, currency: int, bill: str) -> str:
        """Text of the merchant code for an order, which is its bill."""
        account = self.account(connection, currency)
        return self._books.code(account, self._name, amount, currency, bill, *self._place)
