"""What is installed: a sealed record for each app, with all that the watch must know before it opens the file."""

from micropython import const

from watch.apps.shelf.shelved import Shelved
from watch.apps.shelf.trust import Verdict
from watch.kernel.errors import QuotaError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.apps.shelf.bundle import Bundle
    from watch.apps.shelf.sealed_facts import SealedFacts

MAX_TOTAL_BYTES = const(786_432)
"""Of all bundles together: half of the space for files on a watch with 16 MB of flash, less one bundle on its way."""
_FIELDS = const(15)
_NAME_BYTES = const(16)  # of a hash: docs/bundles.md "Where things lie"


class Installed(Shelved):
    """One installed app."""

    def __init__(self, fields: "list[Any]") -> None:
        """Take the fields of its record."""
        app, version, kind, paid, size, digest, strikes = fields[:7]
        level, maker, name, manifest, number, serials, until_s, payee = fields[7:]
        super().__init__(app, kind, level, maker)
        self.version: "tuple[int, int, int]" = tuple(version)
        self.paid, self.digest, self.strikes = paid, digest, strikes
        self.bytes: int = size
        """Of its bundle."""
        self.verdict = Verdict(level, maker, name, manifest, number, tuple(serials), until_s, payee)

    @property
    def file(self) -> str:
        """Name of its bundle in the folder of bundles."""
        return self.digest[:_NAME_BYTES].hex()

    def fields(self) -> "list[Any]":
        """What its record holds."""
        first = [self.id, list(self.version), self.kind, self.paid, self.bytes, self.digest, self.strikes]
        return first + self.verdict.fields()


def installed(bundle: "Bundle", digest: bytes, verdict: "Verdict") -> Installed:
    """What the record of a bundle will say."""
    manifest = bundle.manifest
    first = [manifest.id, list(manifest.version), manifest.kind, manifest.paid, bundle.size, digest, 0]
    return Installed(first + verdict.fields())


class InstalledApps:
    """The records of installed apps, read when the first of them is asked for.

    One that does not open is left out, and the next app takes its place: an app can be installed again.
    """

    def __init__(self, facts: "SealedFacts") -> None:
        self._facts = facts
        self._places: "Optional[list[Optional[Installed]]]" = None

    def all(self) -> "list[Installed]":
        """Every installed app. Raises StorageError."""
        return [one for one in self._known() if one is not None]

    def find(self, app: str) -> "Optional[Installed]":
        """The installed app of this id. Raises StorageError."""
        for one in self._known():
            if one is not None and one.id == app:
                return one
        return None

    def change(self, app: Installed) -> "dict[int, Any]":
        """The record that says this, in the place of its older version or in a free one. Raises QuotaError."""
        return {records.APP + self._place(app.id): app.fields()}

    def removal(self, app: str) -> "dict[int, Any]":
        """The record of an app goes."""
        return {records.APP + self._place(app): None}

    def forget(self) -> None:
        """Read the records again when they are needed: after a change, whether it succeeded or not."""
        self._places = None

    def _place(self, app: str) -> int:
        free = -1
        for place, one in enumerate(self._known()):
            if one is not None and one.id == app:
                return place
            if one is None and free < 0:
                free = place
        if free < 0:
            raise QuotaError("%d apps are installed" % records.INSTALLED_APPS)
        return free

    def _known(self) -> "list[Optional[Installed]]":
        if self._places is None:
            self._places = [self._read(records.APP + place) for place in range(records.INSTALLED_APPS)]
        return self._places

    def _read(self, record: int) -> "Optional[Installed]":
        fields = self._facts.readable(record)
        return Installed(fields) if isinstance(fields, list) and len(fields) == _FIELDS else None
