"""A bundle with its map, from a project folder or from a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.apps import bundle
from tapwatch.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.signing.signer import Signer

_ID, _KIND = 1, 3  # keys of the manifest: docs/bundles.md


@dataclass(frozen=True)
class Made:
    """A bundle that may go to a watch."""

    data: bytes
    app: str
    kind: str
    map: dict[str, Any] | None
    """What names and lines were in the source; None where nobody knows."""


def packed(project: Path, key: Signer) -> Made:
    """Pack a project. Raises PackProblem, UserError."""
    from tapwatch.apps.pack import pack

    made = pack(project, key)
    return Made(made.bundle, made.fields.id, made.fields.kind, made.map)


def loaded(path: Path) -> Made:
    """Read a bundle, and the map beside it if there is one. Raises UserError."""
    try:
        data = path.read_bytes()
        manifest = bundle.read(data).manifest
    except OSError as problem:
        raise UserError(f"{path} cannot be read.", "Is the name right?") from problem
    except bundle.BundleProblem as problem:
        raise UserError(f"{path} is no bundle.", "Name a folder with app.toml, or what pack has made.") from problem
    beside = path.with_suffix(".map.json")
    return Made(data, manifest[_ID], manifest[_KIND], map_in(beside) if beside.exists() else None)


def map_in(path: Path) -> dict[str, Any]:
    """The map in a file. Raises UserError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found["names"], dict) and isinstance(found["lines"], dict):
            return found
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise UserError(f"{path} is no map of a bundle.", "Pack the app again.") from problem
    raise UserError(f"{path} is no map of a bundle.", "Pack the app again.")
