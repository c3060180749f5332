"""Files and folders below the one that the board lends, for those that keep apps and their data there."""

import errno
import os

from micropython import const

_FOLDER = const(0x4000)  # in the mode of an entry, as in POSIX


def names(folder: str) -> "list[str]":
    """What is in a folder; nothing if there is none."""
    try:
        return os.listdir(folder)
    except OSError:
        return []  # nothing was ever kept


def made(folder: str) -> str:
    """The folder, which is there now if it can be: what is written to it fails otherwise."""
    try:
        os.mkdir(folder)
    except OSError:
        pass  # it is there
    return folder


def emptied(folder: str) -> bool:
    """True once nothing is in a folder, or it is not there."""
    try:
        found = os.listdir(folder)
    except OSError as error:
        return error.errno == errno.ENOENT
    gone = [removed("%s/%s" % (folder, name)) for name in found]
    return all(gone)


def removed(path: str) -> bool:
    """True once a file, or a folder with all that is in it, is gone."""
    try:
        is_folder = os.stat(path)[0] & _FOLDER
    except OSError as error:
        return error.errno == errno.ENOENT
    try:
        if not is_folder:
            os.remove(path)
            return True
        for name in os.listdir(path):
            removed("%s/%s" % (path, name))
        os.rmdir(path)
        return True
    except OSError:
        return False
