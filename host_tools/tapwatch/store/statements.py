"""Statements: what a party got in a month, line by line, as its account at the bank has it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from tapwatch.bank.problems import RequestProblem, StateProblem
from tapwatch.store import months, statement_csv
from tapwatch.store.money_schema import lines, payouts, sales, statements
from tapwatch.store.sharing import last_entry, open_month

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.books import Books
    from tapwatch.store.parties import Parties, Party

_OUTSIDE = "payouts"
"""Owner of the bank's till that stands for the accounts elsewhere that parties are paid out to."""
_MAX_REFERENCE = 40


@dataclass(frozen=True)
class Line:
    """One line. `gross_minor` is what a wearer paid or got back; `share_minor` changes the balance."""

    at: int
    app: str
    version: str
    kind: str
    gross_minor: int
    share_minor: int
    balance_minor: int
    reference: str


@dataclass(frozen=True)
class Statement:
    """One statement."""

    party: str
    month: str
    currency: int
    opening_minor: int
    closing_minor: int
    lines: tuple[Line, ...]
    closed_at: int | None

    def total(self, kind: str) -> int:
        """What lines of that kind add up to."""
        return sum(line.share_minor for line in self.lines if line.kind == kind)


class Statements:
    """Every method works inside the caller's transaction."""

    def __init__(self, books: Books, parties: Parties) -> None:
        self._books = books
        self._parties = parties

    def get(self, connection: Connection, party: Party, month: str, currency: int) -> Statement:
        """A statement. Raises RequestProblem for no month, StateProblem for a closed one that is not what it was."""
        months.check(month)
        own = (lines.c.party_id == party.id, lines.c.currency == currency)
        before = select(func.coalesce(func.sum(lines.c.amount), 0)).where(*own, lines.c.month < month)
        opening = int(connection.execute(before).scalar_one())
        joined = lines.outerjoin(sales, lines.c.payment_id == sales.c.payment_id)
        joined = joined.outerjoin(payouts, lines.c.payout_id == payouts.c.id)
        query = select(lines, sales.c.app_id, sales.c.version, payouts.c.reference).select_from(joined)
        balance, found = opening, []
        for row in connection.execute(query.where(*own, lines.c.month == month).order_by(lines.c.id)):
            balance += row.amount
            found.append(_line(row, balance))
        closed = self._closed(connection, party, month, currency)
        closed_at = closed.closed_at if closed else None
        made = Statement(party.name, month, currency, opening, balance, tuple(found), closed_at)
        if closed and (closed.opening, closed.closing, closed.csv_hash) != (opening, balance, _hash(made)):
            raise StateProblem(f"the closed statement of {party.name} for {month} was changed", "look at its lines")
        return made

    def currencies(self, connection: Connection, party: Party) -> list[int]:
        """Currencies in which a party has lines."""
        query = select(lines.c.currency).where(lines.c.party_id == party.id).distinct().order_by(lines.c.currency)
        return list(connection.execute(query).scalars())

    def close(self, connection: Connection, month: str, at: int) -> list[Statement]:
        """Close a month and those before it for everybody who has lines; returns what was closed now.

        Raises StateProblem for a month that is not over.
        """
        if at < months.end(months.check(month)):
            raise StateProblem(f"{month} is not over", "close it when it is")
        made = []
        for party in self._parties.all(connection):
            for currency in self.currencies(connection, party):
                made += self._close(connection, party, currency, month, at)
        return made

    def pay_out(
        self, connection: Connection, party: Party, amount: int, currency: int, reference: str, at: int
    ) -> None:
        """Note that a party was paid. The same reference again changes nothing.

        Raises RequestProblem for no amount, StateProblem for more than it has or a reference of another payout.
        """
        if amount <= 0 or not 0 < len(reference) <= _MAX_REFERENCE or not reference.isprintable():
            raise RequestProblem(f"a payout has an amount, and a reference of at most {_MAX_REFERENCE} characters")
        known = connection.execute(select(payouts).where(payouts.c.reference == reference)).one_or_none()
        if known is not None:
            if (known.party_id, known.currency, known.amount) != (party.id, currency, amount):
                raise StateProblem("that reference is of another payout", "choose another reference")
            return
        account = self._parties.account(connection, party, currency)
        balance = self._books.ledger.balance(connection, account)
        if amount > balance:
            raise StateProblem(f"{party.name} has {balance}, not {amount}", "pay out less")
        outside = self._books.ledger.account(connection, "till", _OUTSIDE, currency)
        self._books.ledger.move(connection, "payout", account, outside, amount, at)
        entry = last_entry(connection)
        values = {"party_id": party.id, "currency": currency, "amount": amount, "reference": reference, "at": at}
        number = connection.execute(insert(payouts).values(**values).returning(payouts.c.id)).scalar_one()
        month = open_month(connection, party.id, currency, at)
        line = {"party_id": party.id, "currency": currency, "month": month, "at": at, "kind": "payout"}
        line |= {"payout_id": number, "gross": 0, "amount": -amount, "journal_id": entry}
        connection.execute(insert(lines).values(**line))

    def check(self, connection: Connection) -> None:
        """Raises StateProblem unless the lines of every party add up to its account."""
        for party in self._parties.all(connection):
            for currency in self.currencies(connection, party):
                own = (lines.c.party_id == party.id, lines.c.currency == currency)
                total = int(connection.execute(select(func.sum(lines.c.amount)).where(*own)).scalar_one())
                held = self._books.ledger.balance(connection, self._parties.account(connection, party, currency))
                if total != held:
                    raise StateProblem(f"{party.name} has {held} at the bank, its lines add up to {total}")

    def _close(self, connection: Connection, party: Party, currency: int, month: str, at: int) -> list[Statement]:
        own = (lines.c.party_id == party.id, lines.c.currency == currency, lines.c.month <= month)
        query = select(lines.c.month).where(*own).distinct().order_by(lines.c.month)
        made = []
        for one in connection.execute(query).scalars().all():
            if self._closed(connection, party, one, currency) is None:
                statement = self.get(connection, party, one, currency)
                values = {"party_id": party.id, "currency": currency, "month": one, "closed_at": at}
                values |= {"opening": statement.opening_minor, "closing": statement.closing_minor}
                values |= {"line_count": len(statement.lines), "csv_hash": _hash(statement)}
                connection.execute(insert(statements).values(**values))
                made.append(statement)
        return made

    @staticmethod
    def _closed(connection: Connection, party: Party, month: str, currency: int) -> Row | None:
        own = (statements.c.party_id == party.id, statements.c.month == month, statements.c.currency == currency)
        return connection.execute(select(statements).where(*own)).one_or_none()


def _line(row: Row, balance: int) -> Line:
    reference = row.reference or f"payment {row.payment_id}"
    app = (row.app_id or "", row.version or "")
    return Line(row.at, *app, row.kind, row.gross, row.amount, balance, reference)


def _hash(statement: Statement) -> bytes:
    return hashlib.sha256(statement_csv.write(statement)).digest()
