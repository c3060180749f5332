"""`tapwatch app run`: a watch of somebody who writes apps. It is unlocked, knows the developer's key, and says yes.

It enters its own passcode and answers its own questions about apps, which no watch on a wrist may do, so it lives here
and not in the firmware.
"""

from micropython import const

from watch.access import states
from watch.kernel.errors import DeadlineError, WatchError
from watch.kernel.loop import Flag, deadline, sleep_ms
from watch.services.offers import ACCEPTED
from watch.system.main import Watch, build

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.ports import Board
    from watch.system.broken import BrokenWatch
    from watch.system.services import Services
    from watch.ui.context import Ui
    from watch.ui.stack import Stack

_LOOK_MS = const(200)
_RETRY_MS = const(500)
_AGREED = ("install", "remove")
"""Kinds of questions that are answered by a yes; all others wait for a finger."""


class DeveloperWatch(Watch):
    """The watch, and somebody who wants to see the app at once."""

    def __init__(self, board: "Board", ui: "Ui", stack: "Stack", services: "Services") -> None:
        super().__init__(board, ui, stack, services)
        self.passcode = self.public = b""
        self.developer = ""
        self.counts: "Any" = None
        """What calls into apps cost, if that is counted."""
        self._changed = Flag()
        self.services.guard.listen(lambda old, new: self._changed.set())
        self.services.offers.listen(self._asked)

    def describe(self) -> "dict[str, Any]":
        """As of any watch, how many keys are enrolled, and what the app has cost."""
        described = super().describe()
        described["developers"] = len(self.services.shelf.developers.all())
        if self.counts is not None:
            described["profile"] = self.counts.table()
        return described

    async def run(self) -> None:
        """Run the watch, and keep it ready."""
        self._spawn(self._keep_ready())
        await super().run()

    def _asked(self) -> None:
        self._wake.set()
        self._changed.set()

    async def _keep_ready(self) -> None:
        while True:
            try:
                await deadline(_LOOK_MS, self._changed.wait())
            except DeadlineError:
                self.services.guard.moved()
            self._agree()
            try:
                await self._make_ready()
            except WatchError as error:
                # Not ready yet: the next round tries again.
                self.log.fault("developer", error)
                await sleep_ms(_RETRY_MS)

    def _agree(self) -> None:
        """Yes to what would be asked about apps."""
        offer = self.services.offers.front()
        if offer is not None and offer.kind in _AGREED:
            self.services.offers.answer(offer, ACCEPTED)

    async def _make_ready(self) -> None:
        services = self.services
        guard = services.guard
        if not services.identity.provisioned() or guard.state == states.WIPING:
            return
        if not guard.has_passcode():
            await guard.set_passcode(bytearray(self.passcode))
            self.stack.home()
        elif guard.state == states.LOCKED:
            await guard.unlock(bytearray(self.passcode))
            services.unlocked()
        if self.public and not any(one.public == self.public for one in services.shelf.developers.all()):
            services.shelf.enrol(self.public, self.developer)
            self.navigator.install_flow.mark()


def start(board: "Board", options: "dict[str, Any]") -> "Watch | BrokenWatch":
    """Build it on a board. `options`: `passcode`, digits; `public`, hexadecimal, and `developer` of the key.

    `profile`: id of the app whose calls are counted, or nothing.
    """
    counts = None
    if options.get("profile"):
        from board.simulator.app_profile import Counts  # only here: counting costs time

        counts = Counts(options["profile"])
    watch = build(board, kind=DeveloperWatch)
    if isinstance(watch, DeveloperWatch):
        watch.passcode, watch.counts = options["passcode"].encode(), counts
        watch.public, watch.developer = bytes.fromhex(options["public"]), options["developer"]
    return watch
