"""The root's revocation list at the bank: the newest one is carried to every watch, and given to whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.bank.parcels import REVOCATIONS
from tapwatch.bank.problems import RequestProblem
from tapwatch.signing import revocations
from tapwatch.signing.envelope import SignatureProblem

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.bank.parcels import Parcels

LIST_NAME = "revocations"
"""What the list is called among the parcels."""


class Revoked:
    """Every method works inside the caller's transaction."""

    def __init__(self, root_public: bytes, parcels: Parcels) -> None:
        self._root_public = root_public
        self._parcels = parcels

    def take(self, connection: Connection, envelope: bytes) -> int:
        """Take a list that the root has signed; returns its number.

        Raises RequestProblem for a list of somebody else, and for one that is older than the list that is here, or as
        old and another.
        """
        present = self.newest(connection)
        try:
            number = revocations.check(envelope, self._root_public).number
            before = revocations.check(present, self._root_public).number if present else 0
        except SignatureProblem as error:
            raise RequestProblem("that is no revocation list of our root") from error
        if number < before or (number == before and envelope != present):
            raise RequestProblem(f"list {number} is not newer than list {before}, which is here", "bring the newest")
        self._parcels.put(connection, None, LIST_NAME, REVOCATIONS, envelope)
        return number

    def serials(self, connection: Connection) -> tuple[int, ...]:
        """Numbers of the certificates that are void."""
        present = self.newest(connection)
        return revocations.check(present, self._root_public).serials if present else ()

    def newest(self, connection: Connection) -> bytes | None:
        """The list that counts, None without one."""
        body = self._parcels.body(connection, None, LIST_NAME)
        return body if isinstance(body, bytes) else None
