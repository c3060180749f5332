"""One payment by a code that a wearer shows, from the scanned text to the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.acquiring import icc
from tapwatch.terminal import online
from tapwatch.terminal.outcome import Cvm
from tapwatch.terminal.receipt import Receipt
from tapwatch.terminal.scan import scanned
from tapwatch.terminal.scan.presented import PresentedCode, ScanProblem
from tapwatch.terminal.scan.scanned import DigitsCode

if TYPE_CHECKING:
    from tapwatch.terminal.online import OnlineAnswer
    from tapwatch.terminal.request import TapRequest
    from tapwatch.terminal.state import Fields, TerminalState

ENTRY_MODE = "031"
"""Field 22: bar code read; the terminal can take a PIN (ISO 8583:1987)."""


def scan(text: str, request: TapRequest, acquirer: online.Acquirer, state: TerminalState) -> Receipt:
    """Take a payment of `request` with the code `text`. Raises ScanProblem for a text that is no payment code."""
    code = scanned.read(text)
    if isinstance(code, PresentedCode) and not code.payable:
        raise ScanProblem("the code carries no cryptogram that a bank could check")
    host = online.Host(acquirer, state)
    purchase = message(request, code, state.next_stan())
    answer = host.authorise(purchase)
    receipt = _receipt(request, code, purchase, answer)
    host.complete()
    return receipt


def message(request: TapRequest, code: DigitsCode | PresentedCode, stan: int) -> Fields:
    """The purchase for a code."""
    fields = online.purchase_fields(request, stan, ENTRY_MODE)
    if isinstance(code, DigitsCode):
        return {**fields, "2": code.digits}
    fields |= {"2": code.pan, "55": icc.encode(code.chip).hex().upper()}
    optional = {"14": code.expiry, "23": code.sequence and f"{int(code.sequence):03}"}
    return fields | {name: value for name, value in optional.items() if value}


def _receipt(request: TapRequest, code: DigitsCode | PresentedCode, purchase: Fields, answer: OnlineAnswer) -> Receipt:
    presented = code if isinstance(code, PresentedCode) else None
    return Receipt(
        approved=answer.approved,
        amount_minor=request.money.minor,
        currency=request.money.currency.code,
        scheme="",
        token_pan=presented.pan if presented else "",
        atc=int.from_bytes(presented.chip["9F36"], "big") if presented else 0,
        cryptogram=presented.chip["9F26"].hex().upper() if presented else "",
        field55=purchase.get("55", ""),
        elapsed_ms=0.0,
        outcome="approved" if answer.approved else "declined",
        reason=answer.reason,
        cvm=Cvm.NONE.value,
        amount=str(request.money),
        card=presented.label if presented else "Payment code",
        token_expiry=presented.expiry if presented else "",
        merchant=request.terminal.merchant_name,
        merchant_id=request.terminal.merchant_id,
        terminal_id=request.terminal.terminal_id,
        at=request.at.isoformat(timespec="seconds"),
        stan=purchase["11"],
        rrn=purchase["37"],
        authorisation=answer.authorisation,
        response_code=answer.response_code,
    )
