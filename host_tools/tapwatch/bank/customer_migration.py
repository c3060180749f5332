"""Version 4 of the database: customers who log in, enrolments, histories of tokens, mailboxes; cards have an expiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from tapwatch.bank.customer_schema import CUSTOMER_TABLES
from tapwatch.bank.schema import OLD_CARD_EXPIRY, metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def add_customers(connection: Connection) -> None:
    """Bring a database of version 3 to version 4. Accounts that are there belong to nobody who can log in."""
    metadata.create_all(connection, CUSTOMER_TABLES)
    column = f"ALTER TABLE cards ADD COLUMN expiry VARCHAR(4) DEFAULT '{OLD_CARD_EXPIRY}' NOT NULL"
    connection.execute(text(column))
