"""Kernel 2, M/Chip style (EMV Contactless Book C-2): records, then a cryptogram by GENERATE AC."""

from __future__ import annotations

from tapwatch.terminal.emv import apdu, checks
from tapwatch.terminal.emv.card_data import CardData, read
from tapwatch.terminal.emv.kernel import (
    Result,
    Transaction,
    fill,
    processing_options,
    read_records,
    refusal,
    result,
)
from tapwatch.terminal.outcome import CardProblem, Cvm, Decision, Outcome

_AIP_ON_DEVICE_CVM, _AIP_EMV_MODE = 0x02, 0x80  # 82 byte 1 and byte 2 (Book C-2 annex A)
_CVM_ON_DEVICE = bytes.fromhex("010002")  # 9F34: plaintext PIN on the device, successful
_CVM_NONE = bytes.fromhex("3F0002")  # 9F34: no CVM was needed
_CVM_FAILED = bytes.fromhex("3F0001")
_TVR_NOT_AUTHENTICATED, _TVR_EXPIRED, _TVR_CVM_FAILED = (0, 0x80), (1, 0x40), (2, 0x80)  # byte, bit of 95
_POSCII_SEE_PHONE = 0x0F  # DF4B byte 2: PIN required, ACK required, PIN change required, context conflicting
_TYPE_MASK = 0xC0  # 9F27
_RANK = {apdu.AAC: 0, apdu.ARQC: 1, apdu.TC: 2}


def run(transaction: Transaction) -> Result:
    """Run the kernel on a selected application. Raises CardProblem or CardLost."""
    refused = processing_options(transaction)
    if refused is not None:
        return Result(refused)
    card = transaction.card
    card.require("94")
    if not card["82"][1] & _AIP_EMV_MODE:
        raise CardProblem("the card has magnetic stripe mode only")
    read_records(transaction)
    card.require("5A", "5F24", "8C")
    result(transaction, Decision(Outcome.END, ""))  # contradictions show before a key of the card is spent
    wanted, cvm, why = _analyse(transaction)
    return _first_cryptogram(transaction, wanted, cvm, why)


def _analyse(transaction: Transaction) -> tuple[int, Cvm, str]:
    """Processing restrictions, cardholder verification and terminal action analysis; sets 95 and 9F34."""
    results = bytearray(5)
    _set(results, _TVR_NOT_AUTHENTICATED)
    why = ""
    if transaction.today > checks.last_day(transaction.card["5F24"]):
        _set(results, _TVR_EXPIRED)
        why = "the card has expired"
    cvm, method = _verify_cardholder(transaction)
    if method == _CVM_FAILED:
        _set(results, _TVR_CVM_FAILED)
        why = why or "the amount needs a verified cardholder, and the card offers no way"
    transaction.terminal["95"] = bytes(results)
    transaction.terminal["9F34"] = method
    return (apdu.AAC if why else apdu.ARQC), cvm, why


def _verify_cardholder(transaction: Transaction) -> tuple[Cvm, bytes]:
    """On-device verification above the limit, none below (Book C-2 section 6.5, CVM selection)."""
    if not transaction.needs_cvm:
        return Cvm.NONE, _CVM_NONE
    if transaction.card["82"][0] & _AIP_ON_DEVICE_CVM:
        return Cvm.ON_DEVICE, _CVM_ON_DEVICE
    return Cvm.NONE, _CVM_FAILED


def _set(results: bytearray, position: tuple[int, int]) -> None:
    byte, bit = position
    results[byte] |= bit


def _first_cryptogram(transaction: Transaction, wanted: int, cvm: Cvm, why: str) -> Result:
    filled = fill(transaction, "8C")
    answer = transaction.channel.send(apdu.generate_ac(wanted, filled))
    if not answer.ok:
        return result(transaction, refusal(answer.status, "GENERATE AC"))
    _keep_cryptogram(transaction.card, answer.data)
    return result(transaction, _decide(transaction.card, wanted, cvm, why))


def _keep_cryptogram(card: CardData, data: bytes) -> None:
    nodes = read(data)
    if [node.tag for node in nodes] == ["80"]:  # CID, ATC, cryptogram, issuer data (EMV Book 3 section 6.5.5.4)
        value = nodes[0].value
        for tag, piece in (("9F27", value[:1]), ("9F36", value[1:3]), ("9F26", value[3:11])):
            card.put(tag, piece)
        if value[11:]:
            card.put("9F10", value[11:])
    else:
        card.add_template(data, "77")
    card.require("9F27", "9F36", "9F26", "9F10")


def _decide(card: CardData, wanted: int, cvm: Cvm, why: str) -> Decision:
    """What the card answered, against what was asked (Book C-2 section 6.7)."""
    kind = card["9F27"][0] & _TYPE_MASK
    if kind not in _RANK:
        raise CardProblem("9F27 Cryptogram information data has a reserved type")
    if _RANK[kind] > _RANK[wanted]:
        raise CardProblem(f"the card answered {apdu.AC_NAMES[kind]} when asked for {apdu.AC_NAMES[wanted]}")
    if kind == apdu.ARQC:
        return Decision(Outcome.ONLINE, "the card asks the bank", cvm)
    if card.get("DF4B", bytes(3))[1] & _POSCII_SEE_PHONE:
        return Decision(Outcome.SEE_PHONE, "the watch wants its wearer to confirm first")
    return Decision(Outcome.DECLINED, why or "the card declined")
