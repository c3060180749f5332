"""Messages that the bank carries to watches without reading them: licences of a store, the root's revocation list.

Each has a name, so that a newer one takes the place of an older. Numbers rise; what a watch has is known by the last
number it took, as with notices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select

from tapwatch.bank.parcel_schema import parcels, parcels_taken
from tapwatch.signing import cbor

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tapwatch.signing.cbor import Value

LICENCE, REVOCATIONS = 19, 20
"""Kinds of docs/formats.md "Messages between a carrier and the watch"."""
AT_ONCE = 25
"""Most in one answer: as many licences as a watch keeps, and a list."""


class Parcels:
    """Every method works inside the caller's transaction."""

    def put(self, connection: Connection, device_id: bytes | None, name: str, kind: int, body: Value) -> None:
        """Have a message carried to one watch, or to all for None, in the place of the one of that name.

        The same message again changes nothing: who has it is not asked to take it twice.
        """
        data = cbor.encode(body)
        same = (parcels.c.device_id == device_id, parcels.c.name == name)  # == None becomes IS NULL
        if connection.execute(select(parcels.c.body).where(*same)).scalar() == data:
            return
        connection.execute(delete(parcels).where(*same))
        connection.execute(insert(parcels).values(device_id=device_id, name=name, kind=kind, body=data))

    def body(self, connection: Connection, device_id: bytes | None, name: str) -> Value:
        """The message of that name, None if there is none."""
        same = (parcels.c.device_id == device_id, parcels.c.name == name)
        data = connection.execute(select(parcels.c.body).where(*same)).scalar()
        return None if data is None else cbor.decode(data)

    def after(self, connection: Connection, device_id: bytes, since: int) -> list[tuple[int, int, bytes]]:
        """Number, kind and body in CBOR of what a watch has not got, oldest first."""
        query = select(parcels.c.number, parcels.c.kind, parcels.c.body).where(
            or_(parcels.c.device_id == device_id, parcels.c.device_id.is_(None)), parcels.c.number > since
        )
        rows = connection.execute(query.order_by(parcels.c.number).limit(AT_ONCE))
        return [(row.number, row.kind, row.body) for row in rows]

    def taken(self, connection: Connection, device_id: bytes) -> int:
        """Number of the last one that the mailbox has brought; 0 before that."""
        own = parcels_taken.c.device_id == device_id
        return connection.execute(select(parcels_taken.c.number).where(own)).scalar() or 0

    def take(self, connection: Connection, device_id: bytes, number: int) -> None:
        """Note that a watch has everything up to this number."""
        connection.execute(delete(parcels_taken).where(parcels_taken.c.device_id == device_id))
        connection.execute(insert(parcels_taken).values(device_id=device_id, number=number))
