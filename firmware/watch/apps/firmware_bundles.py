"""The bundles that come with the firmware, in a folder of its image.

Each is checked in full when it is opened for the first time; after that its hash is enough, which is one pass over the
file. A file that is another one is checked again, so a new firmware needs nothing else.
"""

from micropython import const

from watch.apps import checks
from watch.apps.bundle import Bundle
from watch.apps.system_key import SYSTEM_KEY
from watch.crypto.hashes import equal
from watch.kernel.errors import BundleError, SignatureError, SignerError, StorageError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional, Protocol

    class Records(Protocol):
        """Sealed records; `access.DeviceRecords`."""

        def read(self, record: int) -> "Optional[Any]":
            """The value, or None if it was never written."""
            ...

        def write(self, record: int, value: "Any") -> None:
            """Commit one value."""
            ...


_KEPT_BYTES = const(16)  # of a hash: another file with the same is 2^128 tries away
SUFFIX = ".twb"


class FirmwareBundles:
    """The folder, and the record of what in it was checked."""

    def __init__(self, folder: str, ids: "tuple[str, ...]", records: "Records", key: bytes = SYSTEM_KEY) -> None:
        self.ids = ids
        self._folder, self._records, self._key = folder, records, key
        self._checked: "Optional[dict[str, bytes]]" = None

    def peek(self, app: str) -> Bundle:
        """A bundle as it lies there, for what it says of itself. Raises BundleError, CorruptError."""
        bundle = Bundle("%s/%s%s" % (self._folder, app, SUFFIX))
        if bundle.manifest.id != app:
            raise BundleError("app %s calls itself %s" % (app, bundle.manifest.id))
        return bundle

    def open(self, app: str) -> Bundle:
        """A bundle that was checked, now or earlier. Raises AppError, CorruptError, StorageError."""
        bundle = self.peek(app)
        digest = bundle.digest()[:_KEPT_BYTES]
        known = self._known()
        if not equal(known.get(app, b""), digest):
            self._check(bundle)
            known[app] = digest
            self._keep(known)
        return bundle

    def _check(self, bundle: Bundle) -> None:
        try:
            bundle.envelope.verify(self._key)
        except SignatureError:
            raise SignerError("%s is not signed by the maker of this firmware" % bundle.manifest.id)
        checks.whole(bundle)

    def _known(self) -> "dict[str, bytes]":
        if self._checked is None:
            stored = self._records.read(records.CHECKED_BUNDLES) or {}
            self._checked = {app: digest for app, digest in stored.items() if app in self.ids}
        return self._checked

    def _keep(self, known: "dict[str, bytes]") -> None:
        try:
            self._records.write(records.CHECKED_BUNDLES, known)
        except StorageError:
            return  # safe to lose: it was checked, and will be again at the next start
