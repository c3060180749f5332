"""Who gets money: developers, the store, manufacturers, others. Each has an account at the bank per currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from tapwatch.bank.problems import RequestProblem, StateProblem, UnknownProblem
from tapwatch.signing import envelope
from tapwatch.store.schema import parties

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.books import Books

STORE, MANUFACTURER, DEVELOPER, OTHER = "store", "manufacturer", "developer", "other"
ATTRIBUTE = "manufacturer"
"""Of a device certificate: who made the watch. Without it, the manufacturer is the party of the root."""
_OWNER = "party/"
"""Begins the owner of their accounts at the bank; no acquirer and no merchant has one like it."""
_MAX_NAME, _MAX_PAYOUT = 40, 80
_ATTRIBUTES = 7  # docs/formats.md, `tapwatch/certificate`


@dataclass(frozen=True)
class Party:
    """One party. `payout` says where its money is paid out to; the store only shows it."""

    id: int
    name: str
    kind: str
    payout: str


class Parties:
    """Every method works inside the caller's transaction."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def add(self, connection: Connection, name: str, kind: str, payout: str, manufacturer: str | None = None) -> Party:
        """Make a party. `manufacturer` is the attribute of the watches it made, "" for those without one.

        Raises RequestProblem for a name that does not fit, StateProblem for one that is taken.
        """
        fits = name.isprintable() and name == name.strip() and 0 < len(name) <= _MAX_NAME
        if not fits:
            raise RequestProblem(f"a party has a name of at most {_MAX_NAME} characters")
        _check_payout(payout)
        same = parties.c.name == name
        if manufacturer is not None:
            same |= parties.c.manufacturer == manufacturer
        if connection.execute(select(parties.c.id).where(same)).first() is not None:
            raise StateProblem("there is a party of that name, or for that manufacturer", "choose another name")
        values = {"name": name, "kind": kind, "payout": payout, "manufacturer": manufacturer}
        return self.get(
            connection, connection.execute(insert(parties).values(**values).returning(parties.c.id)).scalar_one()
        )

    def get(self, connection: Connection, party_id: int) -> Party:
        """The party of that number. Raises UnknownProblem."""
        return _party(connection.execute(select(parties).where(parties.c.id == party_id)).one_or_none(), str(party_id))

    def pay_to(self, connection: Connection, party: Party, payout: str) -> None:
        """Change where the money of a party is paid out to. Raises RequestProblem."""
        _check_payout(payout)
        connection.execute(update(parties).where(parties.c.id == party.id).values(payout=payout))

    def named(self, connection: Connection, name: str) -> Party:
        """The party of that name. Raises UnknownProblem."""
        return _party(connection.execute(select(parties).where(parties.c.name == name)).one_or_none(), name)

    def all(self, connection: Connection) -> list[Party]:
        """Every party, the oldest first."""
        return [_party(row, "") for row in connection.execute(select(parties).order_by(parties.c.id))]

    def store(self, connection: Connection) -> Party:
        """The store itself."""
        return _party(connection.execute(select(parties).where(parties.c.kind == STORE)).one_or_none(), STORE)

    def maker_of(self, connection: Connection, device_id: bytes) -> Party:
        """The manufacturer of a watch: that of its certificate, which the bank has checked, else that of the root."""
        payload = envelope.parse(self._books.certificate(connection, device_id)).payload
        attributes = payload.get(_ATTRIBUTES, {}) if isinstance(payload, dict) else {}
        told = attributes.get(ATTRIBUTE, "") if isinstance(attributes, dict) else ""
        known = parties.c.manufacturer.in_((str(told), ""))
        rows = connection.execute(select(parties).where(known).order_by(parties.c.manufacturer.desc()))
        return _party(rows.first(), MANUFACTURER)

    def account(self, connection: Connection, party: Party, currency: int) -> int:
        """Number of its account, opened now if need be. It may go below zero: shares are taken back after a payout."""
        return self._books.ledger.account(connection, "merchant", _OWNER + party.name, currency)


def _check_payout(payout: str) -> None:
    if len(payout) > _MAX_PAYOUT or not payout.isprintable():
        raise RequestProblem(f"where money goes is said in at most {_MAX_PAYOUT} characters")


def _party(row: Row | None, name: str) -> Party:
    if row is None:
        raise UnknownProblem(f"there is no party {name}", "see `tapwatch store parties`")
    return Party(row.id, row.name, row.kind, row.payout)
