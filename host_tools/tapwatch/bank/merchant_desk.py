"""Payments of merchant codes: the wearer agreed on the watch, and the phone brings what the watch signed.

The watch signs the hash of the merchant's code, and its cryptogram covers amount, currency and the first bytes of that
hash. So neither the phone nor whoever showed the code can change what was agreed to, and a payment sent twice is one.
A code with an amount is paid with just that one; for a code without, the wearer's amount is the one that was signed.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tapwatch.acquiring.problems import MessageProblem
from tapwatch.bank import declined, merchant_codes, payloads
from tapwatch.bank.chip import ChipData
from tapwatch.bank.code_schema import merchant_payments
from tapwatch.bank.problems import RequestProblem, StateProblem, UnknownProblem
from tapwatch.bank.requests import Identity, PaymentRequest
from tapwatch.bank.schema import accounts
from tapwatch.terminal import amount

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.authoriser import Authoriser, Decision
    from tapwatch.bank.devices import Devices
    from tapwatch.bank.ledger import Ledger
    from tapwatch.bank.merchant_codes import MerchantCode
    from tapwatch.bank.wallet import Token, Wallet

KIND = "tapwatch/merchant-payment"
LIFE_S = 900
"""Farthest that the watch's time may be from the bank's: a payment agreed to is not sent hours later."""
OWN = "bank"
"""Stands for the acquirer of merchants who have their account here; acquirers of messages are numbers."""
_PAYMENT = {1: 8, 2: 8, 3: 32, 4: int, 5: int, 6: int, 7: bytes}
_TAGS = frozenset(
    ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36", "9F10", "9F26", "9F27", "57", "5F34")
)
"""docs/formats.md, `tapwatch/merchant-payment` key 7."""
_ZERO = ("9F03", "95", "9C")
_ARQC = b"\x80"
_MAX_CHIP_BYTES = 255


class MerchantDesk:
    """Every method works inside the caller's transaction."""

    def __init__(self, devices: Devices, wallet: Wallet, ledger: Ledger, authoriser: Authoriser) -> None:
        self._devices = devices
        self._wallet = wallet
        self._ledger = ledger
        self._authoriser = authoriser

    def open(self, connection: Connection, name: str, currency: int) -> int:
        """Open the account of a merchant and return its number, which its codes carry.

        Raises RequestProblem for a name or currency that does not fit, StateProblem for a name that is taken.
        """
        if not merchant_codes.is_name(name) or not 0 < currency < 1000:
            raise RequestProblem("a merchant needs a name of at most 25 characters and an ISO currency number")
        taken = (accounts.c.kind == "merchant", accounts.c.owner == f"{OWN}/{name}", accounts.c.currency == currency)
        if connection.execute(select(accounts.c.id).where(*taken)).scalar() is not None:
            raise StateProblem("there is a merchant of that name", "choose another name")
        return self._ledger.open(connection, "merchant", f"{OWN}/{name}", currency)

    def merchant(self, connection: Connection, account: int, currency: int) -> str:
        """Return the name of a merchant who has that account in that currency. Raises UnknownProblem."""
        own = (accounts.c.id == account, accounts.c.kind == "merchant", accounts.c.currency == currency)
        owner = connection.execute(select(accounts.c.owner).where(*own)).scalar() or ""
        if not owner.startswith(f"{OWN}/"):
            raise UnknownProblem(f"there is no merchant {account} with that currency")
        return owner.removeprefix(f"{OWN}/")

    def pay(self, connection: Connection, envelope: bytes, text: str, at: int) -> str:
        """Take a payment and return its response code; the stored one if it came before.

        Raises RequestProblem, AccessProblem, UnknownProblem for an envelope that is not a payment of this code by a
        watch we know; nothing has changed then.
        """
        parsed = payloads.parse(envelope)
        public = self._devices.signer(connection, parsed.key_id, at).public
        payload = payloads.verified(envelope, public, KIND, _PAYMENT)
        if payload[1] != parsed.key_id:
            raise RequestProblem("device id and signer differ")
        payload_hash = hashlib.sha256(parsed.payload_bytes).digest()  # a signature has two valid forms, a payload one
        known = select(merchant_payments.c.response).where(merchant_payments.c.payload_hash == payload_hash)
        response = connection.execute(known).scalar()
        if response is not None:
            return response
        request = self._request(connection, payload, text, at)
        decision = self._authoriser.decide(connection, request, reversed_before=False, at=at)
        self._keep(connection, payload_hash, request, decision, at)
        return decision.code

    def _request(self, connection: Connection, payload: dict, text: str, at: int) -> PaymentRequest:
        code_hash = hashlib.sha256(text.encode()).digest()
        if code_hash != payload[3]:
            raise RequestProblem("the payment is for another merchant code")
        code = merchant_codes.parse(text)
        if payload[5] != code.currency or code.amount not in (0, payload[4]):
            raise RequestProblem("the payment is for another amount or currency than the merchant's code")
        if not 0 < payload[4] < 10**amount.MAX_DIGITS:
            raise RequestProblem("the payment has no amount")
        if abs(payload[6] - at) > LIFE_S:
            raise RequestProblem("the payment is too old, or the watch's clock is wrong", "set its clock and pay again")
        name = self.merchant(connection, int(code.merchant), code.currency)
        if code.name != name:  # anyone can write a code: the wearer must have read who really gets the money
            raise RequestProblem("the merchant code carries another name than its merchant has")
        token = self._token(connection, payload)
        return PaymentRequest(
            kind="payment",
            identity=_identity(payload[6]),
            original=_identity(payload[6]),
            content_hash=code_hash,
            pan=token.pan,
            amount=payload[4],
            currency=code.currency,
            merchant_id=name,
            hold_only=False,
            purchase=True,
            channel="remote",
            entry_mode="",
            expiry="",
            merchant_name=name,
            chip=_chip(payload, code, token),
            bill=code_hash if code.once else b"",
        )

    def _token(self, connection: Connection, payload: dict) -> Token:
        token = self._wallet.token(connection, payload[2])
        if token.device_id != payload[1]:
            raise UnknownProblem("there is no such token")  # not: it is somebody else's
        return token

    @staticmethod
    def _keep(
        connection: Connection, payload_hash: bytes, request: PaymentRequest, decision: Decision, at: int
    ) -> None:
        paid = decision.code == declined.APPROVED
        row = insert(merchant_payments).values(
            payload_hash=payload_hash,
            payment_id=decision.payment_id,
            bill=request.bill if paid and request.bill else None,
            response=decision.code,
            at=at,
        )
        connection.execute(row)


