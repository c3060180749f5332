"""Traces and receipts as people and the simulator's page see them."""

from __future__ import annotations

import json
from typing import get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st

from tapwatch.simulator import tapping
from tapwatch.terminal.session import tap
from tapwatch.terminal.show.page import page_result
from tapwatch.terminal.show.receipt import WIDTH as RECEIPT_WIDTH
from tapwatch.terminal.show.receipt import receipt_text
from tapwatch.terminal.show.trace import trace_text
from tapwatch.terminal.show.tree import WIDTH, tree
from tests.host.terminal.cards import VISA_PAN, MastercardCard, VisaCard
from tests.host.terminal.direct import DirectReader, pay
from tests.host.terminal.test_online import ScriptedBank, request


def test_trace_of_a_tap() -> None:
    result = pay(MastercardCard().apdu, "100.00", ScriptedBank("00"))
    text = trace_text(result.trace)
    for wanted in (
        "1  SELECT 2PAY.SYS.DDF01",
        "-> 00A404000E325041592E5359532E444446303100",
        "5  GENERATE AC (ARQC)",
        "9F02 Amount, authorised: 000000010000  10000 minor units",
        "9F34 Cardholder verification results: 010002  on the device, successful",
        "9F27 Cryptogram information data: 80  ARQC (ask the bank)",
        "94   Application file locator: 10010100  file 2 records 1 to 1",
        "9000 done",
        "0210 00 approved",
    ):
        assert wanted in text
    assert sum(line.endswith(" ms") and line[0].isdigit() for line in text.splitlines()) >= 5
    assert max(map(len, text.splitlines())) <= WIDTH


def test_trace_of_a_card_that_left() -> None:
    result = tap(DirectReader(VisaCard().apdu, lost_after=2), request())
    assert "nothing: the card was lost" in trace_text(result.trace)
    assert result.outcome.value == "try again" and result.receipt.reason.startswith("the card was lost")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120))
def test_any_answer_can_be_shown(raw: bytes) -> None:
    result = pay(VisaCard(raw={"GPO": raw}).apdu)
    assert trace_text(result.trace) and receipt_text(result.receipt)
    json.dumps(page_result(result))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_make_a_tree(data: bytes) -> None:
    assert all(line.isprintable() for line in tree(data))


def test_receipt_is_aligned_and_hides_the_number() -> None:
    text = receipt_text(pay(VisaCard().apdu, "1234.50", ScriptedBank("00")).receipt)
    lines = text.splitlines()
    assert all(len(line) <= RECEIPT_WIDTH for line in lines)
    amount_line = next(line for line in lines if line.startswith("AMOUNT"))
    assert amount_line == "AMOUNT" + "1234.50 CNY".rjust(RECEIPT_WIDTH - len("AMOUNT"))
    assert "APPROVED" in text and "**** 0010" in text and VISA_PAN not in text and "Verified on the device" in text


def test_receipt_says_why_not() -> None:
    text = receipt_text(pay(VisaCard().apdu, "1", ScriptedBank("51")).receipt)
    assert "DECLINED" in text and "not enough money" in text and "Verified" not in text


def test_receipt_json_has_what_was_promised() -> None:
    entry = pay(VisaCard().apdu, "12.34", ScriptedBank("00")).receipt.to_json()
    promised = {"approved": bool, "amount_minor": int, "currency": str, "scheme": str, "token_pan": str, "atc": int,
                "cryptogram": str, "field55": str, "elapsed_ms": float}  # fmt: skip
    for name, kind in promised.items():
        assert type(entry[name]) is kind, name
    assert json.loads(json.dumps(entry)) == entry


def test_page_has_the_shape_the_simulator_declares() -> None:
    result = page_result(pay(VisaCard().apdu, "12.34", ScriptedBank("00")))
    assert set(result) == set(get_type_hints(tapping.TapResult))
    assert all(set(exchange) == set(get_type_hints(tapping.Exchange)) for exchange in result["exchanges"])
    fields = [field for exchange in result["exchanges"] for field in exchange["fields"]]
    assert all(set(field) == set(get_type_hints(tapping.Field)) for field in fields)
    assert {"depth": 1, "tag": "9F36", "name": "Application transaction counter", "value": "0007  7"} in fields
