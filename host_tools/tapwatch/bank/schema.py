"""The tables. Rules that must never break stand here as constraints as well as in the code.

Times are seconds since 1970, amounts integers in minor units, currencies ISO numeric codes.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData()
row_id = BigInteger().with_variant(Integer, "sqlite")
"""Type of a key that the database numbers; SQLite does so only in an INTEGER key."""
OLD_CARD_EXPIRY = "3012"
"""YYMM of cards that were ordered before cards had an expiry (version 4)."""

MOVES_OFTEN = ("giveback", "share", "unshare", "payout")
"""Reasons of entries of which a payment may have several: parts given back, and what its merchant shares out."""
_MOVES_ONCE = text(f"reason NOT IN ({', '.join(repr(reason) for reason in MOVES_OFTEN)})")


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return the rule that a column holds one of a few words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})")


settings = Table(
    "settings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("currency", Integer, nullable=False),
    Column("balance", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("id", "currency"),
    one_of("kind", "customer", "merchant", "hold", "till"),
    # A customer never goes below zero, nor does the money held for one. Refunds may take a merchant below.
    CheckConstraint("balance >= 0 OR kind IN ('merchant', 'till')", name="no_overdraft"),
)

devices = Table(
    "devices",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("receipt_public", LargeBinary(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("secret_kind", String(16), nullable=False),
    Column("firmware", String(64), nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("bearer_hash", LargeBinary(32), nullable=False),
    Column("last_notice", BigInteger, nullable=False, server_default="0"),
)

challenges = Table(
    "challenges",
    metadata,
    Column("challenge", LargeBinary(16), primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("product", String(20), nullable=False),
    Column("pan", String(19), nullable=False, unique=True),
    Column("par", String(29), nullable=False, unique=True),
    Column("label", String(32), nullable=False),
    Column("accent", Integer, nullable=False),
    Column("expiry", String(4), nullable=False, server_default=OLD_CARD_EXPIRY),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("card_id", ForeignKey("cards.id"), nullable=False),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("pan", String(19), nullable=False, unique=True),
    Column("psn", Integer, nullable=False),
    Column("expiry", String(4), nullable=False),
    Column("limits", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("express_limits", JSON(none_as_null=True)),
    one_of("state", "active", "suspended", "deleted"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("token_id", ForeignKey("tokens.id"), nullable=False),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("nonce", LargeBinary(16), nullable=False),
    Column("request_hash", LargeBinary(32), nullable=False),
    Column("package", LargeBinary, nullable=False),
    Column("state", String(12), nullable=False),
    Column("first_atc", Integer, nullable=False),
    Column("last_atc", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    UniqueConstraint("token_id", "nonce"),
    one_of("state", "outstanding", "live", "dead"),
)

atcs = Table(
    "atcs",
    metadata,
    Column("token_id", ForeignKey("tokens.id"), primary_key=True),
    Column("atc", Integer, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("express", Boolean, nullable=False, server_default=false()),
    Column("key_index", Integer),
    CheckConstraint("atc BETWEEN 1 AND 65535"),
    one_of("state", "issued", "live", "used", "expired"),
    Index("key_index_once", "token_id", "key_index", unique=True),
)

payments = Table(
    "payments",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("token_id", LargeBinary(8), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("atc", Integer),  # none for a payment with an 18-digit code, which has a handle instead
    Column("cryptogram", LargeBinary(8)),
    Column("code_id", ForeignKey("code_handles.id")),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Integer, nullable=False),
    Column("customer_account", ForeignKey("accounts.id"), nullable=False),
    Column("merchant_account", ForeignKey("accounts.id"), nullable=False),
    Column("merchant_name", String(40), nullable=False),
    Column("cdcvm", Boolean, nullable=False),
    Column("state", String(12), nullable=False),
    Column("response", String(2), nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["token_id", "atc"], ["atcs.token_id", "atcs.atc"]),
    UniqueConstraint("token_id", "atc", name="one_payment_per_atc"),
    UniqueConstraint("code_id", name="one_payment_per_handle"),
    CheckConstraint("(atc IS NULL) <> (code_id IS NULL)"),
    CheckConstraint("(channel = 'digits') = (code_id IS NOT NULL)"),
    one_of("channel", "tap", "qr", "digits", "remote"),
    one_of("state", "held", "paid", "declined", "reversed"),
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("identity", String(80), nullable=False),
    Column("original", String(80), nullable=False, index=True),
    Column("content_hash", LargeBinary(32), nullable=False),
    Column("pan", String(19), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("payment_id", ForeignKey("payments.id")),
    Column("answer", JSON, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("kind", "identity", name="one_answer_per_request"),
    one_of("kind", "payment", "advice", "reversal"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("payment_id", ForeignKey("payments.id")),
    Column("reason", String(10), nullable=False),
    Column("debit", BigInteger, nullable=False),
    Column("credit", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["debit", "currency"], ["accounts.id", "accounts.currency"]),
    ForeignKeyConstraint(["credit", "currency"], ["accounts.id", "accounts.currency"]),
    Index(
        "money_moves_once", "payment_id", "reason", unique=True, sqlite_where=_MOVES_ONCE, postgresql_where=_MOVES_ONCE
    ),
    CheckConstraint("amount > 0"),
    CheckConstraint("debit <> credit"),
    one_of("reason", "opening", "purchase", "hold", "capture", "release", "refund", *MOVES_OFTEN),
)

notices = Table(
    "notices",
    metadata,
    Column("device_id", ForeignKey("devices.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("envelope", LargeBinary, nullable=False),
)
