"""From the double press to the bank's word: what a payment shows, asks for, and ends with."""

from micropython import const

from watch.kernel.errors import StorageError, WatchError
from watch.payment.history import APPROVED
from watch.payment.limits import CONFIRM, SEE_DEVICE
from watch.payment.token import ACTIVE
from watch.screens import amount, message
from watch.screens.armed import ArmedScreen
from watch.system.card_faces import card_face
from watch.system.view import ATTENTION, FAILURE, SUCCESS, TICK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.payment.armed import ArmedCard, Outcome
    from watch.payment.history import Payment
    from watch.screens.amount import AmountScreen
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View

_READ_MS = const(1000)  # an amount to confirm has been on the screen this long before a second tap counts
_ARMED_SCREENS = ("armed", "confirm")  # they say that a tap pays


class _Question:
    """An amount that the wearer is asked to confirm by a second tap."""

    def __init__(self, card: "ArmedCard", amount_minor: int, currency: int, screen: "AmountScreen") -> None:
        self.card = card
        self.asked = (amount_minor, currency)
        self.screen = screen
        self.read = False
        """It has been on the screen long enough."""


class Paying:
    """Arms the card, and is the witness of taps (`watch.system.taps`)."""

    def __init__(
        self, view: "View", services: "Services", unlocking: "Unlocking", chosen: "Callable[[], None]"
    ) -> None:
        """`chosen` is called when the wearer has made another card the active one."""
        self._view = view
        self._services = services
        self._unlocking = unlocking
        self.chosen = chosen
        self._question: "Optional[_Question]" = None

    def pay(self) -> None:
        """Arm the active card, asking for the passcode first if the watch is locked."""
        self._view.aside()
        services = self._services
        if not services.guard.has_passcode():
            return
        if services.wallet.active() is None:
            self._view.front(message.no_card(self._view.ui, self._view.home))
        elif services.guard.unlocked():
            self._arm()
        else:
            self._unlocking.ask(self._arm)

    def tick(self) -> None:
        """Let time pass: a shown amount becomes payable, an armed card is disarmed."""
        wallet = self._services.wallet
        self._follow_question()
        if wallet.armed and not wallet.armed_left_ms():
            self._disarm()
            self._view.home()
        elif not wallet.armed:
            if self._view.name in _ARMED_SCREENS:
                self._view.home()  # the bank has put the card away
            self._view.close_old_result()  # never while a card is armed: the screen must say so

    def tap_sent(self, card: "ArmedCard", outcome: "Outcome") -> None:
        """A cryptogram has left the watch."""
        self._question = None
        self._view.play(TICK)
        self._view.result(amount.sent(self._view.ui, outcome.amount, outcome.currency, self._view.close_result))

    def tap_refused(self, card: "ArmedCard", outcome: "Outcome") -> None:
        """The tap was refused: ask for what would let the next one through, or say why none will."""
        self._view.play(ATTENTION)
        if outcome.result == CONFIRM:
            self._ask(card, outcome)
        elif outcome.result == SEE_DEVICE:
            self._disarm()
            self._unlocking.ask(self._arm)
        else:
            self._disarm()
            self._view.error(outcome.result or WatchError.code)

    def tap_unarmed(self) -> None:
        """A terminal asked while nothing was armed. Nobody pays by accident: only say what to do."""
        if self._view.name != "face":
            return
        self._view.play(ATTENTION)
        if self._services.guard.unlocked():
            self._view.error("not-armed")
        else:
            self._view.result(message.unlock_first(self._view.ui, self._view.close_result))

    def tap_torn(self, card: "ArmedCard") -> None:
        """The reader went too early: that key is spent, and another one may try."""
        self._view.play(ATTENTION)
        self._show_armed(card, again=True)

    def express_sent(self, outcome: "Outcome") -> None:
        """Express mode has paid."""
        self._view.play(TICK)
        self._view.result(amount.sent(self._view.ui, outcome.amount, outcome.currency, self._view.close_result))

    def express_refused(self, outcome: "Outcome") -> None:
        """Express mode may not pay this; nothing was used."""
        self._view.play(ATTENTION)
        if outcome.result in (CONFIRM, SEE_DEVICE):
            self._view.result(message.unlock_first(self._view.ui, self._view.close_result))
        else:
            self._view.error(outcome.result or WatchError.code)

    def failed(self, error: WatchError) -> None:
        """Something went wrong beside the screens; say so."""
        self._view.error(error.code)

    def payment_over(self) -> None:
        """The reader has gone: zero the keys and write down what was used."""
        self._disarm()

    def notice(self, data: bytes) -> None:
        """A message signed by the bank. Raises what `Notices.receive` raises."""
        wallet = self._services.wallet
        payment = self._services.notices.receive(data)
        if payment is not None:
            self._services.tag.receipt(payment.link)
        if payment is not None and (not wallet.armed or wallet.tapped()):
            self._show_notice(payment)
        self._view.render()

    def _show_notice(self, payment: "Payment") -> None:
        """The bank's word; where the wearer was is nobody's business on a locked watch."""
        ui, close = self._view.ui, self._view.close_result
        merchant = payment.merchant if self._services.guard.unlocked() else ""
        if payment.result == APPROVED:
            self._view.play(SUCCESS)
            shown = amount.approved(ui, payment.amount, payment.currency, merchant, close)
        else:
            self._view.play(FAILURE)
            shown = amount.declined(ui, payment.amount, payment.currency, merchant, payment.reason, close)
        self._view.result(shown)

    def _arm(self) -> None:
        wallet = self._services.wallet
        try:
            wallet.arm()
        except WatchError as error:
            self._view.error(error.code)
            return
        self._view.play(TICK)
        self._show_armed(wallet.armed[0])

    def _show_armed(self, card: "ArmedCard", again: bool = False) -> None:
        face = card_face(self._services, card.token)
        self._view.front(ArmedScreen(self._view.ui, face, self._armed_left_s, self._arm_other, self._cancel, again))

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
            self._view.error(error.code)
            return
        self.chosen()
        self._arm()

    def _armed_left_s(self) -> int:
        return (self._services.wallet.armed_left_ms() + 999) // 1000

    def _ask(self, card: "ArmedCard", outcome: "Outcome") -> None:
        """Show an amount above what may be paid unseen. What was confirmed before is confirmed no more."""
        card.confirm(None, None)
        self._services.wallet.keep_armed()
        screen = amount.confirm(self._view.ui, outcome.amount, outcome.currency, self._cancel)
        self._view.result(screen)
        self._question = _Question(card, outcome.amount, outcome.currency, screen)

    def _follow_question(self) -> None:
        """What stands on the screen for long enough, and nothing else, may be paid by the next tap."""
        question = self._question
        if question is None:
            return
        if self._view.top is not question.screen:
            self._take_back_question()
        elif not question.read and self._view.result_age_ms() >= _READ_MS:
            question.read = True
            question.card.confirm(question.asked, question.screen.drawn)

    def _take_back_question(self) -> None:
        """Nothing is confirmed any more."""
        question, self._question = self._question, None
        if question is not None:
            question.card.confirm(None, None)

    def _cancel(self) -> None:
        self._disarm()
        self._view.close_result()
        self._view.home()

    def _disarm(self) -> None:
        """Disarm if armed. A failed write is shown: the keys that were reserved stay unusable, none is used twice."""
        self._take_back_question()
        try:
            self._services.wallet.disarm()
        except StorageError as error:
            self._view.error(error.code)
