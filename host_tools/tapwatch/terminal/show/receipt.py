"""The receipt as a shop would print it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tapwatch.terminal.receipt import Receipt

WIDTH = 40
_CVM_LINES = {"on the device": "Verified on the device", "signature": "Sign here: ____________________"}


def receipt_text(receipt: Receipt) -> str:
    """Aligned lines; the token number masked down to its last four digits."""
    at = datetime.datetime.fromisoformat(receipt.at)
    lines = [receipt.merchant.center(WIDTH).rstrip(), _row(f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}"), "-" * WIDTH]
    lines += [_row(name, value) for name, value in receipt_rows(receipt)]
    lines += ["-" * WIDTH, _row("AMOUNT", receipt.amount), "", receipt.outcome.upper().center(WIDTH).rstrip()]
    if not receipt.approved:
        lines.append(receipt.reason.center(WIDTH).rstrip())
    if receipt.cvm in _CVM_LINES and receipt.approved:
        lines.append(_CVM_LINES[receipt.cvm].center(WIDTH).rstrip())
    return "\n".join(lines) + "\n"


def receipt_rows(receipt: Receipt) -> list[tuple[str, str]]:
    """The lines between head and amount: name and value, without those there is nothing to say for."""
    rows = [
        ("Terminal", receipt.terminal_id),
        ("Merchant", receipt.merchant_id),
        ("Card", receipt.card),
        ("Number", masked(receipt.token_pan)),
        ("ATC", str(receipt.atc) if receipt.atc else ""),
        ("Cryptogram", receipt.cryptogram),
        ("Trace", receipt.stan),
        ("Reference", receipt.rrn),
        ("Authorisation", receipt.authorisation),
        ("Response", receipt.response_code),
    ]
    return [(name, value) for name, value in rows if value]


def masked(pan: str) -> str:
    """A card number with all but its last four digits hidden."""
    return "**** " + pan[-4:] if pan else ""


def _row(left: str, right: str) -> str:
    room = WIDTH - len(left) - 1
    return f"{left} {right:>{room}}"
