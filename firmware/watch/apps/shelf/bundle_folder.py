"""Where the bundles of installed apps lie, and the data of each app: docs/bundles.md "Where things lie"."""

import os

from micropython import const

from watch.apps.shelf import app_files, file_tree
from watch.kernel.errors import QuotaError, WriteError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

FOLDER = "apps"


class BundleFolder:
    """Files by the hash of what is in them. Only what a record names counts; the rest is swept away."""

    def __init__(self, folder: "Optional[str]") -> None:
        """`folder`: the one for files, None on a board without room."""
        self._bundles = None if folder is None else "%s/%s" % (folder, FOLDER)
        self._data = None if folder is None else "%s/%s" % (folder, app_files.FOLDER)

    def path(self, name: str) -> str:
        """Where a bundle lies. Raises QuotaError on a board without room."""
        if self._bundles is None:
            raise QuotaError("this watch has no room for apps")
        return "%s/%s" % (self._bundles, name)

    def adopt(self, path: str, name: str) -> None:
        """Give a file its name among the bundles; one of the same name has the same bytes. Raises WriteError."""
        target = self.path(name)
        file_tree.made(str(self._bundles))
        try:
            os.rename(path, target)
        except OSError:
            raise WriteError("the bundle cannot be kept")

    def drop(self, name: str) -> None:
        """Delete a bundle that no record names any more. One that stays is swept away at the next start."""
        if self._bundles is not None:
            file_tree.removed(self.path(name))

    def drop_data(self, app: str) -> bool:
        """Delete all files of an app; False if some are still there."""
        return self._data is None or file_tree.removed("%s/%s" % (self._data, app))

    def names(self) -> "list[str]":
        """What lies among the bundles."""
        return [] if self._bundles is None else file_tree.names(self._bundles)

    def apps_with_data(self) -> "list[str]":
        """Apps that have files."""
        return [] if self._data is None else file_tree.names(self._data)

    def clear(self) -> bool:
        """Delete everything; False if something is still there."""
        gone = [folder is None or file_tree.removed(folder) for folder in (self._bundles, self._data)]
        return all(gone)
