"""What a neighbour of the bank, like the store, does with money and watches in one transaction with its own writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.bank import declined
from tapwatch.bank.merchant_codes import MerchantCode, compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from tapwatch.bank.devices import Devices
    from tapwatch.bank.ledger import Ledger
    from tapwatch.bank.merchant_desk import MerchantDesk
    from tapwatch.bank.outbox import Outbox
    from tapwatch.bank.parcels import Parcels
    from tapwatch.bank.revoked import Revoked
    from tapwatch.bank.settlement import Settlement
    from tapwatch.bank.store import Store
    from tapwatch.signing.cbor import Value


class Books:
    """Transactions, ledger, merchants and refunds. Methods with a connection work inside the caller's transaction."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        settlement: Settlement,
        merchants: MerchantDesk,
        devices: Devices,
        outbox: Outbox,
        parcels: Parcels,
        revoked: Revoked,
        clock: Callable[[], int],
    ) -> None:
        self.database = store
        self.ledger = ledger
        self._settlement = settlement
        self._merchants = merchants
        self._devices = devices
        self._outbox = outbox
        self._parcels = parcels
        self._revoked = revoked
        self.now = clock
        """Seconds since 1970."""

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction that is alone in writing. Raises StoreProblem when the database fails."""
        return self.database.write()

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state of the database. Raises StoreProblem when the database fails."""
        return self.database.read()

    def open_merchant(self, connection: Connection, name: str, currency: int) -> int:
        """Open a merchant's account and return its number. Raises RequestProblem, StateProblem for a taken name."""
        return self._merchants.open(connection, name, currency)

    def code(self, account: int, name: str, amount: int, currency: int, bill: str, country: str, city: str) -> str:
        """Text of a merchant code that is paid once. Raises RequestProblem for what does not fit."""
        asked = MerchantCode(str(account), amount, currency, name, once=True)
        return compose(asked, country=country, city=city, bill=bill)

    def left(self, connection: Connection, payment: int) -> int:
        """What the merchant still has of a payment, minor units."""
        return self._settlement.left(connection, payment)

    def refund(self, connection: Connection, payment: int, amount: int, at: int) -> None:
        """Give a part of a payment back; the watch is told when nothing is left of it. Raises StateProblem."""
        if self._settlement.give_part(connection, payment, amount, at):
            self._outbox.payment(connection, payment, declined.NO_ACTION, at)

    def send(self, connection: Connection, device_id: bytes, name: str, kind: int, body: Value) -> None:
        """Have a message of docs/formats.md carried to a watch, in the place of the one of that name."""
        self._parcels.put(connection, device_id, name, kind, body)

    def revoke(self, connection: Connection, envelope: bytes) -> int:
        """Take a revocation list of the root, for every watch; returns its number. Raises RequestProblem."""
        return self._revoked.take(connection, envelope)

    def revocations(self, connection: Connection) -> bytes | None:
        """The newest revocation list, None without one."""
        return self._revoked.newest(connection)

    def check_bearer(self, connection: Connection, device_id: bytes, bearer: str) -> None:
        """Raises AccessProblem unless `bearer` is that of the watch's phone."""
        self._devices.check_bearer(connection, device_id, bearer)

    def certificate(self, connection: Connection, device_id: bytes) -> bytes:
        """The device certificate of a registered watch. Raises UnknownProblem."""
        return self._devices.get(connection, device_id).certificate
