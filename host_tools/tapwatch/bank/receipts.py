"""Receipts on the web: one page for each payment, under a link nobody can guess.

A link is 128 random bits behind the bank's address. Whoever has it sees the receipt, and nothing else of the payment's
owner: no account number, no token. After RETENTION_S the page is gone; the payment stays in the books.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import delete, func, insert, select

from tapwatch.bank.code_schema import receipts
from tapwatch.bank.problems import SetupProblem, UnknownProblem
from tapwatch.bank.schema import cards, journal, payments, tokens

if TYPE_CHECKING:
    from sqlalchemy import Connection

RETENTION_S = 90 * 86_400
"""Long enough to bring something back to a shop."""
MAX_LINK_BYTES = 120  # docs/formats.md, `tapwatch/notice` key 11
PATH = "/r/"
_ID_BYTES = 16
_ID_CHARACTERS = 22  # 16 bytes in base64url without padding


@dataclass(frozen=True)
class Receipt:
    """What the page shows."""

    result: str
    """`held`, `paid`, `declined` or `reversed`."""
    amount: int
    """Minor units: what the merchant got, or asked for."""
    currency: int
    merchant: str
    last_four: str
    """Of the card, not of the token."""
    channel: str
    at: int


class Receipts:
    """Makes links and finds what they lead to.

    Args:
        base: address that links begin with, "" for none yet; `use_base` sets it later.

    Raises SetupProblem for an address that cannot be in a link.
    """

    def __init__(self, base: str = "") -> None:
        self._base = ""
        if base:
            self.use_base(base)

    @property
    def has_base(self) -> bool:
        """True if links have an address."""
        return bool(self._base)

    def use_base(self, base: str) -> None:
        """Set the address that links begin with. Raises SetupProblem."""
        address = urlsplit(base)
        plain = base.isascii() and base.isprintable() and " " not in base
        if address.scheme not in ("http", "https") or not address.hostname or not plain or address.query:
            raise SetupProblem(f"{base!r} is no address for receipts", "give one like https://bank.example")
        trimmed = base.rstrip("/")
        if len(trimmed) + len(PATH) + _ID_CHARACTERS > MAX_LINK_BYTES:
            raise SetupProblem("the address for receipts is too long for a watch", "choose a shorter one")
        self._base = trimmed

    def link(self, connection: Connection, payment_id: int, at: int) -> str:
        """Return the link to a payment's receipt, the same each time; "" while there is no address."""
        if not self._base:
            return ""
        own = receipts.c.payment_id == payment_id
        name = connection.execute(select(receipts.c.id).where(own)).scalar()
        if name is None:
            connection.execute(delete(receipts).where(receipts.c.expires_at < at))
            name = secrets.token_urlsafe(_ID_BYTES)
            row = {"id": name, "payment_id": payment_id, "expires_at": at + RETENTION_S}
            connection.execute(insert(receipts).values(**row))
        return f"{self._base}{PATH}{name}"

    @staticmethod
    def find(connection: Connection, name: str, at: int) -> Receipt:
        """Return the receipt that the last part of a link names. Raises UnknownProblem."""
        joined = receipts.join(payments).join(tokens, payments.c.token_id == tokens.c.id).join(cards)
        got = (journal.c.payment_id == payments.c.id, journal.c.reason.in_(("purchase", "capture")))
        taken = select(journal.c.amount).where(*got).scalar_subquery()
        amount = func.coalesce(taken, payments.c.amount).label("shown")
        query = select(payments, amount, cards.c.pan.label("card_pan")).select_from(joined)
        own = (receipts.c.id == name, receipts.c.expires_at >= at)
        row = connection.execute(query.where(*own)).one_or_none()
        if row is None:
            raise UnknownProblem("there is no such receipt", "receipts are kept for 90 days")
        money = (row.shown, row.currency)
        return Receipt(row.state, *money, row.merchant_name, row.card_pan[-4:], row.channel, row.at)
