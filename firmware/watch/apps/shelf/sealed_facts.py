"""What the shelf keeps: sealed records, several of which change as one."""

from micropython import const

from watch.kernel.errors import SealError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional, Protocol

    from watch.storage.journal import Journal

    class Sealed(Protocol):
        """Sealed records, readable while the watch is locked; `access.DeviceRecords`."""

        def read(self, record: int) -> "Optional[Any]":
            """The value, or None if it was never written."""
            ...

        def sealed(self, record: int, value: "Any") -> bytes:
            """The bytes to commit for a value."""
            ...

    Change = dict[int, Optional[Any]]


class SealedFacts:
    """Small CBOR values by the number of their record."""

    def __init__(self, journal: "Journal", sealed: "Sealed") -> None:
        self.journal = journal
        """For records of apps that are not sealed."""
        self._sealed = sealed

    def read(self, record: int) -> "Optional[Any]":
        """The value of a record, or None if there is none. Raises SealError, StorageError."""
        return self._sealed.read(record)

    def readable(self, record: int) -> "Optional[Any]":
        """The same, and None for a damaged record: for what can be had again, such as an app. Raises StorageError."""
        try:
            return self._sealed.read(record)
        except SealError:
            return None

    def commit(self, values: "Change", plain: "Optional[dict[int, Optional[bytes]]]" = None) -> None:
        """Write several values as one change; None deletes. `plain`: records of others that go with them.

        Raises StorageError: read back what is there, it is all of the change or nothing of it.
        """
        changes: "dict[int, Optional[bytes]]" = dict(plain or {})
        for record, value in values.items():
            changes[record] = None if value is None else self._sealed.sealed(record, value)
        self.journal.commit(changes)
