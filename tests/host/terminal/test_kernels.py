"""Both kernels against cards that behave and cards that do not."""

from __future__ import annotations

import datetime

import pytest

from tapwatch.terminal.outcome import Outcome
from tests.host.terminal.cards import (
    CDOL1,
    MASTERCARD_AID,
    MASTERCARD_PAN,
    PDOL,
    VISA_AID,
    VISA_PAN,
    Card,
    MastercardCard,
    VisaCard,
    WalletCard,
    directory,
    template,
    tlv,
)
from tests.host.terminal.direct import pay

LATER = datetime.datetime(2031, 1, 1, 12, 0, 0)
LAST_DAY = datetime.datetime(2030, 12, 31, 23, 59, 59)
OTHER_TRACK = bytes.fromhex("5413339000001521" + "D" + "3012" + "20100000123456F")


def ends(card: Card, outcome: Outcome, why: str = "", text: str = "12.34", **options: object) -> None:
    result = pay(card.apdu, text, **options)
    assert (result.outcome, why in result.receipt.reason) == (outcome, True), result.receipt.reason
    assert not result.receipt.approved and not result.receipt.field55


@pytest.mark.parametrize("card", [VisaCard(), MastercardCard()])
def test_without_a_bank_the_tap_ends_at_the_request(card: Card) -> None:
    result = pay(card.apdu)
    assert result.outcome is Outcome.ONLINE and result.receipt.atc == 7 and len(result.receipt.cryptogram) == 16


def test_terminal_data_reach_the_card() -> None:
    card = VisaCard()
    pay(card.apdu, "12.34", unpredictable=bytes.fromhex("01020304"))
    assert {tag: value.hex() for tag, value in card.seen.items()} == {
        "9F66": "20804000", "9F02": "000000001234", "9F03": "000000000000", "9F1A": "0156", "95": "0000000000",
        "5F2A": "0156", "9A": "261122", "9C": "00", "9F37": "01020304",
    }  # fmt: skip
    pay(card.apdu, "100.00")
    assert card.seen["9F66"].hex() == "20c04000"


def test_every_tap_has_its_own_unpredictable_number() -> None:
    card, seen = VisaCard(), set()
    for _ in range(20):
        pay(card.apdu)
        seen.add(card.seen["9F37"])
    assert len(seen) == 20


@pytest.mark.parametrize("tag", ["82", "57", "9F10", "9F26", "9F36"])
def test_visa_mandatory_tags(tag: str) -> None:
    ends(VisaCard(change={"GPO": {tag: None}}), Outcome.END, f"{tag} ")


@pytest.mark.parametrize(
    "step, tag", [("GPO", "82"), ("GPO", "94"), *[("RECORD", tag) for tag in ("5A", "5F24", "8C")],
                  *[("AC", tag) for tag in ("9F27", "9F36", "9F26", "9F10")]],
)  # fmt: skip
def test_mastercard_mandatory_tags(step: str, tag: str) -> None:
    ends(MastercardCard(change={step: {tag: None}}), Outcome.END, f"{tag} ")


@pytest.mark.parametrize(
    "tag, value, why",
    [
        ("82", "20", "has 1 bytes instead of 2"),
        ("9F26", "00" * 7, "instead of 8"),
        ("9F36", "000007", "instead of 2"),
        ("9F10", "00" * 33, "instead of 1 to 32"),
        ("5F34", "0A", "digits above 9"),
        ("9F27", "C0", "reserved type"),
        ("57", "4761739001010010", "malformed"),
        ("57", "4761739001010010D" + "3012201" + "0" * 14, "malformed"),
        ("57", "4761739001010010D3013201000", "no proper expiry"),
        ("57", "4761739001010011D301220100000123456F", "check digit"),
        ("57", "47617390AB010010D30122010000012345F", "malformed"),
        ("5A", "4761739001010028", "different PANs"),
        ("5F24", "311231", "different expiry"),
        ("5F20", "0102", "control characters"),
        ("94", "10010200", "record"),
        ("94", "100101", "instead of 4"),
        ("94", "1001010010", "entries of 4"),
        ("94", "10020100", "no sense"),
        ("94", "10000000", "no sense"),
        ("94", "11010100", "no sense"),
        ("94", "00010100", "no sense"),
        ("94", "10010102", "no sense"),
        ("94", "1001010010010100", "twice"),
        ("94", "1001FF00", "more than"),
    ],
)
def test_visa_values_that_make_no_sense(tag: str, value: str, why: str) -> None:
    padded = value if len(value) % 2 == 0 else value + "F"
    card = VisaCard(change={"GPO": {tag: bytes.fromhex(padded)}}, raw={"RECORD": bytes.fromhex("6A83")})
    ends(card, Outcome.END, why)


