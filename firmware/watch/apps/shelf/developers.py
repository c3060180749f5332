"""Keys of developers whose apps the wearer lets run on this watch. Developer mode is on while there is one."""

from micropython import const

from watch.crypto import cose, p256
from watch.crypto.hashes import equal
from watch.kernel.errors import CryptoError, InputError, QuotaError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.apps.shelf.sealed_facts import SealedFacts

MAX_DEVELOPERS = const(4)
_MAX_NAME = const(40)  # characters
_PUBLIC_BYTES = const(64)


class Developer:
    """One enrolled key."""

    def __init__(self, public: bytes, name: str) -> None:
        self.public, self.name = public, name
        self.key_id = cose.key_id(public)

    @property
    def maker(self) -> str:
        """The maker of what this key has signed."""
        return self.key_id.hex()


class Developers:
    """At most MAX_DEVELOPERS keys in one sealed record. A damaged record enrols nobody."""

    def __init__(self, facts: "SealedFacts") -> None:
        self._facts = facts
        self._keys: "Optional[list[Developer]]" = None

    def all(self) -> "list[Developer]":
        """Every enrolled key. Raises StorageError."""
        if self._keys is None:
            self._keys = [Developer(entry[0], entry[1]) for entry in self._facts.readable(records.DEVELOPERS) or []]
        return list(self._keys)

    def find(self, key_id: bytes) -> "Optional[Developer]":
        """The key of this id, None if it is not enrolled. Raises StorageError."""
        for one in self.all():
            if equal(one.key_id, key_id):
                return one
        return None

    def enrol(self, public: bytes, name: str) -> None:
        """Let a key sign apps for this watch; one that is enrolled gets another name.

        Raises InputError for what is no key or name, QuotaError if there are as many as can be, StorageError.
        """
        expect_key(public, name)
        others = [one for one in self.all() if one.public != public]
        if len(others) == MAX_DEVELOPERS:
            raise QuotaError("%d keys of developers are enrolled, one has to go first" % MAX_DEVELOPERS)
        self._keys = None
        self._facts.commit({records.DEVELOPERS: [[one.public, one.name] for one in others] + [[public, name]]})

    def without(self, public: bytes) -> "dict[int, Any]":
        """The record without one of the keys, for the change in which its apps go as well."""
        left = [[one.public, one.name] for one in self.all() if one.public != public]
        return {records.DEVELOPERS: left or None}

    def forget(self) -> None:
        """Read the keys again when they are needed."""
        self._keys = None


def expect_key(public: bytes, name: str) -> None:
    """Raise InputError unless this is a public key, and a name for it."""
    if not isinstance(public, bytes) or len(public) != _PUBLIC_BYTES:
        raise InputError("a developer's key has 64 bytes")
    if not isinstance(name, str) or not 0 < len(name) <= _MAX_NAME:
        raise InputError("a developer's name has 1 to %d characters" % _MAX_NAME)
    try:
        p256.check_public(public)
    except CryptoError:
        raise InputError("a developer's key is no point of the curve")
