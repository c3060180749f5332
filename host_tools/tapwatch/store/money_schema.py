"""The store's tables for orders, licences, contracts and what follows from them. Units as in `schema`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
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

from tapwatch.bank.schema import accounts, devices, journal, one_of, payments, row_id
from tapwatch.store.schema import metadata

_OPEN, _PAID = text("state = 'open'"), text("state = 'paid'")

tills = Table(
    "store_tills",
    metadata,
    Column("currency", Integer, primary_key=True),
    Column("account", ForeignKey(accounts.c.id), nullable=False, unique=True),
)

orders = Table(
    "store_orders",
    metadata,
    Column("number", String(16), primary_key=True),
    Column("device_id", ForeignKey(devices.c.id), nullable=False),
    Column("app_id", ForeignKey("store_apps.id"), nullable=False),
    Column("version", String(14), nullable=False),
    Column("region", String(2), nullable=False),
    Column("currency", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("code", String(512), nullable=False),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("payment_id", ForeignKey(payments.c.id), unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("paid_at", BigInteger),
    CheckConstraint("amount > 0"),
    CheckConstraint("(payment_id IS NULL) = (state IN ('open', 'ended'))"),
    CheckConstraint("(payment_id IS NULL) = (paid_at IS NULL)"),
    one_of("state", "open", "ended", "paid", "refunded", "returned"),
    Index("one_open_order", "device_id", "app_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("one_paid_order", "device_id", "app_id", unique=True, sqlite_where=_PAID, postgresql_where=_PAID),
)

order_keys = Table(
    "store_order_keys",
    metadata,
    Column("device_id", ForeignKey(devices.c.id), primary_key=True),
    Column("key", LargeBinary(16), primary_key=True),
    Column("order_number", ForeignKey("store_orders.number"), nullable=False),
    Column("at", BigInteger, nullable=False),
)

licences = Table(
    "store_licences",
    metadata,
    Column("device_id", ForeignKey(devices.c.id), primary_key=True),
    Column("app_id", ForeignKey("store_apps.id"), primary_key=True),
    Column("serial", Integer, primary_key=True),
    Column("order_number", ForeignKey("store_orders.number"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("not_after", BigInteger),
    Column("envelope", LargeBinary, nullable=False),
    UniqueConstraint("order_number", "kind", name="one_licence_of_a_kind"),
    one_of("kind", "provisional", "final", "ended"),
    CheckConstraint("(kind = 'final') = (not_after IS NULL)"),
)

contracts = Table(
    "store_contracts",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("app_id", ForeignKey("store_apps.id")),
    Column("maker", ForeignKey("store_developers.maker")),
    Column("region", String(2), nullable=False),
    Column("from_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    CheckConstraint("app_id IS NULL OR maker IS NULL"),
    CheckConstraint("from_at >= at", name="contracts_do_not_reach_back"),
)

contract_parts = Table(
    "store_contract_parts",
    metadata,
    Column("contract_id", ForeignKey("store_contracts.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("party", String(40), nullable=False),  # a role, or `=` and the name of a party
    Column("basis_points", Integer, nullable=False),
    UniqueConstraint("contract_id", "party"),
    CheckConstraint("basis_points BETWEEN 0 AND 10000"),
)

sales = Table(
    "store_sales",
    metadata,
    Column("payment_id", ForeignKey(payments.c.id), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("app_id", ForeignKey("store_apps.id"), nullable=False),
    Column("version", String(14), nullable=False),
    Column("region", String(2), nullable=False),
    Column("contract_id", ForeignKey("store_contracts.id"), nullable=False),
    Column("account", ForeignKey(accounts.c.id), nullable=False),
    Column("gross", BigInteger, nullable=False),
    Column("currency", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    one_of("kind", "purchase", "in-app"),
    CheckConstraint("gross > 0"),
)

refunds = Table(
    "store_refunds",
    metadata,
    Column("payment_id", ForeignKey("store_sales.payment_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("key", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("payment_id", "key", name="one_refund_per_request"),
    CheckConstraint("amount > 0"),
    CheckConstraint("number > 0"),
)

payouts = Table(
    "store_payouts",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("party_id", ForeignKey("store_parties.id"), nullable=False),
    Column("currency", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("reference", String(40), nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    CheckConstraint("amount > 0"),
)

lines = Table(
    "store_lines",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("party_id", ForeignKey("store_parties.id"), nullable=False),
    Column("currency", Integer, nullable=False),
    Column("month", String(7), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("payment_id", ForeignKey("store_sales.payment_id")),
    Column("refund_number", Integer),  # 0 for the sale itself
    Column("payout_id", ForeignKey("store_payouts.id"), unique=True),
    Column("gross", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),  # as it changes the account
    Column("journal_id", ForeignKey(journal.c.id), unique=True),  # none for a part of nothing
    UniqueConstraint("payment_id", "party_id", "refund_number", name="shared_once"),
    one_of("kind", "purchase", "in-app", "refund", "payout"),
    CheckConstraint("(payment_id IS NULL) = (payout_id IS NOT NULL)"),
    CheckConstraint("(payment_id IS NULL) = (refund_number IS NULL)"),
    CheckConstraint("(amount = 0) = (journal_id IS NULL)"),
    Index("lines_of_a_month", "party_id", "currency", "month"),
)

statements = Table(
    "store_statements",
    metadata,
    Column("party_id", ForeignKey("store_parties.id"), primary_key=True),
    Column("currency", Integer, primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("opening", BigInteger, nullable=False),
    Column("closing", BigInteger, nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("csv_hash", LargeBinary(32), nullable=False),
    Column("closed_at", BigInteger, nullable=False),
)
