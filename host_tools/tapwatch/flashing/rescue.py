"""A copy of the files of a watch, on this computer, while they are being rewritten.

`tapwatch flash --keep-state` reads the file system, changes it here, and writes back what is different. A cable pulled
in the middle leaves a mixture of old and new blocks on the watch. Then the next run takes the files from this copy.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from tapwatch.errors import UserError
from tapwatch.flashing.partitions import SECTOR_BYTES


def default_folder() -> Path:
    """Where copies lie."""
    base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "tapwatch" / "flash"


class Rescue:
    """The copy of one watch, named by its MAC: its partition table, then its file system."""

    def __init__(self, folder: Path, mac: str) -> None:
        self.path = folder / f"{mac.replace(':', '')}.rescue"

    def save(self, table: bytes, files: bytes) -> None:
        """Keep a copy that only this user may read: it holds what the watch holds. Raises UserError."""
        beside = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(table + files)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as problem:
            with contextlib.suppress(OSError):  # what is left of it would be a copy of secrets that nobody asked for
                beside.unlink(missing_ok=True)
            hint = f"make room in {self.path.parent}; nothing has been written to the watch"
            raise UserError("the files of the watch cannot be copied to this computer", hint) from problem

    def load(self) -> tuple[bytes, bytes] | None:
        """The table and the files of a run that was cut off, or None. Raises UserError."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise UserError(f"the copy {self.path} of the watch's files cannot be read") from problem
        return data[:SECTOR_BYTES], data[SECTOR_BYTES:]

    def drop(self) -> None:
        """The watch is whole: the copy goes. Raises UserError."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as problem:
            raise UserError(
                f"the copy {self.path} cannot be deleted", "delete it yourself: it has secrets"
            ) from problem
