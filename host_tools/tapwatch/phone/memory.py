"""What a phone remembers of its watch between two runs."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.phone.bank_client import Registration

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Memory:
    """Kept in `path`, readable by its owner only; in memory alone without one."""

    path: Path | None = None
    registration: Registration | None = None
    last_notice: int = 0
    """Number of the last notice the watch has taken."""

    @classmethod
    def load(cls, path: Path) -> Memory:
        """Read a file, or begin a new one. Raises UserError for a damaged file."""
        try:
            text = path.read_text()
        except FileNotFoundError:
            return cls(path)
        try:
            content = json.loads(text)
            registration = Registration(bytes.fromhex(content["device_id"]), str(content["bearer"]))
            return cls(path, registration, int(content["last_notice"]))
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path} is damaged", "delete it; the phone registers the watch again") from error

    def registered(self, registration: Registration) -> None:
        """Remember a registration; notices of another watch have other numbers."""
        if self.registration is not None and self.registration.device_id != registration.device_id:
            self.last_notice = 0
        self.registration = registration
        self._save()

    def delivered(self, number: int) -> None:
        """Remember that the watch has taken a notice."""
        self.last_notice = max(self.last_notice, number)
        self._save()

    def _save(self) -> None:
        if self.path is None or self.registration is None:
            return
        content = {
            "device_id": self.registration.device_id.hex(),
            "bearer": self.registration.bearer,
            "last_notice": self.last_notice,
        }
        beside = self.path.with_suffix(".new")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(content, file)
            beside.replace(self.path)
        except OSError as error:
            raise UserError(f"{self.path} cannot be written", "free space, or choose another folder") from error
