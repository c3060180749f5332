"""Developers: they apply with their own key, and may publish once the root has certified it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from tapwatch.bank.problems import AccessProblem, BusyProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.signing import certificates
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.public import check_public, key_id
from tapwatch.store.parties import DEVELOPER
from tapwatch.store.schema import developers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from tapwatch.signing.certificates import Certificate
    from tapwatch.store.parties import Parties

MAX_WAITING = 100
"""Most applications of a day, of everybody together: an operator looks at each."""
ATTRIBUTE = "id"
"""Of a developer's certificate: the maker (docs/bundles.md)."""
SYSTEM = "tapwatch"
"""The maker of the apps of the firmware; nobody else's."""
_MAKER = re.compile(r"[a-z][a-z0-9_-]{1,23}\Z", re.ASCII)
_FIELDS = {"name": str, "maker": str, "public": bytes, "payout": str}
_DAY_S = 86_400


@dataclass(frozen=True)
class Developer:
    """A developer. `certificate` is None until the root has signed."""

    maker: str
    name: str
    public: bytes
    certificate: bytes | None
    party: int


class Developers:
    """Every method works inside the caller's transaction."""

    def __init__(self, parties: Parties, root_public: bytes) -> None:
        self._parties = parties
        self._root_public = root_public

    def apply(self, connection: Connection, body: Mapping[str, object], signer: bytes, at: int) -> Developer:
        """Take an application. The same one again is answered in the same way.

        Raises RequestProblem, StateProblem for a maker or key that is taken, BusyProblem.
        """
        if set(body) != set(_FIELDS) or any(not isinstance(body[name], kind) for name, kind in _FIELDS.items()):
            raise RequestProblem(f"a developer has {', '.join(_FIELDS)}")
        name, maker, payout = (body[field] for field in ("name", "maker", "payout"))
        known = self._find(connection, str(maker))
        if known is not None and (known.name, known.public_key) == (name, signer):
            return _developer(known)
        lately = select(func.count()).select_from(developers).where(developers.c.at > at - _DAY_S)
        if connection.execute(lately.where(developers.c.certificate.is_(None))).scalar_one() >= MAX_WAITING:
            raise BusyProblem("too many developers have applied today", "come back tomorrow")
        return self._add(connection, str(maker), str(name), signer, str(payout), at)

    def certify(self, connection: Connection, certificate: bytes, payout: str, at: int) -> Developer:
        """Take a certificate that the root has signed: of one who applied, of a new one, or a new one of a maker.

        `payout` counts for whoever did not say it signed by the certified key: a stranger may have applied first under
        the name of this maker. Raises RequestProblem for a certificate that does not hold.
        """
        subject = self._checked(certificate, at)
        maker = subject.attributes.get(ATTRIBUTE, "")
        row = self._find(connection, maker)
        if row is None:
            self._add(connection, maker, subject.name, subject.public, payout, at)
        elif row.certificate is None and row.public_key != subject.public:
            self._parties.pay_to(connection, self._parties.get(connection, row.party_id), payout)
        other = select(developers.c.maker).where(developers.c.public_key == subject.public, developers.c.maker != maker)
        if connection.execute(other).first() is not None:
            raise StateProblem("another maker has this key", "use one key for each maker")
        values = {"certificate": certificate, "public_key": subject.public, "name": subject.name}
        connection.execute(update(developers).where(developers.c.maker == maker).values(**values))
        return self.get(connection, maker)

    def get(self, connection: Connection, maker: str) -> Developer:
        """The developer with that maker id. Raises UnknownProblem."""
        row = self._find(connection, maker)
        if row is None:
            raise UnknownProblem(f"there is no developer {maker}")
        return _developer(row)

    def all(self, connection: Connection) -> list[Developer]:
        """Every developer, by maker."""
        return [_developer(row) for row in connection.execute(select(developers).order_by(developers.c.maker))]

    def by_key(self, connection: Connection, signer: bytes) -> Developer | None:
        """The developer whose key has that id of 8 bytes."""
        return next((one for one in self.all(connection) if key_id(one.public) == signer), None)

    def check_bundle(self, developer: Developer, certificate: bytes, at: int) -> None:
        """Raises AccessProblem unless the certificate in a bundle is one of this developer that holds now."""
        try:
            subject = self._checked(certificate, at)
        except RequestProblem as error:
            raise AccessProblem("the developer's certificate in the bundle does not hold") from error
        if subject.public != developer.public or subject.attributes.get(ATTRIBUTE) != developer.maker:
            raise AccessProblem("the certificate in the bundle is somebody else's")

    def _checked(self, certificate: bytes, at: int) -> Certificate:
        try:
            subject = certificates.check(certificate, self._root_public, "developer", at)
        except SignatureProblem as error:
            raise RequestProblem("that is no developer's certificate of our root that holds now") from error
        if not _MAKER.match(subject.attributes.get(ATTRIBUTE, "")) or subject.attributes[ATTRIBUTE] == SYSTEM:
            raise RequestProblem(f"the certificate has no attribute `{ATTRIBUTE}` that can be a maker")
        return subject

    def _add(self, connection: Connection, maker: str, name: str, public: bytes, payout: str, at: int) -> Developer:
        if not _MAKER.match(maker) or maker == SYSTEM:
            raise RequestProblem("a maker is 2 to 24 small letters, digits, `_` and `-`, and begins with a letter")
        if not (name.isprintable() and 0 < len(name.encode()) <= certificates.MAX_NAME_BYTES):
            raise RequestProblem(f"a developer has a name of at most {certificates.MAX_NAME_BYTES} bytes")
        try:
            check_public(public)
        except ValueError as error:
            raise RequestProblem("that is no public key") from error
        same = (developers.c.maker == maker) | (developers.c.public_key == public)
        if connection.execute(select(developers.c.maker).where(same)).first() is not None:
            raise StateProblem("this maker or this key is taken", "choose another")
        party = self._parties.add(connection, maker, DEVELOPER, payout)
        values = {"maker": maker, "party_id": party.id, "name": name, "public_key": public, "at": at}
        connection.execute(insert(developers).values(**values))
        return self.get(connection, maker)

    @staticmethod
    def _find(connection: Connection, maker: str) -> Row | None:
        return connection.execute(select(developers).where(developers.c.maker == maker)).one_or_none()


def _developer(row: Row) -> Developer:
    return Developer(row.maker, row.name, row.public_key, row.certificate, row.party_id)
