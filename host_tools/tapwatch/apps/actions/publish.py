"""`tapwatch app publish`: a version of an app into a store, which looks at it before anybody can have it."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tapwatch.apps.develop import key as keys
from tapwatch.apps.develop import listing
from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError

if TYPE_CHECKING:
    import argparse

    from tapwatch.store.client import Publication, StoreClient

HELP = "hand an app in at a store, and say what became of it"
_STORE = "http://127.0.0.1:8590"
_WAITING = "waiting"
_REJECTED = "rejected"
_LOOK_S = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "project", type=Path, nargs="?", default=Path(), metavar="DIR", help="folder with app.toml (default: here)"
    )
    keys.add_arguments(parser)
    parser.add_argument("--certificate", type=Path, required=True, metavar="FILE", help="yours, from the root")
    parser.add_argument("--listing", type=Path, required=True, metavar="TOML", help="what the store says of the app")
    parser.add_argument("--picture", type=Path, action="append", default=[], metavar="PNG", help="up to four")
    parser.add_argument("--store", default=_STORE, metavar="URL", help="the store (default: %(default)s)")
    parser.add_argument("--wait", action="store_true", help="until the store has looked at it")


def run(arguments: argparse.Namespace) -> int:
    """Pack, sign, send; print the state."""
    found = asyncio.run(_publish(arguments))
    print(f"{found.app} {found.version}: {found.state}{': ' + found.reason if found.reason else ''}")
    print(f"publication {found.publication.hex()}")
    return EXIT_FAILED if found.state == _REJECTED else EXIT_OK


async def _publish(arguments: argparse.Namespace) -> Publication:
    from tapwatch.apps import pack, project
    from tapwatch.store.client import StoreClient

    key = keys.own_key(arguments.key)
    source = project.load(arguments.project)
    packed = pack.pack_project(source, key, keys.certificate(arguments.certificate, key))
    pictures = [_bytes(path) for path in arguments.picture]
    async with StoreClient(arguments.store) as store:
        said = _listing(arguments.listing)
        found = await store.publish(key, said, packed.bundle, source.archive, pictures)
        return await _settled(store, found) if arguments.wait else found


async def _settled(store: StoreClient, found: Publication) -> Publication:
    """Wait until somebody has looked at it."""
    while found.state == _WAITING:
        await asyncio.sleep(_LOOK_S)
        found = await store.publication(found.publication)
    return found


def _listing(path: Path) -> dict[str, Any]:
    """The fields of docs/store.md as TOML has them, which knows no null. Raises UserError."""
    try:
        said = tomllib.loads(_bytes(path).decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise UserError(f"{path} is no TOML.", "docs/store.md has the fields of a listing.", EXIT_USAGE) from problem
    return listing.complete(said)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UserError(f"{path} cannot be read.", "Is the name right?", EXIT_USAGE) from problem
