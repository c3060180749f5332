"""Which screen follows what. Screens only show and ask; decisions are made here, with the services at hand."""

from micropython import const

from watch.access import states
from watch.crypto.scrub import zero
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import LockedError, PasscodeError, StorageError, WatchError, WipedError
from watch.payment.history import APPROVED
from watch.payment.limits import CONFIRM, SEE_DEVICE
from watch.payment.token import ACTIVE
from watch.screens import amount, message
from watch.screens.armed import ArmedScreen
from watch.screens.boot import BootScreen
from watch.screens.face import FaceScreen, FaceStatus
from watch.screens.passcode import NewPasscodeScreen, UnlockScreen
from watch.ui.card_art import CardFace

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Coroutine, Optional

    from board.ports import Haptics, Motion, Power
    from watch.payment.armed import ArmedCard, Outcome
    from watch.payment.history import Payment
    from watch.payment.token import Token
    from watch.system.services import Services
    from watch.ui.context import Ui
    from watch.ui.screen import Screen
    from watch.ui.stack import Stack

_RESULT_MS = const(30_000)  # how long a result stays before the face comes back
_READ_MS = const(1000)  # an amount to confirm has been on the screen this long before a second tap counts
_MINUTES_1970_TO_2000 = const(15_778_080)

TICK, SUCCESS, FAILURE, ATTENTION = const(0), const(1), const(2), const(3)  # patterns of ports.Haptics


