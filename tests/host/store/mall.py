"""A bank and a store with everyone around them, for the tests of this folder."""

from __future__ import annotations

import copy
import datetime
import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from tapwatch.apps import archive, pack
from tapwatch.signing import certificates, envelope
from tapwatch.signing.keys import PrivateKey
from tapwatch.store import keyring, publication
from tapwatch.store.service import AppStore
from tests.host.bank.test_codes_merchant import chip, payment
from tests.host.bank.world import DAY_S, EUR, START, World

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.store.orders import Order
    from tapwatch.store.submissions import Outcome
    from tests.host.bank.card import Card

PRICE = 499
CODE = '''"""Counts."""

from watch.apps.api import WHITE, App, Label


class Tally(App):
    """A number."""

    def open(self, watch):
        """Show it."""
        ui = self.ui
        self.add(Label(ui, ui.body_font, 20, 20, 100, "{word}", WHITE))
'''


def project(app: str, version: str = "1.0.0", paid: bool = False, word: str = "one", **more: str) -> dict[str, bytes]:
    """The files of a small app; `more` are further lines of app.toml."""
    said = {"icon": '"tiles"', "permissions": "[]", "name.en": f'"App {app}"', **more}
    lines = [f'id = "{app}"', f'version = "{version}"', 'kind = "app"', "api = 1", 'entry = "app.Tally"']
    lines += [f"colour = 0x4A9EFF\npaid = {'true' if paid else 'false'}"]
    lines += [f"{name} = {value}" for name, value in said.items()]
    return {"app.toml": "\n".join(lines).encode() + b"\n", "app.py": CODE.replace("{word}", word).encode()}


def listing(**changes: Any) -> dict[str, Any]:
    """A listing of a free app."""
    return {
        "category": "tools",
        "summary": {"en": "Counts things"},
        "description": {"en": "Counts whatever you count."},
        "prices": [],
        "payee": None,
        "notes": "First.",
        **changes,
    }


@dataclass
class Maker:
    """A developer."""

    id: str
    key: PrivateKey
    certificate: bytes


class Mall:
    """The store, its bank, a watch and developers."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.world = World(folder, url)
        self.keys = folder / "store"
        self.store_key = PrivateKey.generate()
        self._serial = 100
        certificate = self.certify("store", self.store_key.public, "Mall Store", {})
        keyring.adopt(self.keys, self.store_key, certificate, self.world.root.public, START)
        self.store = AppStore.create(self.world.bank.books, self.keys, "Mall Store")
        self.ann, self.bob = self.maker("ann"), self.maker("bob")

    def copied(self, folder: Path) -> Mall:
        """The same mall in another folder. Nobody may have the database open."""
        mall = copy.copy(self)
        mall.world, mall.keys = self.world.copied(folder), folder / "store"
        shutil.copytree(self.keys, mall.keys)
        mall.store = AppStore(mall.world.bank.books, mall.keys)
        return mall

    def reopen(self) -> None:
        """Open bank and store again, as after a restart."""
        self.world.reopen()
        self.store = AppStore(self.world.bank.books, self.keys)

    def stock(self) -> None:
        """A free app, a paid one, and one that takes payments."""
        self.listed(self.ann, project("tally"), listing())
        prices = [["**", EUR, PRICE], ["CN", EUR, 300]]
        self.listed(self.ann, project("chess", paid=True), listing(category="games", prices=prices))
        payee = ["Bob's Tea", "DE", EUR]
        self.listed(self.bob, project("tea", permissions='["payment"]'), listing(payee=payee))

    def certify(self, role: str, public: bytes, name: str, attributes: dict[str, str]) -> bytes:
        """A certificate of the root."""
        self._serial += 1
        end = START + 5 * 365 * DAY_S
        return certificates.issue(self.world.root, role, public, name, START - 1, end, self._serial, attributes)

    def maker(self, name: str) -> Maker:
        """A developer with a certificate that the store knows."""
        key = PrivateKey.generate()
        certificate = self.certify("developer", key.public, name.capitalize(), {"id": name})
        self.store.certify(certificate, f"IBAN of {name}")
        return Maker(name, key, certificate)

    def request(
        self, maker: Maker, files: dict[str, bytes], said: dict[str, Any], pictures: tuple[bytes, ...] = ()
    ) -> bytes:
        """The bytes of a publication."""
        bundle = pack.pack_files(files, maker.key, maker.certificate).bundle
        parts = [("bundle", bundle), ("archive", archive.write(files)), *(("picture", one) for one in pictures)]
        return self.signed(maker, "publish", said, parts)

    def signed(self, maker: Maker, action: str, body: dict[str, Any], parts: list[tuple[str, bytes]]) -> bytes:
        """A publication of whatever."""
        return publication.compose(maker.key, action, secrets.token_bytes(16), self.world.clock.now, body, parts)

    def publish(self, maker: Maker, files: dict[str, bytes], said: dict[str, Any]) -> Outcome:
        """Hand in a version."""
        return self.store.publish(self.request(maker, files, said))

    def listed(self, maker: Maker, files: dict[str, bytes], said: dict[str, Any]) -> bytes:
        """Hand in a version and accept it; returns its digest."""
        self.publish(maker, files, said)
        return self.store.accept(self.store.reviews()[-1]["review"])

    def order(self, app: str = "chess", region: str = "DE", key: bytes | None = None) -> Order:
        """Order an app for the watch."""
        return self.store.order(self.world.watch.id, app, region, EUR, key or secrets.token_bytes(16))

    def pay(self, card: Card, atc: int, code: str, amount: int, currency: int = EUR) -> str:
        """Pay a code with the watch; returns the bank's response."""
        date = bytes.fromhex(f"{datetime.datetime.fromtimestamp(self.world.clock.now, datetime.UTC):%y%m%d}")
        signed = chip(self.world, card, atc, code, amount, t9A=date, t5F2A=bytes.fromhex(f"{currency:04d}"))
        body = payment(self.world, card, atc, code, amount, k5=currency, k7=signed)
        return self.world.bank.merchant_payment(body, code)

    def pay_order(self, card: Card, atc: int, order: Order) -> str:
        """Pay an order."""
        return self.pay(card, atc, order.code, order.amount_minor)

    def payee(self, app: str = "tea") -> int:
        """Number of the account of an app's payee."""
        return self.rows("SELECT account FROM store_payees WHERE app_id = :app", app=app)[0][0]

    def pay_in_app(self, card: Card, atc: int, amount: int, app: str = "tea") -> str:
        """Pay to an app's payee, as the watch does when an app asks."""
        code = self.world.bank.merchant_code(self.payee(app), amount, EUR)
        return self.pay(card, atc, code, amount)

    def licence(self, app: str = "chess") -> dict[int, Any]:
        """The licence of the watch, its signature checked."""
        data = self.store.licence(self.world.watch.id, app).envelope
        payload = envelope.verify(data, self.store_key.public, "tapwatch/licence").payload
        assert isinstance(payload, dict)
        return payload

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Ask the database without our code."""
        with self.world.bank.books.database.read() as connection:
            return list(connection.execute(text(query), values).all())

    def balances(self) -> dict[str, int]:
        """What each party has, out of the journal alone."""
        query = """SELECT a.owner, SUM(CASE WHEN j.credit = a.id THEN j.amount ELSE -j.amount END)
                   FROM accounts a JOIN journal j ON a.id IN (j.debit, j.credit)
                   WHERE a.owner LIKE 'party/%' GROUP BY a.owner"""
        return {owner.removeprefix("party/"): int(total) for owner, total in self.rows(query)}
