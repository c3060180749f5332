"""The store's tables for apps and the people who make them. Rules that must never break stand here as constraints too.

They are in the bank's database and point at its tables. Times are seconds since 1970, amounts minor units, currencies
ISO numbers, regions ISO codes of two letters or `**`. A version is kept as one number so that it can be compared.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
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

from tapwatch.bank.schema import accounts, one_of, row_id

metadata = MetaData()
EVERYWHERE = "**"
"""The region of what holds in every region."""
_STANDING = text("state <> 'rejected'")

settings = Table(
    "store_settings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

parties = Table(
    "store_parties",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("payout", String(80), nullable=False),
    Column("manufacturer", String(64), unique=True),  # attribute of device certificates; "" for those without one
    one_of("kind", "developer", "store", "manufacturer", "other"),
    CheckConstraint("(kind = 'manufacturer') = (manufacturer IS NOT NULL)"),
)

developers = Table(
    "store_developers",
    metadata,
    Column("maker", String(24), primary_key=True),
    Column("party_id", ForeignKey("store_parties.id"), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("public_key", LargeBinary(64), nullable=False, unique=True),
    Column("certificate", LargeBinary),  # none until the root has signed
    Column("at", BigInteger, nullable=False),
)

publications = Table(
    "store_publications",
    metadata,
    Column("nonce", LargeBinary(16), primary_key=True),
    Column("payload_hash", LargeBinary(32), nullable=False, unique=True),
    Column("maker", String(24), nullable=False),
    Column("action", String(10), nullable=False),
    Column("app_id", String(24), nullable=False),
    Column("version_id", ForeignKey("store_versions.id")),
    Column("at", BigInteger, nullable=False),
    Index("publications_of_a_maker", "maker", "at"),
)

apps = Table(
    "store_apps",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("maker", ForeignKey("store_developers.maker"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("listed", ForeignKey("store_versions.id", use_alter=True, name="listed_version")),
    one_of("state", "open", "withdrawn"),
)

names = Table(
    "store_names",
    metadata,
    Column("name", String(64), primary_key=True),  # in the form in which names are compared
    Column("maker", ForeignKey("store_developers.maker"), nullable=False),
)

payees = Table(
    "store_payees",
    metadata,
    Column("app_id", ForeignKey("store_apps.id"), primary_key=True),
    Column("account", ForeignKey(accounts.c.id), nullable=False, unique=True),
    Column("name", String(25), nullable=False),
    Column("country", String(2), nullable=False),
    Column("currency", Integer, nullable=False),
)

versions = Table(
    "store_versions",
    metadata,
    Column("id", row_id, primary_key=True),
    Column("app_id", ForeignKey("store_apps.id"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("text", String(14), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", String(500), nullable=False, server_default=""),
    Column("facts", JSON, nullable=False),  # what the manifest says
    Column("listing", JSON, nullable=False),
    Column("manifest_hash", LargeBinary(32), nullable=False),
    Column("paid", Boolean, nullable=False),
    Column("archive", LargeBinary, nullable=False),
    Column("submitted", LargeBinary, nullable=False),  # the bundle as the developer signed it
    Column("bundle", LargeBinary),  # countersigned
    Column("digest", LargeBinary(32), unique=True),
    Column("at", BigInteger, nullable=False),
    Column("decided_at", BigInteger),
    Column("void", Boolean, nullable=False, server_default=false()),  # revoked by the root
    one_of("state", "waiting", "accepted", "rejected"),
    CheckConstraint("(state = 'accepted') = (bundle IS NOT NULL)"),
    CheckConstraint("(bundle IS NULL) = (digest IS NULL)"),
    Index("one_standing_version", "app_id", "number", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
)

prices = Table(
    "store_prices",
    metadata,
    Column("version_id", ForeignKey("store_versions.id"), primary_key=True),
    Column("region", String(2), primary_key=True),
    Column("currency", Integer, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    CheckConstraint("amount > 0"),
)

pictures = Table(
    "store_pictures",
    metadata,
    Column("version_id", ForeignKey("store_versions.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, index=True),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("version_id", "digest"),
)
