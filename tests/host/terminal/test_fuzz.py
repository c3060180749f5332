"""Every byte of every answer changed, and random answers: each tap ends with an outcome, never with a crash."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapwatch.terminal.show.trace import trace_text
from tests.fuzz.campaign import count
from tests.host.terminal.cards import Card, MastercardCard, VisaCard
from tests.host.terminal.direct import pay
from tests.host.terminal.test_online import ScriptedBank

LONG = os.environ.get("TAPWATCH_LONG") == "1"
MASKS = range(1, 256) if LONG else (0x01, 0x20, 0x80)
STEPS = {VisaCard: ("PPSE", "SELECT", "GPO"), MastercardCard: ("PPSE", "SELECT", "GPO", "RECORD", "AC")}


def answers(card_class: type[Card]) -> dict[str, bytes]:
    """The good answer of each step."""
    card, kept = card_class(), {}

    def listen(command: bytes) -> bytes:
        kept[card.step(command)] = answer = card.apdu(command)
        return answer

    pay(listen)
    return kept


@pytest.mark.parametrize("card_class", STEPS)
def test_every_changed_byte(card_class: type[Card]) -> None:
    good, outcomes = answers(card_class), Counter()
    assert tuple(good) == STEPS[card_class]
    for step, answer in good.items():
        for position in range(len(answer)):
            for mask in MASKS:
                changed = bytearray(answer)
                changed[position] ^= mask
                result = pay(card_class(raw={**good, step: bytes(changed)}).apdu, "12.34", ScriptedBank("00"))
                outcomes[result.outcome.value] += 1
                assert result.receipt.approved == bool(result.receipt.response_code)
                assert result.receipt.reason
    print(f"NOTE terminal: {card_class.__name__} {sum(outcomes.values())} changed answers: {dict(outcomes)}")


@pytest.mark.parametrize("card_class", STEPS)
def test_every_shortened_answer(card_class: type[Card]) -> None:
    good = answers(card_class)
    for step, answer in good.items():
        for end in range(len(answer)):
            cut = answer[:end] + (b"\x90\x00" if end < len(answer) - 2 else b"")
            result = pay(card_class(raw={**good, step: cut}).apdu, "12.34", ScriptedBank("00"))
            assert not result.receipt.approved, (step, end)


@settings(max_examples=count(200, 5), deadline=None)
@given(st.lists(st.binary(max_size=60), min_size=1, max_size=6))
def test_random_answers(script: list[bytes]) -> None:
    left = list(script)
    result = pay(lambda command: left.pop(0) if left else b"\x6f\x00", "12.34", ScriptedBank("00"))
    assert not result.receipt.approved and result.receipt.reason and trace_text(result.trace)
