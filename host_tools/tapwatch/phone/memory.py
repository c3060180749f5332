"""What a phone remembers of its watch between two runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.errors import UserError
from tapwatch.phone.bank_client import Registration
from tapwatch.phone.private_file import write_private

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
            data = path.read_bytes()
        except FileNotFoundError:
            return cls(path)
        try:
            return cls(path, *_checked(json.loads(data)))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
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
        write_private(self.path, content)


def _checked(content: Any) -> tuple[Registration, int]:
    """Registration and last notice of a file's content. Raises ValueError, KeyError or TypeError for anything else."""
    device_id, bearer, last_notice = bytes.fromhex(content["device_id"]), content["bearer"], content["last_notice"]
    if not isinstance(bearer, str) or not isinstance(last_notice, int) or isinstance(last_notice, bool):
        raise TypeError("a bearer token and the number of a notice are wanted")
    return Registration(device_id, bearer), last_notice
