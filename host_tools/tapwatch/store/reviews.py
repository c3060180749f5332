"""Reviews: what waits, what has changed, and the word of the store. Only what it packs itself gets its signature."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from tapwatch.apps import archive
from tapwatch.bank.problems import RequestProblem, StateProblem, UnknownProblem
from tapwatch.store import packing, source_diff
from tapwatch.store.schema import apps, payees, prices, versions
from tapwatch.store.submissions import ACCEPTED, REJECTED, WAITING

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.books import Books
    from tapwatch.signing.signer import Signer
    from tapwatch.store.void import Void

KIND = "tapwatch/app-review"
MAX_REASON = 500


class Reviews:
    """Every method works inside the caller's transaction.

    Args:
        books: the bank's, where payees get their accounts.
        void: knows what the root has revoked.
        key, certificate: of the store; the certificate goes into the bundles.
    """

    def __init__(self, books: Books, void: Void, key: Signer, certificate: bytes) -> None:
        self._books = books
        self._void = void
        self._key = key
        self._certificate = certificate

    def queue(self, connection: Connection) -> list[dict[str, Any]]:
        """What waits, the oldest first."""
        joined = versions.join(apps, versions.c.app_id == apps.c.id)
        query = select(versions, apps.c.maker).select_from(joined).where(versions.c.state == WAITING)
        return [
            {"review": row.id, "app": row.app_id, "version": row.text, "maker": row.maker, "at": row.at}
            for row in connection.execute(query.order_by(versions.c.id))
        ]

    def show(self, connection: Connection, number: int) -> dict[str, Any]:
        """What a reviewer looks at. Raises UnknownProblem."""
        row = _version(connection, number)
        before = self._before(connection, row)
        old = {**before.facts, "listing": before.listing, "prices": _prices(connection, before.id)} if before else {}
        new = {**row.facts, "listing": row.listing, "prices": _prices(connection, row.id)}
        return {
            "review": number,
            "app": row.app_id,
            "version": row.text,
            "state": row.state,
            "before": before.text if before else None,
            "bytes": len(row.submitted),
            "bytes_before": len(before.submitted) if before else 0,
            "changes": {name: [old.get(name), new[name]] for name in new if old.get(name) != new[name]},
            "source": source_diff.diff(archive.read(before.archive) if before else {}, archive.read(row.archive)),
            "faults": packing.faults(row.archive),
        }

    def packed(self, connection: Connection, number: int) -> bytes:
        """The bundle that was handed in, once its source has given the same; for `accept`.

        It may take a minute: no transaction that writes should wait for it. Raises UnknownProblem, StateProblem.
        """
        row = _version(connection, number)
        if row.state == WAITING:
            packing.check_same(row.submitted, row.archive)
        return row.submitted

    def accept(self, connection: Connection, number: int, packed: bytes, at: int) -> bytes:
        """Countersign and list what `packed` has given; returns the digest. Harmless when repeated.

        Raises UnknownProblem, StateProblem for one that was rejected, or that is another one.
        """
        row = _version(connection, number)
        if row.state == ACCEPTED:
            return row.digest
        if row.state == REJECTED:
            raise StateProblem("it was rejected", "let the developer publish it again")
        if packed != row.submitted:
            raise StateProblem("this is not what was packed", "look at the review again")
        self._void.expect(connection, row.submitted)
        review = {1: row.manifest_hash, 2: at, 3: self._payee(connection, row)}
        bundle = packing.countersigned(row.submitted, self._key.sign(KIND, review), self._certificate)
        digest = hashlib.sha256(bundle).digest()
        values = {"state": ACCEPTED, "decided_at": at, "bundle": bundle, "digest": digest}
        connection.execute(update(versions).where(versions.c.id == number).values(**values))
        listed = apps.c.listed.is_(None) | (
            select(versions.c.number).where(versions.c.id == apps.c.listed).scalar_subquery() < row.number
        )
        connection.execute(update(apps).where(apps.c.id == row.app_id, listed).values(listed=number))
        return digest

    def reject(self, connection: Connection, number: int, reason: str, at: int) -> None:
        """Say no, and why. Harmless when repeated. Raises UnknownProblem, RequestProblem, StateProblem."""
        if not 0 < len(reason) <= MAX_REASON:
            raise RequestProblem(f"a reason has 1 to {MAX_REASON} characters")
        row = _version(connection, number)
        if row.state == ACCEPTED:
            raise StateProblem("it was accepted", "withdraw the app, and let the root revoke it")
        values = {"state": REJECTED, "reason": reason, "decided_at": at}
        connection.execute(update(versions).where(versions.c.id == number).values(**values))

    def _payee(self, connection: Connection, row: Row) -> dict[int, object] | None:
        """What key 3 of a review says; the account is opened at the first time and stays the app's."""
        asked = row.listing["payee"]
        if asked is None:
            return None
        known = connection.execute(select(payees).where(payees.c.app_id == row.app_id)).one_or_none()
        if known is None:
            account = self._books.open_merchant(connection, asked["name"], asked["currency"])
            connection.execute(insert(payees).values(app_id=row.app_id, account=account, **asked))
        elif (known.name, known.country, known.currency) != (asked["name"], asked["country"], asked["currency"]):
            raise StateProblem("an app keeps its payee", "reject it, and let it name the payee of before")
        else:
            account = known.account
        return {1: str(account), 2: asked["name"], 3: asked["country"], 4: asked["currency"]}

    @staticmethod
    def _before(connection: Connection, row: Row) -> Row | None:
        own = (versions.c.app_id == row.app_id, versions.c.state == ACCEPTED, versions.c.number < row.number)
        newest = select(func.max(versions.c.number)).where(*own).scalar_subquery()
        return connection.execute(select(versions).where(*own, versions.c.number == newest)).one_or_none()


def _version(connection: Connection, number: int) -> Row:
    row = connection.execute(select(versions).where(versions.c.id == number)).one_or_none()
    if row is None:
        raise UnknownProblem(f"there is no review {number}", "see `tapwatch store review`")
    return row


def _prices(connection: Connection, version: int) -> list[list[object]]:
    query = select(prices).where(prices.c.version_id == version).order_by(prices.c.region, prices.c.currency)
    return [[row.region, row.currency, row.amount] for row in connection.execute(query)]
