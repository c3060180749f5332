"""`tapwatch sim --demo-wallet`: always unlocked, always armed, every card ready, for people who bring a terminal.

It enters its own passcode and arms itself, which no watch on a wrist may do, so it lives here and not in the firmware.
"""

from micropython import const

from watch.access import states
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import DeadlineError, WatchError
from watch.kernel.loop import Flag, deadline, sleep_ms
from watch.payment.card_state import KEYS_LOW, NO_KEYS
from watch.payment.token import ACTIVE
from watch.payment.wallet import Wallet
from watch.screens.armed import ArmedScreen
from watch.storage import records
from watch.system.main import Watch, build

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.ports import Board, Nfc
    from watch.payment.token import Token
    from watch.system.broken import BrokenWatch
    from watch.system.services import Services
    from watch.ui.context import Ui
    from watch.ui.stack import Stack

_LOOK_MS = const(200)
_RETRY_MS = const(500)
_FRESH_S = const(600)  # enter the passcode again well before `cdcvm_max_age_s` (900 s)
_REFILL_MS = const(3000)  # a phone that is there brings keys in a fraction of this


_LOW = (KEYS_LOW, NO_KEYS)


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
    """The watch, and somebody who keeps it ready.

    A terminal that taps again at once would leave the phone no time to bring keys, and the card would be gone when they
    are used up. So before a card whose keys run low is armed again, the radio is silent until the phone was there.
    """

    def __init__(self, board: "Board", ui: "Ui", stack: "Stack", services: "Services") -> None:
        self._hungry_since: "int | None" = None
        self._waiting = False
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
        if guard.state == states.ARMED and self.stack.top.name == ArmedScreen.name and self._package_waits():
            # It is opened then, and the next round arms again. Not while a second tap is awaited: its amount would go.
            services.wallet.disarm()
        elif guard.state == states.WORN and not self._waits_for_keys():
            if services.wallet.to_arm():
                self.navigator.paying.pay()
            self._speak()

    def _take_uid(self, nfc: "Nfc") -> None:
        self._waiting = self._waits_for_keys()
        if self._waiting:
            nfc.disarm()
        else:
            super()._take_uid(nfc)

    def _speak(self) -> None:
        """Answer readers again."""
        if self._waiting and self._board.nfc is not None:
            self._take_uid(self._board.nfc)

    def _waits_for_keys(self) -> bool:
        """True while the phone is given time to bring keys. PC/SC readers take that long to find the card anyway."""
        services = self.services
        wallet, ticks_ms = services.wallet, services.clock.ticks_ms()
        worn = services.guard.state == states.WORN and self._board.nfc is not None
        if not worn or not any(wallet.state(token.token_id) in _LOW for token in wallet.tokens()):
            self._hungry_since = None
            return False
        if self._hungry_since is None:
            self._hungry_since = ticks_ms
        return ticks_diff(ticks_ms, self._hungry_since) < _REFILL_MS

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
