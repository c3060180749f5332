"""Installs hostile apps on a whole watch, opens them, and looks at what is left. One line of JSON for each.

Run by tests/hostile/test_hostile.py with a folder of `NUMBER.mpy`; only a hurt interpreter ends in another way.
"""

import gc
import json
import os
import sys
import time

from support import scrubbing
from support.bundles import signed, write
from support.issuer import Party
from support.worn import Worn
from watch.apps.api import Label
from watch.apps.shelf import file_tree
from watch.kernel.errors import WatchError
from watch.kernel.steps import finish
from watch.storage import records

scrubbing.leave_out()
PERMISSIONS = ["background", "complication", "haptics", "notify", "payment", "storage", "timers", "web"]
HOSTS = ["api.example.com"]
SECONDS = 8
_BEHIND_TOKENS = records.TOKEN_ATC + 0x20
_LABEL_SET = Label.set


class Bench:
    """A worn watch on which the key of a developer is enrolled."""

    def __init__(self, files):
        self.files = files
        self.worn = Worn(files=files, dark=False)
        self.services = self.worn.watch.services
        self.maker = Party(self.services.random)
        self.services.shelf.enrol(self.maker.public, "Ada")
        self.before = self.canaries()

    def install(self, code):
        """What the watch says against it, or nothing."""
        modules = {"app.mpy": code}
        names = {"en": "Odd", "zh": "Odd"}
        data = signed(self.maker, modules, id="hostile", permissions=PERMISSIONS, hosts=HOSTS, names=names)
        path = self.files + "/apps/draft"
        try:
            file_tree.made(self.files + "/apps")
            with open(path, "wb") as file:
                file.write(data)
            self.services.shelf.install(finish(self.services.shelf.check(path)))
        except WatchError as error:
            return "%s: %s" % (error.code, error)
        return ""

    def run(self):
        """Open it, let it live a while, touch it, leave it. What the card says, and how long the slowest step took."""
        worn, slowest = self.worn, 0
        if not self.services.guard.unlocked():
            worn.unlock()
        navigator = worn.watch.navigator
        steps = [lambda: navigator.apps.open("hostile"), worn.step, worn.watch.stack.render]
        steps += [worn.texts, lambda: worn.watch.stack.top.tap(120, 120)] + [lambda: worn.wait(1)] * SECONDS
        said = []
        for step in steps:
            start = time.ticks_ms()
            step()
            slowest = max(slowest, time.ticks_diff(time.ticks_ms(), start))
        if worn.screen == "app-hostile" and not worn.watch.stack.top.running:
            said = worn.texts()
        state = self.services.guard.state
        navigator.button("single")
        worn.step()
        del worn.felt[:]
        return {"card": " ".join(said), "ms": slowest, "state": state, "after": worn.screen}

    def left(self):
        """What is not as it was."""
        found = []
        if self.services.guard.state not in ("worn", "locked"):
            found.append("the state is " + self.services.guard.state)
        if Label.set is not _LABEL_SET:
            found.append("a method of the API")
        if [name for name in sys.modules if name.startswith("apps.hostile")]:
            found.append("a module of it")
        if not self.worn.board.nfc.armed:
            found.append("no reader is answered")
        if self.services.app_payments.waiting is not None:
            found.append("a question about money")
        return found + [name for name, value in self.canaries().items() if value != self.before[name]]

    def canaries(self):
        """What no app may change, planted or there."""
        services = self.services
        with open(self.files + "/data/torch/secret", "rb") as file:
            secret = file.read()
        return {
            "settings": dict(services.settings.all()),
            "cards": [
                services.journal.get(record)
                for record in sorted(services.journal.keys())
                if records.TOKEN <= record < _BEHIND_TOKENS
            ],
            "other apps": sorted([one.id for one in services.shelf.installed() if one.id != "hostile"]),
            "their data": secret,
        }


def _grown(bench):
    """One more run; what it says, and by how much the heap has grown."""
    gc.collect()
    before = gc.mem_alloc()
    said = bench.run()
    gc.collect()
    return said, gc.mem_alloc() - before


def _report(bench, code):
    """All about one app."""
    gc.collect()
    start = time.ticks_ms()
    message = bench.install(code)
    told = {"install": message, "install_ms": time.ticks_diff(time.ticks_ms(), start)}
    if not message:
        told.update(bench.run())
        told["grown"] = _grown(bench)[1]
        told["left"] = bench.left()
        bench.services.shelf.remove("hostile")
    return told


def main(folder):
    """Every app of the folder."""
    write(folder + "/files/data/torch/secret", b"canary")
    bench = Bench(folder + "/files")
    for name in sorted([name for name in os.listdir(folder) if name.endswith(".mpy")]):
        with open(folder + "/" + name, "rb") as file:
            code = file.read()
        print(json.dumps({"name": name, "told": _report(bench, code)}))


main(sys.argv[1])
