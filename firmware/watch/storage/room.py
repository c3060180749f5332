"""How much room a littlefs has. Its own figure is no help: it has been seen to count a file for each time it is open.

That was on the unix port with a system image open ten times (UNSURE-LFS-FREE): more blocks were used than there are. So
the files are added up.
"""

import errno
import os

from micropython import const

from watch.kernel.errors import CorruptError

_BLOCK_BYTES, _BLOCKS = const(0), const(2)  # of `os.statvfs`
_NAME, _KIND = const(0), const(1)  # of `os.ilistdir`
_SIZE = const(6)  # of `os.stat`
_FOLDER = const(0x4000)
_PAIR = const(2)
"""Blocks of a folder; as many may be its next part."""
_MOST_DEPTH = const(4)
_MOUNTED = "slot"
"""In the root there is also the system that runs, which is another file system."""


def free_bytes(folder: str) -> int:
    """Room for more files where `folder` is the root, without a slash at the end. Raises CorruptError."""
    try:
        figures = os.statvfs(folder or "/")
        block = figures[_BLOCK_BYTES]
        used = _blocks(folder, block, _MOST_DEPTH)
    except OSError:
        raise CorruptError("the file system cannot be read")
    return max(0, figures[_BLOCKS] - used) * block


def _blocks(folder: str, block: int, depth: int) -> int:
    """Blocks that a folder and what is in it take at most. Raises OSError."""
    if not depth:
        raise OSError(errno.EIO)
    used = 2 * _PAIR
    for entry in os.ilistdir(folder or "/"):
        name = str(entry[_NAME])
        path = folder + "/" + name
        if entry[_KIND] != _FOLDER:
            used += -(-os.stat(path)[_SIZE] // block)
        elif name != _MOUNTED:
            used += _blocks(path, block, depth - 1)
    return used
