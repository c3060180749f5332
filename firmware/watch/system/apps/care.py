"""What can be known of an app and done with it besides opening it, for the settings and whoever asks the wearer."""

from micropython import const

from watch.apps.settings import AppSettings
from watch.apps.shelf import file_tree
from watch.apps.shelf.app_files import FOLDER, AppFiles
from watch.apps.shelf.levels import DEVELOPER, SYSTEM
from watch.kernel.errors import AppError, CorruptError, WriteError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.shelf.bundle import Bundle
    from watch.apps.shelf.developers import Developer
    from watch.apps.shelf.manifest import Manifest
    from watch.apps.shelf.shelved import Shelved
    from watch.system.apps.apps import Apps
    from watch.system.services import Services
    from watch.ui.app_mark import AppMark

    App = tuple[Shelved, Optional[Manifest]]


class AppCare:
    """Whoever uses it has made sure that the watch is open, or that the wearer was asked."""

    def __init__(self, services: "Services", apps: "Apps") -> None:
        self._services, self._apps = services, apps

    def all(self) -> "list[App]":
        """Apps in the order of the launcher, then faces, with what they say of themselves; damaged ones come last.

        Raises AppError, StorageError.
        """
        shelf = self._services.shelf
        found: "list[App]" = [(one, shelf.manifest(one.id)) for kind in ("app", "face") for one in self._apps.all(kind)]
        known = [one.id for one, _ in found]
        return found + [(one, None) for one in shelf.installed() if one.id not in known]

    def find(self, app: str) -> "App":
        """One app as it is now. Raises AppError, StorageError."""
        shelf = self._services.shelf
        shelved = shelf.find(app)
        if shelved is None:
            raise AppError("there is no app " + app)
        try:
            return shelved, shelf.manifest(app)
        except (AppError, CorruptError):
            return shelved, None  # damaged: it can still be removed

    def maker(self, shelved: "Shelved") -> str:
        """Who made an app, as people read it; empty for those of the watch. Raises AppError, StorageError."""
        verdict = self._services.shelf.verdict(shelved.id)
        return "" if verdict is None or shelved.level == SYSTEM else verdict.maker_name or verdict.maker

    def mark(self, manifest: "Manifest") -> "AppMark":
        """What an app is known by."""
        return self._apps.mark(manifest)

    def mark_in(self, bundle: "Bundle") -> "AppMark":
        """The same of an app that is not on the shelf yet."""
        return self._apps.mark_in(bundle)

    def size_bytes(self, app: str) -> int:
        """How large the bundle of an app is. Raises AppError, StorageError."""
        return self._services.shelf.size(app)

    def kept_bytes(self, app: str) -> int:
        """How much an app has stored, in settings and files. Raises CorruptError, StorageError."""
        files = AppFiles(self._services.files, app)
        return self._settings(app).size + files.size()

    def switch_on(self, app: str) -> None:
        """Forget that an app has failed. Raises StorageError."""
        self._services.shelf.pardon(app)

    def forget(self, app: str) -> None:
        """Throw away what an app has stored. Raises StorageError."""
        self._settings(app).forget()
        self._services.app_marks.forget(app)
        folder = self._services.files
        if folder is not None and not file_tree.removed("%s/%s/%s" % (folder, FOLDER, app)):
            raise WriteError("files of %s cannot be deleted" % app)

    def remove(self, app: str) -> None:
        """Take an app off the watch, with all that it has stored. Raises AppError, StorageError."""
        self.stop(app)
        self._services.shelf.remove(app)
        self._removed(app)

    def made_by(self, developer: "Developer") -> "list[str]":
        """Ids of the apps that an enrolled key has signed. Raises StorageError."""
        installed = self._services.shelf.installed()
        return [one.id for one in installed if one.level == DEVELOPER and one.maker == developer.maker]

    def dismiss(self, developer: "Developer") -> None:
        """Throw an enrolled key away, and take its apps off the watch. Raises AppError, StorageError."""
        apps = self.made_by(developer)
        for app in apps:
            self.stop(app)
        self._services.shelf.dismiss(developer.public)
        for app in apps:
            self._removed(app)

    def stop(self, app: str) -> None:
        """End an app that runs: it is about to be replaced or removed."""
        self._apps.stop(app)

    def _removed(self, app: str) -> None:
        """Nothing in RAM knows it any more."""
        self._services.app_marks.forget(app)
        self._services.app_payments.forget(app)

    def _settings(self, app: str) -> AppSettings:
        return self._apps.runner.settings(app)
