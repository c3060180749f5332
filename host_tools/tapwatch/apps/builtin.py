"""The apps and faces of the firmware, made into bundles: build/apps/ID.twb, packed again when something changed.

What the bundle is made from is remembered beside its map in build/maps/, as a hash of all that goes into it: the
project, the packer, the vocabulary.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

from tapwatch.apps import project
from tapwatch.apps.bundle import MAGIC
from tapwatch.errors import UserError
from tapwatch.signing.file_lock import locked

ROOT = Path(__file__).resolve().parents[3]
APPS = "firmware/apps"
UNDER = "build/apps"
MAPS = "build/maps"
"""ID.map.json: what pool names and lines were in the source, and what the bundle was made from."""
_SUFFIX = ".twb"
_MAP = ".map.json"
_LOCK = ".lock"
"""In the folder of maps: whoever packs has it."""
_PACKER = ("apps", "signing")
_PACKAGE = Path(__file__).resolve().parents[1]


def refresh(root: Path = ROOT, apps: str = APPS, under: str = UNDER, maps: str = MAPS) -> Path:
    """Make build/apps hold the bundle of each folder of firmware/apps and nothing else; returns that folder.

    `apps`, `under`, `maps`: the same for other projects, below `root`.

    Processes may do this side by side: one packs, the others wait for it. Raises PackProblem for an app that cannot be
    packed, UserError where the folder cannot be written.
    """
    try:
        return _refresh(root / apps, root / under, root / maps)
    except OSError as error:
        raise UserError(f"the apps cannot be packed into {root / under}", "make the folder writable") from error


def _refresh(apps: Path, made: Path, maps: Path) -> Path:
    made.mkdir(parents=True, exist_ok=True)
    maps.mkdir(parents=True, exist_ok=True)
    folders = sorted(path.parent for path in apps.glob("*/app.toml"))
    for orphan in {path.stem: path for path in made.glob("*" + _SUFFIX)}.keys() - {one.name for one in folders}:
        (made / (orphan + _SUFFIX)).unlink(missing_ok=True)
        (maps / (orphan + _MAP)).unlink(missing_ok=True)
    if _stale(folders, made, maps):
        with locked(maps / _LOCK):
            for folder, source in _stale(folders, made, maps):  # threads are no faster: most of it is Python
                _pack(folder, source, made, maps)
    return made


def _stale(folders: list[Path], made: Path, maps: Path) -> list[tuple[Path, str]]:
    """Projects whose bundle is not there, or was made from something else; and what it is to be made from."""
    packer = _fingerprint_of_packer()
    wanted = [(folder, _source(folder, packer)) for folder in folders]
    return [(folder, source) for folder, source in wanted if _made_from(made, maps, folder.name) != source]


def read_map(app: str, root: Path = ROOT) -> dict:
    """The map of a built-in app, for tracebacks. Raises OSError if it was not packed yet."""
    return json.loads((root / MAPS / (app + _MAP)).read_text(encoding="utf-8"))


def _fingerprint_of_packer() -> bytes:
    """A hash of all that the bytes of a bundle depend on, besides the project."""
    from tapwatch.apps.compile import TOOLS

    digest = hashlib.sha256(TOOLS.encode() + MAGIC)
    for room in _PACKER:
        for path in sorted((_PACKAGE / room).glob("*.py")) + sorted((_PACKAGE / room).glob("*.json")):
            digest.update(path.read_bytes())
    return digest.digest()


def _source(folder: Path, packer: bytes) -> str:
    digest = hashlib.sha256(packer)
    for name, data in sorted(project.read(folder).items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _made_from(made: Path, maps: Path, app: str) -> str:
    """What the bundle that is there was made from; empty if it is not there whole."""
    try:
        known = json.loads((maps / (app + _MAP)).read_text(encoding="utf-8"))["made"]
        found = hashlib.sha256((made / (app + _SUFFIX)).read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError):
        return ""
    return known["from"] if known["bundle"] == found else ""


def _pack(folder: Path, source: str, made: Path, maps: Path) -> None:
    from tapwatch.apps.pack import pack
    from tapwatch.apps.system_key import system_key

    packed = pack(folder, system_key())
    told = {"from": source, "bundle": hashlib.sha256(packed.bundle).hexdigest()}
    _replace(made / (folder.name + _SUFFIX), packed.bundle)
    _replace(maps / (folder.name + _MAP), json.dumps({**packed.map, "made": told}, sort_keys=True).encode())


def _replace(path: Path, data: bytes) -> None:
    """Write a file; it is there whole or not at all."""
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(unfinished).replace(path)
