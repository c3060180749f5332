"""Whole taps with faults: the field gone after every frame, frames and commands repeated, commands out of order."""

from __future__ import annotations

import pytest

from tapwatch.terminal.outcome import Outcome
from tapwatch.terminal.readers.antenna import UdpAntenna
from tapwatch.terminal.readers.builtin import BuiltinReader
from tapwatch.terminal.readers.faults import CommandFaults, FieldDrop, FrameRepeat
from tapwatch.terminal.readers.isodep import Timing
from tapwatch.terminal.session import TapResult, TapSession
from tests.host.terminal.cards import Card, MastercardCard, VisaCard
from tests.host.terminal.test_online import ScriptedBank, request
from tests.host.terminal.udp_card import Radio, UdpCard

FAST = Timing(floor_s=0.1)
ACTIVATION_FRAMES = 8
PROFILES = {VisaCard: 3, MastercardCard: 5}
"""Commands of a tap."""


def antenna_for(card: UdpCard) -> UdpAntenna:
    return UdpAntenna("127.0.0.1", card.port)


@pytest.mark.parametrize("card_class", PROFILES)
def test_field_lost_after_every_single_frame(card_class: type[Card]) -> None:
    """No half payment: either the bank is asked and the tap is complete, or neither; the second tap goes through."""
    frames = ACTIVATION_FRAMES + 2 * PROFILES[card_class]
    for after in range(1, frames + 1):
        card, bank = card_class(), ScriptedBank("00", "00")
        with UdpCard(card.apdu) as radio:
            drop = FieldDrop(antenna_for(radio), after)
            session = TapSession(BuiltinReader(drop, timing=FAST), bank)
            first = session.tap(request(), wait_s=2)
            complete = after < ACTIVATION_FRAMES or after == frames  # activation is started again by itself
            assert first.outcome is (Outcome.APPROVED if complete else Outcome.TRY_AGAIN), after
            assert len(bank.messages) == int(complete) and bool(first.receipt.field55) is complete
            second = session.tap(request(), wait_s=2)
            assert second.receipt.approved and second.receipt.atc > first.receipt.atc
    print(f"NOTE terminal: {card_class.__name__} field lost after each of {frames} frames")


@pytest.mark.parametrize("card_class", PROFILES)
def test_repeated_frames(card_class: type[Card]) -> None:
    """A frame that arrives twice never makes two payments or a wrong one."""
    for which in range(1, ACTIVATION_FRAMES // 2 + PROFILES[card_class] + 1):
        card, bank = card_class(), ScriptedBank("00")
        with UdpCard(card.apdu) as radio:
            reader = BuiltinReader(FrameRepeat(antenna_for(radio), which), timing=FAST)
            result = TapSession(reader, bank).tap(request(), wait_s=2)
        assert result.outcome in (Outcome.APPROVED, Outcome.TRY_AGAIN, Outcome.END), which
        assert len(bank.messages) == int(result.receipt.approved)


def tapped(card: Card, before) -> tuple[TapResult, CommandFaults]:
    with UdpCard(card.apdu, Radio(block=40)) as radio:
        reader = CommandFaults(BuiltinReader(antenna_for(radio), timing=FAST), before)
        return TapSession(reader, ScriptedBank("00")).tap(request(), wait_s=2), reader


@pytest.mark.parametrize("card_class", PROFILES)
def test_repeated_commands(card_class: type[Card]) -> None:
    for which in range(1, PROFILES[card_class] + 1):
        result, reader = tapped(card_class(), lambda number, apdu, at=which: [apdu] if number == at else [])
        assert len(reader.extra) == 1 and result.receipt.approved
        assert len(result.trace.exchanges) == PROFILES[card_class]


def test_commands_out_of_order() -> None:
    """The terminal's own answers stay apart from those to commands slipped in before."""
    early = bytes.fromhex("80AE8000420000000012340000000000000156800000000001562611220092E97AB0" + "22" + "00" * 36)
    early = early[:5] + early[5:].ljust(0x42, b"\x00")[:0x42] + b"\x00"
    result, reader = tapped(MastercardCard(), lambda number, apdu: [early] if number == 3 else [])
    assert result.receipt.approved and result.receipt.atc == 8 and reader.extra[0][1].endswith(b"\x90\x00")
