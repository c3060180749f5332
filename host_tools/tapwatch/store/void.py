"""What the root has declared void is neither taken, nor countersigned, nor listed, nor sold any more."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from tapwatch.apps import bundle
from tapwatch.bank.problems import AccessProblem, StateProblem
from tapwatch.signing import certificates, envelope, revocations
from tapwatch.store.schema import apps, settings, versions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.books import Books
    from tapwatch.signing.revocations import Revocations

_SEEN = "list seen"
_REJECTED = "rejected"


class Void:
    """Every method works inside the caller's transaction.

    Args:
        books: of the bank, which keeps the root's revocation list.
        root_public: of that root.
        certificate: the store's own.
    """

    def __init__(self, books: Books, root_public: bytes, certificate: bytes) -> None:
        self._books = books
        self._root_public = root_public
        self._own = _serial(certificate)

    def expect(self, connection: Connection, data: bytes) -> None:
        """Raise AccessProblem if who signed a bundle is void, StateProblem if it is itself, or this store."""
        void = self._list(connection)
        if void is None:
            return
        if self._own in void.serials:
            raise StateProblem("the certificate of this store was revoked", "make a new key: `tapwatch store key`")
        file = bundle.read(data)
        if _serial(file.certificate or b"") in void.serials:
            raise AccessProblem("the certificate of this developer was revoked", "ask the root for one for a new key")
        if file.digest[: revocations.APP_BYTES] in void.apps:
            raise StateProblem("this version was revoked", "raise `version` in app.toml")

    def mark(self, connection: Connection) -> None:
        """Take what a new list names off the shelf; the newest version that is not void is listed then, if any."""
        envelope_ = self._books.revocations(connection)
        seen = hashlib.sha256(envelope_ or b"").digest()
        if seen == (connection.execute(select(settings.c.value).where(settings.c.name == _SEEN)).scalar()):
            return
        void = self._list(connection)
        if void is not None:
            self._mark(connection, void)
        connection.execute(delete(settings).where(settings.c.name == _SEEN))
        connection.execute(insert(settings).values(name=_SEEN, value=seen))

    def _mark(self, connection: Connection, void: Revocations) -> None:
        standing = (versions.c.state != _REJECTED, versions.c.void.is_(False))
        found = set()
        for row in connection.execute(select(versions.c.id, versions.c.app_id, versions.c.submitted).where(*standing)):
            file = bundle.read(row.submitted)
            named = file.digest[: revocations.APP_BYTES] in void.apps
            if named or _serial(file.certificate or b"") in void.serials:
                connection.execute(update(versions).where(versions.c.id == row.id).values(void=True))
                found.add(row.app_id)
        for app in found:
            self._list_another(connection, app)

    @staticmethod
    def _list_another(connection: Connection, app: str) -> None:
        good = (versions.c.app_id == app, versions.c.state == "accepted", versions.c.void.is_(False))
        number = select(func.max(versions.c.number)).where(*good).scalar_subquery()
        newest = connection.execute(select(versions.c.id).where(*good, versions.c.number == number)).scalar()
        if newest is not None:
            connection.execute(update(apps).where(apps.c.id == app).values(listed=newest))

    def _list(self, connection: Connection) -> Revocations | None:
        data = self._books.revocations(connection)
        return None if data is None else revocations.check(data, self._root_public)


def _serial(certificate: bytes) -> int:
    """Serial number of a certificate that was checked when it came."""
    return certificates.read(envelope.parse(certificate)).serial
