"""Apps that take all memory, or as much as they may, while the watch is needed. One line of JSON for each.

Run by tests/memory/test_hogs.py with a folder of such apps and one to install, `water`.
"""

import asyncio
import gc
import sys

from support import visitor
from support.memory_watch import Bench, tell, used_bytes
from tests.bench.scenes.reader import frames
from watch.apps import limits
from watch.apps.settings import AppSettings

SPARE = 224 * 1024
"""Bytes that the modest one leaves above what it must: its code, its list, what is put aside while it runs."""
ROOMY = limits.roomy
"""The look of the watch, also where the test makes the watch blind."""
CALL = {"t": "call", "cmd": "incoming", "name": "Ada", "number": "123"}


class Day:
    """A watch with one such app in front, and what may be wanted of it meanwhile."""

    def __init__(self, folder):
        visitor.FOLDER = folder + "/files"
        self.bench = Bench(folder, visitor.Visitor)
        self.one, self.services, self.watch = self.bench.worn, self.bench.services, self.bench.watch
        self.limits = self.bench.apps.runner.limits
        with open(folder + "/water.twb", "rb") as file:
            self.water = file.read()
        self.least = 1 << 30
        """Free bytes, at the worst moment seen outside of a call."""

    def step(self, seconds=1):
        """Time passes; after each look of the screen task there is room."""
        for _ in range(seconds):
            self.one.wait(1)
            if not ROOMY():
                raise RuntimeError("no room outside of a call")
        self.least = min(self.least, gc.mem_free())

    def open(self, app):
        """Until it has what it wants, or is ended."""
        self.one.unlock()
        self.bench.open(app)
        self.step(2)
        if self.one.screen == "app-" + app:
            self.one.touch()
            self.step()

    def tap(self):
        """The wearer presses twice, enters the passcode, and holds the watch to a reader."""
        before = len(self.services.history.payments)
        self.watch.navigator.button("double")
        if self.one.screen == "passcode":
            asyncio.run(self.one.enter())
            self.step()
        if self.one.screen != "armed":
            raise RuntimeError("not armed: " + self.one.screen)
        self.one.board.nfc.frames = list(frames("visa")[1])
        self.watch._session.run()
        self.watch._tap_served()
        self.step()
        if self.one.screen != "sent" or len(self.services.history.payments) == before:
            raise RuntimeError("not paid: " + self.one.screen)
        self.watch.navigator._view.home()

    def notification(self):
        """A message comes: it is felt, and on the face one is shown."""
        del self.one.felt[:]
        self.one.post(7)
        self.step()
        if not self.one.felt or self.services.notifications.find(7) is None:
            raise RuntimeError("nobody felt a message")
        self.bench.leave()
        self.step(10)
        self.one.post(8)
        self.step()
        self.expect("news")
        self.services.notifications.dismiss_all()

    def call(self):
        """Somebody calls, and gives up."""
        self.watch.phone.receive(CALL)
        self.step()
        self.expect("call")
        self.watch.phone.receive({"t": "call", "cmd": "end"})

    def sheet(self):
        """An app comes and the wearer is asked; no is no."""
        self.one.send(self.water)
        self.one.settle()
        self.step()
        self.expect("install")
        self.one.answer("no").settle()

    def update(self):
        """An app is installed, and again in a second."""
        for _ in range(2):
            self.one.send(self.water)
            self.one.settle()
            self.step()
            self.expect("install")
            self.one.answer("yes")
            if self.one.screen == "passcode":
                self.one.prove()
                self.step()
                self.one.answer("yes")
            self.one.settle()
            if self.one.state(self.water)[0] != "installed":
                raise RuntimeError("not installed: %s" % self.one.state(self.water))
            self.services.shelf.remove("water")

    def expect(self, screen):
        """Raise RuntimeError unless it is in front."""
        if self.one.screen != screen:
            raise RuntimeError("no %s but %s %s" % (screen, self.one.screen, self.one.texts()))


def main(folder, *tries):
    """`APP:WANTED,WANTED`: each app, and what is wanted of the watch with it in front."""
    day = Day(folder)
    for app, wants in [one.split(":") for one in tries]:
        day.bench.install(app)
        for wanted in wants.split(","):
            try_one(day, app, wanted)
        day.services.shelf.remove(app)


def try_one(day, app, wanted):
    """Open the app, want something of the watch, and go back to the face."""
    day.services.shelf.pardon(app)
    if app == "modest":
        leave(day, app)
    day.least = 1 << 30
    day.open(app)
    ended = day.one.screen != "app-" + app or not day.watch.stack.top.running
    said = " ".join(day.one.texts()) if ended else ""
    getattr(day, wanted)()
    day.bench.leave()
    day.watch.navigator._view.home()
    used_bytes()
    tell(app=app, wanted=wanted, ended=ended, said=said, least=day.least)


def leave(day, app):
    """Tell the modest app how much it may take."""
    used_bytes()
    reserve = (gc.mem_free() + gc.mem_alloc()) // limits.RESERVE
    settings = AppSettings(day.services.journal, app)
    settings.set("kb", (gc.mem_free() - reserve - SPARE) // 1088)
    settings.end()


if sys.argv[2] == "blind":
    limits.roomy = lambda pieces=1: True
    sys.argv.pop(2)
main(sys.argv[1], *sys.argv[2:])
