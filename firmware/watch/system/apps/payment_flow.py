"""From an app's question to the trusted sheet and back: the app ends, the wearer decides, the app starts again."""

from micropython import const

from watch.access import states
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import WatchError
from watch.screens.merchant_code import Asker
from watch.system.apps.payments import FAILED, REFUSED, SENT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.system.apps.payments import Purchase
    from watch.system.presenting import Presenting
    from watch.system.services import Services
    from watch.system.view import View
    from watch.ui.app_mark import AppMark

_BACK_MS = const(60_000)
"""Who has not come back to the face by then has gone on to something else."""
_RESULT_MS = const(4_000)
"""How long the wearer looks at what became of it: an amount and a word. The app has more to say."""


class AppPaymentFlow:
    """Shows the question that waits in `AppPayments`.

    Args:
        view: where screens are.
        services: among them the questions.
        presenting: asks about merchants' codes.
        open_app: puts an app in front.
        mark: what an app is known by.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        presenting: "Presenting",
        open_app: "Callable[[str], None]",
        mark: "Callable[[str], AppMark]",
    ) -> None:
        self._view, self._services, self._presenting = view, services, presenting
        self._open_app, self._mark = open_app, mark
        self._asked = False
        self._return_to = ""
        self._since_ms = 0

    def tick(self) -> None:
        """Ask, if an app wants it; bring the app back when all is over. To be called about once a second."""
        purchase = self._services.app_payments.waiting
        if purchase is not None and not self._asked:
            self._ask(purchase)
        elif self._return_to:
            if self._view.shows_result and self._view.result_age_ms() >= _RESULT_MS:
                self._view.close_result()
            self._bring_back()

    def _ask(self, purchase: "Purchase") -> None:
        """The app goes first: no code but the watch's own runs while a payment is on the screen."""
        if self._view.name != "app-" + purchase.app:
            self._services.app_payments.decided(purchase, REFUSED)  # its wearer has left it meanwhile
            return
        self._view.home()
        self._asked, self._return_to = True, ""
        try:
            words = self._view.ui.text.get("merchant-code.app", purchase.name) + purchase.purpose
            asker = Asker(words, self._mark(purchase.app))
            self._presenting.ask(purchase.text, asker, lambda state: self._told(purchase, state))
        except WatchError:
            self._told(purchase, FAILED)

    def _told(self, purchase: "Purchase", state: str) -> None:
        """The wearer has decided, or it was not possible."""
        services = self._services
        if state == SENT:
            digest, envelope = services.merchants.latest()
            services.app_payments.keep(purchase, digest, envelope)
        services.app_payments.decided(purchase, state)
        self._asked = False
        self._return_to, self._since_ms = purchase.app, services.clock.ticks_ms()

    def _bring_back(self) -> None:
        """Once the face is there again, the app is opened; not on a watch that was locked, and not late."""
        app, name = self._return_to, self._view.name
        passed_ms = ticks_diff(self._services.clock.ticks_ms(), self._since_ms)
        gone_on = not 0 <= passed_ms < _BACK_MS or self._services.guard.state in states.UNDISTURBED
        if gone_on or not self._services.guard.unlocked():
            self._return_to = ""
        elif name == "face":
            self._return_to = ""
            self._open_app(app)
