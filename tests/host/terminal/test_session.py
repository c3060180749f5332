"""Whole taps over the simulated antenna with test cards of both profiles and a bank of the test's own."""

from __future__ import annotations

import datetime

import pytest

from tapwatch.acquiring import icc, spec
from tapwatch.terminal import amount
from tapwatch.terminal.outcome import Outcome
from tapwatch.terminal.readers.antenna import UdpAntenna
from tapwatch.terminal.readers.builtin import BuiltinReader
from tapwatch.terminal.readers.isodep import Timing
from tapwatch.terminal.readers.port import NoCard
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.session import TapResult, tap
from tests.host.terminal.cards import MASTERCARD_PAN, VISA_PAN, Card, MastercardCard, VisaCard
from tests.host.terminal.udp_card import Radio, UdpCard

FAST = Timing(floor_s=0.15)
AT = datetime.datetime(2026, 11, 22, 9, 30, 0)


class YesBank:
    """Approves everything; keeps what it was sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []

    def exchange(self, fields: dict[str, str]) -> dict[str, str]:
        """Encode, decode, approve."""
        self.messages.append(spec.decode(spec.encode(fields)))
        return {"t": spec.ANSWERS[fields["t"]], "11": fields["11"], "37": fields["37"], "38": "A12345", "39": "00"}


def pay(card: Card, bank: YesBank | None = None, radio: Radio | None = None, **options: object) -> TapResult:
    """One tap of 12.34 CNY."""
    request = TapRequest(amount.parse("12.34", "CNY"), at=AT, **options)
    with UdpCard(card.apdu, radio) as antenna:
        reader = BuiltinReader(UdpAntenna("127.0.0.1", antenna.port), timing=FAST)
        return tap(reader, request, bank, wait_s=2)


@pytest.mark.parametrize(
    "card, scheme, pan", [(VisaCard(), "visa", VISA_PAN), (MastercardCard(), "mastercard", MASTERCARD_PAN)]
)
def test_a_tap_goes_through(card: Card, scheme: str, pan: str) -> None:
    bank = YesBank()
    result = pay(card, bank)
    receipt = result.receipt
    assert result.outcome is Outcome.APPROVED and receipt.approved
    assert (receipt.scheme, receipt.token_pan, receipt.atc) == (scheme, pan, 7)
    assert (receipt.amount_minor, receipt.currency, receipt.amount) == (1234, "CNY", "12.34 CNY")
    (message,) = bank.messages
    assert (message["2"], message["4"], message["49"], message["14"]) == (pan, "000000001234", "156", "3012")
    chip = icc.decode(bytes.fromhex(receipt.field55))
    assert message["55"] == receipt.field55 and chip["9F26"].hex().upper() == receipt.cryptogram
    for tag in ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37"):
        assert chip[tag] == card.seen[tag]
    print(f"NOTE terminal: {scheme} tap {receipt.elapsed_ms} ms, {len(result.trace.exchanges)} commands")


def test_nobody_there() -> None:
    with UdpCard(VisaCard().apdu) as antenna:
        port = antenna.port
    with pytest.raises(NoCard):
        tap(BuiltinReader(UdpAntenna("127.0.0.1", port), timing=FAST), TapRequest(amount.parse("1", "CNY")), wait_s=0.3)
