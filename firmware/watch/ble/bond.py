"""One bonded device."""

from micropython import const

from watch.ble import events, roles
from watch.crypto.scrub import zero
from watch.kernel.errors import SealError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

NAME_BYTES = const(40)
"""Of a bond's name, UTF-8: two lines of the list."""
ADDRESS_BYTES = const(7)
"""Kind and address, as the stack's secrets have it."""
SECRET_MOST_BYTES = const(128)
"""Of one secret. NimBLE's struct ble_store_value_sec has about 80."""
_KINDS = (bytes, str, str, bool, int, bytes, bytes)
"""Of the fields of its record."""


class Bond:
    """What the watch keeps of a device. Everything but `name` and `primary` stays as it was paired."""

    def __init__(
        self,
        number: int,
        address: bytes,
        role: str,
        created_s: int,
        ours: "bytes | bytearray",
        peers: "bytes | bytearray",
    ) -> None:
        """`number`: its place. `address`: see `ADDRESS_BYTES`. `ours`, `peers`: secrets of the stack, copied."""
        self.number, self.address, self.role, self.created_s = number, address, role, created_s
        self.name = ""
        self.primary = False
        """The phone that may carry token requests."""
        self._ours, self._peers = bytearray(ours), bytearray(peers)

    def secret(self, kind: int) -> bytearray:
        """The secret of this kind, `events.SECRET_OURS` or `SECRET_PEERS`; lent."""
        return self._ours if kind == events.SECRET_OURS else self._peers

    def fields(self, name: str, primary: bool) -> "list[Any]":
        """What its record holds with this name and rank; docs/formats.md."""
        head = [self.address, self.role, name, primary, self.created_s]
        return head + [bytes(self._ours), bytes(self._peers)]

    def scrub(self) -> None:
        """Overwrite the secrets."""
        zero(self._ours)
        zero(self._peers)


def bond_of(number: int, fields: "Any") -> Bond:
    """The bond whose record this is. Raises SealError."""
    if not _is_bond(fields):
        raise SealError(f"bond {number} is malformed")
    address, role, name, primary, created_s, ours, peers = fields
    bond = Bond(number, address, role, created_s, ours, peers)
    bond.name, bond.primary = name, primary
    return bond


def _is_bond(fields: "Any") -> bool:
    if not isinstance(fields, list) or len(fields) != len(_KINDS):
        return False
    if not all(isinstance(field, kind) for field, kind in zip(fields, _KINDS)):
        return False
    secrets = max(len(fields[5]), len(fields[6]))
    return len(fields[0]) == ADDRESS_BYTES and fields[1] in roles.ROLES and secrets <= SECRET_MOST_BYTES
