"""The bank: puts the parts together and gives each request one transaction."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from sqlalchemy import select

from tapwatch.bank import code_key, founding, history, keyring, migrations
from tapwatch.bank.art import files as art
from tapwatch.bank.authoriser import Authoriser
from tapwatch.bank.books import Books
from tapwatch.bank.closing import Closing
from tapwatch.bank.code_desk import CodeDesk
from tapwatch.bank.codes import Codes
from tapwatch.bank.cryptograms import Cryptograms
from tapwatch.bank.customer_desk import CustomerDesk
from tapwatch.bank.desk import Desk
from tapwatch.bank.device_states import DeviceStates
from tapwatch.bank.devices import Devices
from tapwatch.bank.enrolments import Enrolments
from tapwatch.bank.errands import Errands
from tapwatch.bank.http_server import HttpServer
from tapwatch.bank.iso_server import IsoServer
from tapwatch.bank.issuance import Issuance
from tapwatch.bank.ledger import Ledger
from tapwatch.bank.limits import Limits
from tapwatch.bank.mailbox import Mailbox
from tapwatch.bank.merchant_codes import MerchantCode, compose
from tapwatch.bank.merchant_desk import MerchantDesk
from tapwatch.bank.outbox import Outbox
from tapwatch.bank.parcels import Parcels
from tapwatch.bank.problems import SetupProblem
from tapwatch.bank.products import NAMES, product_named
from tapwatch.bank.receipts import Receipts
from tapwatch.bank.revoked import Revoked
from tapwatch.bank.schema import settings
from tapwatch.bank.settlement import Settlement
from tapwatch.bank.store import Store
from tapwatch.bank.strangers import Strangers
from tapwatch.bank.wallet import Wallet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from tapwatch.acquiring.spec import Fields
    from tapwatch.bank.devices import Registration
    from tapwatch.bank.ledger import TrialBalance
    from tapwatch.bank.receipts import Receipt
    from tapwatch.bank.wallet import Token
    from tapwatch.signing.keys import PrivateKey

CERTIFICATE_YEARS = 10
_YEAR_S = 365 * 86_400
_BILL_BYTES = 8


def unix_now() -> int:
    """Seconds since 1970."""
    return int(time.time())


class Bank:
    """Token service, issuer and ledger over one database. Its methods may be called from any thread.

    Args:
        url: database, `sqlite:///FILE` or `postgresql://…`.
        keys: folder that `create` made.
        clock: seconds since 1970.
        receipts: address that links to receipts begin with; "" for that of this bank's own HTTP server.
        public_url: address under which a proxy shows customers' paths, the mailbox and the wallet page; "" for none.

    Raises SetupProblem or StoreProblem if key folder and database do not belong together or cannot be used.
    """

    def __init__(
        self, url: str, keys: Path, clock: Callable[[], int] = unix_now, receipts: str = "", public_url: str = ""
    ) -> None:
        self._keyring = keyring.load(keys, clock())
        self._clock = clock
        self._store = Store(url)
        migrations.migrate(self._store)
        self._ledger = Ledger()
        self._parcels = Parcels()
        revoked = Revoked(self._keyring.root_public, self._parcels)
        self._devices = Devices(self._keyring.root_public, revoked)
        self._wallet = Wallet(self._ledger)
        self._receipts = Receipts(receipts)
        self._outbox = Outbox(self._keyring.service, self._receipts)
        secret = code_key.load(keys)
        codes = Codes(secret)
        cryptograms = Cryptograms(self._keyring)
        parts = (self._keyring, self._devices, self._wallet, cryptograms)
        self._issuance = Issuance(*parts, codes.new_book, self._country())
        settlement = Settlement(self._ledger)
        closing = Closing(settlement, self._outbox)
        authoriser = Authoriser(self._wallet, cryptograms, closing, self._outbox)
        code_desk = CodeDesk(codes, self._wallet, authoriser, closing)
        self._states = DeviceStates(self._wallet, self._outbox)
        self._merchants = MerchantDesk(self._devices, self._wallet, self._ledger, authoriser)
        carried = (self._outbox, self._parcels, revoked)
        self.books = Books(self._store, self._ledger, settlement, self._merchants, self._devices, *carried, clock)
        self.desk = Desk(self._store, authoriser, code_desk, settlement, self._wallet, self._outbox, clock)
        enrolments = Enrolments(self._wallet, self._devices, secret)
        self.customers = CustomerDesk(self._store, self._wallet, self._outbox, self._states, enrolments, clock)
        errands = Errands(self._keyring, self._wallet, self._issuance, self._outbox, self._parcels, self._merchants)
        self._mailbox = Mailbox(self._devices, Strangers(self._devices, self._welcome), errands, self._attested)
        self._iso = IsoServer(self.desk)
        self._http = HttpServer(self, public_url)
        self.iso_port = 0
        self.http_port = 0

    @classmethod
    def create(
        cls,
        url: str,
        keys: Path,
        root: PrivateKey,
        name: str = "Tapwatch Test Bank",
        country: int = 156,
        clock: Callable[[], int] = unix_now,
        public_url: str = "",
    ) -> Bank:
        """Make a new bank: random keys in the new folder `keys`, certified by the manufacturer root, an empty database.

        `country` is the issuer country, ISO numeric; `public_url` stands in the certificate of the token service, where
        watches find the mailbox. The root key is used once and not kept. Cut short, it can be
        called again. Raises SetupProblem if the database holds a bank, or the key folder is one of another root.
        """
        now = clock()
        dates = (now, now + CERTIFICATE_YEARS * _YEAR_S)
        founding.found(url, country, lambda: keyring.create(keys, root, name, *dates, public_url))
        return cls(url, keys, clock, public_url=public_url)

    @classmethod
    def create_certified(
        cls,
        url: str,
        keys: Path,
        certificate: bytes,
        root_public: bytes,
        country: int = 156,
        clock: Callable[[], int] = unix_now,
    ) -> Bank:
        """The same with the keys of `keyring.prepare`, which a root has certified somewhere else."""
        founding.found(url, country, lambda: keyring.install(keys, certificate, root_public, clock()))
        return cls(url, keys, clock)

    async def start(self, http_port: int = 0, iso_port: int = 0, host: str = "127.0.0.1") -> None:
        """Serve HTTP and ISO 8583; the ports are then in `http_port` and `iso_port`. Raises SetupProblem."""
        self.iso_port = await self._iso.start(host, iso_port)
        try:
            self.http_port = await self._http.start(host, http_port)
        except SetupProblem:
            await self._iso.stop()
            raise
        if not self._receipts.has_base:
            self._receipts.use_base(f"http://{host}:{self.http_port}")

    async def stop(self) -> None:
        """Stop serving and close the database. Harmless when repeated."""
        await self._http.stop()
        await self._iso.stop()
        self._store.close()

    @property
    def issuer_id(self) -> bytes:
        """Key id of the token service, 8 bytes."""
        return self._keyring.service.key_id

    @property
    def certificate(self) -> bytes:
        """Certificate of the token service by the manufacturer root."""
        return self._keyring.certificate

    @property
    def root_public(self) -> bytes:
        """Public key of that root, 64 bytes."""
        return self._keyring.root_public

    @property
    def service_public(self) -> bytes:
        """Public key of the token service, 64 bytes."""
        return self._keyring.service.public

    @property
    def operator_token(self) -> str:
        """What an operator sends over HTTP. A secret."""
        return self._keyring.operator_token

    @property
    def messages_path(self) -> str:
        """Path of the page of messages to customers on this bank's HTTP server. A secret: they hold codes."""
        return self._http.messages_path

    def now(self) -> int:
        """The bank's time, seconds since 1970."""
        return self._clock()

    def open_account(self, holder: str, currency: int, opening_minor: int) -> int:
        """Open a customer's account and return its number."""
        with self._store.write() as connection:
            return self._wallet.open_account(connection, holder, currency, opening_minor, self._clock())

    def order_card(self, account: int, product: str, label: str | None = None) -> int:
        """Issue a card and return its number. `product` is one of `PRODUCTS`, or a profile for its usual product."""
        with self._store.write() as connection:
            return self._wallet.order_card(connection, account, product, label, self._clock())

    def challenge(self) -> bytes:
        """Return a challenge for an attestation."""
        with self._store.write() as connection:
            return self._devices.challenge(connection, self._clock())

    def register(self, certificate: bytes, attestation: bytes) -> Registration:
        """Take in a watch by its certificate and an attestation over our challenge."""
        with self._store.write() as connection:
            return self._welcome(connection, certificate, attestation)

    def issue_token(self, card: int, device_id: bytes, limits: Limits | None = None) -> bytes:
        """Create a token of a card for one watch and return its id, 8 bytes. Its limits are the product's if None."""
        with self._store.write() as connection:
            return self._wallet.issue_token(connection, card, device_id, limits, self._clock())

    def package(self, request: bytes) -> bytes:
        """Return the token package for a token-request envelope."""
        with self._store.write() as connection:
            return self._issuance.answer(connection, request, self._clock())

    def receipt(self, receipt: bytes) -> None:
        """Take a receipt envelope: its batch goes live."""
        with self._store.write() as connection:
            self._issuance.confirm(connection, receipt, self._clock())

    def set_state(self, token_id: bytes, state: str) -> None:
        """Make a token `active`, `suspended` or `deleted`; its watch is told."""
        with self._store.write() as connection:
            if self._wallet.change_state(connection, token_id, state, history.OPERATOR, self._clock()):
                token = self._wallet.token(connection, token_id)
                self._outbox.token_state(connection, token.device_id, token_id, state, self._clock())

    def lost(self, device_id: bytes, text: str = "") -> None:
        """Stop every payment of a watch and tell it; `text`, at most 80 bytes, is what a finder may read there."""
        with self._store.write() as connection:
            self._devices.get(connection, device_id)
            self._states.lost(connection, device_id, text, self._clock())

    def found(self, device_id: bytes) -> None:
        """Let a lost watch pay again and tell it."""
        with self._store.write() as connection:
            self._devices.get(connection, device_id)
            self._states.found(connection, device_id, self._clock())

    def wipe(self, device_id: bytes) -> None:
        """Delete every token of a watch and tell it to erase itself."""
        with self._store.write() as connection:
            self._devices.get(connection, device_id)
            self._states.wipe(connection, device_id, history.OPERATOR, self._clock())

    def open_merchant(self, name: str, currency: int) -> int:
        """Open the account of a merchant who takes payments by own codes; return its number."""
        with self._store.write() as connection:
            return self._merchants.open(connection, name, currency)

    def merchant_code(
        self, account: int, amount: int, currency: int, city: str = "Test City", once: bool = True
    ) -> str:
        """Return the text of a merchant-presented QR code for `amount` minor units.

        With `once` it is a bill that is paid once. Without, an amount of 0 makes a code that names none: whoever pays
        enters it.
        """
        with self._store.read() as connection:
            name = self._merchants.merchant(connection, account, currency)
        code = MerchantCode(str(account), amount, currency, name, once)
        return compose(code, city=city, bill=secrets.token_hex(_BILL_BYTES) if once else "")

    def merchant_payment(self, payment: bytes, code: str) -> str:
        """Take a merchant-payment envelope for a merchant's code and return the ISO 8583 response code."""
        with self._store.write() as connection:
            return self._merchants.pay(connection, payment, code, self._clock())

    def payment_receipt(self, name: str) -> Receipt:
        """Return the receipt that the last part of a link names. Raises UnknownProblem."""
        with self._store.read() as connection:
            return self._receipts.find(connection, name, self._clock())

    def notices(self, device_id: bytes, since: int) -> list[bytes]:
        """Return notices and token states numbered above `since`, and forget the others."""
        with self._store.write() as connection:
            return self._outbox.fetch(connection, device_id, since)

    def parcels(self, device_id: bytes, since: int) -> list[tuple[int, int, bytes]]:
        """Return number, kind and body in CBOR of the messages above `since` that the bank carries without reading."""
        with self._store.read() as connection:
            return self._parcels.after(connection, device_id, since)

    def set_revocations(self, envelope: bytes) -> int:
        """Take a revocation list of the root, for every watch; returns its number. Raises RequestProblem."""
        with self._store.write() as connection:
            return self.books.revoke(connection, envelope)

    def revocations(self) -> bytes | None:
        """Return the newest revocation list, None without one."""
        with self._store.read() as connection:
            return self.books.revocations(connection)

    def announce_states(self, device_id: bytes) -> None:
        """Queue the present state of each token of a watch. Each carries the bank's time: this is signed time too."""
        with self._store.write() as connection:
            self._devices.get(connection, device_id)
            for token in self._wallet.tokens(connection, device_id):
                self._outbox.token_state(connection, device_id, token.id, token.state, self._clock())

    def poll(self, body: bytes) -> bytes:
        """Answer a poll of the mailbox. Raises RequestProblem."""
        with self._store.write() as connection:
            return self._mailbox.poll(connection, body, self._clock())

    def check_bearer(self, device_id: bytes, bearer: str) -> None:
        """Raises AccessProblem unless `bearer` belongs to that watch."""
        with self._store.read() as connection:
            self._devices.check_bearer(connection, device_id, bearer)

    def authorise(self, fields: Fields) -> Fields:
        """Answer one acquirer message without the network."""
        return self.desk.answer(fields)

    def token(self, token_id: bytes) -> Token:
        """Return a token. Raises UnknownProblem."""
        with self._store.read() as connection:
            return self._wallet.token(connection, token_id)

    def test_keys(self) -> dict[str, dict[str, str]]:
        """Return the issuer master key of each product and profile, to recompute cryptograms. Secrets of tests."""
        return {
            name: {
                "issuer_master_key": self._keyring.master(product.profile.name).hex().upper(),
                "derivation": product.version.words,
            }
            for name, product in ((name, product_named(name)) for name in NAMES)
        }

    def art(self, digest: bytes) -> bytes:
        """Return the card art with that SHA-256, a file of docs/formats.md "Card art". Raises UnknownProblem."""
        return art.file_with(digest)

    def tokens(self, device_id: bytes | None = None) -> list[Token]:
        """Return every token, or those of one watch."""
        with self._store.read() as connection:
            return self._wallet.tokens(connection, device_id)

    def balance(self, account: int) -> int:
        """Return what is on an account, minor units."""
        with self._store.read() as connection:
            return self._ledger.balance(connection, account)

    def trial_balance(self) -> TrialBalance:
        """Recompute the books from the journal."""
        with self._store.read() as connection:
            return self._ledger.trial_balance(connection)

    def _welcome(self, connection: Connection, certificate: bytes, attestation: bytes) -> Registration:
        """A watch becomes known, by a phone or by the mailbox. Raises BankProblem."""
        registration = self._devices.register(connection, certificate, attestation, self._clock())
        if registration.receipt_key_changed:
            self._begin_anew(connection, registration.device_id)
        self._states.registered(connection, registration.device_id)
        return registration

    def _attested(self, connection: Connection, device_id: bytes, attestation: bytes, at: int) -> None:
        """A known watch shows itself by the mailbox, perhaps with a new receipt key."""
        if self._devices.renew(connection, device_id, attestation, at):
            self._begin_anew(connection, device_id)

    def _begin_anew(self, connection: Connection, device_id: bytes) -> None:
        """A watch was set up anew: what was sealed for it before is void, and what it had it may have lost."""
        self._issuance.drop_outstanding(connection, device_id)
        self._parcels.take(connection, device_id, 0)

    def _country(self) -> int:
        """The issuer country; by the way, that keys and database are of one bank."""
        with self._store.read() as connection:
            values = {row.name: row.value for row in connection.execute(select(settings))}
        if not values:
            raise SetupProblem("the database holds no bank", "make one with `tapwatch bank init`")
        if values.get(founding.ISSUER) != self._keyring.service.key_id:
            raise SetupProblem("this database belongs to another bank than the keys", "check both paths")
        return int.from_bytes(values[founding.COUNTRY], "big")
