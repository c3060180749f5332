"""`tapwatch sim --demo-wallet`: always unlocked, always armed, every card ready, for people who bring a terminal.

It enters its own passcode and arms itself, which no watch on a wrist may do, so it lives here and not in the firmware.
"""

from micropython import const

from watch.access import states
from watch.kernel.errors import DeadlineError, WatchError
from watch.kernel.loop import Flag, deadline, sleep_ms
from watch.payment.token import ACTIVE
from watch.payment.wallet import Wallet
from watch.storage import records
from watch.system.main import Watch, build

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.ports import Board
    from watch.payment.token import Token
    from watch.system.broken import BrokenWatch
    from watch.system.services import Services
    from watch.ui.context import Ui
    from watch.ui.stack import Stack

_LOOK_MS = const(200)
_RETRY_MS = const(500)
_FRESH_S = const(600)  # enter the passcode again well before `cdcvm_max_age_s` (900 s)


class DemoWallet(Wallet):
    """Arms one card of each profile at once, so that a terminal of any kind finds its own."""

    def to_arm(self) -> "list[Token]":
        """Every active card that has keys. Cards of one profile share their AIDs: the wearer's choice, or the first."""
        chosen = self.active()
        ready: "dict[str, Token]" = {}
        for token in ([chosen] if chosen else []) + self.tokens():
            if token.profile not in ready and token.state == ACTIVE and self.keys_left(token.token_id):
                ready[token.profile] = token
        return list(ready.values())


class DemoWatch(Watch):
    """The watch, and somebody who keeps it ready."""

    def __init__(self, board: "Board", ui: "Ui", stack: "Stack", services: "Services") -> None:
        super().__init__(board, ui, stack, services)
        self.passcode = b""
        self._changed = Flag()
        self.services.guard.listen(lambda old, new: self._changed.set())

    async def run(self) -> None:
        """Run the watch, and keep it unlocked and armed."""
        self._spawn(self._keep_ready())
        await super().run()

    async def _keep_ready(self) -> None:
        while True:
            try:
                await deadline(_LOOK_MS, self._changed.wait())
            except DeadlineError:
                self.services.guard.moved()
            try:
                await self._make_ready()
            except WatchError as error:
                # Not ready yet, for example without keys: the host brings some, and the next round tries again.
                self.log.fault("demo wallet", error)
                await sleep_ms(_RETRY_MS)

    async def _make_ready(self) -> None:
        services = self.services
        guard = services.guard
        if not services.identity.provisioned() or guard.state == states.WIPING:
            return
        if not guard.has_passcode():
            await guard.set_passcode(bytearray(self.passcode))
            self.stack.home()
        elif guard.state == states.LOCKED or (guard.state == states.WORN and guard.passcode_age_s() > _FRESH_S):
            await guard.unlock(bytearray(self.passcode))
            services.unlocked()
            self.stack.home()
        if guard.state == states.ARMED and self._package_waits():
            services.wallet.disarm()  # it is opened then, and the next round arms again
        elif guard.state == states.WORN and services.wallet.to_arm():
            self.navigator.paying.pay()

    def _package_waits(self) -> bool:
        """True if keys came while a card was armed."""
        journal = self.services.journal
        return any(journal.get(records.KEPT_PACKAGE + slot) is not None for slot in range(records.SLOTS))


def start(board: "Board", options: "dict[str, Any]") -> "Watch | BrokenWatch":
    """Build it on a board. `options["passcode"]`: digits."""
    watch = build(board, DemoWallet, DemoWatch)
    if isinstance(watch, DemoWatch):
        watch.passcode = options["passcode"].encode()
    return watch
