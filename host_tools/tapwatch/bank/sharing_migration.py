"""Version 5 of the database: parts of a payment are given back, and merchants share out what they got.

The journal gets more reasons, and what happens once per payment and reason is now a rule about some of them. SQLite
cannot change a rule; the rows go out and come back in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from tapwatch.bank.schema import journal
from tapwatch.bank.triggers import JOURNAL_TRIGGERS

if TYPE_CHECKING:
    from sqlalchemy import Connection

_COLUMNS = "id, payment_id, reason, debit, credit, amount, currency, at"
_POSTGRESQL = (
    "ALTER TABLE journal DROP CONSTRAINT money_moves_once",
    "ALTER TABLE journal DROP CONSTRAINT journal_reason_check",
    """ALTER TABLE journal ADD CONSTRAINT journal_reason_check CHECK (reason IN ('opening', 'purchase', 'hold',
       'capture', 'release', 'refund', 'giveback', 'share', 'unshare', 'payout'))""",
    """CREATE UNIQUE INDEX money_moves_once ON journal (payment_id, reason)
       WHERE reason NOT IN ('giveback', 'share', 'unshare', 'payout')""",
)


def add_sharing(connection: Connection) -> None:
    """Bring a database of version 4 to version 5."""
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            connection.execute(text(statement))
    else:
        _rebuild_journal(connection)


def _rebuild_journal(connection: Connection) -> None:
    """The triggers go with the old table; they come back after the rows, which must not move money again."""
    connection.execute(text(f"CREATE TEMP TABLE kept AS SELECT {_COLUMNS} FROM journal"))  # noqa: S608  # our own text
    connection.execute(text("DROP TABLE journal"))
    journal.create(connection)
    moved = f"INSERT INTO journal ({_COLUMNS}) SELECT {_COLUMNS} FROM kept ORDER BY id"  # noqa: S608
    connection.execute(text(moved))
    connection.execute(text("DROP TABLE kept"))
    for statement in JOURNAL_TRIGGERS:
        connection.exec_driver_sql(statement)
