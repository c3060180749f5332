"""Whether a bundle may be installed: docs/bundles.md "What the watch checks". Nothing runs, nothing is written."""

from micropython import const

from watch.apps.shelf import checks, removed_versions, taken_names
from watch.apps.shelf.bundle import Bundle
from watch.apps.shelf.installed import MAX_TOTAL_BYTES
from watch.kernel.errors import AppError, CorruptError, QuotaError, VersionError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator, Optional

    from watch.apps.shelf.bundle_folder import BundleFolder
    from watch.apps.shelf.firmware_bundles import FirmwareBundles
    from watch.apps.shelf.installed import Installed, InstalledApps
    from watch.apps.shelf.manifest import Manifest
    from watch.apps.shelf.sealed_facts import SealedFacts
    from watch.apps.shelf.trust import Trust, Verdict


class Checked:
    """A bundle that may be installed if the wearer agrees."""

    def __init__(self, bundle: Bundle, digest: bytes, verdict: "Verdict", before: "Optional[Installed]") -> None:
        self.bundle, self.digest, self.verdict = bundle, digest, verdict
        self.before = before
        """What it would take the place of."""


class Intake:
    """Compares a bundle with all that the watch knows, a small step at a time."""

    def __init__(
        self,
        firmware: "FirmwareBundles",
        apps: "InstalledApps",
        folder: "BundleFolder",
        facts: "SealedFacts",
        trust: "Trust",
    ) -> None:
        self._firmware, self._apps, self._folder = firmware, apps, folder
        self._facts, self._trust = facts, trust

    def checking(self, path: str) -> "Generator[None, None, Checked]":
        """Check a file from the first to the last; the first fault ends it.

        Raises BundleError, SignerError, VersionError, TakenError, BytecodeError, QuotaError, StorageError.
        """
        bundle = Bundle(path)
        yield
        digest = yield from bundle.hashing()
        verdict = yield from self._trust.judging(bundle)
        yield from checks.hashes(bundle)
        before = self._expect_successor(bundle.manifest, verdict)
        yield from self._expect_names(bundle.manifest)
        yield from checks.contents(bundle)
        self._expect_room(bundle, before)
        return Checked(bundle, digest, verdict, before)

    def again(self, checked: Checked) -> None:
        """What may have changed while the wearer was asked. Raises what `checking` raises."""
        self._trust.expect(checked.verdict)
        checked.before = self._expect_successor(checked.bundle.manifest, checked.verdict)
        self._expect_room(checked.bundle, checked.before)

    def _expect_successor(self, manifest: "Manifest", verdict: "Verdict") -> "Optional[Installed]":
        """The app whose place it takes. Raises VersionError."""
        app = manifest.id
        if app in self._firmware.ids:
            raise VersionError("the app %s comes with the firmware" % app)
        before = self._apps.find(app)
        if before is not None and (before.level, before.maker) != (verdict.level, verdict.maker):
            raise VersionError("the app %s that is here is by %s (%s)" % (app, before.maker, before.level))
        floor = removed_versions.highest(self._facts, app, verdict.level, verdict.maker)
        if before is not None:
            floor = max(floor, before.version)
        if manifest.version < floor:
            newer = "%d.%d.%d" % floor
            raise VersionError("version %s is older than %s, which is or was here" % (manifest.version_text, newer))
        return before

    def _expect_names(self, manifest: "Manifest") -> "Generator[None, None, None]":
        """Raise TakenError for a name that the watch or another app has."""
        names = manifest.names()
        taken_names.expect_free(names)
        for app in self._firmware.ids:
            taken_names.expect_other(names, app, self._names_of(self._firmware.path(app)))
            yield
        for one in self._apps.all():
            if one.id != manifest.id:
                taken_names.expect_other(names, one.id, self._names_of(self._folder.path(one.file)))
                yield

    def _names_of(self, path: str) -> "list[str]":
        try:
            return Bundle(path).manifest.names()
        except (AppError, CorruptError):
            return []  # it cannot be opened either, so no app on the screen has its name

    def _expect_room(self, bundle: Bundle, before: "Optional[Installed]") -> None:
        others = [one for one in self._apps.all() if before is None or one.id != before.id]
        if len(others) >= records.INSTALLED_APPS:
            raise QuotaError("%d apps are installed, one has to go first" % records.INSTALLED_APPS)
        if sum([one.bytes for one in others]) + bundle.size > MAX_TOTAL_BYTES:
            raise QuotaError("all installed apps together have at most %d bytes" % MAX_TOTAL_BYTES)
        self._folder.path("")
