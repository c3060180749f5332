"""Brings the store's tables to the version this program knows, as `tapwatch.bank.migrations` does with the bank's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, inspect, select, text

from tapwatch.bank.parcels import REVOCATIONS, Parcels
from tapwatch.bank.problems import StoreProblem
from tapwatch.bank.revoked import LIST_NAME
from tapwatch.store import money_schema, triggers
from tapwatch.store.schema import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from tapwatch.bank.store import Store

    Step = Callable[[Connection], None]

VERSION = 3
"""Version of `schema.metadata` and `triggers.statements`."""


def _list_to_the_bank(connection: Connection) -> None:
    """Version 2: the revocation list is the bank's, which carries it to every watch."""
    own = settings.c.name == "revocations"
    envelope = connection.execute(select(settings.c.value).where(own)).scalar()
    connection.execute(delete(settings).where(own))
    parcels = Parcels()
    if envelope is not None and parcels.body(connection, None, LIST_NAME) is None:
        parcels.put(connection, None, LIST_NAME, REVOCATIONS, envelope)


def _void_versions(connection: Connection) -> None:
    """Version 3: versions can be void."""
    connection.execute(text("ALTER TABLE store_versions ADD COLUMN void BOOLEAN DEFAULT false NOT NULL"))


STEPS: Mapping[int, Step] = {2: _list_to_the_bank, 3: _void_versions}
"""By the version it leads to: the change from the version before."""


def migrate(database: Store, version: int = VERSION, steps: Mapping[int, Step] = STEPS) -> None:
    """Bring the tables to `version`, each step in one transaction. Raises StoreProblem if they are of a newer one."""
    with database.write() as connection:
        if not inspect(connection).has_table("store_schema_version"):
            _create(connection, version)
            return
        present = connection.execute(text("SELECT version FROM store_schema_version")).scalar_one()
    if present > version:
        raise StoreProblem(
            f"the store's tables have version {present}; this program knows {version}", "use the newer program"
        )
    for number in range(present + 1, version + 1):
        with database.write() as connection:
            steps[number](connection)
            connection.execute(text("UPDATE store_schema_version SET version = :number"), {"number": number})


def _create(connection: Connection, version: int) -> None:
    money_schema.metadata.create_all(connection)
    for statement in triggers.statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
    connection.execute(text("CREATE TABLE store_schema_version (version INTEGER NOT NULL)"))
    connection.execute(text("INSERT INTO store_schema_version VALUES (:version)"), {"version": version})
