"""Paying without a reader: codes that a merchant scans, and merchants' codes that the wearer agrees to."""

from micropython import const

from watch.kernel.errors import InputError, LockedError, StateError, WatchError
from watch.payment.limits import SEE_DEVICE, SENT
from watch.screens import amount
from watch.screens.amount_entry import AmountEntryScreen
from watch.screens.listening import ListeningScreen
from watch.screens.merchant_code import MerchantCodeScreen, expect_name
from watch.screens.payment_code import PaymentCodeScreen, PresentedCodeScreen
from watch.system.apps.payments import FAILED, REFUSED
from watch.system.card_faces import card_face
from watch.system.view import ATTENTION, TICK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.payment.merchant_code import MerchantCode
    from watch.screens.merchant_code import Asker
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View
    from watch.ui.card_art import CardFace
    from watch.ui.screen import Screen

    Told = Callable[[str], None]

_READ_MS = const(1000)  # an amount has been on the screen this long before a press agrees to it


class Presenting:
    """Shows codes of the watch, and asks about codes of merchants."""

    def __init__(self, view: "View", services: "Services", unlocking: "Unlocking") -> None:
        self._view = view
        self._services = services
        self._unlocking = unlocking
        self._asked: "Optional[MerchantCodeScreen]" = None
        self._entry: "Optional[AmountEntryScreen]" = None
        """Where the wearer enters how much, before that question."""
        self._payer = b""
        """Token of the card on that screen."""
        self._asker: "Optional[Asker]" = None
        self._told: "Told" = _nobody
        """Which app asks and what for; and who waits for the wearer's word."""

    def tick(self) -> None:
        """A question that was covered or has waited too long is over, also one that the passcode was asked for."""
        waits = self._services.merchants.waiting() is not None
        open_now = self._asked or self._entry
        if open_now is not None and not (waits and self._in_front(open_now)):
            self._refuse()
        elif open_now is None and not waits:
            self._tell(REFUSED)  # the passcode was asked for, and nobody knew it

    def show(self, token_id: bytes) -> None:
        """Show payment codes of 18 digits, a new one each minute."""
        view = self._view

        def renew() -> None:
            digits = self._next(token_id)
            if digits:
                screen.show(digits, self._now_ms())

        digits = self._next(token_id)
        if digits:
            screen = PaymentCodeScreen(
                view.ui, self._face(token_id), digits, self._now_ms(), renew, view.home, view.bright
            )
            view.front(screen)

    def present(self, token_id: bytes) -> None:
        """Show an EMV QR code with a cryptogram of this card, which becomes the active one."""
        view, services = self._view, self._services
        try:
            services.wallet.choose(token_id)
            services.wallet.arm()
            text = services.presented.make()
            screen = PresentedCodeScreen(view.ui, self._face(token_id), text, self._now_ms(), view.home, view.bright)
        except LockedError:
            self._unlocking.ask(lambda: self.present(token_id))
        except WatchError as error:
            view.error(error.code)
        else:
            view.front(screen)

    def ask(self, text: str, asker: "Optional[Asker]" = None, told: "Told | None" = None) -> "MerchantCode":
        """Show a merchant's code and ask the wearer.

        `asker`: which app asks and what for, if one does; `told` hears then `refused`, `sent` or `failed`, once.

        Raises InputError for a code that cannot be read or shown whole, LockedError, StateError if something else goes
        on.
        """
        self._view.aside()
        self._services.guard.expect_worn()
        if self._asked is None and self._entry is None and not self._view.at_rest():
            raise StateError("the wearer is doing something else")
        fresh = self._services.merchants.waiting() is None
        code = self._services.merchants.stage(text)
        if not fresh and self._entry is not None:
            return code  # the phone asks again: what is entered already stays
        if fresh:
            self._asker, self._told = asker, told or _nobody
        try:
            self._begin(code)
        except InputError:
            self._services.merchants.refuse()
            self._told = _nobody
            raise
        self._view.play(ATTENTION)
        return code

    def agree(self) -> bool:
        """The wearer pressed twice: pay the merchant's code that is in front. False if none is.

        While the amount is entered there is nothing to agree to yet, and no card is armed for a reader nearby either.
        """
        if self._entry is not None and self._view.top is self._entry:
            return True
        screen = self._asked
        if screen is None or self._view.top is not screen:
            return False
        if self._view.age_ms() < _READ_MS:
            return True
        token = self._services.wallet.active()
        if token is not None and token.token_id != self._payer:
            self._ask_again()  # the bank has taken the card that was shown
        else:
            self._pay(screen)
        return True

    def _in_front(self, screen: "Screen") -> bool:
        """True while nothing covers it; what listens for digits covers the field that they are for."""
        top = self._view.top
        listens = isinstance(top, ListeningScreen) and self._view.screens()[-2:-1] == [screen]
        return top is screen or (screen is self._entry and listens)

    def _begin(self, code: "MerchantCode") -> None:
        """Ask for the amount, if nobody has said it yet; else whether to pay."""
        if self._services.merchants.amount_minor():
            self._ask(code)
            return
        expect_name(self._view.ui, code.merchant)  # not only once it is too late to say so to the phone
        screen = AmountEntryScreen(self._view.ui, code.merchant, code.currency, self._entered, self._refuse)
        self._view.front(screen)
        self._entry = screen

    def _entered(self, amount_minor: int) -> None:
        """The wearer has entered how much: the question follows, as for a code that says it itself."""
        self._entry = None
        try:
            self._services.merchants.enter(amount_minor)
            self._ask_again()
        except WatchError as error:
            self._services.merchants.refuse()
            self._tell(FAILED)
            self._view.error(error.code)

    def _ask(self, code: "MerchantCode") -> None:
        """Show who is paid, how much, and with which card."""
        token = self._services.wallet.active()
        card = None if token is None else card_face(self._services, token)
        ui, refuse, asker = self._view.ui, self._refuse, self._asker
        amount_minor = self._services.merchants.amount_minor()
        screen = MerchantCodeScreen(ui, code.merchant, amount_minor, code.currency, card, refuse, asker)
        self._view.front(screen)
        self._asked, self._payer = screen, token.token_id if token is not None else b""

    def _pay(self, screen: MerchantCodeScreen) -> None:
        """Arm, and pay what was drawn."""
        view, services = self._view, self._services
        merchant, amount_minor, currency = screen.drawn
        self._asked = None
        try:
            services.wallet.arm()
            result = services.merchants.pay(merchant, amount_minor, currency).result
        except WatchError as error:
            services.merchants.refuse()
            self._tell(FAILED)
            view.error(error.code)
            return
        if result == SENT:
            self._tell(result)
            view.play(TICK)
            view.result(amount.sent(view.ui, amount_minor, currency, view.close_result))
        elif result == SEE_DEVICE:
            self._unlocking.ask(self._ask_again)
        else:
            self._tell(FAILED)
            view.error(result or WatchError.code)

    def _ask_again(self) -> None:
        """The same question, unless it is over: after the passcode, or with another card."""
        code = self._services.merchants.waiting()
        if code is None:
            self._tell(REFUSED)
            self._view.home()
        else:
            self._ask(code)

    def _refuse(self) -> None:
        self._services.merchants.refuse()
        screen = self._asked or self._entry
        self._asked = self._entry = None
        if screen is not None:
            self._view.close(screen)
        self._tell(REFUSED)

    def _tell(self, state: str) -> None:
        """Whoever waits for the wearer's word hears it."""
        told, self._told, self._asker = self._told, _nobody, None
        told(state)

    def _next(self, token_id: bytes) -> str:
        """The next payment code, empty if there is none: then the wearer is told why."""
        try:
            return self._services.codes.next_code(token_id)
        except WatchError as error:
            self._view.error(error.code)
            return ""

    def _face(self, token_id: bytes) -> "CardFace":
        return card_face(self._services, self._services.vault.find(token_id)[1].token)

    def _now_ms(self) -> int:
        return self._services.clock.ticks_ms()


def _nobody(state: str) -> None:
    """No app waits for the wearer's word."""
