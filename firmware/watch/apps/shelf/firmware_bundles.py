"""The bundles that come with the firmware, in a folder of its image.

Each is checked in full when it is opened for the first time; after that its hash is enough, which is one pass over the
file. A file that is another one is checked again, so a new firmware needs nothing else.
"""

from micropython import const

from watch.apps.shelf.bundle import Bundle
from watch.apps.shelf.system_key import SYSTEM_KEY
from watch.crypto.hashes import equal
from watch.kernel.errors import BundleError, SignatureError, SignerError, StorageError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.shelf.sealed_facts import SealedFacts

_KEPT_BYTES = const(16)  # of a hash: another file with the same is 2^128 tries away
SUFFIX = ".twb"


class FirmwareBundles:
    """The folder, and the record of what in it was checked."""

    def __init__(
        self,
        folder: str,
        apps: "tuple[str, ...]",
        faces: "tuple[str, ...]",
        facts: "SealedFacts",
        key: bytes = SYSTEM_KEY,
    ) -> None:
        """`folder`: where they lie; `key`: who signs them. `apps` and `faces` are ids in the order of lists."""
        self.ids, self.faces = apps + faces, faces
        self._folder, self._facts, self._key = folder, facts, key
        self._checked: "Optional[dict[str, bytes]]" = None
        self._latest: "Optional[Bundle]" = None
        """Its head was parsed last: who asks what an app is called opens it next."""

    def path(self, app: str) -> str:
        """Where a bundle lies."""
        return "%s/%s%s" % (self._folder, app, SUFFIX)

    def peek(self, app: str) -> Bundle:
        """A bundle as it lies there, for what it says of itself. Raises BundleError, CorruptError."""
        if self._latest is None or self._latest.manifest.id != app:
            self._latest = self._read(app)
        return self._latest

    def open(self, app: str) -> Bundle:
        """A bundle that was checked, now or earlier. Raises AppError, CorruptError, StorageError."""
        bundle, known = self.peek(app), self._known()
        if not equal(known.get(app, b""), bundle.digest()[:_KEPT_BYTES]):
            bundle = self._latest = self._read(app)
            digest = bundle.digest()[:_KEPT_BYTES]
            self._check(bundle)
            known[app] = digest
            self._keep(known)
        return bundle

    def _read(self, app: str) -> Bundle:
        bundle = Bundle(self.path(app))
        if bundle.manifest.id != app:
            raise BundleError("app %s calls itself %s" % (app, bundle.manifest.id))
        return bundle

    def _check(self, bundle: Bundle) -> None:
        try:
            bundle.envelope.verify(self._key)
        except SignatureError:
            raise SignerError("%s is not signed by the maker of this firmware" % bundle.manifest.id)
        from watch.apps.shelf import checks  # 55 KB of heap on 64 bits, which a usual start does without

        checks.whole(bundle)

    def _known(self) -> "dict[str, bytes]":
        if self._checked is None:
            stored = self._facts.readable(records.CHECKED_BUNDLES) or {}
            self._checked = {app: digest for app, digest in stored.items() if app in self.ids}
        return self._checked

    def _keep(self, known: "dict[str, bytes]") -> None:
        try:
            self._facts.commit({records.CHECKED_BUNDLES: known})
        except StorageError:
            return  # safe to lose: it was checked, and will be again at the next start
