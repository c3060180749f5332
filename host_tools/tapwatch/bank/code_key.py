"""The key that the seeds of payment codes come from: a file of the bank's key folder, never in the database."""

from __future__ import annotations

import os
import secrets
import stat
from typing import TYPE_CHECKING

from tapwatch.bank.problems import SetupProblem

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "code-key"
KEY_BYTES = 32


def load(folder: Path) -> bytes:
    """Return the key, 32 bytes, made now for a folder that has none. Raises SetupProblem."""
    path = folder / _FILE
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SetupProblem(f"others may read {path}", f"run: chmod 600 {path}")
        key = path.read_bytes()
    except OSError as error:
        raise SetupProblem(f"{path} cannot be used", "check the key folder and its rights") from error
    if len(key) != KEY_BYTES:
        raise SetupProblem(f"{path} is not a key file", "take it from a copy of the folder")
    return key


def _make(path: Path) -> None:
    """Write the file beside its place and move it there: two banks that start at once end with the same key."""
    beside = path.with_name(f"{_FILE}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        return  # the other bank was first: its key is the key
    finally:
        beside.unlink()
