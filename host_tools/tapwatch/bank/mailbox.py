"""The mailbox: a watch polls over HTTP, and the bank plays the phone's part (docs/bluetooth.md "Mailbox").

Between two polls everything is in the database: the ticket of the conversation, the message that was sent last, and
the errands that remain. A poll that is repeated changes nothing, since an answer counts only once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from types import NoneType
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from tapwatch.bank.customer_schema import mailboxes
from tapwatch.bank.errands import ATTEST, ROUND
from tapwatch.bank.problems import BankProblem, RequestProblem, UnknownProblem
from tapwatch.bank.strangers import ATTEST_SEQUENCE
from tapwatch.signing import cbor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

    from tapwatch.bank.devices import Devices
    from tapwatch.bank.errands import Errand, Errands
    from tapwatch.bank.strangers import Strangers

    Attested = Callable[[Connection, bytes, bytes, int], None]

MAX_POLL_BYTES = 8192
"""Base64 of a message of 4,096 bytes and the map around it."""
IDLE_S = 900
WAITING_S = 300
"""So long a conversation waits for its attestation: as long as the challenge is good."""
_MOST_WAITING = 4
"""Conversations of one watch that have not shown who they are; more are from somebody who plays."""
_TICKET_BYTES = 16
_ID_BYTES = 8
_MOST_MESSAGE = 4096


class Mailbox:
    """Every method works inside the caller's transaction.

    Args:
        strangers: speaks to watches that are not known yet.
        attested: takes an attestation of a known watch; raises BankProblem.
    """

    def __init__(self, devices: Devices, strangers: Strangers, errands: Errands, attested: Attested) -> None:
        self._devices = devices
        self._strangers = strangers
        self._errands = errands
        self._attested = attested

    def poll(self, connection: Connection, body: bytes, at: int) -> bytes:
        """Return the answer to the body of a poll. Raises RequestProblem."""
        device_id, answer, ticket = _read(body)
        try:
            self._devices.get(connection, device_id)
        except UnknownProblem:
            return self._meet(connection, device_id, answer, ticket, at)
        row = _find(connection, device_id, ticket)
        if row is None or ticket is None:
            return self._begin(connection, device_id, at)
        if row.message is None or _answers(answer, row.sequence):
            return self._go_on(connection, row, answer, ticket, at)
        return _written(row.message, 0, ticket)

    def _meet(self, connection: Connection, device_id: bytes, answer: object, ticket: bytes | None, at: int) -> bytes:
        """Get to know a new watch; what it wants follows at once."""
        step = self._strangers.meet(connection, device_id, answer, ticket, at)
        if step is not None or ticket is None:
            return _written(*(step or (None, IDLE_S, None)))
        values = {"ticket_hash": _hash(ticket), "device_id": device_id, "sequence": ATTEST_SEQUENCE}
        connection.execute(insert(mailboxes).values(errands=[], at=at, **values))
        row = _find(connection, device_id, ticket)
        if row is None:
            raise UnknownProblem("there is no such conversation")
        return self._next(connection, row, _round(), ticket, at)

    def _begin(self, connection: Connection, device_id: bytes, at: int) -> bytes:
        """A new conversation: whoever it is shall attest. One that goes on elsewhere is not disturbed."""
        _forget_waiting(connection, device_id, at)
        challenge = self._devices.challenge(connection, at)
        ticket = secrets.token_bytes(_TICKET_BYTES)
        message = cbor.encode([ATTEST, 1, challenge])
        values = {"ticket_hash": _hash(ticket), "device_id": device_id, "challenge": challenge, "sequence": 1}
        connection.execute(insert(mailboxes).values(message=message, errands=[], at=at, **values))
        return _written(message, 0, ticket)

    def _go_on(self, connection: Connection, row: Row, answer: object, ticket: bytes, at: int) -> bytes:
        errands: list[Errand] = [list(errand) for errand in row.errands]
        if row.challenge is not None:
            if not self._shown(connection, row, answer, at):
                connection.execute(delete(mailboxes).where(mailboxes.c.ticket_hash == row.ticket_hash))
                return _written(None, IDLE_S, None)
            errands = _round()
        elif row.message is None:
            errands = _round()
        else:
            _, _, status, body = answer  # type: ignore[misc]  # `_answers` has looked
            first = errands.pop(0)
            errands = self._errands.answered(connection, row.device_id, first, status, body, at) + errands
        return self._next(connection, row, errands, ticket, at)

    def _shown(self, connection: Connection, row: Row, answer: object, at: int) -> bool:
        """True if the answer is an attestation of that watch: this conversation is the only one then."""
        kind, _, status, body = answer  # type: ignore[misc]  # `_answers` has looked
        if kind != ATTEST or status != "ok" or not isinstance(body, bytes):
            return False
        try:
            with connection.begin_nested():
                self._attested(connection, row.device_id, body, at)
        except BankProblem:
            return False
        others = (mailboxes.c.device_id == row.device_id, mailboxes.c.challenge.is_(None))
        connection.execute(delete(mailboxes).where(*others))
        return True

    def _next(self, connection: Connection, row: Row, errands: list[Errand], ticket: bytes, at: int) -> bytes:
        message, sequence = None, row.sequence
        while errands and message is None:
            made = self._errands.message(connection, row.device_id, errands[0])
            if made is None:
                errands.pop(0)
            else:
                sequence += 1
                message = cbor.encode([made[0], sequence, made[1]])
        values = {"challenge": None, "sequence": sequence, "message": message, "errands": errands, "at": at}
        connection.execute(update(mailboxes).where(mailboxes.c.ticket_hash == row.ticket_hash).values(**values))
        return _written(message, 0 if message else IDLE_S, ticket)


def _read(body: bytes) -> tuple[bytes, object, bytes | None]:
    """Device id, decoded answer and ticket of a poll. Raises RequestProblem."""
    if len(body) > MAX_POLL_BYTES:
        raise RequestProblem("a poll is too long")
    try:
        poll = cbor.decode(base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError) as error:
        raise RequestProblem("a poll is base64 of deterministic CBOR") from error
    if not isinstance(poll, dict) or set(poll) != {1, 2, 3}:
        raise RequestProblem("a poll is a map with the keys 1 to 3")
    device_id, answer, ticket = poll[1], poll[2], poll[3]
    if not isinstance(device_id, bytes) or len(device_id) != _ID_BYTES:
        raise RequestProblem(f"key 1 of a poll is a device id of {_ID_BYTES} bytes")
    if not isinstance(answer, (bytes, NoneType)) or not isinstance(ticket, (bytes, NoneType)):
        raise RequestProblem("keys 2 and 3 of a poll are bytes or null")
    return device_id, _message(answer), ticket


def _message(data: bytes | None) -> object:
    """The watch's answer, None if there is none. Raises RequestProblem."""
    if data is None:
        return None
    try:
        answer = cbor.decode(data)
    except cbor.CborProblem as error:
        raise RequestProblem("an answer is deterministic CBOR") from error
    kinds = (int, int, str)
    if len(data) > _MOST_MESSAGE or not isinstance(answer, list) or len(answer) != len(kinds) + 1:
        raise RequestProblem("an answer is kind, sequence, status and body")
    if not all(isinstance(part, kind) for part, kind in zip(answer, kinds, strict=False)):
        raise RequestProblem("an answer is kind, sequence, status and body")
    return answer


