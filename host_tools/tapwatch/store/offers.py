"""What an app costs where. A price for the region comes before one for all regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from tapwatch.bank.problems import StateProblem, UnknownProblem
from tapwatch.store import regions
from tapwatch.store.schema import EVERYWHERE, apps, prices, versions

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Offer:
    """A price that an app has now."""

    app: str
    version: str
    region: str
    """As the listing has it: perhaps `**`."""
    currency: int
    amount: int


class Offers:
    """Every method works inside the caller's transaction."""

    def find(self, connection: Connection, app: str, region: str, currency: int) -> Offer:
        """The price of an app. Raises UnknownProblem if it is not sold there, StateProblem if it is free."""
        regions.check(region, everywhere=False)
        joined = apps.join(versions, apps.c.listed == versions.c.id)
        query = select(versions.c.id, versions.c.text, versions.c.paid).select_from(joined)
        offered = (apps.c.id == app, apps.c.state == "open", versions.c.void.is_(False))
        row = connection.execute(query.where(*offered)).one_or_none()
        if row is None:
            raise UnknownProblem(f"the store has no app {app}")
        if not row.paid:
            raise StateProblem(f"{app} is free", "install it; it needs no licence")
        price = self.price(connection, row.id, region, currency)
        if price is None:
            raise UnknownProblem(f"{app} is not sold there", "ask for another region or currency")
        return Offer(app, row.text, price[0], currency, price[1])

    @staticmethod
    def price(connection: Connection, version_id: int, region: str, currency: int) -> tuple[str, int] | None:
        """Region and amount of the price that counts; None without one."""
        own = (prices.c.version_id == version_id, prices.c.currency == currency)
        here = prices.c.region.in_((region, EVERYWHERE))
        rows = connection.execute(select(prices.c.region, prices.c.amount).where(*own, here)).all()
        found = {row.region: row.amount for row in rows}
        if region in found:
            return region, found[region]
        return (EVERYWHERE, found[EVERYWHERE]) if EVERYWHERE in found else None
