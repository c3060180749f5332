"""The heap after many apps have come, changed, run and gone over the messages: as after the first (R12)."""

import asyncio
import gc
import os

from support import scrubbing
from support.visitor import FOLDER, Visitor

from watch.apps.shelf import file_tree
from watch.exchange import messages
from watch.storage import records

scrubbing.leave_out()
SHARE = "flash and update"
TIMEOUT_S = 240
RUNS = 34 if os.getenv("TAPWATCH_LONG") else 4
WARM = 2
_IN_ALL = 3
"""Of each turn: an install, an update, a removal."""


class Shopper(Visitor):
    """Brings the same two versions of an app again and again."""

    def __init__(self):
        super().__init__()
        self._bundles = (self.bundle(), self.bundle(version=[1, 1, 0]))
        self._facts = self.services.shelf._facts
        self.board.haptics.play = lambda pattern: None  # the board of the tests notes each

    def turn(self):
        """An app comes, runs, is replaced while it runs, and goes."""
        assert self.install(self._bundles[0])[0] == "installed", self.state(self._bundles[0])
        self.watch.navigator.button("single")
        assert self.ask(messages.APP_OPEN, "counter")[0] == "ok"
        self.step()
        assert self.screen == "app-counter", self.screen
        self.agree(self._bundles[1])
        assert self.ask(messages.APP_REMOVE, "counter")[0] == "ok"
        self.step()
        self.wait(1).answer("yes").settle()
        assert self.installed() == [] and not file_tree.names(FOLDER + "/apps")
        self.forget_version()
        self.watch.navigator.button("single")
        assert self.screen == "face" and not len(self.services.offers) and self.tasks() == 0

    def agree(self, data):
        """The session has ended: the wearer says yes, enters the passcode, says yes."""
        self.send(data)
        self.settle()
        self.wait(1).answer("yes").prove()
        self.wait(1).answer("yes").settle()
        assert self.state(data)[0] == "installed", self.state(data)

    def forget_version(self):
        """So that the older one may come again."""
        self._facts.commit({records.APP_VERSIONS: None})

    def tasks(self):
        """That still run, or wait to."""
        queue = asyncio.core._task_queue
        return 0 if queue.peek() is None else 1


def _used_bytes():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


def _grown(one):
    before = _used_bytes()
    for _ in range(RUNS):
        one.turn()
    return _used_bytes() - before


def test_installs_updates_and_removals_leave_nothing():
    one = Shopper()
    for _ in range(WARM):
        one.turn()
    grown = _grown(one)
    grown = grown if grown <= 0 else min(grown, _grown(one))  # the collector takes a stale word for a pointer at times
    print("NOTE heap: %d installs, updates and removals over messages grew it by %d bytes" % (RUNS * _IN_ALL, grown))
    assert grown <= 0, grown


def test_growth_is_noticed():
    """The measure can fail: a turn that keeps eight bytes."""
    one, kept = Shopper(), []
    plain = one.turn
    one.turn = lambda: kept.append(bytearray(64)) or plain()
    for _ in range(WARM):
        one.turn()
    assert _grown(one) > 0
