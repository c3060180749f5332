"""Identification and verification (ID&V) by a one-time code: to whom it goes, how it looks, how it is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tapwatch.bank.customer_schema import customers, messages

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

METHODS = ("sms", "email")
CODE_DIGITS = 6
_LABEL = b"tapwatch enrolment code"
_MOST_SHOWN = 50


@dataclass(frozen=True)
class StepUp:
    """One way to send a code. `address` is masked: enough to know one's own, too little to learn another's."""

    method: str
    address: str


@dataclass(frozen=True)
class Message:
    """A message to a customer, as it would go to a gateway. The text holds a code: a secret."""

    customer: str
    method: str
    address: str
    text: str
    at: int


def methods(customer: Row | None) -> list[StepUp]:
    """Return the ways to reach a customer, none for nobody."""
    if customer is None:
        return []
    found = ((name, getattr(customer, name)) for name in METHODS)
    return [StepUp(name, masked(name, address)) for name, address in found if address]


def masked(method: str, address: str) -> str:
    """Return an address that only its owner recognises: `•••• 0142`, `a•••@example.org`."""
    if method == "sms":
        return f"•••• {address[-4:]}"
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"


def new_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def code_hash(key: bytes, enrolment: bytes, code: str) -> bytes:
    """Return what is kept of a code: an HMAC under a key that is not in the database."""
    return hmac.digest(key, _LABEL + enrolment + code.encode(), hashlib.sha256)


def send(connection: Connection, customer: Row, method: str, code: str, last_four: str, at: int) -> None:
    """Put the message with a code into the box of messages to customers."""
    text = f"{code} is your code to add card •••• {last_four} to a watch. Never tell it to anybody."
    values = {"customer_id": customer.id, "method": method, "address": getattr(customer, method)}
    connection.execute(insert(messages).values(text=text, at=at, **values))


def sent(connection: Connection) -> list[Message]:
    """Return the newest messages to customers, newest first."""
    joined = messages.join(customers)
    query = select(messages, customers.c.name).select_from(joined).order_by(messages.c.id.desc()).limit(_MOST_SHOWN)
    return [Message(row.name, row.method, row.address, row.text, row.at) for row in connection.execute(query)]
