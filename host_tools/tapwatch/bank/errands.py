"""What the bank wants of a watch, one message after the other: the errands of a phone, played by the bank.

An errand is a list, its name and what it is about, so that it can wait in the database between two polls. Each name
has a function that makes its message and one that takes the answer and returns the errands that follow from it.
"""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Any

from tapwatch.bank import replenishment
from tapwatch.bank.art import files as art
from tapwatch.bank.problems import BankProblem, RequestProblem
from tapwatch.errors import UserError
from tapwatch.phone.answers import SETTLED, CardStatus
from tapwatch.signing import cbor, envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from tapwatch.bank.issuance import Issuance
    from tapwatch.bank.keyring import Keyring
    from tapwatch.bank.merchant_desk import MerchantDesk
    from tapwatch.bank.outbox import Outbox
    from tapwatch.bank.parcels import Parcels
    from tapwatch.bank.wallet import Wallet

    Errand = list[Any]
    Message = tuple[int, object]

_log = logging.getLogger(__name__)
ATTEST = 4
_TRUST, _TOKEN_REQUEST, _TOKEN_PACKAGE, _RECEIPTS, _NOTICE, _WALLET, _CARD_ART = 3, 5, 6, 7, 8, 10, 11
_APP_PAYMENTS = 24
"""Kinds of docs/formats.md "Messages between a carrier and the watch"."""
ROUND: tuple[Errand, ...] = (["trust"], ["payments", []], ["notice", 0], ["parcel", 0], ["receipts"], ["wallet"])
"""In this order: the word on a payment is among the notices, and the bank's word on a card comes before new keys."""
_TAKEN = ("ok", "kept")
_AS_GOOD = {"notice": ("replayed",), "parcel": SETTLED}
"""What else ends with the watch having what it is to have, by errand."""
_ART_PART_BYTES = 2048
_MOST_RECEIPTS = 32
_MOST_CARDS = 64
_MOST_PAYMENTS = 8


