"""Takes what developers hand in: each request once, versions that rise, one maker per app, names that are free."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from tapwatch.bank.problems import AccessProblem, BusyProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.signing import envelope
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.store import listing, packing, publication
from tapwatch.store.schema import apps, names, pictures, prices, publications, versions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.store.developers import Developer, Developers
    from tapwatch.store.listing import Listing
    from tapwatch.store.packing import Submitted
    from tapwatch.store.publication import Publication
    from tapwatch.store.void import Void

PER_DAY = 20
"""Most publications of a maker within a day: a reviewer looks at each."""
PERMISSION = "payment"
"""What an app needs to ask for payments."""
WAITING, ACCEPTED, REJECTED = "waiting", "accepted", "rejected"
DONE = "done"
"""State of a publication that nobody reviews."""
_DAY_S = 86_400
_PLACE = 10_000  # docs/bundles.md: each number of a version is 0 to 9999


@dataclass(frozen=True)
class Outcome:
    """What became of a publication."""

    publication: bytes
    """Its nonce."""
    app: str
    version: str
    state: str
    reason: str


def number_of(version: tuple[int, ...]) -> int:
    """A version as one number that rises with it."""
    major, minor, patch = version
    return (major * _PLACE + minor) * _PLACE + patch


class Submissions:
    """Every method works inside the caller's transaction."""

    def __init__(self, developers: Developers, void: Void) -> None:
        self._developers = developers
        self._void = void

    def take(self, connection: Connection, data: bytes, at: int) -> Outcome:
        """Take a request. The same one again is answered in the same way.

        Raises RequestProblem, AccessProblem, StateProblem, BusyProblem, UnknownProblem; nothing has changed then.
        """
        developer = self._developers.by_key(connection, publication.signer_id(data))
        asked = publication.read(data, publication.own_key(data) if developer is None else developer.public)
        known = select(publications.c.nonce).where(publications.c.payload_hash == asked.payload_hash)
        nonce = connection.execute(known).scalar()
        if nonce is not None:
            return self.outcome(connection, nonce)
        used = connection.execute(select(publications.c.nonce).where(publications.c.nonce == asked.nonce)).first()
        if used is not None or abs(asked.time - at) > publication.LIFE_S:
            raise AccessProblem("the request is too old, or its nonce was used", "check the clock and publish again")
        if asked.action == publication.REGISTER:
            maker = self._developers.apply(connection, asked.body, asked.signer, at).maker
            self._note(connection, asked, maker, "", None, at)
        elif developer is None or developer.certificate is None:
            raise AccessProblem("this developer has no certificate yet", "wait until the store has it from the root")
        else:
            self._act(connection, asked, developer, at)
        return self.outcome(connection, asked.nonce)

    def outcome(self, connection: Connection, nonce: bytes) -> Outcome:
        """What became of a publication. Raises UnknownProblem."""
        joined = publications.outerjoin(versions, publications.c.version_id == versions.c.id)
        query = select(publications, versions.c.text, versions.c.state, versions.c.reason).select_from(joined)
        row = connection.execute(query.where(publications.c.nonce == nonce)).one_or_none()
        if row is None:
            raise UnknownProblem("there is no such publication")
        return Outcome(nonce, row.app_id, row.text or "", row.state or DONE, row.reason or "")

    def withdraw(self, connection: Connection, app: str, maker: str | None = None) -> None:
        """Take an app off the list, for its maker or, with None, for the operator. Raises UnknownProblem."""
        row = connection.execute(select(apps).where(apps.c.id == app)).one_or_none()
        if row is None or maker not in (None, row.maker):
            raise UnknownProblem(f"there is no app {app} of this maker")
        connection.execute(update(apps).where(apps.c.id == app).values(state="withdrawn"))

    def _act(self, connection: Connection, asked: Publication, developer: Developer, at: int) -> None:
        own = (publications.c.maker == developer.maker, publications.c.at > at - _DAY_S)
        if connection.execute(select(func.count()).select_from(publications).where(*own)).scalar_one() >= PER_DAY:
            raise BusyProblem(f"a maker publishes at most {PER_DAY} times a day", "come back tomorrow")
        if asked.action == publication.WITHDRAW:
            app = asked.body.get("app")
            if not isinstance(app, str) or len(asked.body) != 1 or asked.parts:
                raise RequestProblem("to withdraw takes the id of an app, and nothing else")
            self.withdraw(connection, app, developer.maker)
            self._note(connection, asked, developer.maker, app, None, at)
        elif asked.action == publication.PUBLISH:
            self._publish(connection, asked, developer, at)
        else:
            raise RequestProblem("a publication is to register, to publish or to withdraw")

    def _publish(self, connection: Connection, asked: Publication, developer: Developer, at: int) -> None:
        data, source = asked.part(publication.BUNDLE), asked.part(publication.ARCHIVE)
        submitted = packing.opened(data, source)
        self._check_signer(submitted, developer, at)
        self._void.expect(connection, data)
        fields = submitted.fields
        said = listing.read(asked.body, fields.paid, PERMISSION in fields.permissions)
        shots = [part for name, part in asked.parts if name == publication.PICTURE]
        for shot in shots:
            listing.check_picture(shot)
        self._own(connection, submitted, developer)
        values = {
            "app_id": fields.id,
            "number": number_of(fields.version),
            "text": ".".join(map(str, fields.version)),
            "state": WAITING,
            "facts": submitted.facts,
            "listing": said.record(),
            "manifest_hash": submitted.file.digest,
            "paid": fields.paid,
            "archive": source,
            "submitted": data,
            "at": at,
        }
        version = connection.execute(insert(versions).values(**values).returning(versions.c.id)).scalar_one()
        _keep(connection, version, said, shots)
        self._note(connection, asked, developer.maker, fields.id, version, at)

    def _check_signer(self, submitted: Submitted, developer: Developer, at: int) -> None:
        self._developers.check_bundle(developer, submitted.file.certificate or b"", at)
        try:
            envelope.verify(submitted.file.envelope, developer.public, "tapwatch/app")
        except SignatureProblem as error:
            raise AccessProblem("the bundle is signed by somebody else") from error

    def _own(self, connection: Connection, submitted: Submitted, developer: Developer) -> None:
        """The app becomes or is the developer's, its version rises, its names are free. Raises StateProblem."""
        fields, maker = submitted.fields, developer.maker
        row = connection.execute(select(apps).where(apps.c.id == fields.id)).one_or_none()
        if row is None:
            connection.execute(insert(apps).values(id=fields.id, maker=maker, state="open"))
        elif row.maker != maker:
            raise StateProblem(f"the id {fields.id} is another maker's", "choose another id")
        elif row.state != "open":
            raise StateProblem(f"{fields.id} is withdrawn", "publish it under another id")
        standing = (versions.c.app_id == fields.id, versions.c.state != REJECTED)
        highest = connection.execute(select(func.max(versions.c.number)).where(*standing)).scalar()
        if highest is not None and number_of(fields.version) <= highest:
            raise StateProblem("the store has this version or a newer one", "raise `version` in app.toml")
        for name in {listing.compared(text) for text in fields.name.values()}:
            _take_name(connection, name, maker)

    @staticmethod
    def _note(connection: Connection, asked: Publication, maker: str, app: str, version: int | None, at: int) -> None:
        values = {
            "nonce": asked.nonce,
            "payload_hash": asked.payload_hash,
            "maker": maker,
            "action": asked.action,
            "app_id": app,
            "version_id": version,
            "at": at,
        }
        connection.execute(insert(publications).values(**values))


def _take_name(connection: Connection, name: str, maker: str) -> None:
    if not name:
        raise RequestProblem("a name of an app has letters or digits")
    row: Row | None = connection.execute(select(names).where(names.c.name == name)).one_or_none()
    if row is None:
        connection.execute(insert(names).values(name=name, maker=maker))
    elif row.maker != maker:
        raise StateProblem("another maker has an app of that name", "choose another name")


def _keep(connection: Connection, version: int, said: Listing, shots: list[bytes]) -> None:
    for price in said.prices:
        values = {"version_id": version, "region": price.region, "currency": price.currency, "amount": price.amount}
        connection.execute(insert(prices).values(**values))
    for place, shot in enumerate(dict.fromkeys(shots)):
        digest = hashlib.sha256(shot).digest()
        connection.execute(insert(pictures).values(version_id=version, place=place, digest=digest, data=shot))
