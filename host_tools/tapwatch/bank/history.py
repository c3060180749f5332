"""What happened to a token, and by whom; and so who may let it pay again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from tapwatch.bank.customer_schema import token_events
from tapwatch.bank.schema import journal, payments

if TYPE_CHECKING:
    from sqlalchemy import Connection

OPERATOR, CUSTOMER, PHONE, BANK = "operator", "customer", "phone", "bank"
_RANK = {PHONE: 0, CUSTOMER: 1, OPERATOR: 2, BANK: 2}
_BACK = ("release", "refund", "giveback")
"""Reasons of entries that bring money back to the customer."""
MOST = 50
"""Events, and payments, that are shown of one token."""


@dataclass(frozen=True)
class Event:
    """`event` is `issued`, `keys` for a batch of keys, or the new state; `who` caused it."""

    event: str
    who: str
    at: int


@dataclass(frozen=True)
class PaymentFacts:
    """One payment of a token."""

    merchant: str
    amount_minor: int
    currency: int
    state: str
    at: int
    back_minor: int
    """What came back of it."""


def record(connection: Connection, token_id: bytes, event: str, who: str, at: int) -> None:
    """Write down what happened."""
    connection.execute(insert(token_events).values(token_id=token_id, event=event, who=who, at=at))


def events(connection: Connection, token_id: bytes) -> list[Event]:
    """Return the newest events, newest first."""
    own = select(token_events).where(token_events.c.token_id == token_id)
    rows = connection.execute(own.order_by(token_events.c.id.desc()).limit(MOST))
    return [Event(row.event, row.who, row.at) for row in rows]


def payments_of(connection: Connection, token_id: bytes) -> list[PaymentFacts]:
    """Return the newest payments, newest first."""
    moved = (journal.c.payment_id == payments.c.id, journal.c.reason.in_(_BACK))
    back = select(func.coalesce(func.sum(journal.c.amount), 0)).where(*moved).scalar_subquery()
    own = select(payments, back.label("back")).where(payments.c.token_id == token_id)
    rows = connection.execute(own.order_by(payments.c.id.desc()).limit(MOST))
    return [PaymentFacts(row.merchant_name, row.amount, row.currency, row.state, row.at, int(row.back)) for row in rows]


def may_resume(connection: Connection, token_id: bytes, who: str) -> bool:
    """True if `who` ranks no lower than who suspended the token: a thief with the phone cannot undo its owner's word.

    The bank suspends a token whose counter repeats, and so is every token taken that was suspended before histories
    were kept.
    """
    own = (token_events.c.token_id == token_id, token_events.c.event == "suspended")
    newest = select(token_events.c.who).where(*own).order_by(token_events.c.id.desc()).limit(1)
    return _RANK[who] >= _RANK[connection.execute(newest).scalar() or BANK]
