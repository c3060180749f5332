"""What the actions of `tapwatch store` do. Each takes the parsed arguments and returns an exit code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tapwatch.bank.key_actions import certified, leave_public, read, read_root
from tapwatch.bank.service import Bank
from tapwatch.errors import EXIT_FAILED, EXIT_OK
from tapwatch.store import book_actions, keyring
from tapwatch.store.catalogue import Wish
from tapwatch.store.http_server import HttpServer
from tapwatch.store.output import show, show_all
from tapwatch.store.parties import MANUFACTURER, OTHER
from tapwatch.store.service import AppStore
from tapwatch.store.statement_csv import day

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping

    from tapwatch.store.developers import Developer


_PUBLIC = "store.pub"
_ROLE = "store"


def _key(arguments: Namespace) -> int:
    """Make the key, and the file that `tapwatch keys certify` takes."""
    folder = _folder(arguments, "state", "store")
    public = keyring.prepare(folder / "keys")
    leave_public(folder / _PUBLIC, "store", _ROLE, public)
    return show(arguments, {"public": public.hex(), "file": str(folder / _PUBLIC)})


def _init(arguments: Namespace) -> int:
    keys = _folder(arguments, "state", "store") / "keys"
    keyring.prepare(keys)
    keyring.install(keys, read(arguments.certificate), read_root(arguments.root), int(time.time()))
    store = AppStore.create(_bank(arguments).books, keys, arguments.name, arguments.country, arguments.city)
    return show(arguments, {"name": store.name, "folder": str(keys.parent)})


def _serve(arguments: Namespace) -> int:
    bank = _bank(arguments)
    asyncio.run(_serve_until_stopped(_opened(arguments, bank), arguments))
    return EXIT_OK


async def _serve_until_stopped(store: AppStore, arguments: Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = HttpServer(store, arguments.url)
    port = await server.start(port=arguments.port)
    show(arguments, {"name": store.name, "url": f"http://127.0.0.1:{port}/"})
    await stopped.wait()
    await server.stop()


def _keys(arguments: Namespace) -> int:
    if arguments.certificate is not None:
        folder = _folder(arguments, "state", "store") / "keys"
        keyring.install(folder, read(arguments.certificate), read_root(folder / "root.pub"), int(time.time()))
    store = open_store(arguments)
    return show(arguments, certified(store.certificate, store.root_public, _ROLE, store.now()))


def _revocations(arguments: Namespace) -> int:
    return show(arguments, {"number": open_store(arguments).set_revocations(read(arguments.file))})


def _developers(arguments: Namespace) -> int:
    store = open_store(arguments)
    if arguments.certificate:
        developer = store.certify(read(arguments.certificate), arguments.payout)
        return show(arguments, _developer_facts(developer))
    return show_all(arguments, [_developer_facts(one) for one in store.developers()])


def _developer_facts(developer: Developer) -> dict[str, Any]:
    state = "certified" if developer.certificate else "waiting"
    return {"maker": developer.maker, "name": developer.name, "state": state, "public": developer.public.hex()}


def _parties(arguments: Namespace) -> int:
    store = open_store(arguments)
    if arguments.add:
        kind = OTHER if arguments.manufacturer is None else MANUFACTURER
        store.add_party(arguments.add, kind, arguments.payout, arguments.manufacturer)
    return show_all(arguments, [{"name": one.name, "kind": one.kind, "payout": one.payout} for one in store.parties()])


def _review(arguments: Namespace) -> int:
    store = open_store(arguments)
    if arguments.number is None:
        waiting = store.reviews()
        return show_all(arguments, waiting if arguments.json else [{**one, "at": day(one["at"])} for one in waiting])
    if arguments.accept:
        return show(arguments, {"digest": store.accept(arguments.number).hex()})
    if arguments.reject is not None:
        store.reject(arguments.number, arguments.reject)
        return show(arguments, {"review": arguments.number, "state": "rejected"})
    found = store.review(arguments.number)
    if arguments.json:
        return show(arguments, found)
    source = found.pop("source")
    changes, faults = found.pop("changes"), found.pop("faults")
    show(arguments, found)
    for name, (old, new) in changes.items():
        print(f"{name}: {json.dumps(old, ensure_ascii=True)} -> {json.dumps(new, ensure_ascii=True)}")
    print("\n".join([*source, *(f"FAULT {fault}" for fault in faults)]))
    return EXIT_FAILED if faults else EXIT_OK


def _apps(arguments: Namespace) -> int:
    store = open_store(arguments)
    if arguments.withdraw:
        store.withdraw(arguments.withdraw)
        return show(arguments, {"app": arguments.withdraw, "state": "withdrawn"})
    listed: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        found, after = store.apps(Wish(after=after))
        listed += found
    names = ("id", "version", "kind", "maker", "paid", "bytes", "digest")
    return show_all(arguments, [{name: app[name] for name in names} for app in listed])


def open_store(arguments: Namespace) -> AppStore:
    """The store that the options name. Raises UserError."""
    return _opened(arguments, _bank(arguments))


def _opened(arguments: Namespace, bank: Bank) -> AppStore:
    return AppStore(bank.books, _folder(arguments, "state", "store") / "keys")


def _bank(arguments: Namespace) -> Bank:
    folder = _folder(arguments, "bank", "bank")
    return Bank(arguments.database or f"sqlite:///{folder / 'bank.db'}", folder / "keys")


def _folder(arguments: Namespace, option: str, name: str) -> Path:
    given = getattr(arguments, option)
    if given:
        return Path(given)
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "tapwatch" / name


def _with_store(action: Callable[[AppStore, Namespace], int]) -> Callable[[Namespace], int]:
    return lambda arguments: action(open_store(arguments), arguments)


ACTIONS: Mapping[str, Callable[[Namespace], int]] = {
    "key": _key,
    "init": _init,
    "serve": _serve,
    "keys": _keys,
    "revocations": _revocations,
    "developers": _developers,
    "parties": _parties,
    "review": _review,
    "apps": _apps,
    **{name: _with_store(action) for name, action in book_actions.ACTIONS.items()},
}
"""By name of the action."""
