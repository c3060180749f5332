"""Kernel 3, qVSDC style (EMV Contactless Book C-3): the answer to GET PROCESSING OPTIONS is the whole transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.terminal.emv import apdu, checks
from tapwatch.terminal.emv.kernel import Result, Transaction, entries, processing_options, read_records, result
from tapwatch.terminal.outcome import CardProblem, Cvm, Decision, Outcome

if TYPE_CHECKING:
    from tapwatch.terminal.emv.card_data import CardData

# CTQ, 9F6C (Book C-3 annex A)
_ONLINE_PIN, _SIGNATURE, _ONLINE_IF_EXPIRED = 0x80, 0x40, 0x08  # byte 1
_ON_DEVICE_CVM = 0x80  # byte 2
_TYPE_MASK = 0xC0  # 9F27
# Cryptogram type in the card verification results of a Visa IAD, second byte, bits 6 and 5 (fallback without 9F27)
_IAD_CVR2, _CVR_TYPE_SHIFT = 4, 4
_CVR_TYPES = {0: apdu.AAC, 1: apdu.TC, 2: apdu.ARQC}


def run(transaction: Transaction) -> Result:
    """Run the kernel on a selected application. Raises CardProblem or CardLost."""
    if "9F66" not in [tag for tag, _ in entries(transaction.card, "9F38")]:
        return result(transaction, Decision(Outcome.SELECT_NEXT, "the application does not ask for the TTQ"))
    refused = processing_options(transaction)
    if refused is not None:
        return Result(refused)
    card = transaction.card
    if "94" in card:
        read_records(transaction)
    card.require("9F36", "9F26", "9F10", "57")
    return result(transaction, _decide(transaction, _cryptogram_type(card)))


def _cryptogram_type(card: CardData) -> int:
    """AAC, TC or ARQC: by 9F27, or by the card verification results (Book C-3 section 5.4.3)."""
    if "9F27" in card:
        kind = card["9F27"][0] & _TYPE_MASK
        if kind not in apdu.AC_NAMES:
            raise CardProblem("9F27 Cryptogram information data has a reserved type")
        return kind
    application_data = card["9F10"]
    if len(application_data) <= _IAD_CVR2:
        raise CardProblem("9F10 Issuer application data is too short")
    kind = _CVR_TYPES.get(application_data[_IAD_CVR2] >> _CVR_TYPE_SHIFT & 3)
    if kind is None:
        raise CardProblem("the card verification results have a reserved type")
    return kind


def _decide(transaction: Transaction, kind: int) -> Decision:
    if kind == apdu.AAC:
        return Decision(Outcome.DECLINED, "the card declined")
    if kind == apdu.TC:
        return Decision(Outcome.DECLINED, "the card approved offline, which this online terminal cannot check")
    qualifiers = transaction.card.get("9F6C", bytes(2))
    expiry = checks.track2(transaction.card["57"]).expiry
    if transaction.today > checks.last_day_of_month(expiry) and not qualifiers[0] & _ONLINE_IF_EXPIRED:
        return Decision(Outcome.DECLINED, f"the card expired in {expiry[2:]}/20{expiry[:2]}")
    return _verify_cardholder(transaction, qualifiers)


def _verify_cardholder(transaction: Transaction, qualifiers: bytes) -> Decision:
    """Cardholder verification by CTQ (Book C-3 section 5.7)."""
    if qualifiers[1] & _ON_DEVICE_CVM:
        return Decision(Outcome.ONLINE, "the card asks the bank", Cvm.ON_DEVICE)
    if qualifiers[0] & _ONLINE_PIN:
        return Decision(Outcome.DECLINED, "the card wants a PIN and this terminal has no keys")
    if qualifiers[0] & _SIGNATURE:
        return Decision(Outcome.ONLINE, "the card asks the bank", Cvm.SIGNATURE)
    if transaction.needs_cvm:
        return Decision(Outcome.DECLINED, "the amount needs a verified cardholder, and the card offers no way")
    return Decision(Outcome.ONLINE, "the card asks the bank")
