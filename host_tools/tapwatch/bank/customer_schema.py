"""The tables behind customers, enrolments, histories of tokens, and mailboxes. `migrations` creates them with the rest.

Times are seconds since 1970.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from tapwatch.bank.schema import metadata, one_of, row_id

_LIVE = text("state IN ('started', 'challenged')")

customers = Table(
    "customers",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("salt", LargeBinary(16), nullable=False),
    Column("password_hash", LargeBinary(32), nullable=False),
    Column("sms", String(20)),
    Column("email", String(128)),
)

customer_accounts = Table(
    "customer_accounts",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("bearer_hash", LargeBinary(32), primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("card_id", ForeignKey("cards.id"), nullable=False),
    Column("decision", String(8), nullable=False),
    Column("state", String(12), nullable=False),
    Column("code_hash", LargeBinary(32)),  # keyed: the six digits cannot be tried out on a copy of the database
    Column("sent", Integer, nullable=False, server_default="0"),
    Column("sent_at", BigInteger, nullable=False, server_default="0"),
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("token_id", ForeignKey("tokens.id")),
    Column("at", BigInteger, nullable=False),
    one_of("decision", "green", "yellow", "red"),
    one_of("state", "started", "challenged", "approved", "declined", "failed", "expired", "replaced"),
    Index("one_live_enrolment", "device_id", "card_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
)

messages = Table(
    "messages",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("method", String(8), nullable=False),
    Column("address", String(128), nullable=False),
    Column("text", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    one_of("method", "sms", "email"),
)

token_events = Table(
    "token_events",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("token_id", ForeignKey("tokens.id"), nullable=False, index=True),
    Column("event", String(12), nullable=False),
    Column("who", String(10), nullable=False),
    Column("at", BigInteger, nullable=False),
    one_of("event", "issued", "keys", "suspended", "active", "deleted"),
    one_of("who", "bank", "operator", "customer", "phone", "watch"),
)

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("ticket_hash", LargeBinary(32), primary_key=True),
    Column("device_id", ForeignKey("devices.id"), nullable=False, index=True),
    Column("challenge", LargeBinary(16)),  # none once the watch has shown itself
    Column("sequence", Integer, nullable=False),
    Column("message", LargeBinary),
    Column("errands", JSON, nullable=False),
    Column("at", BigInteger, nullable=False),
)

strangers = Table(
    "strangers",
    metadata,
    Column("ticket_hash", LargeBinary(32), primary_key=True),
    Column("device_id", LargeBinary(8), nullable=False, index=True),  # of nobody in `devices` yet
    Column("certificate", LargeBinary, nullable=False),
    Column("message", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

CUSTOMER_TABLES = (customers, customer_accounts, sessions, enrolments, messages, token_events, mailboxes, strangers)
"""In an order in which they can be created."""
