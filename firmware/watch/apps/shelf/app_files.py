"""The files of one app: a folder of its own, for what is too large for its settings. Permission `storage`."""

import os

from micropython import const

from watch.apps import fuel
from watch.apps.shelf import file_tree
from watch.kernel.errors import InputError, QuotaError, StateError, WriteError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

FOLDER = "data"
"""In the folder for files; in it a folder for each app."""
MAX_BYTES = const(32_768)
"""Of all files of one app."""
MAX_FILES = const(16)
_MAX_NAME = const(32)
_ALLOWED = "abcdefghijklmnopqrstuvwxyz0123456789_.-"
_DRAFT = ".draft"
_CALL_UNITS = const(200)
"""Fuel: a folder that is listed or a file that is opened takes milliseconds, so a hundred of them are a call's most."""

_BYTES_PER_MS = const(80)
"""A block of 4,096 bytes is erased and written in some 53 ms: 45 and 16 pages of 0.5 ms, typical of such flash. What
has been begun is not given up in the middle, so it begins only if the time of the call is enough."""


class AppFiles:
    """Reads and writes whole files. A file has its old bytes or its new ones, whenever the power goes."""

    def __init__(self, folder: "Optional[str]", app: str) -> None:
        """`folder`: the one for files, None on a board without room; `app`: whose files."""
        self._parent = None if folder is None else "%s/%s" % (folder, FOLDER)
        self._app = app

    def names(self) -> "list[str]":
        """Names of the files, rising."""
        fuel.use(_CALL_UNITS)
        return [] if self._parent is None else sorted([one for one in file_tree.names(self._own()) if one != _DRAFT])

    def read(self, name: str) -> bytes:
        """A whole file. Raises InputError if there is none of that name, StateError on a board without room."""
        path = self._path(name)
        try:
            with open(path, "rb") as file:
                return file.read(MAX_BYTES)
        except OSError:
            if name in self.names():
                raise WriteError("file %s cannot be read" % name)
            raise InputError("there is no file " + name)

    def write(self, name: str, data: "bytes | bytearray | memoryview") -> None:
        """Put bytes in the place of a file, or make one.

        Raises InputError for a name that files cannot have, QuotaError if all files were more or larger than an app may
        have, WriteError if the flash did not take it; then the file is as it was.
        """
        path = self._path(name)
        self._expect_room(name, len(data))
        fuel.hurry(len(data) // _BYTES_PER_MS)
        file_tree.made(str(self._parent))
        draft = "%s/%s" % (file_tree.made(self._own()), _DRAFT)
        try:
            with open(draft, "wb") as file:
                if file.write(data) != len(data):
                    raise OSError
            os.rename(draft, path)
        except OSError:
            file_tree.removed(draft)
            raise WriteError("file %s cannot be written" % name)

    def remove(self, name: str) -> None:
        """Delete a file, if there is one. Raises InputError, WriteError."""
        if not file_tree.removed(self._path(name)):
            raise WriteError("file %s cannot be deleted" % name)

    def size(self) -> int:
        """Bytes of all files; 0 on a board without room. Raises WriteError if they cannot be counted."""
        return sum([self._length(one) for one in self.names()])

    def _length(self, name: str) -> int:
        try:
            return os.stat("%s/%s" % (self._own(), name))[6]
        except OSError:
            raise WriteError("the files of %s cannot be counted" % self._app)

    def _expect_room(self, name: str, length: int) -> None:
        others = [one for one in self.names() if one != name]
        if len(others) >= MAX_FILES:
            raise QuotaError("an app has at most %d files" % MAX_FILES)
        taken = sum([self._length(one) for one in others])
        if taken + length > MAX_BYTES:
            raise QuotaError("the files of an app have at most %d bytes" % MAX_BYTES)

    def _path(self, name: str) -> str:
        """Where a file lies. Raises InputError, StateError."""
        fuel.use(_CALL_UNITS)
        if not isinstance(name, str) or not 0 < len(name) <= _MAX_NAME:
            raise InputError("the name of a file has 1 to %d characters" % _MAX_NAME)
        if name[0] == "." or not all(character in _ALLOWED for character in name):
            raise InputError("file %r: small letters, digits, _ . and -, and no . first" % name)
        if self._parent is None:
            raise StateError("this watch keeps no files")
        return "%s/%s" % (self._own(), name)

    def _own(self) -> str:
        return "%s/%s" % (self._parent, self._app)