def _answers(answer: object, sequence: int) -> bool:
    return isinstance(answer, list) and answer[1] == sequence


def _written(message: bytes | None, seconds: int, ticket: bytes | None) -> bytes:
    return base64.b64encode(cbor.encode({1: message, 2: seconds, 3: ticket}))


def _round() -> list[Errand]:
    return [list(errand) for errand in ROUND]


def _find(connection: Connection, device_id: bytes, ticket: bytes | None) -> Row | None:
    own = (mailboxes.c.ticket_hash == _hash(ticket or b""), mailboxes.c.device_id == device_id)
    return connection.execute(select(mailboxes).where(*own)).one_or_none()


def _forget_waiting(connection: Connection, device_id: bytes, at: int) -> None:
    """Make room for one more that has not shown who it is."""
    waiting = (mailboxes.c.device_id == device_id, mailboxes.c.challenge.is_not(None))
    connection.execute(delete(mailboxes).where(mailboxes.c.challenge.is_not(None), mailboxes.c.at <= at - WAITING_S))
    count = connection.execute(select(func.count()).select_from(mailboxes).where(*waiting)).scalar_one()
    if count >= _MOST_WAITING:
        oldest = select(mailboxes.c.ticket_hash).where(*waiting).order_by(mailboxes.c.at, mailboxes.c.ticket_hash)
        connection.execute(delete(mailboxes).where(mailboxes.c.ticket_hash == oldest.limit(1).scalar_subquery()))


def _hash(ticket: bytes) -> bytes:
    return hashlib.sha256(ticket).digest()
