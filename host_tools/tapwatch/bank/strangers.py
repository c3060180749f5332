"""Watches that the bank does not know yet, and that have no phone but one that carries HTTP for them.

The mailbox asks who they are, takes a certificate of the manufacturer only, and lets them attest. Then the bank knows
them as if a phone had registered them. What waits meanwhile is small: a certificate, and only one that holds good.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from tapwatch.bank.customer_schema import strangers
from tapwatch.bank.problems import BankProblem
from tapwatch.signing import cbor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

    from tapwatch.bank.devices import Devices

    Welcome = Callable[[Connection, bytes, bytes], object]
    Step = tuple[bytes | None, int, bytes | None]

REFUSED_S = 3600
"""A watch of another manufacturer asks again after this time; so does one that failed to attest."""
WAITING_S = 300
"""So long one waits for its attestation: as long as the challenge is good."""
ATTEST_SEQUENCE = 2
_HELLO, _ATTEST = 1, 4
"""Kinds of docs/formats.md "Messages between a carrier and the watch"."""
_HELLO_SEQUENCE = 1
_CERTIFICATE = 7
"""Key of the certificate in the answer to `hello`."""
_MOST_WAITING = 4
"""Of one watch; more are from somebody who plays with its certificate."""
_TICKET_BYTES = 16


class Strangers:
    """Every method works inside the caller's transaction.

    Args:
        welcome: registers a watch by certificate and attestation; raises BankProblem.
    """

    def __init__(self, devices: Devices, welcome: Welcome) -> None:
        self._devices = devices
        self._welcome = welcome

    def meet(
        self, connection: Connection, device_id: bytes, answer: object, ticket: bytes | None, at: int
    ) -> Step | None:
        """Message, seconds and ticket for a watch that is not known; None if it has just become known."""
        row = _find(connection, device_id, ticket)
        if row is not None:
            return self._attested(connection, row, answer, ticket)
        if not _is_answer(answer, _HELLO, _HELLO_SEQUENCE):
            return cbor.encode([_HELLO, _HELLO_SEQUENCE, None]), 0, None
        certificate = _certificate(answer)
        try:
            if self._devices.certified(certificate, at) != device_id:
                return None, REFUSED_S, None
        except BankProblem:
            return None, REFUSED_S, None
        return self._asked(connection, device_id, certificate, at)

    def _asked(self, connection: Connection, device_id: bytes, certificate: bytes, at: int) -> Step:
        """Keep the certificate, and ask for an attestation."""
        _make_room(connection, device_id, at)
        ticket = secrets.token_bytes(_TICKET_BYTES)
        message = cbor.encode([_ATTEST, ATTEST_SEQUENCE, self._devices.challenge(connection, at)])
        values = {"device_id": device_id, "certificate": certificate, "message": message, "at": at}
        connection.execute(insert(strangers).values(ticket_hash=_hash(ticket), **values))
        return message, 0, ticket

    def _attested(self, connection: Connection, row: Row, answer: object, ticket: bytes | None) -> Step | None:
        if not _is_answer(answer, _ATTEST, ATTEST_SEQUENCE):
            return row.message, 0, ticket
        connection.execute(delete(strangers).where(strangers.c.ticket_hash == row.ticket_hash))
        attestation = answer[3]  # type: ignore[index]  # `_is_answer` has looked
        if not isinstance(attestation, bytes):
            return None, REFUSED_S, None
        try:
            with connection.begin_nested():
                self._welcome(connection, row.certificate, attestation)
        except BankProblem:
            return None, REFUSED_S, None
        connection.execute(delete(strangers).where(strangers.c.device_id == row.device_id))
        return None


def _is_answer(answer: object, kind: int, sequence: int) -> bool:
    """True for a good answer to that message. Its shape was checked before."""
    return isinstance(answer, list) and answer[:3] == [kind, sequence, "ok"]


def _certificate(answer: object) -> bytes:
    """What a `hello` shows; empty for nothing."""
    body = answer[3] if isinstance(answer, list) else None
    shown = body.get(_CERTIFICATE) if isinstance(body, dict) else None
    return shown if isinstance(shown, bytes) else b""


def _make_room(connection: Connection, device_id: bytes, at: int) -> None:
    """Forget those who did not attest in time, and the oldest of one who asks too often."""
    connection.execute(delete(strangers).where(strangers.c.at <= at - WAITING_S))
    own = strangers.c.device_id == device_id
    count = connection.execute(select(func.count()).select_from(strangers).where(own)).scalar_one()
    if count >= _MOST_WAITING:
        oldest = select(strangers.c.ticket_hash).where(own).order_by(strangers.c.at, strangers.c.ticket_hash).limit(1)
        connection.execute(delete(strangers).where(strangers.c.ticket_hash == oldest.scalar_subquery()))


def _find(connection: Connection, device_id: bytes, ticket: bytes | None) -> Row | None:
    own = (strangers.c.ticket_hash == _hash(ticket or b""), strangers.c.device_id == device_id)
    return connection.execute(select(strangers).where(*own)).one_or_none()


def _hash(ticket: bytes) -> bytes:
    return hashlib.sha256(ticket).digest()
