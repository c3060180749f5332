"""All apps of the watch: those of its firmware, and those that were installed.

A change is one record. Files come before it or go after it, and what no record names is swept away at the next start.
"""

from micropython import const

from watch.apps import settings
from watch.apps.shelf import removed_versions
from watch.apps.shelf.bundle import Bundle
from watch.apps.shelf.installed import installed
from watch.apps.shelf.levels import DEVELOPER, SYSTEM, SYSTEM_MAKER
from watch.apps.shelf.shelved import Shelved
from watch.crypto.hashes import equal
from watch.kernel.errors import AppError, BundleError, CorruptError, InputError, LicenceError, StorageError, WriteError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Generator, Optional

    from watch.apps.shelf.installed import Installed
    from watch.apps.shelf.intake import Checked
    from watch.apps.shelf.manifest import Manifest
    from watch.apps.shelf.shelf_parts import ShelfParts


class Shelf:
    """Finds, opens, installs and removes apps."""

    def __init__(self, parts: "ShelfParts") -> None:
        """`parts`: what it is made of; see shelf_parts."""
        self._facts, self._apps, self._folder = parts.facts, parts.apps, parts.folder
        self._firmware, self._trust, self._new_intake = parts.firmware, parts.trust, parts.intake
        self._licences, self._revocations = parts.licences, parts.revocations
        self.developers = parts.developers
        """The enrolled keys."""
        self._strikes: "dict[str, int]" = {}

    # What there is.

    @property
    def system(self) -> "tuple[str, ...]":
        """Ids of the apps of the firmware, in the order of the launcher, then of its faces."""
        return self._firmware.ids

    def installed(self) -> "list[Installed]":
        """What did not come with the firmware. Raises StorageError."""
        return [self._seen(one) for one in self._apps.all()]

    def find(self, app: str) -> "Optional[Shelved]":
        """One app, or None if there is none of this id. Raises StorageError."""
        if app in self.system:
            return self._of_firmware(app)
        one = self._apps.find(app)
        return None if one is None else self._seen(one)

    def verdict(self, app: str) -> "Optional[Any]":
        """Who stands behind an installed app; None for those of the firmware. Raises AppError, StorageError."""
        return None if app in self.system else self._installed(app).verdict

    def manifest(self, app: str) -> "Manifest":
        """What an app says of itself, for lists: its file is read, and not compared. Raises AppError, StorageError."""
        if app in self.system:
            return self._firmware.peek(app).manifest
        return Bundle(self._folder.path(self._installed(app).file)).manifest

    def size(self, app: str) -> int:
        """Bytes of a bundle. Raises AppError, StorageError."""
        return self._firmware.peek(app).size if app in self.system else self._installed(app).bytes

    def bought(self, app: str, maker: str) -> bool:
        """True if there is a licence for an app of this maker that holds now. Raises StorageError."""
        return self._licences.holds(app, maker)

    def expect(self, app: str) -> None:
        """Raise SignerError or LicenceError for an app that may run no longer. Raises AppError, StorageError."""
        if app in self.system:
            return
        one = self._installed(app)
        self._trust.expect(one.verdict)
        if not self._seen(one).licensed:
            raise LicenceError("the app %s was not bought for this watch, or its licence has ended" % app)

    def open(self, app: str) -> Bundle:
        """A bundle that may run now: compared with what was checked. Raises AppError, StorageError."""
        if app in self.system:
            return self._firmware.open(app)
        self.expect(app)
        one = self._installed(app)
        bundle = Bundle(self._folder.path(one.file))
        if not equal(bundle.digest(), one.digest):
            raise CorruptError("the bundle of %s is not the one that was installed" % app)
        return bundle

    # What comes and goes.

    def check(self, path: str) -> "Generator[None, None, Checked]":
        """Whether a file may be installed, in steps; `Intake.checking` says what it raises."""
        return self._new_intake().checking(path)

    def install(self, checked: "Checked") -> None:
        """Put what was checked on the shelf, in the place of its older version. The file moves.

        Raises AppError, StorageError; then the old version is still there, whole.
        """
        self._new_intake().again(checked)
        bundle, before = checked.bundle, checked.before
        if not equal(bundle.digest(), checked.digest):
            raise BundleError("the file was changed after it was checked")
        if before is None and not self._folder.drop_data(bundle.manifest.id):
            raise WriteError("the files of an app of this name that is gone cannot be deleted")
        after = installed(bundle, checked.digest, checked.verdict)
        change = self._apps.change(after)
        self._folder.adopt(bundle.path, after.file)
        self._commit(change)
        if before is not None and before.file != after.file:
            self._folder.drop(before.file)

    def remove(self, app: str) -> None:
        """Take an app off the shelf, with its settings and files; its licence stays. Raises AppError, StorageError."""
        self._take_off([self._installed(app)], {})

    def enrol(self, public: bytes, name: str) -> None:
        """Let a developer's key sign apps for this watch. Raises InputError, QuotaError, StorageError."""
        self.developers.enrol(public, name)

    def dismiss(self, public: bytes) -> None:
        """Throw a developer's key away, with all its apps. Raises InputError if it is not enrolled, StorageError."""
        for one in self.developers.all():
            if one.public == public:
                made = [app for app in self._apps.all() if app.level == DEVELOPER and app.maker == one.maker]
                self._take_off(made, self.developers.without(public))
                return
        raise InputError("this key is not enrolled")

    def add_licence(self, envelope: bytes, store_certificate: bytes) -> str:
        """Keep a licence; the id of its app. Raises as `Licences.add`."""
        wanted = [one.id for one in self._apps.all()]
        return self._licences.add(envelope, store_certificate, wanted).app

    def revoke(self, envelope: bytes) -> None:
        """Take a newer list of revocations. Raises as `Revocations.receive`."""
        self._revocations.receive(envelope)

    def expect_valid(self, serial: int) -> None:
        """Raise SignerError if the certificate with this serial number is void, of any role. Raises StorageError."""
        self._revocations.expect((serial,), b"")

    # What fails.

    def strike(self, app: str) -> int:
        """Count a failure; how many there were. Raises StorageError if the records cannot be read."""
        one = None if app in self.system else self._apps.find(app)
        if one is None:
            self._strikes[app] = self._strikes.get(app, 0) + 1
            return self._strikes[app]
        one.strikes += 1
        try:
            self._facts.commit(self._apps.change(one))
        except StorageError:
            return one.strikes  # safe to lose: it counts until the next start
        return one.strikes

    def pardon(self, app: str) -> None:
        """Forget the failures of an app. Raises StorageError."""
        self._strikes.pop(app, None)
        one = None if app in self.system else self._apps.find(app)
        if one is not None and one.strikes:
            one.strikes = 0
            self._commit(self._apps.change(one))

    # Order.

    def tidy(self) -> None:
        """Delete what no record names: half an installation, a removal that was cut short. Raises StorageError."""
        names, data = self._folder.names(), self._folder.apps_with_data()
        if not names and not data:
            return
        known = self._apps.all()
        for name in names:
            if name not in [one.file for one in known]:
                self._folder.drop(name)
        for app in data:
            if app not in self.system and app not in [one.id for one in known]:
                self._folder.drop_data(app)

    def clear(self) -> None:
        """The watch erases itself: all files go. What cannot be deleted goes at the next start."""
        self._folder.clear()
        self._strikes = {}
        self._forget()

    def _take_off(self, apps: "list[Installed]", change: "dict[int, Any]") -> None:
        """One change of records without these apps; then their files."""
        change.update(removed_versions.with_removed(self._facts, apps))
        plain: "dict[int, Optional[bytes]]" = {}
        for one in apps:
            change.update(self._apps.removal(one.id))
            plain.update(settings.removal(self._facts.journal, one.id))
        self._commit(change, plain)
        for one in apps:
            self._folder.drop(one.file)
            self._folder.drop_data(one.id)

    def _commit(self, change: "dict[int, Any]", plain: "Optional[dict[int, Optional[bytes]]]" = None) -> None:
        try:
            self._facts.commit(change, plain)
        finally:
            self._forget()

    def _forget(self) -> None:
        """What is in RAM is read again, also after a failure that may have changed the flash."""
        for part in (self._apps, self._licences, self._revocations, self.developers):
            part.forget()

    def _installed(self, app: str) -> "Installed":
        one = self._apps.find(app)
        if one is None:
            raise AppError("there is no app " + app)
        return one

    def _of_firmware(self, app: str) -> Shelved:
        found = Shelved(app, "face" if app in self._firmware.faces else "app", SYSTEM, SYSTEM_MAKER)
        found.strikes = self._strikes.get(app, 0)
        return found

    def _seen(self, one: "Installed") -> "Installed":
        """With what the licences say now. An app under development needs none: its maker has the watch in hand."""
        one.licensed = not one.paid or one.level == DEVELOPER or self._licences.holds(one.id, one.maker)
        return one
