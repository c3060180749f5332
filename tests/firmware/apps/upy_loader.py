"""Modules come out of the bundle and from nowhere else, and nothing of them stays."""

import os
import sys

from support.bundles import write
from support.world import refused

from tests.screens.app_scenes import bundle
from watch.apps import loader
from watch.apps.fuel import Tank
from watch.apps.shelf.bundle import Bundle
from watch.kernel.errors import BundleError

SHARE = "apps"
PLANTED = "build/tests/planted"
_PLANT = b"STOLEN = True\nclass Torch:\n    stolen = True\nn0 = n1 = n2 = n3 = Torch\n"


def _load(found):
    tank = Tank(20_000, 10_000)
    tank.open(0)
    try:
        return loader.load(found)
    finally:
        tank.shut()


def _left(app):
    return [name for name in sys.modules if name == "apps" or name.startswith("apps." + app)]


def test_an_app_is_loaded_and_forgotten():
    for app in ("torch", "game", "calculator", "almanac"):
        kind = _load(bundle(app))
        assert isinstance(kind, type) and len(_left(app)) >= 2
        loader.forget(app)
        assert _left(app) == [], app
    assert "/bundle" not in sys.path
    refused(OSError, os.stat, "/bundle/apps")


def test_no_planted_file_is_ever_loaded():
    """In MICROPYPATH, first in the path, and as modules that are there already."""
    for name in ("apps/torch/app.py", "apps/torch/__init__.py", "apps/__init__.py", "app.py", "apps.py"):
        write(PLANTED + "/" + name, _PLANT)
    os.stat("firmware/apps/torch/app.py")  # the folder of MICROPYPATH has one as well
    path = sys.path[:]
    sys.path.insert(0, PLANTED)
    try:
        __import__("apps.torch.app")
        assert sys.modules["apps.torch.app"].STOLEN, "the guard: these files are found by an ordinary import"
        kind = _load(bundle("torch"))
        assert not hasattr(kind, "stolen") and not hasattr(sys.modules["apps.torch.app"], "STOLEN")
        assert sys.path[0] == PLANTED, "the path is what it was"
    finally:
        sys.path[:] = path
        loader.forget("torch")
        for name in ("apps", "app"):
            sys.modules.pop(name, None)


def test_an_app_gets_nothing_but_the_api_and_its_own_modules():
    found = loader._Files(bundle("game"))
    seen = sorted(found._lengths)
    assert seen == ["/apps/game/app.mpy", "/apps/game/board.mpy", "/apps/game/tiles.mpy"], seen
    for path in ("/apps/game/words.cbor", "/apps/torch/app.mpy", "/watch/apps/api.mpy", "/apps/game/app.py"):
        refused(OSError, found.stat, path)
        refused(OSError, found.open, path, "rb")
    for mode in ("wb", "ab", "r+b"):
        refused(OSError, found.open, "/apps/game/app.mpy", mode)


def test_what_runs_is_what_was_hashed():
    """The file changes between opening the bundle and loading it: each byte of the module, at least once."""
    with open("build/apps/minimal.twb", "rb") as file:
        data = bytearray(file.read())
    path = write("build/tests/loader/minimal.twb", data)
    found = Bundle(path)
    first = len(data) - sum([length for name, length, _ in found.manifest.files])
    tried = 0
    for place in range(first, first + found.manifest.files[0][1], 7):
        data[place] ^= 1
        write(path, data)
        refused(BundleError, _load, found)
        loader.forget("minimal")
        data[place] ^= 1
        tried += 1
    write(path, data)
    assert isinstance(_load(found), type)
    loader.forget("minimal")
    print("NOTE loader: %d changed bytes between check and use, none was run" % tried)


def test_each_file_is_read_once():
    found, reads = bundle("game"), []
    read = found.read
    found.read = lambda name: reads.append(name) or read(name)
    _load(found)
    loader.forget("game")
    assert sorted(reads) == sorted(set(reads)), reads
