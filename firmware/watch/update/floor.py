"""The lowest version of the system that this watch takes: a sealed record that only rises."""

from micropython import const

from watch.kernel.errors import ImageError, SealError
from watch.storage import records
from watch.update.statement import version_of

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional, Protocol

    from watch.update.statement import Version

    class Sealed(Protocol):
        """Sealed records, readable while the watch is locked; `access.DeviceRecords`."""

        def read(self, record: int) -> "Optional[Any]":
            """The value, or None if it was never written."""
            ...

        def write(self, record: int, value: "Any") -> None:
            """Commit one value."""
            ...


NONE = (0, 0, 0)
"""Before anything has raised it."""


class Floor:
    """Record 0700h."""

    def __init__(self, sealed: "Sealed") -> None:
        self._sealed = sealed

    def read(self) -> "Version":
        """The floor. Raises SealError for a damaged record, which is never "no floor"; StorageError."""
        value = self._sealed.read(records.UPDATE_FLOOR)
        if value is None:
            return NONE
        try:
            return version_of(value)
        except ImageError:
            raise SealError("the floor of the system has the wrong shape")

    def raise_to(self, version: "Version") -> None:
        """Write a higher floor; one that is not higher changes nothing. Raises SealError, StorageError."""
        if version > self.read():
            self._sealed.write(records.UPDATE_FLOOR, list(version))