@pytest.mark.parametrize(
    "step, tag, value, why",
    [
        ("RECORD", "5A", "5413339000001514", "check digit"),
        ("RECORD", "5A", "54133390000015AB", "digits above 9"),
        ("RECORD", "5F24", "301232", "no date"),
        ("RECORD", "5F24", "3012", "instead of 3"),
        ("RECORD", "57", OTHER_TRACK.hex(), "different PANs"),
        ("RECORD", "8C", "9F02", "no length"),
        ("RECORD", "8C", "9F02F09F03F0", "has no length"),
        ("RECORD", "82", "0280", "twice"),
        ("GPO", "82", "0200", "magnetic stripe"),
        ("AC", "9F27", "40", "TC when asked for ARQC"),
        ("AC", "9F27", "C0", "reserved type"),
        ("AC", "5A", MASTERCARD_PAN, "twice"),
    ],
)
def test_mastercard_values_that_make_no_sense(step: str, tag: str, value: str, why: str) -> None:
    ends(MastercardCard(change={step: {tag: bytes.fromhex(value)}}), Outcome.END, why)


@pytest.mark.parametrize("card_class", [VisaCard, MastercardCard])
@pytest.mark.parametrize(
    "raw, why",
    [
        (b"", "no status word"),
        (b"\x90", "no status word"),
        (b"\x90\x00", "expected"),
        (bytes.fromhex("82022000") + b"\x90\x00", "expected"),
        (bytes.fromhex("7705") + b"\x90\x00", "no BER-TLV"),
        (bytes.fromhex("77008201") + b"\x90\x00", "no BER-TLV"),
        (bytes.fromhex("77007700") + b"\x90\x00", "expected"),
        (bytes.fromhex("6A80"), "6A80"),
        (bytes.fromhex("6D00"), "6D00"),
        (bytes.fromhex("80020000") + b"\x90\x00", "too short"),
    ],
)
def test_garbage_for_processing_options(card_class: type[Card], raw: bytes, why: str) -> None:
    ends(card_class(raw={"GPO": raw}), Outcome.END, why)


@pytest.mark.parametrize("step", ["PPSE", "SELECT", "RECORD", "AC"])
@pytest.mark.parametrize("raw", ["", "90", "9000", "FFFF9000", "6F059000", "6A82", "6283", "770082019000"])
def test_garbage_for_other_commands(step: str, raw: str) -> None:
    result = pay(MastercardCard(raw={step: bytes.fromhex(raw)}).apdu)
    assert result.outcome is Outcome.END and result.receipt.reason


@pytest.mark.parametrize(
    "status, outcome", [(0x6984, Outcome.OTHER_INTERFACE), (0x6986, Outcome.SEE_PHONE), (0x6985, Outcome.END)]
)
@pytest.mark.parametrize("card_class", [VisaCard, MastercardCard])
def test_refusals_of_processing_options(card_class: type[Card], status: int, outcome: Outcome) -> None:
    ends(card_class(raw={"GPO": status.to_bytes(2, "big")}), outcome)


