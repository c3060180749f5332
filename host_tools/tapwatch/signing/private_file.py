"""Files with secrets, and files that must be whole: readable by their owner alone, never half written.

A new file appears under its name with all its bytes on the disk, or not at all. A file that is replaced is the old
one until the new one is on the disk.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from typing import TYPE_CHECKING

from tapwatch.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PRIVATE, _PUBLIC = 0o600, 0o666
"""Modes of new files, before the user's mask."""
_MAX_BYTES = 1 << 26
"""Longest file that is read: a register of some 80,000 certificates."""
_OWNERS = os.name == "posix"
"""Whether files have owners, and folders can be brought to the disk."""


def create(path: Path, data: bytes) -> None:
    """Write a file that is not there yet. Raises UserError if it is, or if it cannot be written."""
    try:
        with _beside(path, data) as temporary:
            os.link(temporary, path)  # unlike a rename, this never replaces
    except FileExistsError as error:
        raise UserError(f"{path} is there already and is not replaced", "choose another name") from error
    except OSError as error:
        raise UserError(
            f"{path} cannot be written", "choose a writable folder on a file system that knows owners"
        ) from error


def replace(path: Path, data: bytes, public: bool = False) -> None:
    """Write a file in the place of one that may be there; of a device or a folder none is made. Raises UserError.

    `public`: everybody may read it whom the user's mask lets.
    """
    if path.exists() and not path.is_file():
        raise UserError(f"{path} is not a file and is not replaced", "choose another name")
    try:
        with _beside(path, data, _PUBLIC if public else _PRIVATE) as temporary:
            os.replace(temporary, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written; it is as it was", "free space, or choose another folder") from error


def read(path: Path, what: str, hint: str) -> bytes:
    """The bytes of a private file; says on stderr when others may read it.

    `what` and `hint` belong to the UserError that is raised when it cannot be read.
    """
    data, mode = _read(path, what, hint)
    if _OWNERS and mode & (stat.S_IRWXG | stat.S_IRWXO):
        print(f"tapwatch: others may read {path}\n     try: chmod 600 {path}", file=sys.stderr)
    return data


def read_public(path: Path, what: str, hint: str) -> bytes:
    """As `read`, of a file that everybody may read."""
    return _read(path, what, hint)[0]


def _read(path: Path, what: str, hint: str) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            mode, data = os.fstat(file.fileno()).st_mode, file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"{what} {path} cannot be read", hint) from error
    if len(data) > _MAX_BYTES:
        raise UserError(f"{what} {path} is longer than {_MAX_BYTES} bytes", hint)
    return data, mode


@contextlib.contextmanager
def _beside(path: Path, data: bytes, mode: int = _PRIVATE) -> Iterator[Path]:
    """A file next to `path` with these bytes, on the disk. What is done with it inside is on the disk afterwards."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
        _settle(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    if not _OWNERS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
