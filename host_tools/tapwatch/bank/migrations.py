"""Brings a database to the version of the schema this program knows.

An empty database gets the newest schema at once. An older one is brought up step by step, each step in one transaction
together with its version number, so a cut leaves it at a version that exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from tapwatch.bank.code_migration import add_codes
from tapwatch.bank.customer_migration import add_customers
from tapwatch.bank.parcel_schema import PARCEL_TABLES
from tapwatch.bank.problems import StoreProblem
from tapwatch.bank.schema import metadata
from tapwatch.bank.sharing_migration import add_sharing
from tapwatch.bank.triggers import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from tapwatch.bank.store import Store

    Step = Callable[[Connection], None]

VERSION = 6
"""Version of `schema.metadata` and `triggers.TRIGGERS`."""


def _card_products(connection: Connection) -> None:
    """Version 2: a card is of a product, not just of a profile; express keys; indexes of limited-use keys."""
    statements = ["ALTER TABLE cards RENAME COLUMN profile TO product"]
    if connection.dialect.name == "postgresql":  # SQLite does not look at lengths
        statements.append("ALTER TABLE cards ALTER COLUMN product TYPE VARCHAR(20)")
    statements += [
        "UPDATE cards SET product = CASE product WHEN 'visa' THEN 'visa-18' ELSE 'mastercard-14' END",
        "ALTER TABLE tokens ADD COLUMN express_limits JSON",
        "ALTER TABLE atcs ADD COLUMN express BOOLEAN DEFAULT false NOT NULL",
        "ALTER TABLE atcs ADD COLUMN key_index INTEGER",
        "CREATE UNIQUE INDEX key_index_once ON atcs (token_id, key_index)",
    ]
    for statement in statements:
        connection.execute(text(statement))


def _add_parcels(connection: Connection) -> None:
    """Version 6: licences and the revocation list are carried like notices."""
    metadata.create_all(connection, PARCEL_TABLES)


STEPS: Mapping[int, Step] = {2: _card_products, 3: add_codes, 4: add_customers, 5: add_sharing, 6: _add_parcels}
"""By the version it leads to: the change from the version before. Version 1 is the first, so it has none."""


def migrate(store: Store, version: int = VERSION, steps: Mapping[int, Step] = STEPS) -> None:
    """Bring the database to `version`. Raises StoreProblem if it was written by a newer program."""
    with store.write() as connection:
        if not inspect(connection).has_table("schema_version"):
            _create(connection, store.dialect, version)
            return
        present = connection.execute(text("SELECT version FROM schema_version")).scalar_one()
    if present > version:
        raise StoreProblem(
            f"the database has schema version {present}; this program knows {version}", "use the newer program"
        )
    for number in range(present + 1, version + 1):
        with store.write() as connection:
            steps[number](connection)
            connection.execute(text("UPDATE schema_version SET version = :number"), {"number": number})


def _create(connection: Connection, dialect: str, version: int) -> None:
    metadata.create_all(connection)
    for statement in TRIGGERS[dialect]:
        connection.exec_driver_sql(statement)
    connection.execute(text("CREATE TABLE schema_version (version INTEGER NOT NULL)"))
    connection.execute(text("INSERT INTO schema_version VALUES (:version)"), {"version": version})
