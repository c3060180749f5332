"""What the root has declared void: docs/bundles.md "tapwatch/revocations"."""

from micropython import const

from watch.crypto import cbor, cose
from watch.kernel.errors import InputError, ReplayError, SealError, SignatureError, SignerError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Optional

    from watch.apps.shelf.sealed_facts import SealedFacts

KIND = "tapwatch/revocations"
MAX_BYTES = const(2048)
MANIFEST_BYTES = const(16)
"""Of the SHA-256 of a manifest's payload: as much of it as lists and records hold."""
_MAX_ENTRIES = const(64)
_FIELDS = const(4)


class Revocations:
    """The newest list that the watch was given; an empty one with the number 0 before that."""

    def __init__(self, facts: "SealedFacts", root: "Callable[[], bytes]") -> None:
        """`root` gives the public key of the manufacturer, empty before the watch has one."""
        self._facts, self._root = facts, root
        self._list: "Optional[list[Any]]" = None

    @property
    def number(self) -> int:
        """Of the list. Raises StorageError."""
        return self._known()[0]

    def receive(self, envelope: bytes) -> None:
        """Take a newer list.

        Raises InputError, SignatureError, ReplayError for one that is not newer, StorageError; then nothing changes.
        """
        fields = _fields(_verified(envelope, self._root()))
        if fields[0] <= self._number():
            raise ReplayError("a list of revocations that is as new is known")
        self._list = None
        self._facts.commit({records.REVOCATIONS: fields})

    def expect(self, serials: "Iterable[int]", manifest: bytes) -> None:
        """Raise SignerError if one of these certificates is void, or the manifest of this hash. Raises StorageError."""
        _, _, void, manifests = self._known()
        for serial in serials:
            if serial in void:
                raise SignerError("certificate %d was revoked" % serial)
        if manifest[:MANIFEST_BYTES] in manifests:
            raise SignerError("this version of the app was revoked")

    def forget(self) -> None:
        """Read the list again when it is needed."""
        self._list = None

    def _number(self) -> int:
        """Of the list that a new one has to be newer than; 0 for a damaged one, which any list replaces."""
        try:
            return self.number
        except SealError:
            return 0

    def _known(self) -> "list[Any]":
        if self._list is None:
            stored = self._facts.read(records.REVOCATIONS)
            if stored is not None and (not isinstance(stored, list) or len(stored) != _FIELDS):
                raise SealError("the list of revocations has the wrong shape")
            self._list = stored or [0, 0, [], []]
        return self._list


def _verified(envelope: bytes, root: bytes) -> "Any":
    """The payload of a list that the root has signed."""
    if not isinstance(envelope, bytes) or len(envelope) > MAX_BYTES:
        raise InputError("a list of revocations is bytes, 2,048 at most")
    parsed = cose.parse(envelope)
    if not root or parsed.kind != KIND:
        raise SignatureError("this is no list of revocations of the watch's manufacturer")
    parsed.verify(root)
    return cbor.decode(parsed.payload, 2, _MAX_ENTRIES)


def _fields(payload: "Any") -> "list[Any]":
    """Number, time, serial numbers and hashes. Raises InputError."""
    if not isinstance(payload, dict) or len(payload) != _FIELDS or any(key not in payload for key in (1, 2, 3, 4)):
        raise InputError("the list of revocations has the wrong fields")
    number, time_s, serials, manifests = [payload[key] for key in (1, 2, 3, 4)]
    if not _is_number(number) or not _is_number(time_s) or number < 1:
        raise InputError("a list of revocations has a number and a time")
    if not isinstance(serials, list) or not all(_is_number(one) for one in serials):
        raise InputError("revoked serial numbers are numbers")
    if not isinstance(manifests, list) or not all(_is_hash(one) for one in manifests):
        raise InputError("revoked apps are hashes of 16 bytes")
    return [number, time_s, serials, manifests]


def _is_number(value: "Any") -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_hash(value: "Any") -> bool:
    return isinstance(value, bytes) and len(value) == MANIFEST_BYTES
