"""What the wearer can know of an app and do with it besides opening it: for the settings."""

from micropython import const

from watch.apps.settings import AppSettings
from watch.apps.shelf import file_tree
from watch.apps.shelf.app_files import FOLDER, AppFiles
from watch.apps.shelf.levels import SYSTEM
from watch.kernel.errors import AppError, WriteError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.shelf.manifest import Manifest
    from watch.apps.shelf.shelved import Shelved
    from watch.system.apps.apps import Apps
    from watch.system.services import Services


class AppCare:
    """Whoever uses it has made sure that the watch is open."""

    def __init__(self, services: "Services", apps: "Apps") -> None:
        self._services, self._apps = services, apps

    def all(self) -> "list[tuple[Shelved, Manifest]]":
        """Apps in the order of the launcher, then faces, and what they say of themselves.

        Raises AppError, StorageError.
        """
        shelf = self._services.shelf
        return [(one, shelf.manifest(one.id)) for kind in ("app", "face") for one in self._apps.all(kind)]

    def find(self, app: str) -> "tuple[Shelved, Manifest]":
        """One app as it is now. Raises AppError, StorageError."""
        for shelved in self._services.shelf.all():
            if shelved.id == app:
                return shelved, self._services.shelf.manifest(app)
        raise AppError("there is no app " + app)

    def maker(self, shelved: "Shelved") -> str:
        """Who made an app, as people read it; empty for those of the watch. Raises AppError, StorageError."""
        verdict = self._services.shelf.verdict(shelved.id)
        return "" if verdict is None or shelved.level == SYSTEM else verdict.maker_name or verdict.maker

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
        self._apps.stop(app)
        self._services.shelf.remove(app)
        self._services.app_marks.forget(app)
        self._services.app_payments.forget(app)

    def _settings(self, app: str) -> AppSettings:
        return self._apps.runner.settings(app)
