"""`ports.FreeBlocks` of a littlefs: overwrites what deleted files have left on the flash.

littlefs forgets a file without erasing it. Which blocks are free is known to littlefs alone, so it is asked for all of
them: one file is written until there is no room, which erases and programs every free block once. Small files and names
lie in the log of their folder instead, and stay there until it is written anew: so each log is filled until it has been
moved twice, to the other block of its pair and back (littlefs, DESIGN.md, "Metadata pairs").

The file is there before the vault is erased and goes last. Found at a start, it says that a wipe was cut off.
"""

import errno
import os

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import BinaryIO, Generator

_FILES = "/files"
"""Beside it the root has no folder but the one in which the image is mounted; docs/updates.md."""
_NAME = "/erase.fill"
_TURN_NAME = "/erase.turn"
_ENOSPC = const(28)
"""LFS_ERR_NOSPC of littlefs; the module `errno` of the board does not name it."""
_BLOCK_BYTES = const(4096)
_TURN_BYTES = const(96)
"""Few enough to lie in the log, where files up to the size of a cache go: 128 bytes in MicroPython's VfsLfs2."""
_TURNS = const(80)
"""A commit of so many bytes takes 128 or more of a log of 4,096: two logs full, and a quarter more."""
_FOLDER = const(0x4000)
_WHOLE = const(100)
_BLOCKS, _FREE = const(2), const(3)  # of `os.statvfs`


class FreeBlocks:
    """`ports.FreeBlocks`."""

    def __init__(self, folder: str) -> None:
        """`folder`: where the file system is mounted, without a slash at the end."""
        self._folder = folder
        self._path = folder + _NAME

    def begin(self) -> None:
        """From now on `pending`, over restarts. Raises OSError."""
        with open(self._path, "wb"):
            pass

    def pending(self) -> bool:
        """True if this was begun and has not come to its end. Raises OSError if nobody can tell."""
        try:
            os.stat(self._path)
            return True
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise
            return False

    def erasing(self) -> "Generator[int, None, None]":
        """Overwrite all of it, in steps of one block; gives percent. Raises OSError.

        It may be dropped at any step, and begins anew then. Nobody else should write meanwhile: there is no room.
        """
        self.begin()
        for folder in [self._folder] + _folders(self._folder + _FILES):
            yield from _turning(folder + _TURN_NAME)
        yield from self._filling()  # last: a log that has moved leaves its old blocks behind
        os.remove(self._path)

    def _filling(self) -> "Generator[int, None, None]":
        figures = os.statvfs(self._folder or "/")
        total = min(max(1, figures[_FREE]), figures[_BLOCKS])  # it has been seen to be wrong (UNSURE-LFS-FREE)
        zeros = bytes(_BLOCK_BYTES)
        done = 0
        with open(self._path, "wb") as file:
            while _written(file, zeros):
                done += 1
                yield min(_WHOLE - 1, _WHOLE * done // total)


def _written(file: "BinaryIO", data: bytes) -> bool:
    """False once there is no room. Raises OSError."""
    try:
        file.write(data)
        return True
    except OSError as error:
        if error.errno != _ENOSPC:
            raise
        return False


def _turning(path: str) -> "Generator[int, None, None]":
    """Write the log of a folder anew, twice."""
    zeros = bytes(_TURN_BYTES)
    for _ in range(_TURNS):
        with open(path, "wb") as file:
            _written(file, zeros)
        yield 0
    os.remove(path)


def _folders(folder: str) -> "list[str]":
    """It, and all folders in it; none if it is not there. Raises OSError."""
    found = [folder]
    try:
        for entry in os.ilistdir(folder):
            if entry[1] == _FOLDER:
                found.extend(_folders(folder + "/" + entry[0]))
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
        return []
    return found