def test_duplicate_tags() -> None:
    doubled = template("77", {"82": b"\x20\x00"})[2:] * 2
    ends(VisaCard(raw={"GPO": tlv("77", doubled) + b"\x90\x00"}), Outcome.END, "came twice")


def test_see_phone_in_the_cryptogram() -> None:
    """Kernel 2: AAC with cardholder interaction information (POSCII)."""
    for poscii, outcome in (("000100", Outcome.SEE_PHONE), ("000800", Outcome.SEE_PHONE), ("000000", Outcome.DECLINED)):
        ends(MastercardCard(change={"AC": {"9F27": b"\x00", "DF4B": bytes.fromhex(poscii)}}), outcome)
    ends(MastercardCard(raw={"AC": bytes.fromhex("6986")}), Outcome.SEE_PHONE)


@pytest.mark.parametrize(
    "cid, outcome, why", [("00", Outcome.DECLINED, "declined"), ("40", Outcome.DECLINED, "offline")]
)
def test_visa_cryptogram_types(cid: str, outcome: Outcome, why: str) -> None:
    ends(VisaCard(change={"GPO": {"9F27": bytes.fromhex(cid)}}), outcome, why)


@pytest.mark.parametrize("iad, outcome", [("06011203A40000", Outcome.ONLINE), ("06011203840000", Outcome.DECLINED),
                                          ("06011203940000", Outcome.DECLINED), ("06011203B40000", Outcome.END),
                                          ("060112", Outcome.END)])  # fmt: skip
def test_visa_cryptogram_type_without_9f27(iad: str, outcome: Outcome) -> None:
    ends(VisaCard(change={"GPO": {"9F27": None, "9F10": bytes.fromhex(iad)}}), outcome)


def test_declined_by_the_card() -> None:
    ends(MastercardCard(change={"AC": {"9F27": b"\x00"}}), Outcome.DECLINED, "the card declined")


def test_expiry() -> None:
    for card in (VisaCard(), MastercardCard()):
        ends(card, Outcome.ONLINE, at=LAST_DAY)
        ends(card, Outcome.DECLINED, "expired", at=LATER)
    ends(VisaCard(change={"GPO": {"9F6C": bytes.fromhex("0880")}}), Outcome.ONLINE, at=LATER)
    card = MastercardCard()
    pay(card.apdu, at=LATER)
    assert card.commands[-1][2] == 0x00 and card.seen["95"].hex() == "8040000000"


@pytest.mark.parametrize("qualifiers, outcome, cvm", [
    ("0080", Outcome.ONLINE, "on the device"), ("4000", Outcome.ONLINE, "signature"),
    ("8000", Outcome.DECLINED, "none"),
    ("0000", Outcome.DECLINED, "none"), ("", Outcome.DECLINED, "none"), ("C080", Outcome.ONLINE, "on the device"),
])  # fmt: skip
def test_visa_cardholder_verification(qualifiers: str, outcome: Outcome, cvm: str) -> None:
    card = VisaCard(change={"GPO": {"9F6C": bytes.fromhex(qualifiers) or None}})
    result = pay(card.apdu, "100.00")
    assert (result.outcome, result.receipt.cvm) == (outcome, cvm)


@pytest.mark.parametrize("aip, text, wanted, method, cvm", [
    ("0280", "99.99", 0x80, "3f0002", "none"), ("0280", "100.00", 0x80, "010002", "on the device"),
    ("0080", "99.99", 0x80, "3f0002", "none"), ("0080", "100.00", 0x00, "3f0001", "none"),
])  # fmt: skip
def test_mastercard_cardholder_verification(aip: str, text: str, wanted: int, method: str, cvm: str) -> None:
    card = MastercardCard(change={"GPO": {"82": bytes.fromhex(aip)}})
    result = pay(card.apdu, text)
    assert card.commands[-1][2] == wanted and card.seen["9F34"].hex() == method
    assert result.receipt.cvm == (cvm if wanted else "none")
    assert result.outcome is (Outcome.ONLINE if wanted else Outcome.DECLINED)


