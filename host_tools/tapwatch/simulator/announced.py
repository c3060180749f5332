"""Which simulators run on this computer, so that other commands of the same user find them."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIX = ".json"


@dataclass(frozen=True)
class Announced:
    """Where a simulator listens, and the token of its run."""

    url: str
    token: str


@contextlib.contextmanager
def announced(url: str, token: str) -> Iterator[None]:
    """Let others find this simulator while the block runs. Only this user can read the file, for the token is in it."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{os.getpid()}-{url.rpartition(':')[2]}{_SUFFIX}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"url": url, "token": token}, file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def running() -> list[Announced]:
    """Those that run, the latest first. The file of one that was killed is thrown away."""
    paths = sorted(_folder().glob("*" + _SUFFIX), key=lambda path: path.stat().st_mtime, reverse=True)
    return [found for path in paths if (found := _read(path)) is not None]


def only(hint: str = "Start one with `tapwatch sim` or `tapwatch app run`, or name a watch with --watch.") -> Announced:
    """The one that runs. Raises UserError if there is none, with this hint, or more than one."""
    found = running()
    if not found:
        raise UserError("No simulator runs.", hint, EXIT_USAGE)
    if len(found) > 1:
        addresses = ", ".join(one.url for one in found)
        raise UserError("More than one simulator runs.", f"Choose one with --sim: {addresses}.", EXIT_USAGE)
    return found[0]


def at(url: str) -> Announced:
    """The one with this address. Raises UserError."""
    for one in running():
        if one.url == url.rstrip("/"):
            return one
    raise UserError(f"No simulator of yours listens at {url}.", "It prints its address at the start.", EXIT_USAGE)


def _read(path: Path) -> Announced | None:
    try:
        os.kill(int(path.name.partition("-")[0]), 0)
        content = json.loads(path.read_text())
        return Announced(str(content["url"]), str(content["token"]))
    except (ValueError, KeyError, TypeError, OSError):
        path.unlink(missing_ok=True)
        return None


def _folder() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(runtime) if runtime else Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "tapwatch" / "simulators"
