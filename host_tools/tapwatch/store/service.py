"""The store: puts the parts together and gives each request one transaction, in the bank's database."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from tapwatch.bank.problems import AccessProblem, SetupProblem
from tapwatch.store import keyring, migrations, parties
from tapwatch.store.catalogue import Catalogue, Wish
from tapwatch.store.contracts import Contract, Contracts, Scope
from tapwatch.store.developers import Developers
from tapwatch.store.licences import Licences
from tapwatch.store.offers import Offers
from tapwatch.store.orders import Orders
from tapwatch.store.parties import Parties
from tapwatch.store.refunds import Refunds
from tapwatch.store.reviews import Reviews
from tapwatch.store.schema import settings
from tapwatch.store.sharing import Sharing
from tapwatch.store.statements import Statements
from tapwatch.store.submissions import Submissions
from tapwatch.store.sweep import Sweep
from tapwatch.store.till import Till
from tapwatch.store.void import Void

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from tapwatch.bank.books import Books
    from tapwatch.store.developers import Developer
    from tapwatch.store.licences import Licence
    from tapwatch.store.orders import Order
    from tapwatch.store.parties import Party
    from tapwatch.store.statements import Statement
    from tapwatch.store.submissions import Outcome

DEFAULT_PARTS = {parties.DEVELOPER: 8_500, parties.STORE: 1_000, parties.MANUFACTURER: 500}
"""Basis points of the contract that a new store begins with."""
DEFAULT_NAME = "Tapwatch Store"
_NAME, _COUNTRY, _CITY = "name", "country", "city"
_ROOT_MAKER = "Watch Manufacturer"
_LINK_HEX = 32


class AppStore:
    """Catalogue, orders and shares beside a bank. Its methods may be called from any thread.

    Args:
        books: of the bank whose database it is in.
        keys: folder that `keyring` filled.

    Raises SetupProblem or StoreProblem if there is no store, or its keys do not hold.
    """

    def __init__(self, books: Books, keys: Path) -> None:
        self._books = books
        self._ring = keyring.load(keys, books.now())
        migrations.migrate(books.database)
        place = self._place()
        self.name = place[_NAME]
        self._parties = Parties(books)
        self._contracts = Contracts(self._parties)
        self._sharing = Sharing(books, self._parties, self._contracts)
        self._developers = Developers(self._parties, self._ring.root_public)
        self._void = Void(books, self._ring.root_public, self._ring.certificate)
        self._submissions = Submissions(self._developers, self._void)
        self._reviews = Reviews(books, self._void, self._ring.key, self._ring.certificate)
        self._catalogue = Catalogue()
        self._licences = Licences(books, self._ring.key, self._ring.certificate)
        self._orders = Orders(Offers(), Till(books, self.name, place[_COUNTRY], place[_CITY]))
        parts = (books, self._orders, self._licences, self._sharing)
        self._sweep = Sweep(*parts)
        self._refunds = Refunds(*parts)
        self._statements = Statements(books, self._parties)

    @classmethod
    def create(
        cls, books: Books, keys: Path, name: str = DEFAULT_NAME, country: str = "CN", city: str = "Test City"
    ) -> AppStore:
        """Make a new store in the bank's database. Its keys are there already.

        `name`, `country` and `city` stand in its merchant codes. Raises SetupProblem if there is a store.
        """
        keyring.load(keys, books.now())
        migrations.migrate(books.database)
        books.code(1, name, 1, 156, "", country, city)  # raises for what no code can hold
        with books.write() as connection:
            if connection.execute(select(settings.c.name)).first() is not None:
                raise SetupProblem("the database holds a store already", "choose another database")
            values = {_NAME: name, _COUNTRY: country, _CITY: city}
            rows = [{"name": key, "value": value.encode()} for key, value in values.items()]
            connection.execute(insert(settings), rows)
            people, now = Parties(books), books.now()
            people.add(connection, name, parties.STORE, "")
            people.add(connection, _ROOT_MAKER, parties.MANUFACTURER, "", manufacturer="")
            Contracts(people).add(connection, Scope(), DEFAULT_PARTS, now, now)
        return cls(books, keys)

    @property
    def certificate(self) -> bytes:
        """Certificate of the store by the root."""
        return self._ring.certificate

    @property
    def root_public(self) -> bytes:
        """The root's public key, 64 bytes."""
        return self._ring.root_public

    def now(self) -> int:
        """The bank's time, seconds since 1970."""
        return self._books.now()

    def sweep(self) -> int:
        """Take in what the bank was paid; returns how many payments of the store that was. Harmless when repeated."""
        with self._books.write() as connection:
            self._void.mark(connection)
            return self._sweep.run(connection, self.now())

    def apps(self, wish: Wish) -> tuple[list[dict[str, Any]], str | None]:
        """Listed apps, at most 50, and where to go on."""
        with self._books.read() as connection:
            return self._catalogue.find(connection, wish)

    def app(self, app: str, region: str = "", currency: int = 0) -> dict[str, Any]:
        """One listed app."""
        with self._books.read() as connection:
            return self._catalogue.detail(connection, app, region, currency)

    def bundle(self, digest: bytes) -> bytes:
        """A countersigned bundle by its SHA-256."""
        with self._books.read() as connection:
            return self._catalogue.bundle(connection, digest)

    def picture(self, digest: bytes) -> bytes:
        """A PNG by its SHA-256."""
        with self._books.read() as connection:
            return self._catalogue.picture(connection, digest)

    def publish(self, data: bytes) -> Outcome:
        """Take what a developer has signed (docs/store.md "Publishing")."""
        with self._books.write() as connection:
            return self._submissions.take(connection, data, self.now())

    def publication(self, nonce: bytes) -> Outcome:
        """What became of a publication."""
        with self._books.read() as connection:
            return self._submissions.outcome(connection, nonce)

    def withdraw(self, app: str) -> None:
        """Take an app off the list."""
        with self._books.write() as connection:
            self._submissions.withdraw(connection, app)

    def certify(self, certificate: bytes, payout: str = "") -> Developer:
        """Take the certificate of a developer."""
        with self._books.write() as connection:
            return self._developers.certify(connection, certificate, payout, self.now())

    def developers(self) -> list[Developer]:
        """Every developer."""
        with self._books.read() as connection:
            return self._developers.all(connection)

    def reviews(self) -> list[dict[str, Any]]:
        """What waits for a review."""
        with self._books.read() as connection:
            return self._reviews.queue(connection)

    def review(self, number: int) -> dict[str, Any]:
        """What a reviewer looks at."""
        with self._books.read() as connection:
            return self._reviews.show(connection, number)

    def accept(self, number: int) -> bytes:
        """Pack a version again, countersign and list it; returns the digest of its bundle."""
        with self._books.read() as connection:
            packed = self._reviews.packed(connection, number)
        with self._books.write() as connection:
            return self._reviews.accept(connection, number, packed, self.now())

    def reject(self, number: int, reason: str) -> None:
        """Say no to a version."""
        with self._books.write() as connection:
            self._reviews.reject(connection, number, reason, self.now())

    def check_bearer(self, device_id: bytes, bearer: str) -> None:
        """Raises AccessProblem unless `bearer` is that of the watch's phone."""
        with self._books.read() as connection:
            self._books.check_bearer(connection, device_id, bearer)

    def order(self, device_id: bytes, app: str, region: str, currency: int, key: bytes) -> Order:
        """Order an app for a watch."""
        with self._swept() as connection:
            return self._orders.place(connection, device_id, app, region, currency, key, self.now())

    def order_state(self, device_id: bytes, number: str) -> Order:
        """An order of a watch."""
        with self._swept() as connection:
            return self._orders.get(connection, device_id, number)

    def orders(self, device_id: bytes) -> list[Order]:
        """The orders of a watch."""
        with self._swept() as connection:
            return self._orders.all(connection, device_id)

    def give_back(self, device_id: bytes, number: str) -> Order:
        """Give an app back, for its wearer."""
        with self._swept() as connection:
            return self._refunds.by_wearer(connection, device_id, number, self.now())

    def refund(self, payment: int, amount: int | None, key: str) -> bool:
        """Give back a part of a payment, all of it for None, for an operator; False if that was done before."""
        with self._swept() as connection:
            return self._refunds.pay_back(connection, payment, amount, key, self.now())

    def licence(self, device_id: bytes, app: str) -> Licence:
        """The licence of a watch for an app."""
        with self._swept() as connection:
            return self._licences.newest(connection, device_id, app)

    def add_party(self, name: str, kind: str, payout: str, manufacturer: str | None = None) -> Party:
        """Make a party that contracts can name, or a manufacturer."""
        with self._books.write() as connection:
            return self._parties.add(connection, name, kind, payout, manufacturer)

    def parties(self) -> list[Party]:
        """Every party."""
        with self._books.read() as connection:
            return self._parties.all(connection)

    def add_contract(self, scope: Scope, parts: Mapping[str, int], from_at: int | None = None) -> Contract:
        """Make a contract, beginning now unless told otherwise. What was paid before is shared out first."""
        with self._swept() as connection:
            now = self.now()
            return self._contracts.add(connection, scope, parts, now if from_at is None else from_at, now)

    def contracts(self) -> list[Contract]:
        """Every contract."""
        with self._books.read() as connection:
            return self._contracts.all(connection)

    def statement(self, party: str, month: str, currency: int) -> Statement:
        """A statement, with what was paid until now."""
        with self._swept() as connection:
            return self._statements.get(connection, self._parties.named(connection, party), month, currency)

    def currencies(self, party: str) -> list[int]:
        """Currencies in which a party has been paid."""
        with self._books.read() as connection:
            return self._statements.currencies(connection, self._parties.named(connection, party))

    def close_month(self, month: str) -> list[Statement]:
        """Close a month that is over."""
        with self._swept() as connection:
            self._statements.check(connection)
            return self._statements.close(connection, month, self.now())

    def pay_out(self, party: str, amount: int, currency: int, reference: str) -> None:
        """Note that a party was paid."""
        with self._swept() as connection:
            found = self._parties.named(connection, party)
            self._statements.pay_out(connection, found, amount, currency, reference, self.now())

    def statement_key(self, party: str, month: str, currency: int) -> str:
        """The secret of the link to a statement, and to no other."""
        said = f"{party}\n{month}\n{currency}".encode()
        return hmac.new(self._ring.link_key.value, said, hashlib.sha256).hexdigest()[:_LINK_HEX]

    def check_statement_key(self, party: str, month: str, currency: int, key: str) -> None:
        """Raises AccessProblem unless `key` is that of this statement."""
        wanted = self.statement_key(party, month, currency)
        if not hmac.compare_digest(wanted.encode(), key.encode()):
            raise AccessProblem("that is no link to a statement", "ask the store for a new one")

    def set_revocations(self, envelope: bytes) -> int:
        """Take a list that the root has signed, for bank and store; returns its number. Raises RequestProblem."""
        with self._books.write() as connection:
            number = self._books.revoke(connection, envelope)
            self._void.mark(connection)
            return number

    def revocations(self) -> bytes | None:
        """The newest revocation list, None without one."""
        with self._books.read() as connection:
            return self._books.revocations(connection)

    @contextlib.contextmanager
    def _swept(self) -> Iterator[Connection]:
        """A transaction after what was paid is taken in; that stays when this one is refused."""
        self.sweep()
        with self._books.write() as connection:
            yield connection

    def _place(self) -> dict[str, str]:
        """Name, country and city of the store. Raises SetupProblem without one."""
        with self._books.read() as connection:
            names = settings.c.name.in_((_NAME, _COUNTRY, _CITY))
            rows = connection.execute(select(settings).where(names)).all()
        if not rows:
            raise SetupProblem("the database holds no store", "make one with `tapwatch store init`")
        return {row.name: row.value.decode() for row in rows}
