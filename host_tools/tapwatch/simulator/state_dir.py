"""The folder in which a simulated watch keeps what its chips would keep without power."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tapwatch.errors import UserError

_SECRET_BYTES = 32


class StateDir:
    """What the folder holds.

    `flash.img` (the vault partition), `secret.bin` (the device secret), `watchdog` (which call into an app is under
    way), `files/` (large public things).
    """

    def __init__(self, path: Path) -> None:
        """Make the folder and the secret where they are missing. Raises UserError."""
        self.path = path.absolute()
        self.flash = self.path / "flash.img"
        self.secret = self.path / "secret.bin"
        self.watchdog = self.path / "watchdog"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.path / "files").mkdir(exist_ok=True)
            self._make_secret()
        except OSError as problem:
            hint = "Choose another folder with --state."
            raise UserError(f"The folder {path} cannot be used for the watch's state.", hint) from problem

    def _make_secret(self) -> None:
        if self.secret.exists():
            return
        draft = self.secret.with_suffix(".new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self.secret)  # whole or not at all: a watch with half a secret would lose all its keys