class Navigator:
    """Holds the screen stack and reacts to buttons, taps on the reader, notices and time."""

    def __init__(
        self,
        ui: "Ui",
        stack: "Stack",
        services: "Services",
        power: "Power",
        motion: "Optional[Motion]",
        haptics: "Optional[Haptics]",
        spawn: "Callable[[Coroutine[Any, Any, None]], object]",
        wake: "Callable[[], None]",
    ) -> None:
        """Build on a stack and services.

        `spawn` starts a coroutine as a task: the passcode is checked in one, so that the screen stays alive. `wake`
        lets the screen task run soon.
        """
        self._ui = ui
        self._stack = stack
        self._services = services
        self._power = power
        self._motion = motion
        self._haptics = haptics
        self._spawn = spawn
        self._wake = wake
        stack.listen(wake)
        self._status = FaceStatus()
        self._result: "Optional[Screen]" = None
        self._result_ms = 0
        self._to_confirm: "Optional[tuple[ArmedCard, int, int]]" = None
        services.vault.listen(self._show_active_card)

    # Where one starts.

    def start(self) -> None:
        """Show the face, or what has to be done before there can be one."""
        if self._services.guard.state == states.WIPING:
            self._show_wiped()
            return
        face = FaceScreen(self._ui, self._status)
        face.target("face", 0, 0, self._ui.width, self._ui.height, self._unlock_if_locked)
        self._show_active_card()
        self._update_status()
        self._stack.replace(face)
        self.set_up()

    def set_up(self) -> None:
        """Ask for what is still missing on a new watch: a manufacturer's certificate, then a passcode."""
        if not self._services.identity.provisioned():
            self._front(BootScreen(self._ui, "setup.do"))
        elif not self._services.guard.has_passcode():
            self._front(NewPasscodeScreen(self._ui, self._new_passcode, self._nothing))
        else:
            self._stack.home()

    def tick(self) -> None:
        """To be called at least once a second."""
        self._update_status()
        services = self._services
        if self._stack.top.name == "boot" and services.identity.provisioned():
            self.set_up()
        if self._motion is not None and self._motion.moving():
            services.guard.moved()
        if services.guard.check_session() is not None:
            self._stack.home()
        now_ms = services.clock.ticks_ms()
        if self._to_confirm is not None and ticks_diff(now_ms, self._result_ms) >= _READ_MS:
            self._allow_second_tap()
        if services.wallet.armed and not services.wallet.armed_left_ms():
            self._disarm()
            self._stack.home()
        elif not services.wallet.armed and ticks_diff(now_ms, self._result_ms) >= _RESULT_MS:
            self._close_result()  # never while a card is armed: the screen must say so
        self._stack.tick(now_ms)

    def button(self, kind: str) -> None:
        """The side button: a double press pays from anywhere, holding it locks; else the screen decides."""
        if kind == "double" and not self._services.wallet.armed:
            self.pay()
        elif kind == "long" and self._services.guard.unlocked():
            self._lock()
        elif self._stack.top.name == "face":
            self._unlock_if_locked()
        else:
            self._stack.top.button(kind)
        self._stack.render()

    # Paying.

    def pay(self) -> None:
        """Arm the active card, asking for the passcode first if the watch is locked."""
        services = self._services
        if not services.guard.has_passcode():
            return
        if services.wallet.active() is None:
            self._front(message.no_card(self._ui, self._stack.home))
        elif services.guard.unlocked():
            self._arm()
        else:
            self._ask_passcode(self._arm)

    def tap_sent(self, card: "ArmedCard", outcome: "Outcome") -> None:
        """A cryptogram has left the watch."""
        self._to_confirm = None
        self._play(TICK)
        self._show_result(amount.sent(self._ui, outcome.amount, outcome.currency, self._close_result))

    def tap_refused(self, card: "ArmedCard", outcome: "Outcome") -> None:
        """The tap was refused: ask for what would let the next one through, or say why none will."""
        self._play(ATTENTION)
        if outcome.result == CONFIRM:
            self._to_confirm = (card, outcome.amount, outcome.currency)
            self._services.wallet.keep_armed()
            self._show_result(amount.confirm(self._ui, outcome.amount, outcome.currency, self._cancel))
        elif outcome.result == SEE_DEVICE:
            self._disarm()
            self._ask_passcode(self._arm)
        else:
            self._disarm()
            self._show_error(outcome.result or WatchError.code)

    def tap_unarmed(self) -> None:
        """A terminal asked while nothing was armed. Nobody pays by accident: only say what to do."""
        if self._stack.top.name != "face":
            return
        self._play(ATTENTION)
        if self._services.guard.unlocked():
            self._show_error("not-armed")
        else:
            self._show_result(message.unlock_first(self._ui, self._close_result))

    def tap_torn(self, card: "ArmedCard") -> None:
        """The reader went too early: that key is spent, and another one may try."""
        self._play(ATTENTION)
        self._show_armed(card, again=True)

    def payment_over(self) -> None:
        """The reader has gone: zero the keys and write down what was used."""
        self._disarm()

    def notice(self, data: bytes) -> None:
        """A message signed by the bank. Raises what `Notices.receive` raises."""
        wallet = self._services.wallet
        payment = self._services.notices.receive(data)
        if payment is not None and (not wallet.armed or wallet.tapped()):
            self._show_notice(payment)
        self._stack.render()

    def _show_notice(self, payment: "Payment") -> None:
        ui, close = self._ui, self._close_result
        if payment.result == APPROVED:
            self._play(SUCCESS)
            self._show_result(amount.approved(ui, payment.amount, payment.currency, payment.merchant, close))
        else:
            self._play(FAILURE)
            shown = amount.declined(ui, payment.amount, payment.currency, payment.merchant, payment.reason, close)
            self._show_result(shown)

    def _arm(self) -> None:
        wallet = self._services.wallet
        try:
            wallet.arm()
        except WatchError as error:
            self._show_error(error.code)
            return
        self._play(TICK)
        self._show_armed(wallet.armed[0])

    def _show_armed(self, card: "ArmedCard", again: bool = False) -> None:
        face = _card_face(card.token)
        self._front(ArmedScreen(self._ui, face, self._armed_left_s, self._arm_other, self._cancel, again))

    def _arm_other(self, step: int) -> None:
        """Pay with the card before or after the active one, and make it the active one."""
        wallet = self._services.wallet
        token_ids = [token.token_id for token in wallet.tokens() if token.state == ACTIVE]
        active = wallet.active()
        if active is None or len(token_ids) < 2:
            return
        self._disarm()
        try:
            wallet.choose(token_ids[(token_ids.index(active.token_id) + step) % len(token_ids)])
        except StorageError as error:
            self._show_error(error.code)
            return
        self._show_active_card()
        self._arm()

    def _armed_left_s(self) -> int:
        return (self._services.wallet.armed_left_ms() + 999) // 1000

    def _allow_second_tap(self) -> None:
        """What has been on the screen long enough, and nothing else, may be paid by the next tap."""
        if self._to_confirm is not None:
            card, amount_minor, currency = self._to_confirm
            card.confirmed = (amount_minor, currency)
            self._to_confirm = None

    def _cancel(self) -> None:
        self._disarm()
        self._close_result()
        self._stack.home()

    def _disarm(self) -> None:
        """Disarm if armed. A failed write is shown: the keys that were reserved stay unusable, none is used twice."""
        self._to_confirm = None
        try:
            self._services.wallet.disarm()
        except StorageError as error:
            self._show_error(error.code)

    # The passcode.

    def _unlock_if_locked(self) -> None:
        if not self._services.guard.unlocked():
            self._ask_passcode(self._stack.home)

    def _ask_passcode(self, then: "Callable[[], None]") -> None:
        """Ask for the passcode, then go on with `then`."""

        def entered(code: bytearray) -> None:
            self._spawn(self._unlock(code, screen, then))

        screen = UnlockScreen(self._ui, entered, self._stack.home, self._wait_s)
        self._front(screen)

    async def _unlock(self, code: bytearray, screen: UnlockScreen, then: "Callable[[], None]") -> None:
        services = self._services
        try:
            await services.guard.unlock(code)
            services.unlocked()
        except (PasscodeError, LockedError):
            self._play(FAILURE)
            screen.wrong(services.guard.tries_left())
        except WipedError:
            self._show_wiped()
        except WatchError as error:
            self._stack.home()
            self._show_error(error.code)
        else:
            self._play(SUCCESS)
            self._update_status()
            then()
        finally:
            zero(code)

    def _new_passcode(self, code: bytearray) -> None:
        self._spawn(self._set_passcode(code))

    async def _set_passcode(self, code: bytearray) -> None:
        try:
            await self._services.guard.set_passcode(code)
            self._play(SUCCESS)
            self._update_status()
            self._stack.home()
        except WatchError as error:
            self.set_up()
            self._show_error(error.code)
        finally:
            zero(code)

    def _wait_s(self) -> int:
        return (self._services.guard.wait_ms() + 999) // 1000

    # Showing.

    def _front(self, screen: "Screen") -> None:
        """Put a screen directly above the face."""
        self._result = None
        self._stack.home()
        self._stack.push(screen)

    def _show_result(self, screen: "Screen") -> None:
        """Show what became of a tap; it goes away by itself."""
        self._front(screen)
        self._result = screen
        self._result_ms = self._services.clock.ticks_ms()

    def _close_result(self) -> None:
        if self._result is not None:
            self._stack.close(self._result)
            self._result = None

    def _show_error(self, code: str) -> None:
        self._show_result(message.error(self._ui, code, self._close_result))

    def _show_wiped(self) -> None:
        self._stack.home()
        self._stack.modal(message.wiped(self._ui, "passcode", None))

    def _update_status(self) -> None:
        services, status = self._services, self._status
        status.minutes = services.local_minutes() - _MINUTES_1970_TO_2000
        status.percent = self._power.percent()
        charging = self._power.charging()
        if charging and not status.charging:
            self._lock()  # nobody wears a watch on its charger
        status.charging = charging
        status.locked = not services.guard.unlocked()

    def _lock(self) -> None:
        """End the worn session, by hand or by the charger."""
        if self._services.guard.unlocked():
            self._services.guard.lock()
            self._stack.home()

    def _show_active_card(self) -> None:
        token = self._services.wallet.active()
        self._status.card = None if token is None else _card_face(token)
        if token is not None:
            self._ui.set_accent(token.accent)
        self._wake()

    def _play(self, pattern: int) -> None:
        if self._haptics is not None:
            self._haptics.play(pattern)

    def _nothing(self) -> None:
        """A new watch cannot be used without a passcode: there is nowhere to go back to."""


def _card_face(token: "Token") -> CardFace:
    return CardFace(token.label, token.last_four, token.accent)
