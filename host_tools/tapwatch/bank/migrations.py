"""Brings a database to the version of the schema this program knows.

An empty database gets the newest schema at once. An older one is brought up step by step, each step in one transaction
together with its version number, so a cut leaves it at a version that exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from tapwatch.bank.problems import StoreProblem
from tapwatch.bank.schema import metadata
from tapwatch.bank.triggers import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from tapwatch.bank.store import Store

    Step = Callable[[Connection], None]

VERSION = 1
"""Version of `schema.metadata` and `triggers.TRIGGERS`."""
STEPS: Mapping[int, Step] = {}
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
