"""Signed notices, token states and device states, numbered per device and kept until the device has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tapwatch.bank import declined
from tapwatch.bank.code_schema import code_handles
from tapwatch.bank.problems import RequestProblem
from tapwatch.bank.schema import devices, notices, payments, tokens

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.receipts import Receipts
    from tapwatch.signing.keys import PrivateKey

MAX_MERCHANT_BYTES = 40  # docs/formats.md, `tapwatch/notice` key 8
FIRST_HANDLE = 1 << 16
"""What stands for an ATC in the notice of an 18-digit code, less its handle (docs/formats.md)."""
MAX_FETCHED = 32
"""Most envelopes in one answer."""


class Outbox:
    """Signs and keeps what a device is to be told. Every method works inside the caller's transaction."""

    def __init__(self, service: PrivateKey, receipts: Receipts) -> None:
        self._service = service
        self._receipts = receipts

    def payment(self, connection: Connection, payment_id: int, code: str, at: int) -> None:
        """Tell a device how a payment ended. `code` is the ISO 8583 response code; 00 is approved."""
        query = select(payments, tokens.c.device_id, code_handles.c.handle).where(payments.c.id == payment_id)
        joined = payments.join(tokens, payments.c.token_id == tokens.c.id).outerjoin(code_handles)
        row = connection.execute(query.select_from(joined)).one()
        body = {
            3: row.token_id,
            4: FIRST_HANDLE + int(row.handle) if row.atc is None else row.atc,
            5: "approved" if code == declined.APPROVED else "declined",
            6: row.amount,
            7: row.currency,
            8: clipped(row.merchant_name, MAX_MERCHANT_BYTES),
            9: at,
            10: code,
            11: self._receipts.link(connection, payment_id, at),
        }
        self._add(connection, "tapwatch/notice", row.device_id, body)

    def token_state(self, connection: Connection, device_id: bytes, token_id: bytes, state: str, at: int) -> None:
        """Tell a device the state of a token, `active`, `suspended` or `deleted`."""
        self._add(connection, "tapwatch/token-state", device_id, {3: token_id, 4: state, 5: at})

    def device_state(self, connection: Connection, device_id: bytes, state: str, text: str, at: int) -> None:
        """Tell a device that it is `lost` or `found`, or to `wipe` itself. `text` is for a finder."""
        self._add(connection, "tapwatch/device-state", device_id, {3: state, 4: text, 5: at})

    def fetch(self, connection: Connection, device_id: bytes, since: int) -> list[bytes]:
        """Return the envelopes numbered above `since`, oldest first, and forget the others: the device has them.

        Raises RequestProblem for a number that was never given.
        """
        last = connection.execute(select(devices.c.last_notice).where(devices.c.id == device_id)).scalar() or 0
        if not 0 <= since <= last:
            raise RequestProblem(f"there is no notice {since} yet")
        own = notices.c.device_id == device_id
        connection.execute(delete(notices).where(own, notices.c.number <= since))
        rows = select(notices.c.envelope).where(own).order_by(notices.c.number).limit(MAX_FETCHED)
        return list(connection.execute(rows).scalars())

    def _add(self, connection: Connection, kind: str, device_id: bytes, body: dict[int, object]) -> None:
        own = devices.c.id == device_id
        connection.execute(update(devices).where(own).values(last_notice=devices.c.last_notice + 1))
        number = connection.execute(select(devices.c.last_notice).where(own)).scalar_one()
        envelope = self._service.sign(kind, {1: device_id, 2: number, **body})
        connection.execute(insert(notices).values(device_id=device_id, number=number, envelope=envelope))


def clipped(text: str, longest: int) -> str:
    """Return as many whole characters as fit into `longest` bytes."""
    return text.encode()[:longest].decode(errors="ignore")
