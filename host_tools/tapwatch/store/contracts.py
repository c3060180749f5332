"""Contracts: who gets how much of what an app earns. They are added, never changed, and never reach back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select

from tapwatch.bank.problems import RequestProblem, UnknownProblem
from tapwatch.store import regions
from tapwatch.store.money_schema import contract_parts, contracts
from tapwatch.store.parties import DEVELOPER, MANUFACTURER, STORE
from tapwatch.store.schema import EVERYWHERE, apps, developers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

    from tapwatch.store.parties import Parties, Party

WHOLE = 10_000
"""Basis points of everything."""
MAX_PARTS = 16
ROLES = (DEVELOPER, STORE, MANUFACTURER)
NAMED = "="
"""Begins the name of a party in a contract; what does not begin so is a role."""


@dataclass(frozen=True)
class Scope:
    """What a contract is about: an app, or all of a maker, or everything; in a region or in all."""

    app: str | None = None
    maker: str | None = None
    region: str = EVERYWHERE


@dataclass(frozen=True)
class Contract:
    """One contract. `parts` are role or `=NAME`, and basis points, in the order in which odd units are given out."""

    id: int
    scope: Scope
    from_at: int
    parts: tuple[tuple[str, int], ...]


class Contracts:
    """Every method works inside the caller's transaction."""

    def __init__(self, parties: Parties) -> None:
        self._parties = parties

    def add(self, connection: Connection, scope: Scope, parts: Mapping[str, int], from_at: int, at: int) -> Contract:
        """Make a contract that begins at `from_at`. Raises RequestProblem, UnknownProblem."""
        self._check(connection, scope, parts, from_at, at)
        values = {"app_id": scope.app, "maker": scope.maker, "region": scope.region, "from_at": from_at, "at": at}
        number = connection.execute(insert(contracts).values(**values).returning(contracts.c.id)).scalar_one()
        rows = [
            {"contract_id": number, "place": place, "party": party, "basis_points": points}
            for place, (party, points) in enumerate(parts.items())
        ]
        connection.execute(insert(contract_parts), rows)
        return Contract(number, scope, from_at, tuple(parts.items()))

    def find(self, connection: Connection, app: str, maker: str, region: str, at: int) -> Contract:
        """The contract for a payment made at `at`: app before maker before all, then region, then the latest.

        Raises UnknownProblem if there is none.
        """
        about = or_(contracts.c.app_id == app, contracts.c.maker == maker, _about_all())
        here = contracts.c.region.in_((region, EVERYWHERE))
        rows = connection.execute(select(contracts).where(about, here, contracts.c.from_at <= at)).all()
        if not rows:
            raise UnknownProblem(f"no contract is about {app}", "make one with `tapwatch store contracts add`")
        special = lambda row: (row.app_id is not None, row.maker is not None, row.region != EVERYWHERE)  # noqa: E731
        best = max(rows, key=lambda row: (*special(row), row.from_at, row.id))
        return self._get(connection, best.id)

    def all(self, connection: Connection) -> list[Contract]:
        """Every contract, the oldest first."""
        numbers = connection.execute(select(contracts.c.id).order_by(contracts.c.id)).scalars().all()
        return [self._get(connection, number) for number in numbers]

    def parties_of(
        self, connection: Connection, contract: Contract, maker: str, device_id: bytes
    ) -> list[tuple[Party, int]]:
        """Who the roles are in one payment, with their basis points, in the order of the contract."""
        return [(self._who(connection, name, maker, device_id), points) for name, points in contract.parts]

    def _who(self, connection: Connection, name: str, maker: str, device_id: bytes) -> Party:
        if name == DEVELOPER:
            own = select(developers.c.party_id).where(developers.c.maker == maker)
            return self._parties.get(connection, connection.execute(own).scalar_one())
        if name == STORE:
            return self._parties.store(connection)
        if name == MANUFACTURER:
            return self._parties.maker_of(connection, device_id)
        return self._parties.named(connection, name.removeprefix(NAMED))

    @staticmethod
    def _get(connection: Connection, number: int) -> Contract:
        row = connection.execute(select(contracts).where(contracts.c.id == number)).one()
        own = contract_parts.c.contract_id == number
        parts = connection.execute(select(contract_parts).where(own).order_by(contract_parts.c.place))
        scope = Scope(row.app_id, row.maker, row.region)
        return Contract(row.id, scope, row.from_at, tuple((part.party, part.basis_points) for part in parts))

    def _check(self, connection: Connection, scope: Scope, parts: Mapping[str, int], from_at: int, at: int) -> None:
        if not 0 < len(parts) <= MAX_PARTS or any(not 0 <= points <= WHOLE for points in parts.values()):
            raise RequestProblem(f"a contract has 1 to {MAX_PARTS} parties with 0 to {WHOLE} basis points each")
        if sum(parts.values()) != WHOLE:
            raise RequestProblem(f"the parts add up to {sum(parts.values())} basis points, not to {WHOLE}")
        if from_at < at:
            raise RequestProblem("a contract begins now or later: what was shared out stays as it was")
        for name in parts:
            if name.startswith(NAMED):
                self._parties.named(connection, name.removeprefix(NAMED))
            elif name not in ROLES:
                raise RequestProblem(f"{name!r} is no role", f"use {', '.join(ROLES)}, or {NAMED}NAME of a party")
        regions.check(scope.region)
        _check_subject(connection, scope)


def _about_all() -> ColumnElement[bool]:
    return contracts.c.app_id.is_(None) & contracts.c.maker.is_(None)


def _check_subject(connection: Connection, scope: Scope) -> None:
    if scope.app and scope.maker:
        raise RequestProblem("a contract is about an app or a maker, not both")
    if scope.app and connection.execute(select(apps.c.id).where(apps.c.id == scope.app)).first() is None:
        raise UnknownProblem(f"there is no app {scope.app}")
    maker = select(developers.c.maker).where(developers.c.maker == scope.maker)
    if scope.maker and connection.execute(maker).first() is None:
        raise UnknownProblem(f"there is no maker {scope.maker}")
