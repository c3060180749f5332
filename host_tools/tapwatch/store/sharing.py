"""Shares out what was paid, and takes it back: by contract, in the ledger, each payment once.

One line of a party's statement goes with one entry of the bank's journal. A refund is taken from each party by what it
still has of the payment, so nobody gives back more than it got, and the last refund leaves nobody anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from tapwatch.bank.problems import StateProblem, UnknownProblem
from tapwatch.bank.schema import journal
from tapwatch.store import months
from tapwatch.store.money_schema import lines, refunds, sales, statements
from tapwatch.store.split import split

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.books import Books
    from tapwatch.store.contracts import Contracts
    from tapwatch.store.parties import Parties, Party

SALE = 0
"""Refund number of the lines of the sale itself."""


@dataclass(frozen=True)
class Earned:
    """A payment that is to be shared out."""

    payment_id: int
    kind: str
    """`purchase` or `in-app`."""
    app: str
    version: str
    maker: str
    region: str
    device_id: bytes
    account: int
    """The merchant's, where the money is."""
    gross: int
    currency: int
    paid_at: int


class Sharing:
    """Every method works inside the caller's transaction."""

    def __init__(self, books: Books, parties: Parties, contracts: Contracts) -> None:
        self._books = books
        self._parties = parties
        self._contracts = contracts

    def post(self, connection: Connection, earned: Earned, at: int) -> None:
        """Share a payment out. The database refuses to do it twice."""
        contract = self._contracts.find(connection, earned.app, earned.maker, earned.region, earned.paid_at)
        found = self._contracts.parties_of(connection, contract, earned.maker, earned.device_id)
        sale = {
            "payment_id": earned.payment_id,
            "kind": earned.kind,
            "app_id": earned.app,
            "version": earned.version,
            "region": earned.region,
            "contract_id": contract.id,
            "account": earned.account,
            "gross": earned.gross,
            "currency": earned.currency,
            "at": earned.paid_at,
        }
        connection.execute(insert(sales).values(**sale))
        row = connection.execute(select(sales).where(sales.c.payment_id == earned.payment_id)).one()
        together: dict[Party, int] = {}
        for (party, _), part in zip(found, split(earned.gross, [points for _, points in found]), strict=True):
            together[party] = together.get(party, 0) + part
        for party, part in together.items():
            self._line(connection, party, row, earned.kind, SALE, (earned.gross, part), (earned.paid_at, at))

    def take_back(self, connection: Connection, payment_id: int, amount: int, key: str, at: int) -> bool:
        """Take back the shares of a part of a payment; False if that was done for this `key` before.

        Raises UnknownProblem for a payment that was not shared out, StateProblem for more than is left of it.
        """
        sale = connection.execute(select(sales).where(sales.c.payment_id == payment_id)).one_or_none()
        if sale is None:
            raise UnknownProblem(f"payment {payment_id} is none of the store's")
        before = self.refunded(connection, payment_id, key)
        if before not in (None, amount):
            raise StateProblem(f"{before} was refunded under this name, not {amount}", "choose another name")
        if before is not None:
            return False
        held = self.held(connection, payment_id)
        if not 0 < amount <= sum(held.values()):
            raise StateProblem(f"{sum(held.values())} is left of payment {payment_id}, not {amount}")
        last = select(func.max(refunds.c.number)).where(refunds.c.payment_id == payment_id)
        number = 1 + (connection.execute(last).scalar() or 0)
        values = {"payment_id": payment_id, "number": number, "key": key, "amount": amount, "at": at}
        connection.execute(insert(refunds).values(**values))
        for party_id, part in zip(held, split(-amount, list(held.values())), strict=True):
            party = self._parties.get(connection, party_id)
            self._line(connection, party, sale, "refund", number, (-amount, part), (at, at))
        return True

    @staticmethod
    def refunded(connection: Connection, payment_id: int, key: str) -> int | None:
        """What was refunded under that name, None if nothing was."""
        own = (refunds.c.payment_id == payment_id, refunds.c.key == key)
        return connection.execute(select(refunds.c.amount).where(*own)).scalar()

    @staticmethod
    def held(connection: Connection, payment_id: int) -> dict[int, int]:
        """What each party still has of a payment, by party, in the order in which it was shared out."""
        total = func.sum(lines.c.amount)
        query = select(lines.c.party_id, total).where(lines.c.payment_id == payment_id).group_by(lines.c.party_id)
        return {party: int(amount) for party, amount in connection.execute(query.order_by(func.min(lines.c.id)))}

    def _line(
        self,
        connection: Connection,
        party: Party,
        sale: Row,
        kind: str,
        number: int,
        amounts: tuple[int, int],
        times: tuple[int, int],
    ) -> None:
        """One line and its entry. `amounts`: gross and part; `times`: when it happened, and now."""
        (gross, part), (happened, now) = amounts, times
        account = self._parties.account(connection, party, sale.currency)
        entry = None
        if part > 0:
            entry = self._move(connection, "share", sale.account, account, part, now, sale.payment_id)
        elif part < 0:
            entry = self._move(connection, "unshare", account, sale.account, -part, now, sale.payment_id)
        values = {
            "party_id": party.id,
            "currency": sale.currency,
            "month": open_month(connection, party.id, sale.currency, happened),
            "at": happened,
            "kind": kind,
            "payment_id": sale.payment_id,
            "refund_number": number,
            "gross": gross,
            "amount": part,
            "journal_id": entry,
        }
        connection.execute(insert(lines).values(**values))

    def _move(
        self, connection: Connection, reason: str, debit: int, credit: int, amount: int, at: int, payment: int
    ) -> int:
        self._books.ledger.move(connection, reason, debit, credit, amount, at, payment)
        return last_entry(connection)


def last_entry(connection: Connection) -> int:
    """Number of the entry that this transaction, alone in writing, has just made."""
    return connection.execute(select(func.max(journal.c.id))).scalar_one()


def open_month(connection: Connection, party_id: int, currency: int, at: int) -> str:
    """The month of a time, or the first one after those that are closed."""
    own = (statements.c.party_id == party_id, statements.c.currency == currency)
    closed = connection.execute(select(func.max(statements.c.month)).where(*own)).scalar()
    return months.of(at) if closed is None else max(months.of(at), months.after(closed))