class Errands:
    """Every method works inside the caller's transaction."""

    def __init__(
        self,
        keyring: Keyring,
        wallet: Wallet,
        issuance: Issuance,
        outbox: Outbox,
        parcels: Parcels,
        merchants: MerchantDesk,
    ) -> None:
        self._keyring = keyring
        self._wallet = wallet
        self._issuance = issuance
        self._outbox = outbox
        self._parcels = parcels
        self._merchants = merchants
        self._make: Mapping[str, Callable[[Connection, bytes, Errand], Message | None]] = {
            "trust": lambda *_: (_TRUST, self._keyring.certificate),
            "payments": lambda _c, _d, errand: (_APP_PAYMENTS, [bytes.fromhex(digest) for digest in errand[1]]),
            "notice": self._notice,
            "parcel": self._parcel,
            "receipts": lambda *_: (_RECEIPTS, None),
            "wallet": lambda *_: (_WALLET, None),
            "request": lambda _c, _d, errand: (
                _TOKEN_REQUEST,
                [bytes.fromhex(errand[1]), self._keyring.service.key_id],
            ),
            "package": lambda _c, _d, errand: (_TOKEN_PACKAGE, bytes.fromhex(errand[1])),
            "art": lambda _c, _d, errand: (_CARD_ART, _part(errand)),
        }
        self._take: Mapping[str, Callable[[Connection, bytes, Errand, object, int], list[Errand]]] = {
            "payments": self._paid,
            "notice": lambda _c, _d, errand, _b, _t: [errand],
            "parcel": self._parcel_taken,
            "receipts": self._receipts,
            "wallet": self._wallet_seen,
            "request": self._requested,
            "package": self._opened,
            "art": self._art_held,
        }

    def message(self, connection: Connection, device_id: bytes, errand: Errand) -> Message | None:
        """Return kind and body of the message of an errand, None if there is nothing left to say."""
        return self._make[errand[0]](connection, device_id, errand)

    def answered(
        self, connection: Connection, device_id: bytes, errand: Errand, status: str, body: object, at: int
    ) -> list[Errand]:
        """Take the watch's answer; return what is to be done next, before everything else.

        What the watch or the bank refuses ends that errand alone: the next round tries again.
        """
        if status not in _TAKEN and status not in _AS_GOOD.get(errand[0], ()):
            _log.info("mailbox: the watch answers %s to %s", status, errand[0])
            return []
        take = self._take.get(errand[0])
        if take is None:
            return []
        try:
            with connection.begin_nested():
                return take(connection, device_id, errand, body, at)
        except (BankProblem, UserError) as problem:
            _log.info("mailbox: %s: %s", errand[0], problem)
            return []

    def _notice(self, connection: Connection, device_id: bytes, errand: Errand) -> Message | None:
        """The oldest notice above the number the watch has; the number is kept in the errand."""
        waiting = self._outbox.fetch(connection, device_id, errand[1])
        if not waiting:
            return None
        payload = envelope.parse(waiting[0]).payload
        if isinstance(payload, dict):
            errand[1] = payload[2]
        return _NOTICE, waiting[0]

    def _parcel(self, connection: Connection, device_id: bytes, errand: Errand) -> Message | None:
        """The oldest parcel that the watch has not got; its number is kept in the errand."""
        waiting = self._parcels.after(connection, device_id, self._parcels.taken(connection, device_id))
        if not waiting:
            return None
        errand[1], kind, body = waiting[0]
        return kind, cbor.decode(body)

    def _parcel_taken(
        self, connection: Connection, device_id: bytes, errand: Errand, _b: object, _t: int
    ) -> list[Errand]:
        self._parcels.take(connection, device_id, errand[1])
        return [errand]

    def _receipts(self, connection: Connection, device_id: bytes, _: Errand, body: object, at: int) -> list[Errand]:
        if not isinstance(body, list) or len(body) > _MOST_RECEIPTS:
            raise RequestProblem("that is no list of receipts")
        for receipt in body:
            self._confirm(connection, receipt, at)
        return []

    def _confirm(self, connection: Connection, receipt: object, at: int) -> None:
        """One receipt; one that is for a batch of the past ends nothing else."""
        try:
            with connection.begin_nested():
                self._issuance.confirm(connection, _envelope(receipt), at)
        except BankProblem as problem:
            _log.info("mailbox: receipt: %s", problem)

    def _paid(self, connection: Connection, device_id: bytes, _: Errand, body: object, at: int) -> list[Errand]:
        """Take what the wearer has agreed to pay in apps; the watch is told which of it has been answered."""
        if not isinstance(body, list) or len(body) > _MOST_PAYMENTS:
            raise RequestProblem("that is no list of payments")
        answered = [self._pay(connection, entry, at) for entry in body]
        return [["payments", answered]] if answered else []

    def _pay(self, connection: Connection, entry: object, at: int) -> str:
        """One payment; returns the hash of its code. What is no payment of that code would not be one later."""
        if not (isinstance(entry, list) and [type(part) for part in entry] == [str, bytes]):
            raise RequestProblem("that is no payment of an app")
        text, payment = entry
        try:
            with connection.begin_nested():
                self._merchants.pay(connection, payment, text, at)
        except BankProblem as problem:
            _log.info("mailbox: payment in an app: %s", problem)
        return hashlib.sha256(text.encode()).hexdigest()

    def _wallet_seen(self, connection: Connection, device_id: bytes, _: Errand, body: object, at: int) -> list[Errand]:
        cards = read_wallet(body)
        wanted = replenishment.due(connection, self._wallet, device_id, cards, at)
        return [["request", token.hex()] for token in wanted] + [
            ["art", digest.hex(), 0] for digest in lacking_art(cards)
        ]

    def _requested(self, connection: Connection, device_id: bytes, _: Errand, body: object, at: int) -> list[Errand]:
        return [["package", self._issuance.answer(connection, _envelope(body), at).hex()]]

    def _opened(self, connection: Connection, device_id: bytes, _: Errand, body: object, at: int) -> list[Errand]:
        if body is not None:  # a locked watch opens it later
            self._issuance.confirm(connection, _envelope(body), at)
        return []

    def _art_held(
        self, connection: Connection, device_id: bytes, errand: Errand, body: object, at: int
    ) -> list[Errand]:
        total = len(art.file_with(bytes.fromhex(errand[1])))
        forward = isinstance(body, int) and errand[2] < body < total
        return [["art", errand[1], body]] if forward else []


def read_wallet(body: object) -> list[CardStatus]:
    """Return the cards of an answer to message 10. Raises RequestProblem."""
    if not isinstance(body, list) or len(body) > _MOST_CARDS:
        raise RequestProblem("that is no list of cards")
    try:
        return [CardStatus.read(card) for card in body]
    except UserError as error:
        raise RequestProblem("that is no list of cards") from error


def lacking_art(cards: list[CardStatus]) -> list[bytes]:
    """Return the digests of pictures that the watch lacks and the bank has, each once."""
    wanted = {card.lacks_art for card in cards if card.lacks_art is not None}
    return sorted(digest for digest in wanted if art.has(digest))


def _part(errand: Errand) -> list[object]:
    digest, offset = bytes.fromhex(errand[1]), errand[2]
    file = art.file_with(digest)
    return [digest, offset, len(file), file[offset : offset + _ART_PART_BYTES]]


def _envelope(body: object) -> bytes:
    if not isinstance(body, bytes):
        raise RequestProblem("an answer has another kind of body than it must")
    return body
