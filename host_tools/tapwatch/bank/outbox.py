"""Signed notices and token states, numbered per device and kept until the device has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tapwatch.bank.problems import RequestProblem
from tapwatch.bank.schema import devices, notices

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.signing.keys import PrivateKey

MAX_MERCHANT_BYTES = 40  # docs/formats.md, `tapwatch/notice` key 8
MAX_FETCHED = 32
"""Most envelopes in one answer."""


class Outbox:
    """Signs and keeps what a device is to be told. Every method works inside the caller's transaction."""

    def __init__(self, service: PrivateKey) -> None:
        self._service = service

    def payment(
        self,
        connection: Connection,
        device_id: bytes,
        token_id: bytes,
        atc: int,
        code: str,
        amount: int,
        currency: int,
        merchant: str,
        at: int,
    ) -> None:
        """Tell a device how a tap ended. `code` is the ISO 8583 response code; 00 is approved."""
        result = "approved" if code == "00" else "declined"
        name = merchant[:MAX_MERCHANT_BYTES]  # field 43 is ASCII: as many characters as bytes
        body = {3: token_id, 4: atc, 5: result, 6: amount, 7: currency, 8: name, 9: at, 10: code}
        self._add(connection, "tapwatch/notice", device_id, body)

    def token_state(self, connection: Connection, device_id: bytes, token_id: bytes, state: str, at: int) -> None:
        """Tell a device the state of a token, `active`, `suspended` or `deleted`."""
        self._add(connection, "tapwatch/token-state", device_id, {3: token_id, 4: state, 5: at})

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
