"""The capability `storage`: the files of an app, as far as it may wear out the flash."""

from micropython import const

from watch.kernel.errors import InputError, WatchError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.shelf.app_files import AppFiles
    from watch.system.apps.budgets import Budget, Written


class Storage:
    """Whole files by name: at most 32,768 bytes in 16 files, 300 changes and 262,144 bytes a day.

    A name has 1 to 32 small letters, digits, `_`, `.` and `-`, and no `.` first. Every method raises InputError for
    another one.
    """

    def __init__(self, files: "AppFiles", app: str, budget: "Budget", written: "Written") -> None:
        """`budget` counts changes, `written` bytes."""
        self._files, self._app, self._budget, self._written = files, app, budget, written

    def names(self) -> "list[str]":
        """Names of the files, rising."""
        return self._files.names()

    def read(self, name: str) -> "bytes | None":
        """A whole file; None if there is none of that name, or if it cannot be read."""
        if type(name) is not str:
            raise InputError("a file has a name")
        if name not in self._files.names():
            return None
        try:
            return self._files.read(name)
        except WatchError:
            return None

    def write(self, name: str, data: "bytes | bytearray") -> bool:
        """Put bytes in the place of a file, or make one. False if there is no room, or too much was written today.

        The file has its old bytes or the new ones, whenever the power goes. Raises InputError for what are no bytes.
        """
        if type(data) not in (bytes, bytearray):
            raise InputError("a file is made of bytes")
        if not self._budget.take(self._app) or not self._written.take(self._app, len(data)):
            return False
        return self._done(lambda: self._files.write(name, data))

    def remove(self, name: str) -> bool:
        """Delete a file, if there is one. False if it is still there."""
        return self._budget.take(self._app) and self._done(lambda: self._files.remove(name))

    def _done(self, change: "Callable[[], None]") -> bool:
        try:
            change()
        except InputError:
            raise
        except WatchError:
            return False
        return True
