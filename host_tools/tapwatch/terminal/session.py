"""One tap from field on to receipt: this is the terminal."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tapwatch.acquiring import icc
from tapwatch.terminal import online
from tapwatch.terminal.channel import Channel
from tapwatch.terminal.emv import apdu, entry_point, kernel2, kernel3, terminal_data
from tapwatch.terminal.emv.kernel import Result, Transaction
from tapwatch.terminal.outcome import CardProblem, Decision, Outcome
from tapwatch.terminal.readers.port import CardLost, ReaderThatAsks
from tapwatch.terminal.receipt import Receipt
from tapwatch.terminal.state import TerminalState
from tapwatch.terminal.trace import Trace

if TYPE_CHECKING:
    from tapwatch.terminal.emv.entry_point import Candidate
    from tapwatch.terminal.readers.port import Reader
    from tapwatch.terminal.request import TapRequest

KERNELS = {entry_point.MASTERCARD: kernel2.run, entry_point.VISA: kernel3.run}
FIELD_55 = (
    *("9F26", "9F27", "9F10", "9F37", "9F36", "95", "9A", "9C", "9F02", "5F2A", "82", "9F1A", "9F03", "9F33"),
    *("9F34", "9F35", "84", "5F34", "9F1E", "9F41", "9F6E"),
)
"""Data objects for the bank, in this order, where they exist (EMV Book 4 table 9)."""


@dataclass(frozen=True)
class TapResult:
    """How a tap went."""

    outcome: Outcome
    receipt: Receipt
    trace: Trace


@dataclass(frozen=True)
class _CardSide:
    """What came out of the field."""

    candidate: Candidate | None
    result: Result


class TapSession:
    """A terminal that stands and takes one tap after the other.

    Args:
        reader: where cards are presented.
        acquirer: the bank; without one a tap ends with the outcome `online request`.
        state: trace number and waiting reversals; in memory when not given.
    """

    def __init__(
        self, reader: Reader, acquirer: online.Acquirer | None = None, state: TerminalState | None = None
    ) -> None:
        self._reader = reader
        self._state = state or TerminalState()
        self._host = online.Host(acquirer, self._state) if acquirer else None

    def tap(self, request: TapRequest, wait_s: float = 10.0) -> TapResult:
        """Take one tap. Raises NoCard when nobody presents a card within `wait_s`.

        With the outcome `see phone` or `try again`, call it again with a fresh request: it is the second tap.
        """
        trace = Trace(reader=self._reader.name)
        stan = self._state.next_stan()
        card = self._with_card(request, stan, trace, wait_s)
        if card.result.decision.outcome is not Outcome.ONLINE or self._host is None:
            trace.notes.append(f"{card.result.decision.outcome.value}: {card.result.decision.reason}")
            return TapResult(card.result.decision.outcome, _receipt(request, card, trace, {}, None), trace)
        return self._go_online(self._host, request, card, stan, trace)

    def _with_card(self, request: TapRequest, stan: int, trace: Trace, wait_s: float) -> _CardSide:
        """Everything that happens in the field; the field is off afterwards."""
        started = time.perf_counter()
        try:
            trace.card = str(self._reader.connect(wait_s))
            trace.activation_ms = (time.perf_counter() - started) * 1000
            return self._heard(_run_kernels(Channel(self._reader, trace), request, stan))
        except CardLost as problem:
            return self._heard(_CardSide(None, Result(Decision(Outcome.TRY_AGAIN, f"the card was lost: {problem}"))))
        except CardProblem as problem:
            return _CardSide(None, Result(Decision(Outcome.END, str(problem))))
        finally:
            trace.card_ms = (time.perf_counter() - started) * 1000 - trace.activation_ms
            self._reader.disconnect()

    def _heard(self, card: _CardSide) -> _CardSide:
        """A refusal of the wearer is no reason to try again, whatever the card's answer means to a kernel."""
        why = self._reader.refusal() if isinstance(self._reader, ReaderThatAsks) else ""
        if not why:
            return card
        return _CardSide(card.candidate, replace(card.result, decision=Decision(Outcome.DECLINED, why)))

    def _go_online(self, host: online.Host, request: TapRequest, card: _CardSide, stan: int, trace: Trace) -> TapResult:
        purchase = online.purchase_message(request, card.result, stan, field_55(card.result))
        answer = host.authorise(purchase)
        trace.notes += host.log
        host.log.clear()
        outcome = Outcome.APPROVED if answer.approved else Outcome.DECLINED
        trace.notes.append(f"{outcome.value}: {answer.reason}")
        result = TapResult(outcome, _receipt(request, card, trace, purchase, answer), trace)
        host.complete()
        return result


def tap(
    reader: Reader,
    request: TapRequest,
    acquirer: online.Acquirer | None = None,
    state: TerminalState | None = None,
    wait_s: float = 10.0,
) -> TapResult:
    """Take one tap with a terminal made for it. See `TapSession`."""
    return TapSession(reader, acquirer, state).tap(request, wait_s)


def _run_kernels(channel: Channel, request: TapRequest, stan: int) -> _CardSide:
    """Go through the candidates until one takes the transaction."""
    last = Decision(Outcome.END, "the card has no application this terminal takes")
    for candidate in entry_point.candidates(channel):
        card, status = entry_point.select(channel, candidate)
        if card is None:
            last = Decision(Outcome.END, f"SELECT answered {status:04X}: {apdu.meaning(status)}")
            continue
        values = terminal_data.build(request, stan)
        transaction = Transaction(channel, card, values, request.needs_cvm, request.at.date())
        result = KERNELS[candidate.kernel](transaction)
        if result.decision.outcome is not Outcome.SELECT_NEXT:
            return _CardSide(candidate, result)
        last = Decision(Outcome.END, result.decision.reason)
    return _CardSide(None, Result(last))


def field_55(result: Result) -> str:
    """The chip data for the bank, in upper-case hex."""
    return icc.encode({tag: result.chip[tag] for tag in FIELD_55 if tag in result.chip}).hex().upper()


def _receipt(
    request: TapRequest, card: _CardSide, trace: Trace, purchase: dict[str, str], answer: online.OnlineAnswer | None
) -> Receipt:
    result, decision = card.result, card.result.decision
    approved = answer is not None and answer.approved
    return Receipt(
        approved=approved,
        amount_minor=request.money.minor,
        currency=request.money.currency.code,
        scheme=entry_point.KERNELS[card.candidate.kernel] if card.candidate else "",
        token_pan=result.pan,
        atc=int.from_bytes(result.chip.get("9F36", b""), "big"),
        cryptogram=result.chip.get("9F26", b"").hex().upper(),
        field55=purchase.get("55", ""),
        elapsed_ms=round(trace.card_ms, 1),
        outcome=("approved" if approved else "declined") if answer else decision.outcome.value,
        reason=answer.reason if answer else decision.reason,
        cvm=decision.cvm.value,
        amount=str(request.money),
        card=card.candidate.label if card.candidate else "",
        token_expiry=result.expiry,
        merchant=request.terminal.merchant_name,
        merchant_id=request.terminal.merchant_id,
        terminal_id=request.terminal.terminal_id,
        at=request.at.isoformat(timespec="seconds"),
        stan=purchase.get("11", ""),
        rrn=purchase.get("37", ""),
        authorisation=answer.authorisation if answer else "",
        response_code=answer.response_code if answer else "",
    )
