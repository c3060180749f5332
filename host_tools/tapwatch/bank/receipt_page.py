"""A receipt as one small HTML page: no script, no picture, nothing from anywhere else."""

from __future__ import annotations

import datetime
import html
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.terminal import amount

if TYPE_CHECKING:
    from tapwatch.bank.receipts import Receipt

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
"""A link is a secret: it must not leave in a referrer, an index or a cache."""

_RESULTS = {"held": "Approved", "paid": "Approved", "declined": "Declined", "reversed": "Reversed"}
_CHANNELS = {"tap": "Tap", "qr": "QR code", "digits": "Payment code", "remote": "Merchant code"}
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Receipt</title>
<style>
 body {{ font: 17px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 3rem auto; padding: 0 1rem; }}
 h1 {{ font-size: 2.6rem; font-variant-numeric: tabular-nums; margin: 0; }}
 dl {{ display: grid; grid-template-columns: auto 1fr; gap: .3rem 1.5rem; border-top: 1px solid; padding-top: 1rem; }}
 dt {{ opacity: .6; }}
 dd {{ margin: 0; text-align: right; overflow-wrap: anywhere; }}
 :root {{ color-scheme: light dark; }}
</style>
<p>{result}</p>
<h1>{amount}</h1>
<dl>
{rows}
</dl>
</html>
"""


def page(receipt: Receipt) -> str:
    """Return the page of a receipt."""
    at = datetime.datetime.fromtimestamp(receipt.at, datetime.UTC)
    rows = (
        ("Merchant", receipt.merchant),
        ("Date", f"{at:%Y-%m-%d %H:%M} UTC"),
        ("Card", f"•••• {receipt.last_four}"),
        ("Paid by", _CHANNELS[receipt.channel]),
    )
    lines = [f"<dt>{name}<dd>{html.escape(value)}" for name, value in rows]
    return _PAGE.format(result=_RESULTS[receipt.result], amount=_amount(receipt), rows="\n".join(lines))


def missing() -> str:
    """Return the page for a link that leads nowhere."""
    return _PAGE.format(result="There is no such receipt, or it is too old.", amount="—", rows="")


def _amount(receipt: Receipt) -> str:
    try:
        return str(amount.Money(receipt.amount, amount.currency_numbered(receipt.currency)))
    except UserError:  # a tap may name a number that is no currency; it was declined for that
        return f"{receipt.amount} ({receipt.currency:03d})"
