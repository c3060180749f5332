"""Chooses hostile faces on a whole watch and restarts it again and again. One line of JSON for each face.

Run by tests/hostile/test_hostile_faces.py with a folder of `NAME.mpy`. A face called `hangs` is taken for one that the
watchdog has ended whenever it ran.
"""

import json
import os
import sys

from support import scrubbing
from support.bundles import signed
from support.issuer import Party
from support.worn import Worn
from watch.apps.shelf import file_tree
from watch.kernel.errors import WatchError
from watch.kernel.steps import finish
from watch.system.main import build

scrubbing.leave_out()
APP = "hostile"
BOOTS = 6
_NAMES = {"en": "Odd", "zh": "Odd"}


class Dog:
    """A watchdog that knows what the last run was ended in."""

    def __init__(self):
        self.kept = b""

    def settle(self):
        pass

    def begin(self, note, timeout_ms):
        pass

    def end(self):
        pass

    def note(self):
        note, self.kept = self.kept, b""
        return note


def _choose(worn, maker, code, folder):
    """Install a face and make it the face; what the watch says against it, or nothing."""
    services, path = worn.watch.services, folder + "/apps/draft"
    file_tree.made(folder + "/apps")
    try:
        with open(path, "wb") as file:
            file.write(signed(maker, {"app.mpy": code}, id=APP, kind="face", names=_NAMES))
        services.shelf.install(finish(services.shelf.check(path)))
    except WatchError as error:
        return "%s: %s" % (error.code, error)
    services.settings.set("face", APP)
    return ""


def _boot(worn, dog, hangs):
    """Start the watch anew and use it: which face there is, what is said, and whether the radio and readers answer."""
    worn.watch = build(worn.board)
    worn.wait(1)
    said = worn.screen
    worn.watch.stack.render()
    face = worn.watch.navigator.apps._face
    ran = face.manifest.id
    if ran == APP and hangs:
        dog.kept = APP.encode()
        return {"ran": ran, "said": "", "answers": True}
    for _ in range(2):
        worn.touch(120, 200)  # whatever is said has been read
        worn.wait(1)
    worn.unlock()
    worn.watch.navigator._view.home()
    worn.post()
    answers = worn.watch.services.guard.unlocked() and len(worn.watch.services.notifications) > 0
    return {"ran": ran, "alive": face.running, "said": said, "answers": answers}


def main(folder):
    """Every face of the folder, each on a watch of its own."""
    for name in sorted([name for name in os.listdir(folder) if name.endswith(".mpy")]):
        files = "%s/files-%s" % (folder, name)
        file_tree.made(files)
        worn, dog = Worn(files=files, dark=False), Dog()
        worn.board.watchdog = dog
        maker = Party(worn.watch.services.random)
        worn.watch.services.shelf.enrol(maker.public, "Ada")
        with open(folder + "/" + name, "rb") as file:
            refused = _choose(worn, maker, file.read(), files)
        boots = [] if refused else [_boot(worn, dog, name == "hangs.mpy") for _ in range(BOOTS)]
        found = worn.watch.services.shelf.find(APP)
        off = found is not None and found.off
        print(json.dumps({"name": name[:-4], "refused": refused, "boots": boots, "off": off}))


main(sys.argv[1])
