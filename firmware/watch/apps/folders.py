"""Loads the folder of an app by its name, and forgets it again so that its memory comes back.

`apps.NAME` holds the manifest and nothing else; `apps.NAME.words` the texts; the module that the manifest calls its
entry holds the class. So a list of all apps costs no code.
"""

import sys

from micropython import const

from watch.apps.manifest import Manifest
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_PLACE = "apps"


def manifest(app: str) -> Manifest:
    """What an app says about itself. Raises InputError, ImportError."""
    try:
        found = Manifest(_fields(_module(_PLACE + "." + app).MANIFEST))
    finally:
        forget(app)
    if found.id != app:
        raise InputError("app %s calls itself %s" % (app, found.id))
    return found


def _fields(said: "dict[str, Any]") -> "dict[int, Any]":
    """What a folder says of its app, in the form of a bundle."""
    files = [["app.mpy", 1, bytes(32)]]
    version = [int(part) for part in said["version"].split(".")]
    permissions, nothing = sorted(said["permissions"]), bytes(32)
    first = {1: said["id"], 2: version, 3: said["kind"], 4: said["api"], 5: said["entry"], 6: said["name"]}
    first.update(
        {7: said["icon"], 8: said["colour"], 9: permissions, 10: [], 11: files, 12: False, 13: nothing, 14: "-"}
    )
    return first


def words(app: str) -> "dict[str, dict[str, str]]":
    """The texts of an app by language; none if it has no such file."""
    try:
        return _module("%s.%s.words" % (_PLACE, app)).TEXT
    except ImportError:
        return {}


def entry(found: Manifest) -> "Any":
    """The class of an app. Raises what loading its code raises."""
    module, name = found.entry.split(".")
    return getattr(_module("%s.%s.%s" % (_PLACE, found.id, module)), name)


def forget(app: str) -> None:
    """Drop every module of an app."""
    whole = _PLACE + "." + app
    for name in list(sys.modules):
        if name == whole or name.startswith(whole + "."):
            del sys.modules[name]
    parent = sys.modules.get(_PLACE)
    if parent is not None and hasattr(parent, app):
        delattr(parent, app)


def _module(name: str) -> "ModuleType":
    """Import a module by its dotted name and return the innermost one."""
    __import__(name)
    return sys.modules[name]
