"""A worn watch with the heap of a board, apps to open and close, and what tells whether all of it came back."""

import asyncio
import gc
import json
import os
import sys

from support import scrubbing
from support.worn import Worn
from watch.apps.shelf import file_tree
from watch.kernel.errors import WatchError
from watch.kernel.steps import finish

# It collects as well, and so keeps together what is free: what stays of an app lies at the first free place.
scrubbing.leave_out(gc.collect)
_NOON_S = 1_795_348_800
"""Each run begins at the same time: fonts keep each figure once it was shown."""
_PLAIN = (int, str, bytes, bytearray, float, type(None))
_MODULE = type(sys)


class Bench:
    """Apps of a developer on a watch.

    Args:
        folder: holds the key `public` and a bundle `ID.twb` for each app; files of the watch come into it.
        visitor: makes a watch to which a computer is connected, with its files there.
    """

    def __init__(self, folder, visitor=None):
        self.folder, self.files = folder, folder + "/files"
        file_tree.removed(self.files)
        for path in (self.files, self.files + "/apps"):
            file_tree.made(path)
        self.worn = visitor(enrolled=False) if visitor else Worn(files=self.files, dark=False)
        file_tree.made(self.files + "/apps")
        self.services, self.watch = self.worn.watch.services, self.worn.watch
        self.apps = self.watch.navigator.apps
        with open(folder + "/public", "rb") as file:
            self.services.shelf.enrol(file.read(), "Ada")

    def bundles(self):
        """Ids of the apps in the folder."""
        return sorted([name[:-4] for name in os.listdir(self.folder) if name.endswith(".twb")])

    def install(self, app):
        """Put one on the shelf. Raises WatchError."""
        with open(self.folder + "/" + app + ".twb", "rb") as file:
            data = file.read()
        path = self.files + "/apps/draft"
        with open(path, "wb") as file:
            file.write(data)
        del data
        self.services.shelf.install(finish(self.services.shelf.check(path)))

    def open(self, app):
        """Open it at noon, and let it draw."""
        self.worn.board.clock.set_unix_s(_NOON_S)
        self.apps.open(app)
        self.worn.step()
        self.watch.stack.render()

    def leave(self):
        """Back to the face. What the motor felt is forgotten."""
        for _ in range(4):
            if self.worn.screen != "face":
                self.watch.navigator.button("single")
        del self.worn.felt[:]
        asyncio.run(_breathe())

    def use(self, app):
        """Visit an app, wear a face. The wearer moves, and opens the watch for what is private."""
        self.services.guard.moved()
        if app in self.services.shelf.system and not self.services.guard.unlocked():
            self.worn.unlock()
        face = self.services.shelf.manifest(app).kind == "face"
        (self.wear if face else self.visit)(app)

    def visit(self, app):
        """Open it, let a second pass, touch it, leave it."""
        self.open(app)
        if self.worn.screen != "app-" + app or not self.watch.stack.top.running:
            raise RuntimeError("%s does not run: %s %s" % (app, self.worn.screen, self.worn.texts()))
        self.worn.wait(1)
        self.worn.touch()
        self.leave()

    def wear(self, face):
        """Choose a face, look at it for a second, choose the first one again."""
        for one in (face, "digital"):
            self.open(one)
            if not self.apps._face.running:
                raise RuntimeError("%s does not run" % one)
            self.worn.wait(1)
        self.leave()

    def census(self):
        """How many there are of each kind of object that the watch leads to, and of places in lists and tables.

        So whatever an app has started and left shows: listeners, timers, locks, screens, tones, requests.
        """
        queue, found = asyncio.core._task_queue, {}
        roots = [self.watch, self.worn.board, self.watch.navigator._view.screens()]
        found["screens"] = len(list(self.watch.navigator._view.screens()))
        found["tasks"] = 0 if queue.peek() is None else 1
        found["modules of apps"] = len([name for name in sys.modules if name.startswith("apps.")])
        found["mounts"] = os.listdir("/").count("bundle")
        found["files"] = len(os.listdir(self.files)) + len(os.listdir(self.files + "/apps"))
        _count(roots, found)
        return found


async def _breathe():
    """Let tasks end that the watch has begun, such as keeping the time at a lock."""
    for _ in range(4):
        await asyncio.sleep(0)


def _count(waiting, found):
    """Add everything that these lead to."""
    seen = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, _PLAIN):
            continue
        seen.add(id(one))
        inside = _inside(one)
        if inside is not None:
            kind = type(one).__name__
            found[kind] = found.get(kind, 0) + 1
            if isinstance(one, (list, tuple, dict, set)):
                found["places"] = found.get("places", 0) + len(one)
            waiting.extend(inside)


def _inside(one):
    """What an object leads to; None for one that leads nowhere."""
    if isinstance(one, dict):
        return list(one.values())
    if isinstance(one, (list, tuple, set)):
        return list(one)
    if isinstance(one, type) or type(one) is _MODULE or not hasattr(one, "__dict__"):
        return None
    return list(one.__dict__.values())


def used_bytes():
    """Of the heap, after everything that nobody holds is gone."""
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


def tell(**said):
    """One line for the test that has started this program."""
    print(json.dumps(said))


def failing(call, *arguments):
    """The code of the error of the watch that a call raises; empty if it raises none."""
    try:
        call(*arguments)
    except WatchError as error:
        return error.code
    return ""
