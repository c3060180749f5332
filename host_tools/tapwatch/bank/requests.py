"""Acquirers' messages, checked and typed: nothing behind this file reads raw fields."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.acquiring.problems import MessageProblem
from tapwatch.bank import presented
from tapwatch.bank.chip import ChipData

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTENT = ("2", "3", "4", "49", "55", "90")
"""Fields whose change makes a repeat another request."""
_ALWAYS = ("2", "3", "4", "7", "11", "13", "32", "37", "41", "42", "49")
_NEEDED = {
    "payment": (*_ALWAYS, "12", "22", "43"),
    "advice": (*_ALWAYS, "90"),
    "reversal": (*_ALWAYS, "90"),
}
_PURCHASE_CODE = "000000"
_SCANNED = "03"
"""First digits of field 22: a code was scanned (ISO 8583:1987, bar code)."""
_HALF_YEAR_DAYS = 183


@dataclass(frozen=True)
class Identity:
    """What makes a message the same message: who sent it from where, under which numbers, on which local date."""

    acquirer: str
    terminal: str
    stan: str
    reference: str
    date: datetime.date

    @property
    def key(self) -> str:
        """Text form for the database."""
        return f"{self.acquirer}|{self.terminal}|{self.stan}|{self.reference}|{self.date.isoformat()}"


@dataclass(frozen=True)
class AcquirerRequest:
    """What payments, advices and reversals have in common."""

    kind: str
    """`payment`, `advice` or `reversal`."""
    identity: Identity
    original: Identity
    """The payment it is about; for a payment, itself."""
    content_hash: bytes
    pan: str
    amount: int
    currency: int
    merchant_id: str


@dataclass(frozen=True)
class PaymentRequest(AcquirerRequest):
    """0100 or 0200."""

    hold_only: bool
    """True for 0100: the money is set aside until an advice captures it."""
    purchase: bool
    """False for cash, refunds and other kinds of transaction, which this bank does not offer."""
    channel: str
    """How the chip data came: `tap`, `qr` (a code the wearer showed) or `remote` (the wearer scanned the merchant)."""
    entry_mode: str
    expiry: str
    """YYMM, "" if the terminal sent none."""
    merchant_name: str
    chip: ChipData
    bill: bytes = b""
    """Hash of the merchant's code if that may be paid once only, else empty."""


@dataclass(frozen=True)
class CodeRequest(AcquirerRequest):
    """0100 or 0200 with an 18-digit code in field 2, in the place of the account number it stands for."""

    hold_only: bool
    purchase: bool
    merchant_name: str


def kind_of(fields: Mapping[str, str]) -> str:
    """Return `payment`, `advice` or `reversal`. Raises MessageProblem for a type we do not answer."""
    message = fields["t"]
    prefix = message[1:3]
    kind = {"10": "payment", "20": "payment", "22": "advice", "40": "reversal", "42": "reversal"}.get(prefix)
    if kind is None:
        raise MessageProblem(f"message type {message} is not known", "t")
    return kind


def read(fields: Mapping[str, str], now: int) -> AcquirerRequest:
    """Check and convert a message; a payment becomes a PaymentRequest. Raises MessageProblem."""
    kind = kind_of(fields)
    for name in _NEEDED[kind]:
        if not fields.get(name):
            raise MessageProblem(f"field {name} is missing", name)
    date = local_date(fields["13"], now)
    identity = Identity(fields["32"].lstrip("0"), fields["41"].strip(), fields["11"], fields["37"].strip(), date)
    common = {
        "kind": kind,
        "identity": identity,
        "original": identity if kind == "payment" else _original(fields["90"], identity),
        "content_hash": _content_hash(fields),
        "pan": fields["2"],
        "amount": int(fields["4"]),
        "currency": int(fields["49"]),
        "merchant_id": fields["42"].strip(),
    }
    return AcquirerRequest(**common) if kind != "payment" else _payment(fields, common)


def local_date(mmdd: str, now: int) -> datetime.date:
    """Return the date MMDD that is nearest to the bank's date. Raises MessageProblem for a day that does not exist."""
    today = datetime.datetime.fromtimestamp(now, datetime.UTC).date()
    for year in (today.year, today.year - 1, today.year + 1):
        try:
            date = datetime.date(year, int(mmdd[:2]), int(mmdd[2:]))
        except ValueError:
            continue
        if abs((date - today).days) <= _HALF_YEAR_DAYS:
            return date
    raise MessageProblem(f"field 13 is no date: {mmdd}", "13")


def _payment(fields: Mapping[str, str], common: dict) -> PaymentRequest | CodeRequest:
    common |= {
        "hold_only": fields["t"].startswith("01"),
        "purchase": fields["3"] == _PURCHASE_CODE,
        "merchant_name": fields["43"].strip(),
    }
    scanned = fields["22"].startswith(_SCANNED)
    if "55" not in fields:
        if scanned:
            return CodeRequest(**common)
        raise MessageProblem("field 55 is missing", "55")
    chip = presented.chip_data(fields["55"]) if scanned else _tapped(fields, common)
    if chip.pan not in ("", fields["2"]):
        raise MessageProblem("the chip data are for another account", "55")
    common["purchase"] &= chip.purchase
    return PaymentRequest(
        **common,
        channel="qr" if scanned else "tap",
        entry_mode=fields["22"],
        expiry=fields.get("14", ""),
        chip=chip,
    )


def _tapped(fields: Mapping[str, str], common: Mapping[str, object]) -> ChipData:
    chip = ChipData.parse(fields["55"])
    if chip.amount != common["amount"] or chip.currency != common["currency"]:
        raise MessageProblem("the chip data are for another amount or currency", "55")
    return chip


def _original(field90: str, identity: Identity) -> Identity:
    """Field 90 names the original's STAN and acquirer; the rest a reversal or an advice shares with it (see `spec`)."""
    if len(field90) != 42 or field90[:4] not in ("0100", "0200"):
        raise MessageProblem("field 90 names no payment", "90")
    if field90[20:31].lstrip("0") != identity.acquirer:
        raise MessageProblem("field 90 names another acquirer", "90")
    return Identity(identity.acquirer, identity.terminal, field90[4:10], identity.reference, identity.date)


def _content_hash(fields: Mapping[str, str]) -> bytes:
    text = "|".join(f"{name}={fields.get(name, '').upper()}" for name in _CONTENT)
    return hashlib.sha256(text.encode()).digest()
