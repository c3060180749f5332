"""Licences: which apps were bought for this watch. docs/bundles.md "tapwatch/licence".

What was bought stays bought: a licence stays when its app goes, as long as there is room.
"""

from micropython import const

from watch.apps.shelf.forms import identifier
from watch.crypto import cbor, certificate, cose
from watch.crypto.hashes import equal
from watch.kernel.errors import BundleError, InputError, LicenceError, QuotaError, ReplayError, SignatureError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.apps.shelf.revocations import Revocations
    from watch.apps.shelf.sealed_facts import SealedFacts

KIND = "tapwatch/licence"
MAX_BYTES = const(512)
_FIELDS = const(6)
_DEVICE = const(1)
_APP = const(2)
_MAKER = const(3)
_SERIAL = const(4)
_FROM = const(5)
_UNTIL = const(6)
_MAX_MAKER = const(24)


class Licence:
    """What a licence says."""

    def __init__(self, app: str, maker: str, serial: int, from_s: int, until_s: "Optional[int]") -> None:
        self.app, self.maker, self.serial = app, maker, serial
        self.from_s, self.until_s = from_s, until_s

    def fields(self) -> "list[Any]":
        """What its record holds."""
        return [self.app, self.maker, self.serial, self.from_s, self.until_s]

    def holds(self, now_s: int) -> bool:
        """True between its two ends. The watch's clock is a floor, so a licence of the future counts."""
        return self.until_s is None or now_s <= self.until_s


class Licences:
    """One sealed record for each app that was bought."""

    def __init__(
        self,
        facts: "SealedFacts",
        root: "Callable[[], bytes]",
        device_id: "Callable[[], bytes]",
        now_s: "Callable[[], int]",
        revocations: "Revocations",
    ) -> None:
        self._facts, self._root, self._device_id, self._now_s = facts, root, device_id, now_s
        self._revocations = revocations
        self._places: "Optional[list[Optional[Licence]]]" = None

    def add(self, envelope: bytes, store_certificate: bytes, wanted: "list[str]") -> Licence:
        """Keep a licence. `wanted`: installed apps, whose licences do not make room for another one.

        Raises InputError, SignatureError, SignerError for a revoked store, LicenceError for another watch, ReplayError
        if one with a higher serial number is known, QuotaError, StorageError; then nothing changes.
        """
        licence = self._verified(envelope, store_certificate)
        known = self._find(licence.app, licence.maker)
        if known is not None and known.serial > licence.serial:
            raise ReplayError("a newer licence of this app is known")
        if known is None or known.serial < licence.serial:
            place = self._place(licence, wanted)
            self._places = None
            self._facts.commit({records.APP_LICENCE + place: licence.fields()})
        return licence

    def holds(self, app: str, maker: str) -> bool:
        """True if this app of this maker may be used now. Raises StorageError."""
        licence = self._find(app, maker)
        return licence is not None and licence.holds(self._now_s())

    def forget(self) -> None:
        """Read the records again when they are needed."""
        self._places = None

    def _verified(self, envelope: bytes, store_certificate: bytes) -> Licence:
        if not isinstance(envelope, bytes) or len(envelope) > MAX_BYTES:
            raise InputError("a licence is bytes, 512 at most")
        root = self._root()
        if not root:
            raise SignatureError("this watch has no manufacturer yet")
        store = certificate.check(store_certificate, root, "store", self._now_s())
        self._revocations.expect((store.serial,), b"")
        parsed = cose.parse(envelope)
        if parsed.kind != KIND:
            raise SignatureError("this is no licence")
        parsed.verify(store.public)
        fields = _fields(parsed.payload)
        if not equal(fields[_DEVICE], self._device_id()):
            raise LicenceError("this licence is for another watch")
        return Licence(fields[_APP], fields[_MAKER], fields[_SERIAL], fields[_FROM], fields[_UNTIL])

    def _find(self, app: str, maker: str) -> "Optional[Licence]":
        for one in self._known():
            if one is not None and one.app == app and one.maker == maker:
                return one
        return None

    def _place(self, licence: Licence, wanted: "list[str]") -> int:
        """Where a licence goes: over an older one, to a free place, or over one of an app that is not there."""
        known = self._known()
        for place, one in enumerate(known):
            if one is not None and one.app == licence.app and one.maker == licence.maker:
                return place
        if None in known:
            return known.index(None)
        others = [place for place, one in enumerate(known) if one is not None and one.app not in wanted]
        if not others:
            raise QuotaError("%d licences are kept" % records.INSTALLED_APPS)
        return others[0]

    def _known(self) -> "list[Optional[Licence]]":
        if self._places is None:
            self._places = [self._read(records.APP_LICENCE + place) for place in range(records.INSTALLED_APPS)]
        return self._places

    def _read(self, record: int) -> "Optional[Licence]":
        fields = self._facts.readable(record)
        if not isinstance(fields, list) or len(fields) != _FIELDS - 1:
            return None  # damaged: the store gives it again
        return Licence(fields[0], fields[1], fields[2], fields[3], fields[4])


def _fields(payload: bytes) -> "dict[int, Any]":
    """Decode and check a licence. Raises InputError."""
    fields: "Any" = cbor.decode(payload, 1, _FIELDS)
    if not isinstance(fields, dict) or len(fields) != _FIELDS or any(key not in fields for key in range(1, 7)):
        raise InputError("the licence has the wrong fields")
    if not isinstance(fields[_DEVICE], bytes) or not isinstance(fields[_MAKER], str):
        raise InputError("a licence is for a watch and of a maker")
    if not 0 < len(fields[_MAKER]) <= _MAX_MAKER:
        raise InputError("the maker in a licence is empty or too long")
    numbers = [fields[_SERIAL], fields[_FROM]] + ([] if fields[_UNTIL] is None else [fields[_UNTIL]])
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 0 for one in numbers):
        raise InputError("serial number and ends of a licence are numbers")
    try:
        identifier(fields[_APP])
    except BundleError:
        raise InputError("the licence is for no app")
    return fields