def test_format_1_answers() -> None:
    record = {"GPO": bytes.fromhex("8006028010010100") + b"\x90\x00"}
    record["AC"] = bytes.fromhex("801D" + "80" + "0009" + "0102030405060708" + "0114A4" + "00" * 15) + b"\x90\x00"
    receipt = pay(MastercardCard(raw=record).apdu).receipt
    assert (receipt.outcome, receipt.atc, receipt.cryptogram) == ("online request", 9, "0102030405060708")


def test_application_that_asks_for_no_ttq() -> None:
    ends(VisaCard(change={"SELECT": {"9F38": None}}), Outcome.END, "does not ask for the TTQ")
    ends(VisaCard(change={"SELECT": {"9F38": bytes.fromhex("9F66")}}), Outcome.END, "no length")


def test_other_application_selected() -> None:
    ends(VisaCard(change={"NAME": {"84": MASTERCARD_AID}}), Outcome.END, "another application")
    ends(VisaCard(change={"NAME": {"84": None}}), Outcome.END, "84 ")


def wallet(listed: bytes, first: Card | None = None) -> WalletCard:
    return WalletCard(first or VisaCard(), MastercardCard(), listed)


def test_priority_decides() -> None:
    for visa, mastercard, scheme in ((1, 2, "visa"), (2, 1, "mastercard"), (0, 15, "mastercard"), (3, 3, "visa")):
        listed = directory((VISA_AID, "BLUE", visa, "03"), (MASTERCARD_AID, "AMBER", mastercard, "02"))
        assert pay(wallet(listed).apdu).receipt.scheme == scheme


@pytest.mark.parametrize("step, raw", [("SELECT", "6A82"), ("SELECT", "6A81"), ("SELECT", "6283"), ("GPO", "6985")])
def test_next_candidate_after_a_refusal(step: str, raw: str) -> None:
    listed = directory((VISA_AID, "BLUE", 1, "03"), (MASTERCARD_AID, "AMBER", 2, "02"))
    result = pay(wallet(listed, VisaCard(raw={step: bytes.fromhex(raw)})).apdu)
    assert (result.outcome, result.receipt.scheme) == (Outcome.ONLINE, "mastercard")


def test_kernel_identifiers() -> None:
    """By 9F2A when it is there, else by the provider; kernels we lack and entries without AID are passed over."""
    aid = tlv("4F", VISA_AID)
    for inner, scheme in (
        (aid, "visa"),
        (aid + tlv("9F2A", "00"), "visa"),
        (aid + tlv("9F2A", "07"), ""),
        (aid + tlv("9F2A", "C30156"), ""),
        (tlv("4F", "A0000001523010"), ""),
        (tlv("50", b"NOAID".hex()), ""),
    ):
        listed = tlv("6F", tlv("84", b"2PAY.SYS.DDF01") + tlv("A5", tlv("BF0C", tlv("61", inner))))
        assert pay(wallet(listed).apdu).receipt.scheme == scheme


@pytest.mark.parametrize(
    "listed, why",
    [
        (tlv("6F", tlv("84", b"1PAY.SYS.DDF01")), "another name"),
        (tlv("70", ""), "not one file"),
        (tlv("6F", tlv("A5", tlv("BF0C", ""))), "no application"),
        (directory(*[(VISA_AID, "X", 1, "07")] * 17), "more than 16"),
        (tlv("6F", tlv("A5", tlv("BF0C", tlv("61", tlv("4F", VISA_AID) * 2)))), "twice"),
        (tlv("6F", tlv("A5", tlv("BF0C", tlv("61", tlv("4F", "A000"))))), "instead of 5 to 16"),
    ],
)
def test_bad_directories(listed: bytes, why: str) -> None:
    ends(wallet(listed), Outcome.END, why)


def test_lists_of_the_test_cards_are_the_usual_ones() -> None:
    assert len(PDOL) == 24 and len(CDOL1) == 39 and VISA_PAN != MASTERCARD_PAN
