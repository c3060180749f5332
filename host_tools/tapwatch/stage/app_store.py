"""The store of the stage: beside its bank, with the keys that its manufacturer has certified."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from typing import TYPE_CHECKING

from tapwatch.bank.problems import SetupProblem
from tapwatch.errors import UserError
from tapwatch.stage import shelf
from tapwatch.store import keyring
from tapwatch.store.http_server import HttpServer
from tapwatch.store.service import AppStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tapwatch.bank.service import Bank
    from tapwatch.stage.manufacturer import Manufacturer, Member

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
async def served(store: AppStore, developer: Member) -> AsyncIterator[str]:
    """Serve it while the block runs, and for no longer than its bank; gives its address. Raises UserError.

    The examples are in it half a second later: nobody who starts a watch waits for them, nor who stops it.
    """
    stopped = threading.Event()
    server = HttpServer(store)
    port = await server.start(_LOOPBACK)
    filling = asyncio.create_task(asyncio.to_thread(_fill, store, developer, stopped))
    try:
        yield f"http://{_LOOPBACK}:{port}/"
    finally:
        stopped.set()
        await asyncio.shield(filling)
        await server.stop()


def _fill(store: AppStore, developer: Member, stopped: threading.Event) -> None:
    """Who changes an example may break it; the watch runs all the same."""
    try:
        shelf.fill(store, developer, wanted=lambda: not stopped.is_set())
    except UserError as problem:
        print(f"tapwatch: an example is not in the store: {problem.explain()}", file=sys.stderr, flush=True)
