"""Customers: who logs in, and whose the accounts and cards are."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tapwatch.bank import passwords
from tapwatch.bank.customer_schema import customer_accounts, customers, sessions
from tapwatch.bank.problems import AccessProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.bank.schema import accounts, cards, tokens

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

SESSION_S = 1800
"""A session ends after half an hour, used or not."""
_BEARER_BYTES = 24
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_SMS = re.compile(r"\+?[0-9]{6,16}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,63}")


@dataclass(frozen=True)
class Session:
    """What a customer sends with each request. `bearer` is a secret; the bank holds only its hash."""

    bearer: str
    expires_at: int


@dataclass(frozen=True)
class Account:
    """An account of a customer, with what is on it in minor units."""

    number: int
    currency: int
    balance_minor: int


@dataclass(frozen=True)
class CardFacts:
    """What a customer sees of a card. `pan` is what is printed on it."""

    number: int
    account: int
    product: str
    label: str
    pan: str
    expiry: str
    accent: int


def create(connection: Connection, name: str, password: str, sms: str | None, email: str | None) -> int:
    """Make a customer and return the number. Raises RequestProblem, StateProblem for a name that is taken."""
    if not _NAME.fullmatch(name):
        raise RequestProblem("a name has 1 to 64 small letters, digits, dots, dashes and @")
    if (sms is not None and not _SMS.fullmatch(sms)) or (email is not None and not _EMAIL.fullmatch(email)):
        raise RequestProblem("that is no phone number, or no address for e-mail")
    passwords.check(password)
    if find(connection, name) is not None:
        raise StateProblem(f"there is a customer {name} already")
    salt = secrets.token_bytes(passwords.SALT_BYTES)
    values = {"salt": salt, "password_hash": passwords.hashed(password, salt), "sms": sms, "email": email}
    row = insert(customers).values(name=name, **values).returning(customers.c.id)
    return connection.execute(row).scalar_one()


def set_password(connection: Connection, customer: int, password: str) -> None:
    """Give a customer another password; every session ends. Raises RequestProblem."""
    passwords.check(password)
    salt = secrets.token_bytes(passwords.SALT_BYTES)
    values = {"salt": salt, "password_hash": passwords.hashed(password, salt)}
    connection.execute(update(customers).where(customers.c.id == customer).values(**values))
    connection.execute(delete(sessions).where(sessions.c.customer_id == customer))


def find(connection: Connection, name: str) -> Row | None:
    """Return the row of a customer, None if there is none of that name."""
    return connection.execute(select(customers).where(customers.c.name == name)).one_or_none()


def give_account(connection: Connection, customer: int, account: int) -> None:
    """Make an account a customer's. Raises UnknownProblem, StateProblem if it is somebody's."""
    kind = connection.execute(select(accounts.c.kind).where(accounts.c.id == account)).scalar()
    known = connection.execute(select(customers.c.id).where(customers.c.id == customer)).scalar()
    if kind != "customer" or known is None:
        raise UnknownProblem(f"there is no customer account {account}, or no such customer")
    if owner_of(connection, account) is not None:
        raise StateProblem(f"account {account} belongs to a customer already")
    connection.execute(insert(customer_accounts).values(account_id=account, customer_id=customer))


def owner_of(connection: Connection, account: int) -> Row | None:
    """Return the customer of an account, None if nobody can log in for it."""
    joined = customers.join(customer_accounts, customer_accounts.c.customer_id == customers.c.id)
    query = select(customers).select_from(joined).where(customer_accounts.c.account_id == account)
    return connection.execute(query).one_or_none()


def accounts_of(connection: Connection, customer: int) -> list[Account]:
    """Return the accounts of a customer."""
    joined = accounts.join(customer_accounts, customer_accounts.c.account_id == accounts.c.id)
    query = select(accounts).select_from(joined).where(customer_accounts.c.customer_id == customer)
    return [Account(row.id, row.currency, row.balance) for row in connection.execute(query.order_by(accounts.c.id))]


def cards_of(connection: Connection, customer: int) -> list[CardFacts]:
    """Return the cards of a customer."""
    joined = cards.join(customer_accounts, customer_accounts.c.account_id == cards.c.account_id)
    query = select(cards).select_from(joined).where(customer_accounts.c.customer_id == customer)
    return [
        CardFacts(row.id, row.account_id, row.product, row.label, row.pan, row.expiry, row.accent)
        for row in connection.execute(query.order_by(cards.c.id))
    ]


def tokens_of(connection: Connection, customer: int) -> list[bytes]:
    """Return the ids of all tokens of a customer's cards."""
    joined = tokens.join(cards).join(customer_accounts, customer_accounts.c.account_id == cards.c.account_id)
    query = select(tokens.c.id).select_from(joined).where(customer_accounts.c.customer_id == customer)
    return list(connection.execute(query.order_by(tokens.c.card_id, tokens.c.id)).scalars())


def open_session(connection: Connection, customer: int, at: int) -> Session:
    """Begin a session. Old ones are forgotten on the way."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= at))
    bearer = secrets.token_urlsafe(_BEARER_BYTES)
    values = {"bearer_hash": _hash(bearer), "customer_id": customer, "expires_at": at + SESSION_S}
    connection.execute(insert(sessions).values(**values))
    return Session(bearer, at + SESSION_S)


def end_session(connection: Connection, bearer: str) -> None:
    """End a session; harmless if there is none."""
    connection.execute(delete(sessions).where(sessions.c.bearer_hash == _hash(bearer)))


def logged_in(connection: Connection, bearer: str, at: int) -> int:
    """Return the customer of a session. Raises AccessProblem for one that has ended or never was."""
    own = sessions.c.bearer_hash == _hash(bearer)
    row = connection.execute(select(sessions).where(own)).one_or_none()
    if row is None or row.expires_at <= at:
        raise AccessProblem("the session has ended", "log in again")
    return row.customer_id


def _hash(bearer: str) -> bytes:
    return hashlib.sha256(bearer.encode()).digest()
