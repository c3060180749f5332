"""Payments without a terminal in front of the watch: the cryptogram, and what of it the bank is told.

A code that a merchant scans, and the answer to a merchant's own code, are made this way.
"""

from micropython import const

from watch.payment import limits, tlv, versions
from watch.payment.armed import Outcome
from watch.payment.cryptogram import ARQC, CRYPTOGRAM_BYTES, Cryptogram
from watch.payment.profiles import BY_NAME
from watch.payment.token_data import value

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Dict

    from watch.payment.armed import ArmedCard

_AMOUNT_BYTES = const(6)
_CODE_BYTES = const(2)
_TVR_BYTES = const(5)


class RemoteOutcome(Outcome):
    """What a payment without a terminal came to."""

    def __init__(self, amount: int, currency: int, country: int, merchant: str, time_s: int) -> None:
        super().__init__()
        self.amount, self.currency, self.country = amount, currency, country
        self.time_s = time_s
        self._name = merchant

    def merchant(self) -> str:
        """The merchant's name as the wearer has seen it."""
        return self._name


def terminal_data(unpredictable: bytes, amount: int = 0, currency: int = 0, country: int = 0, date: str = "") -> bytes:
    """The 29 bytes that a terminal would have said, in the order of `terminal.CRYPTOGRAM_DOL`.

    `unpredictable`: 4 bytes; `date`: six digits YYMMDD, or none for zeros.
    """
    return (
        tlv.number(amount, _AMOUNT_BYTES)
        + bytes(_AMOUNT_BYTES)
        + tlv.number(country, _CODE_BYTES)
        + bytes(_TVR_BYTES)
        + tlv.number(currency, _CODE_BYTES)
        + tlv.packed(date or "000000")
        + bytes(1)
        + unpredictable
    )


def spend(card: "ArmedCard", outcome: RemoteOutcome, terminal: bytes) -> "Dict[int, bytes]":
    """Take the next key of an armed card for this payment and return its tags: 82, 9F36, 9F10, 9F26, 9F27, 57, 5F34.

    The key counts as used whatever happens. Raises NoKeysError.
    """
    token, profile = card.token, BY_NAME[card.token.profile]
    aip = profile.aip_cdcvm if card.cdcvm else profile.aip
    cryptogram = Cryptogram(token.cvn, token.dki, aip, card.cdcvm)
    cryptogram.begin(ARQC)
    if not card.cdcvm:
        cryptogram.mark(versions.NOT_VERIFIED)
    if outcome.country:
        cryptogram.mark(versions.DOMESTIC if outcome.country == token.country else versions.INTERNATIONAL)
    cryptogram.set_terminal(bytearray(terminal), 0)
    made = bytearray(CRYPTOGRAM_BYTES)
    key = card.take()
    key.outcome = card.outcome = outcome
    outcome.result, outcome.atc, outcome.cid, outcome.complete = limits.SENT, key.atc, ARQC, True
    card.spending.add(outcome.amount if outcome.currency == token.currency else 0, card.cdcvm)
    try:
        cryptogram.make(key, made)
    finally:
        key.wipe()
    return {
        0x82: aip,
        0x9F36: key.atc.to_bytes(2, "big"),
        0x9F10: bytes(cryptogram.issuer_data),
        0x9F26: bytes(made),
        0x9F27: bytes((ARQC,)),
        0x57: value(profile, token, 0x57),
        0x5F34: value(profile, token, 0x5F34),
    }
