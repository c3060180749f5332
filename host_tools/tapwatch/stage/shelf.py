"""Puts the apps of `examples/` into the store of the stage: something to look at, to buy and to install."""

from __future__ import annotations

import contextlib
import secrets
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.apps import pack, project
from tapwatch.apps.develop import listing
from tapwatch.bank.problems import StateProblem
from tapwatch.store import publication
from tapwatch.store.catalogue import Wish

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.stage.manufacturer import Member
    from tapwatch.store.service import AppStore

EXAMPLES = Path(__file__).parents[3] / "examples"
"""Beside the package in a checkout; elsewhere the store begins empty."""
_LISTING = "listing.toml"
_PICTURES = "pictures"


def fill(
    store: AppStore, developer: Member, examples: Path = EXAMPLES, wanted: Callable[[], bool] = lambda: True
) -> list[str]:
    """Publish and accept what the store does not know yet, as long as it is wanted; returns the ids.

    Takes a second: call it in a thread.
    """
    listed, _ = store.apps(Wish())
    known = {(app["id"], app["version"]) for app in listed}
    sources = [(path.parent, project.load(path.parent)) for path in sorted(examples.glob(f"*/{_LISTING}"))]
    new = [(folder, source) for folder, source in sources if (source.fields.id, _version(source)) not in known]
    filled = []
    for folder, source in new:
        if not wanted():
            break
        with contextlib.suppress(StateProblem):  # handed in before, by a stage that was stopped then
            _publish(store, developer, folder, source)
        for waiting in store.reviews():
            if waiting["app"] == source.fields.id:
                store.accept(waiting["review"])
        filled.append(source.fields.id)
    return filled


def _version(source: project.Project) -> str:
    return ".".join(map(str, source.fields.version))


def _publish(store: AppStore, developer: Member, folder: Path, source: project.Project) -> None:
    """What a developer does by `tapwatch app publish`."""
    packed = pack.pack_project(source, developer.key, developer.certificate)
    said = listing.complete(tomllib.loads((folder / _LISTING).read_text(encoding="utf-8")))
    picture = folder.parent / _PICTURES / f"{source.fields.id}.png"
    parts = [(publication.BUNDLE, packed.bundle), (publication.ARCHIVE, source.archive)]
    parts += [(publication.PICTURE, picture.read_bytes())] if picture.exists() else []
    nonce = secrets.token_bytes(publication.NONCE_BYTES)
    store.publish(publication.compose(developer.key, publication.PUBLISH, nonce, int(time.time()), said, parts))
