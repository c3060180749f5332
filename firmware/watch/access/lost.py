"""Lost mode: who has said that the watch is lost, and what a finder may read.

Each token service answers for its own word: the watch is lost until every one that said so has said that it is found.
The record is sealed under the device key, so it holds over a restart and nobody can write it into the flash.
"""

from micropython import const

from watch.kernel.errors import CorruptError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.records import DeviceRecords


class LostMode:
    """The record of lost mode. What it means for the watch is up to the guard."""

    def __init__(self, sealed: "DeviceRecords") -> None:
        self._sealed = sealed
        self._said: "list[list[Any]]" = []

    def load(self) -> None:
        """Read the record at boot. Raises CorruptError."""
        said: "Any" = self._sealed.read(records.LOST) or []
        if not isinstance(said, list) or not all(isinstance(entry, list) and len(entry) == 2 for entry in said):
            raise CorruptError("the lost record has the wrong shape")
        self._said = said

    def text(self) -> "Optional[str]":
        """What a finder may read, as said last, maybe empty; None if nobody says that the watch is lost."""
        return self._said[-1][1] if self._said else None

    def lose(self, issuer: bytes, text: str) -> None:
        """Take the word of a token service, in RAM."""
        self._said = self._without(issuer) + [[issuer, text]]

    def change(self) -> "dict[int, Optional[bytes]]":
        """The journal change that keeps what stands in RAM."""
        return self._change(self._said)

    def found_change(self, issuer: bytes) -> "dict[int, Optional[bytes]]":
        """The journal change with which this token service takes its word back."""
        return self._change(self._without(issuer))

    def found(self, issuer: bytes) -> None:
        """Follow a committed `found_change`."""
        self._said = self._without(issuer)

    def _without(self, issuer: bytes) -> "list[list[Any]]":
        return [entry for entry in self._said if entry[0] != issuer]

    def _change(self, said: "list[list[Any]]") -> "dict[int, Optional[bytes]]":
        return {records.LOST: self._sealed.sealed(records.LOST, said) if said else None}
