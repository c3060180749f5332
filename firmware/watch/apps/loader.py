"""Imports the modules of a bundle, and forgets them again so that their memory comes back.

A small read-only file system stands over the bundle while they are loaded, and is the only place that is looked at: no
file in the file system of the watch can take the place of a module, whatever it is called and wherever it lies. The
bytes that run are those whose hash was compared: each file is read once.
"""

import errno
import io
import sys

import vfs
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Iterator

    from watch.apps.shelf.bundle import Bundle

_PLACE = "/bundle"
_PACKAGE = "apps"
_SUFFIX = ".mpy"
_FOLDER, _FILE = const(0x4000), const(0x8000)  # types of `os.stat`


def load(bundle: "Bundle") -> "Any":
    """The class that a manifest calls its entry. Runs the code of its modules.

    Raises BundleError, CorruptError, and what that code raises.
    """
    app = bundle.manifest.id
    module, name = bundle.manifest.entry.split(".")
    forget(app)
    path, sys.path[:] = sys.path[:], [_PLACE]
    try:
        vfs.mount(_Files(bundle), _PLACE)
        try:
            __import__("%s.%s.%s" % (_PACKAGE, app, module))
        finally:
            vfs.umount(_PLACE)
    finally:
        sys.path[:] = path
    return getattr(sys.modules["%s.%s.%s" % (_PACKAGE, app, module)], name)


def forget(app: str) -> None:
    """Drop every module of an app."""
    whole = "%s.%s" % (_PACKAGE, app)
    inside = whole + "."  # a new text each time would be looked for among all interned ones
    for name in list(sys.modules):
        if name in (_PACKAGE, whole) or name.startswith(inside):
            sys.modules[name] = None  # type: ignore[assignment] # a table keeps the value of a name that is deleted
            del sys.modules[name]


class _Files:
    """The modules of a bundle as a file system: `apps/ID/MODULE.mpy`, and the two folders above them."""

    def __init__(self, bundle: "Bundle") -> None:
        self._bundle = bundle
        folder = "/%s/%s" % (_PACKAGE, bundle.manifest.id)
        self._folders = ("/", "/" + _PACKAGE, folder)
        self._lengths = {"%s/%s" % (folder, name): length for name, length in _modules(bundle)}

    def mount(self, readonly: bool, make: bool) -> None:
        """Part of the protocol of file systems: nothing to do."""

    def umount(self) -> None:
        """Part of the protocol: nothing to do."""

    def stat(self, path: str) -> "tuple[int, ...]":
        """Kind and length, as `os.stat`. Raises OSError."""
        if path in self._folders:
            return (_FOLDER, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        if path not in self._lengths:
            raise OSError(errno.ENOENT)
        return (_FILE, 0, 0, 0, 0, 0, self._lengths[path], 0, 0, 0)

    def open(self, path: str, mode: str) -> io.BytesIO:
        """The bytes of a module, compared with their hash. Raises OSError, BundleError, CorruptError."""
        if path not in self._lengths or "w" in mode or "a" in mode or "+" in mode:
            raise OSError(errno.ENOENT)
        return io.BytesIO(self._bundle.read(path[len(self._folders[-1]) + 1 :]))


def _modules(bundle: "Bundle") -> "Iterator[tuple[str, int]]":
    for name, length, _ in bundle.manifest.files:
        if name.endswith(_SUFFIX):
            yield name, length
