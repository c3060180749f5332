"""The demo's page of messages to customers: what a gateway for SMS and e-mail would have sent."""

from __future__ import annotations

import datetime
import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tapwatch.bank.idv import Message

PATH = "/messages/"
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>Messages to customers</title>
<style>
 :root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
 body {{ max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }}
 h1 {{ font-size: 1.5rem; margin: 0; }}
 p {{ margin: 0; }}
 .hint, header {{ opacity: .7; font-size: .85rem; }}
 article {{ margin-top: 1rem; padding: .8rem 1rem; border-radius: 12px; background: light-dark(#f1efeb, #1d1f24); }}
</style>
<h1>Messages to customers</h1>
<p class="hint">A test bank sends nothing. Here is what it would have sent; the newest comes first.</p>
{messages}
</html>
"""


def page(messages: Iterable[Message]) -> str:
    """Return the page."""
    return _PAGE.format(messages="\n".join(_article(one) for one in messages) or "<p>None yet.</p>")


def _article(message: Message) -> str:
    at = datetime.datetime.fromtimestamp(message.at, datetime.UTC)
    head = f"{message.method} to {message.address} ({message.customer}), {at:%H:%M:%S} UTC"
    return f"<article><header>{html.escape(head)}</header><p>{html.escape(message.text)}</p></article>"
