"""The tables behind what the bank carries to watches without reading it. `migrations` creates them with the rest."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from tapwatch.bank.schema import metadata, row_id

parcels = Table(
    "parcels",
    metadata,
    Column("number", row_id, primary_key=True),
    Column("device_id", ForeignKey("devices.id")),  # none: for every watch
    Column("name", String(40), nullable=False),
    Column("kind", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("parcels_of_a_watch", "device_id", "name"),
    sqlite_autoincrement=True,  # a number never comes back, also when the highest one has gone
)

parcels_taken = Table(
    "parcels_taken",
    metadata,
    Column("device_id", ForeignKey("devices.id"), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

PARCEL_TABLES = (parcels, parcels_taken)
