"""The tables behind payment codes, merchant codes, receipts and lost watches. `migrations` creates them with the rest.

Times are seconds since 1970, amounts integers in minor units.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from tapwatch.bank.schema import metadata, one_of, row_id

_HELD = text("state <> 'ended'")

code_books = Table(
    "code_books",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("token_id", ForeignKey("tokens.id"), nullable=False, index=True),
    Column("batch_number", Integer, nullable=False),
    Column("salt", LargeBinary(16), nullable=False),  # what the seed is derived from; the key to it is not in here
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("per_code", BigInteger, nullable=False),
    Column("in_all", BigInteger, nullable=False),
)

code_handles = Table(
    "code_handles",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("book_id", ForeignKey("code_books.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("handle", String(8), nullable=False),
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("state", String(8), nullable=False),
    UniqueConstraint("book_id", "number"),
    one_of("state", "live", "used", "dead", "ended"),
    Index("one_code_per_handle", "handle", unique=True, sqlite_where=_HELD, postgresql_where=_HELD),
)
code_guesses = Table(
    "code_guesses",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("merchant", String(64), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
)

merchant_payments = Table(
    "merchant_payments",
    metadata,
    Column("payload_hash", LargeBinary(32), primary_key=True),
    Column("payment_id", ForeignKey("payments.id")),
    Column("bill", LargeBinary(32)),  # hash of a code that may be paid once, set by the payment that did
    Column("response", String(2), nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("bill", name="one_payment_per_bill"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("payment_id", ForeignKey("payments.id"), nullable=False, unique=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

device_states = Table(
    "device_states",
    metadata,
    Column("device_id", ForeignKey("devices.id"), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    one_of("state", "lost", "wiped"),
)

CODE_TABLES = (code_books, code_handles, code_guesses, merchant_payments, receipts, device_states)
"""In an order in which they can be created."""
