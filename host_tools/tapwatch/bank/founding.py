"""A new bank: its database begins to be that of these keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tapwatch.bank import migrations
from tapwatch.bank.problems import SetupProblem
from tapwatch.bank.schema import settings
from tapwatch.bank.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.bank.keyring import Keyring

ISSUER = "issuer id"
COUNTRY = "country"
"""Names of settings."""


def found(url: str, country: int, keys: Callable[[], Keyring]) -> None:
    """Make the database of a new bank; `keys` makes or loads its keys once it is sure that there is none yet.

    Cut short, it can be called again. Raises SetupProblem if the database holds a bank, and what `keys` raises.
    """
    store = Store(url)
    try:
        migrations.migrate(store)
        with store.write() as connection:
            if connection.execute(select(settings.c.name)).first() is not None:
                raise SetupProblem("the database holds a bank already", "choose another database")
            values = {ISSUER: keys().service.key_id, COUNTRY: country.to_bytes(2, "big")}
            rows = [{"name": name, "value": value} for name, value in values.items()]
            connection.execute(insert(settings), rows)
    finally:
        store.close()
