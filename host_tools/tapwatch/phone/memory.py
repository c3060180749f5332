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
    last_parcel: int = 0
    """Number of the last parcel: a licence, or a revocation list."""

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
        self.last_parcel = 0  # the watch may have lost what it had, and knows what it has
        self.registration = registration
        self._save()

    def delivered(self, number: int) -> None:
        """Remember that the watch has taken a notice."""
        self.last_notice = max(self.last_notice, number)
        self._save()

    def carried(self, number: int) -> None:
        """Remember that the watch has taken a parcel."""
        self.last_parcel = max(self.last_parcel, number)
        self._save()

    def _save(self) -> None:
        if self.path is None or self.registration is None:
            return
        content = {
            "device_id": self.registration.device_id.hex(),
            "bearer": self.registration.bearer,
            "last_notice": self.last_notice,
            "last_parcel": self.last_parcel,
        }
        write_private(self.path, content)


def _checked(content: Any) -> tuple[Registration, int, int]:
    """Registration, last notice and last parcel of a file's content. Raises ValueError, KeyError or TypeError."""
    device_id, bearer = bytes.fromhex(content["device_id"]), content["bearer"]
    numbers = content["last_notice"], content.get("last_parcel", 0)  # files of before know no parcels
    if not isinstance(bearer, str) or any(type(number) is not int for number in numbers):
        raise TypeError("a bearer token and the numbers of a notice and a parcel are wanted")
    return Registration(device_id, bearer), *numbers
