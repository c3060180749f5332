"""The source archive: a tar of a project's files in one canonical form, and its safe way back."""

from __future__ import annotations

import io
import re
import tarfile
from typing import TYPE_CHECKING

from tapwatch.apps.faults import Fault, PackProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 1_048_576
"""Of a whole archive, and of the files in it together."""
MOST_FILES = 64
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
"""Of a file of a project: no folders, nothing hidden, the same on every file system."""
_MODE = 0o644


def write(files: Mapping[str, bytes]) -> bytes:
    """The archive of files by their names: the same bytes for the same files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(files[name]), _MODE
            tar.addfile(entry, io.BytesIO(files[name]))
    return buffer.getvalue()


def read(data: bytes) -> dict[str, bytes]:
    """The files of an archive, by name. Raises PackProblem unless it has exactly the form that `write` gives it."""
    if len(data) > MOST_BYTES:
        raise _problem(f"{len(data)} bytes; at most {MOST_BYTES}")
    try:
        files = _members(data)
    except (tarfile.TarError, ValueError, OverflowError, EOFError) as error:
        raise _problem(f"no readable tar: {error}") from error
    if write(files) != data:
        raise _problem("not in its canonical form: make it with `tapwatch app pack`")
    return files


def _members(data: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        for entry in tar:
            if len(files) == MOST_FILES:
                raise _problem(f"more than {MOST_FILES} files")
            if not entry.isreg() or not NAME.fullmatch(entry.name) or entry.name in files:
                raise _problem(f"{entry.name!r} may not be in it")
            content = tar.extractfile(entry)
            files[entry.name] = content.read(MOST_BYTES) if content else b""
    return files


def _problem(message: str) -> PackProblem:
    return PackProblem("the source archive", [Fault("source.tar", 0, 0, "archive", message)])
