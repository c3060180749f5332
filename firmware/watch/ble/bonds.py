"""Bonds in sealed storage: one record each, so that a bond is there as a whole or not at all.

All of them stand in RAM as well, for the stack asks for secrets in the middle of its own work and waits for the
answer. Writing is for the radio's task.

Pairing brings a bond back, so one whose record does not open is left out, and the next pairing takes its place. The
same holds for the identity key, of which the stack makes another. A flash that cannot be read is an error as it is
everywhere.
"""

from micropython import const

from watch.ble import events, roles
from watch.ble.bond import NAME_BYTES, SECRET_MOST_BYTES, bond_of
from watch.crypto.scrub import zero
from watch.kernel.errors import FullError, InputError, SealError
from watch.storage import records as kinds

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional, Protocol

    from watch.ble.bond import Bond

    class Records(Protocol):
        """Sealed records, readable while the watch is locked; `access.DeviceRecords`."""

        def read(self, record: int) -> "Optional[Any]":
            """The value, or None if it was never written."""
            ...

        def write(self, record: int, value: "Any") -> None:
            """Commit one value."""
            ...

        def write_all(self, values: "dict[int, Any]") -> None:
            """Commit several values as one change."""
            ...

    class Eraser(Protocol):
        """The journal's part: a record with None goes."""

        def commit(self, changes: "dict[int, Optional[bytes]]") -> None:
            """Change all of them or none."""
            ...


class Bonds:
    """At most `records.BONDS` bonds, and the key of the watch's own private addresses."""

    def __init__(self, records: "Records", journal: "Eraser") -> None:
        """Read all. Raises StorageError."""
        self._records, self._journal = records, journal
        self.damaged = 0
        """Bonds left out because their records are damaged."""
        self.identity_damaged = False
        """The identity key is a new one, or will be: devices know the watch by the old one, and have to pair again."""
        self._places: "list[Optional[Bond]]" = [self._load(number) for number in range(kinds.BONDS)]
        self._identity = self._load_identity()
        self._unsaved = False
        self.changes = 0
        """Rises with every change, so that lists know when to draw again."""

    def _load(self, number: int) -> "Optional[Bond]":
        try:
            fields = self._records.read(kinds.BOND + number)
            return None if fields is None else bond_of(number, fields)
        except SealError:
            self.damaged += 1
            return None

    def _load_identity(self) -> "Optional[bytearray]":
        try:
            value = self._records.read(kinds.RADIO_IDENTITY)
        except SealError:
            self.identity_damaged = True
            return None
        if value is None:
            return None
        if not isinstance(value, bytes) or not 0 < len(value) <= SECRET_MOST_BYTES:
            self.identity_damaged = True
            return None
        return bytearray(value)

    def list(self) -> "list[Bond]":
        """All bonds, by number."""
        return [bond for bond in self._places if bond is not None]

    def get(self, number: int) -> "Bond":
        """The bond of this number. Raises InputError if there is none."""
        bond = self._places[number] if 0 <= number < kinds.BONDS else None
        if bond is None:
            raise InputError("there is no such bond")
        return bond

    def find(self, address: bytes) -> "Optional[Bond]":
        """The bond of an address, see `bond.ADDRESS_BYTES`. Called from interrupts."""
        for bond in self._places:
            if bond is not None and bond.address == address:
                return bond
        return None

    def has(self, bond: "Bond") -> bool:
        """True if this bond is stored, and neither forgotten nor replaced."""
        return self._places[bond.number] is bond

    def free(self) -> int:
        """A number for another bond. Raises FullError: one has to be forgotten before."""
        for number in range(kinds.BONDS):
            if self._places[number] is None:
                return number
        raise FullError("there are as many bonds as the watch keeps")

    def secret(self, kind: int, index: int, key: "Optional[bytes]") -> "Optional[bytearray]":
        """What the stack asks for: the secret of an address, or with None the secret at this place of all."""
        if kind == events.SECRET_IDENTITY:
            return self._identity
        if kind not in (events.SECRET_OURS, events.SECRET_PEERS):
            return None
        if key is not None:
            bond = self.find(key)
            return None if bond is None else bond.secret(kind)
        bonds = self.list()
        return bonds[index].secret(kind) if 0 <= index < len(bonds) else None

    def set_identity(self, value: "Optional[bytes]") -> bool:
        """The stack made its identity key; `save` keeps it. False if it is none, or there is one already."""
        if value is None or self._identity is not None or not 0 < len(value) <= SECRET_MOST_BYTES:
            return False
        self._identity = bytearray(value)
        self._unsaved = True
        return True

    def save(self) -> None:
        """Write what interrupts have left. Raises StorageError."""
        if self._unsaved and self._identity is not None:
            self._records.write(kinds.RADIO_IDENTITY, bytes(self._identity))
            self._unsaved = False

    def store(self, bond: "Bond") -> None:
        """Keep a new bond, in place of the one that had its number. The first phone is primary. Raises StorageError."""
        old = self._places[bond.number]
        primaries = [other for other in self.list() if other.primary and other is not old]
        bond.primary = bond.role == roles.PHONE and not primaries
        self._records.write(kinds.BOND + bond.number, bond.fields(bond.name, bond.primary))
        self._places[bond.number] = bond
        if old is not None:
            old.scrub()
        self.changes += 1

    def rename(self, number: int, name: str) -> None:
        """Give it a name, at most `bond.NAME_BYTES`. Raises InputError, StorageError."""
        bond = self.get(number)
        if len(name.encode()) > NAME_BYTES:
            raise InputError("the name is too long")
        self._records.write(kinds.BOND + number, bond.fields(name, bond.primary))
        bond.name = name
        self.changes += 1

    def set_primary(self, number: int) -> None:
        """Let this phone carry token requests, and no other. Raises InputError, StorageError."""
        bond = self.get(number)
        if bond.role != roles.PHONE:
            raise InputError("only a phone carries token requests")
        changed = [other for other in self.list() if other.primary != (other is bond)]
        self._records.write_all(
            {kinds.BOND + other.number: other.fields(other.name, other is bond) for other in changed}
        )
        for other in changed:
            other.primary = other is bond
        self.changes += 1

    def forget(self, number: int) -> None:
        """Remove a bond. No other phone becomes primary by it. Raises InputError, StorageError."""
        bond = self.get(number)
        self._journal.commit({kinds.BOND + number: None})
        self._places[number] = None
        bond.scrub()
        self.changes += 1

    def clear(self) -> None:
        """The watch was wiped: nothing is written any more."""
        for bond in self.list():
            bond.scrub()
        self._places = [None] * kinds.BONDS
        if self._identity is not None:
            zero(self._identity)
        self._identity = None
        self._unsaved = False
        self.changes += 1
