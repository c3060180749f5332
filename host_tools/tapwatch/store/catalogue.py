"""What there is to install: listed, searched, shown, downloaded. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from tapwatch.bank.problems import RequestProblem, UnknownProblem
from tapwatch.store import listing, regions
from tapwatch.store.offers import Offers
from tapwatch.store.schema import apps, developers, pictures, versions
from tapwatch.store.submissions import ACCEPTED

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select

PER_PAGE = 50
_MAX_SEARCH = 60


@dataclass(frozen=True)
class Wish:
    """What somebody looks for. Empty and None stand for anything; `without` are permissions that it must not have."""

    region: str = ""
    currency: int = 0
    api: int = 0
    kind: str = ""
    category: str = ""
    search: str = ""
    without: frozenset[str] = frozenset()
    after: str = ""


class Catalogue:
    """Every method works inside the caller's transaction."""

    def find(self, connection: Connection, wish: Wish) -> tuple[list[dict[str, Any]], str | None]:
        """Apps by id, at most 50, and where to go on, None at the end. Raises RequestProblem."""
        if wish.region:
            regions.check(wish.region, everywhere=False)
        if len(wish.search) > _MAX_SEARCH:
            raise RequestProblem(f"a search has at most {_MAX_SEARCH} characters")
        found: list[dict[str, Any]] = []
        for row in connection.execute(_listed().where(apps.c.id > wish.after).order_by(apps.c.id)):
            if not _fits(row, wish):
                continue
            facts = self._facts(connection, row, wish.region, wish.currency)
            if row.paid and facts["price"] is None and wish.region:
                continue
            if len(found) == PER_PAGE:
                return found, found[-1]["id"]
            found.append(facts)
        return found, None

    def detail(self, connection: Connection, app: str, region: str, currency: int) -> dict[str, Any]:
        """One app with all that its page shows. Raises UnknownProblem."""
        row = connection.execute(_listed().where(apps.c.id == app)).one_or_none()
        if row is None:
            raise UnknownProblem(f"the store has no app {app}")
        if region:
            regions.check(region, everywhere=False)
        shots = select(pictures.c.digest).where(pictures.c.version_id == row.id).order_by(pictures.c.place)
        own = (versions.c.app_id == app, versions.c.state == ACCEPTED)
        history = connection.execute(select(versions).where(*own).order_by(versions.c.number.desc())).all()
        return {
            **self._facts(connection, row, region, currency),
            "description": row.listing["description"],
            "pictures": [digest.hex() for digest in connection.execute(shots).scalars()],
            "versions": [{"version": one.text, "at": one.decided_at, "notes": one.listing["notes"]} for one in history],
        }

    def bundle(self, connection: Connection, digest: bytes) -> bytes:
        """The countersigned bundle with that SHA-256; none that is withdrawn or void. Raises UnknownProblem."""
        joined = versions.join(apps, versions.c.app_id == apps.c.id)
        query = select(versions.c.bundle).select_from(joined)
        offered = (versions.c.digest == digest, apps.c.state == "open", versions.c.void.is_(False))
        data = connection.execute(query.where(*offered)).scalar()
        if data is None:
            raise UnknownProblem("there is no such bundle")
        return data

    def picture(self, connection: Connection, digest: bytes) -> bytes:
        """A picture of a listed app. Raises UnknownProblem."""
        joined = pictures.join(apps, apps.c.listed == pictures.c.version_id)
        query = select(pictures.c.data).select_from(joined)
        data = connection.execute(query.where(pictures.c.digest == digest, apps.c.state == "open")).scalar()
        if data is None:
            raise UnknownProblem("there is no such picture")
        return data

    @staticmethod
    def _facts(connection: Connection, row: Row, region: str, currency: int) -> dict[str, Any]:
        price = Offers.price(connection, row.id, region, currency) if row.paid and region and currency else None
        facts = row.facts
        return {
            "id": row.app_id,
            "name": facts["name"],
            "kind": facts["kind"],
            "version": row.text,
            "api": facts["api"],
            "maker": row.maker,
            "maker_name": row.maker_name,
            "category": row.listing["category"],
            "icon": facts["icon"],
            "colour": facts["colour"],
            "picture": facts.get("picture"),  # none of before there were pictures
            "permissions": facts["permissions"],
            "hosts": facts["hosts"],
            "bytes": row.size,
            "digest": row.digest.hex(),
            "paid": row.paid,
            "price": None if price is None else {"region": price[0], "currency": currency, "amount_minor": price[1]},
            "summary": row.listing["summary"],
        }


def _listed() -> Select:
    """Listed apps with their makers, without the bytes of bundles and archives."""
    joined = apps.join(versions, apps.c.listed == versions.c.id).join(developers, apps.c.maker == developers.c.maker)
    names = ("id", "app_id", "text", "facts", "listing", "digest", "paid")
    columns = [versions.c[name] for name in names]
    size = func.length(versions.c.bundle).label("size")
    query = select(*columns, size, apps.c.maker, developers.c.name.label("maker_name"))
    return query.select_from(joined).where(apps.c.state == "open", versions.c.void.is_(False))


def _fits(row: Row, wish: Wish) -> bool:
    facts = row.facts
    words = [*facts["name"].values(), *row.listing["summary"].values(), row.app_id, row.maker_name]
    wanted = listing.compared(wish.search)
    return all(
        (
            not wish.api or facts["api"] <= wish.api,
            wish.kind in ("", facts["kind"]),
            wish.category in ("", row.listing["category"]),
            not wish.without & set(facts["permissions"]),
            not wanted or any(wanted in listing.compared(word) for word in words),
        )
    )