def _identity(time_s: int) -> Identity:
    return Identity(OWN, "", "", "", _date(time_s))


def _date(time_s: int) -> datetime.date:
    return datetime.datetime.fromtimestamp(time_s, datetime.UTC).date()


def _chip(payload: dict, code: MerchantCode, token: Token) -> ChipData:
    """The chip data, which must say what the rest of the payment says. Raises RequestProblem.

    The country is not compared: a code names it by letters, and nothing at the bank depends on it.
    """
    if len(payload[7]) > _MAX_CHIP_BYTES:
        raise RequestProblem("the chip data are too long")
    try:
        chip = ChipData.parse(payload[7].hex())
        pan = chip.pan
    except MessageProblem as problem:
        raise RequestProblem("the chip data are malformed") from problem
    if set(chip.tags) != _TAGS:
        raise RequestProblem("the chip data have other tags than a merchant payment")
    same = (
        chip.amount == payload[4],
        chip.currency == code.currency,
        chip.tags["9F37"] == payload[3][:4],
        chip.tags["9A"].hex() == f"{_date(payload[6]):%y%m%d}",
        not any(any(chip.tags[tag]) for tag in _ZERO),
        chip.tags["9F27"] == _ARQC,
        chip.tags["5F34"].hex() == f"{token.psn:02d}",
        pan == token.pan,
    )
    if not all(same):
        raise RequestProblem("the chip data are for another payment")
    return chip
