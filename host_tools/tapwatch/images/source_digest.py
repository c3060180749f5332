"""The hash of the source tree that an image is made of, which everybody can work out with the tools of a shell.

It is the SHA-256 of what `sha256sum` prints for all files of `firmware` and `board`, sorted by their names as bytes,
without hidden ones and without `*.pyc`. docs/building.md has the command.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("firmware", "board")


def source_digest(root: Path) -> bytes:
    """Field 8 of `tapwatch/system`, 32 bytes. Raises OSError for a file that cannot be read."""
    digest = hashlib.sha256()
    for name in sorted(_names(root), key=os.fsencode):
        digest.update(f"{hashlib.sha256((root / name).read_bytes()).hexdigest()}  {name}\n".encode())
    return digest.digest()


def _names(root: Path) -> list[str]:
    found = (path.relative_to(root) for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    return [path.as_posix() for path in found if path.suffix != ".pyc" and not _is_hidden(path)]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
