"""Version 3 of the database: payment codes, merchant codes, receipts, lost watches.

A payment may now have a handle in place of an ATC, so its table is made anew. SQLite cannot change a column; the rows
go out and come back in one transaction, and foreign keys are checked again at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from tapwatch.bank.code_schema import CODE_TABLES
from tapwatch.bank.schema import metadata, payments
from tapwatch.bank.triggers import CODE_TRIGGERS

if TYPE_CHECKING:
    from sqlalchemy import Connection

_KEPT = (
    "id, token_id, atc, amount, currency, customer_account, merchant_account, merchant_name, cdcvm, state, response, at"
)
_POSTGRESQL = (
    "ALTER TABLE payments ALTER COLUMN atc DROP NOT NULL",
    "ALTER TABLE payments ADD COLUMN channel VARCHAR(8) NOT NULL DEFAULT 'tap'",
    "ALTER TABLE payments ALTER COLUMN channel DROP DEFAULT",
    "ALTER TABLE payments ADD COLUMN cryptogram BYTEA",
    "ALTER TABLE payments ADD COLUMN code_id BIGINT REFERENCES code_handles (id)",
    "ALTER TABLE payments ADD CONSTRAINT one_payment_per_handle UNIQUE (code_id)",
    "ALTER TABLE payments ADD CHECK ((atc IS NULL) <> (code_id IS NULL))",
    "ALTER TABLE payments ADD CHECK ((channel = 'digits') = (code_id IS NOT NULL))",
    "ALTER TABLE payments ADD CHECK (channel IN ('tap', 'qr', 'digits', 'remote'))",
)


def add_codes(connection: Connection) -> None:
    """Bring a database of version 2 to version 3."""
    metadata.create_all(connection, CODE_TABLES)
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            connection.execute(text(statement))
    else:
        _rebuild_payments(connection)
    for statement in CODE_TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def _rebuild_payments(connection: Connection) -> None:
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # for this transaction alone
    connection.execute(text(f"CREATE TEMP TABLE kept AS SELECT {_KEPT} FROM payments"))  # noqa: S608  # our own text
    connection.execute(text("DROP TABLE payments"))
    payments.create(connection)
    moved = f"INSERT INTO payments (channel, {_KEPT}) SELECT 'tap', {_KEPT} FROM kept"  # noqa: S608
    connection.execute(text(moved))
    connection.execute(text("DROP TABLE kept"))
