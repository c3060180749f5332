"""The store of the stage: beside its bank, with the keys that its manufacturer has certified."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from tapwatch.bank.problems import SetupProblem
from tapwatch.store import keyring
from tapwatch.store.http_server import HttpServer
from tapwatch.store.service import AppStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tapwatch.bank.service import Bank
    from tapwatch.stage.manufacturer import Manufacturer

_LOOPBACK = "127.0.0.1"


def opened(bank: Bank, manufacturer: Manufacturer, folder: Path) -> AppStore:
    """The store whose keys are in `folder`, made at the first time, with the stage's developer. Raises UserError."""
    member = manufacturer.store
    keyring.adopt(folder, member.key, member.certificate, manufacturer.root.public, int(time.time()))
    try:
        store = AppStore(bank.books, folder)
    except SetupProblem:  # the database holds none yet
        store = AppStore.create(bank.books, folder)
    store.certify(manufacturer.developer.certificate, "the developer of the stage")
    return store


@contextlib.asynccontextmanager
async def served(store: AppStore) -> AsyncIterator[str]:
    """Serve it while the block runs, and for no longer than its bank; gives its address. Raises UserError."""
    server = HttpServer(store)
    port = await server.start(_LOOPBACK)
    try:
        yield f"http://{_LOOPBACK}:{port}/"
    finally:
        await server.stop()
