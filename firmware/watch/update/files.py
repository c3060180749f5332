"""Files of the file system that holds the slots: their names, their lengths, and what its errors mean."""

import errno
import os

from micropython import const

from watch.kernel.errors import CorruptError, FullError, StorageError, WriteError
from watch.storage.room import free_bytes

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

_ENOSPC = const(28)  # LFS_ERR_NOSPC of littlefs; the module `errno` of the board does not name it
_SIZE = const(6)  # of `os.stat`
_SLOTS = ("a.twi", "b.twi")


class Places:
    """Where an update is on its way from file to file: docs/updates.md "Where things are on the flash"."""

    def __init__(self, folder: str) -> None:
        """`folder`: of the slot images, without a slash at the end."""
        self.folder = folder
        self.part = folder + "/update.part"
        """What arrives."""
        self.note = folder + "/update.note"
        """Of what arrives: its SHA-256 and its length."""
        self.new = folder + "/new.twi"
        """What a delta makes."""

    def slot(self, slot: int) -> str:
        """The image of slot 0 or 1."""
        return self.folder + "/" + _SLOTS[slot]

    def free_bytes(self) -> int:
        """Room for more files. Raises CorruptError."""
        return free_bytes(self.folder)


def size(path: str) -> "Optional[int]":
    """Length of a file, None if there is none. Raises CorruptError if nobody can tell."""
    try:
        return os.stat(path)[_SIZE]
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        raise unreadable(error, path)


def expect_size(path: str) -> int:
    """Length of a file that has to be there. Raises CorruptError."""
    found = size(path)
    if found is None:
        raise CorruptError("%s is not there" % path)
    return found


def remove(path: str) -> None:
    """Delete a file, if there is one. Raises WriteError."""
    try:
        os.remove(path)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise WriteError("%s cannot be deleted" % path)


def rename(path: str, other: str) -> None:
    """Give a file another name; one that has it goes in the same step. Raises WriteError; all is as before then."""
    try:
        os.rename(path, other)
    except OSError as error:
        raise refused(error, other)


def unreadable(error: OSError, path: str) -> StorageError:
    """What to raise when a file could not be read."""
    return CorruptError("%s cannot be read (%s)" % (path, error.errno))


def refused(error: OSError, path: str) -> StorageError:
    """What to raise when a file could not be written."""
    if error.errno == _ENOSPC:
        return FullError("the watch has no room for %s" % path)
    return WriteError("%s cannot be written" % path)
