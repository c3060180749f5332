"""Somebody calls: the watch is felt and shows who, unless a payment is under way; then the call waits."""

from micropython import const

from watch.access import states
from watch.kernel.clock import ticks_add, ticks_diff
from watch.screens.amount import AmountScreen
from watch.screens.call import CallScreen
from watch.screens.question import QuestionScreen
from watch.screens.sheet import Sheet
from watch.system.light import ATTENTION as NEWS
from watch.system.view import ATTENTION

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.system.light import Light
    from watch.system.services import Services
    from watch.system.view import View

_BUZZ_MS = const(2000)
_READ_MS = const(500)  # it is on the screen this long before a finger or a press answers it
_OUTCOME_MS = const(3000)  # what became of a payment is read first
_LONGEST_REST_MS = const(86_400_000)  # what changes asks for a tick by itself
_OWNER = "call"
_SHEETS = (AmountScreen, Sheet, QuestionScreen)
_TRUSTED = ("passcode", "new-passcode", "armed", "merchant-code", "payment-code", "presented-code") + (
    "merchant-amount",
    "pair-open",
    "updating",
    "ringing",
    "boot",
    "lost",
    "wiped",
)
"""What a call never covers: it waits for these screens to be gone."""


class CallFlow:
    """Looks at `Calls`, and lets the watch be felt when the phone asks for that (`vibrate`).

    Args:
        view: where it is shown, above everything.
        services: who calls, and what the watch may do now.
        light: goes on.
        wake: lets the screen task run soon.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        light: "Light",
        wake: "Callable[[], None]",
    ) -> None:
        self._view, self._services, self._light = view, services, light
        self._calls = services.companion.calls
        self._screen: "Optional[CallScreen]" = None
        self._seen = -1
        self._since_ms = self._buzzed_ms = 0
        self._buzzes = services.companion.buzzes
        self._calls.listen(wake)
        services.companion.listen(wake)
        services.guard.listen(self._state_changed)

    def tick(self) -> None:
        """To be called about once a second, and when the phone has said something."""
        self._follow_buzzes()
        rings = self._calls.ringing and self._services.guard.state not in states.UNDISTURBED
        if self._screen is None:
            if rings and not self._calls.silenced and not self._light.wet and not self._covered():
                self._show()
        elif not rings or self._calls.silenced:
            self._close()
        elif self._calls.changes != self._seen:
            self._close()
            self._show()
        else:
            self._buzz()

    def rest_ms(self) -> int:
        """How long nothing here needs a tick."""
        return _BUZZ_MS if self._screen is not None else _LONGEST_REST_MS

    def give_way(self) -> None:
        """Whoever pays has seen who calls: it comes back when that is over, if it still rings."""
        self._close()

    def _covered(self) -> bool:
        """Something is in front that asks for money, for trust or for a secret."""
        front = self._view.top
        if self._view.shows_result:
            return self._view.result_age_ms() < _OUTCOME_MS
        return isinstance(front, _SHEETS) or front.name in _TRUSTED

    def _show(self) -> None:
        calls = self._calls
        name, number = named(self._view, self._services)
        self._seen = calls.changes
        answers = [self._meant(one) for one in (calls.accept, calls.reject, calls.silence)]
        self._screen = CallScreen(self._view.ui, name, number, answers[0], answers[1], answers[2])
        self._view.modal(self._screen)
        self._light.hold(_OWNER, True)
        self._since_ms = self._services.clock.ticks_ms()
        self._buzzed_ms = ticks_add(self._since_ms, -_BUZZ_MS)
        self._buzz()

    def _meant(self, answer: "Callable[[], bool]") -> "Callable[[], None]":
        """The answer, but not to what comes so soon that it was meant for the screen that was there before."""

        def answered() -> None:
            if ticks_diff(self._services.clock.ticks_ms(), self._since_ms) < _READ_MS:
                return
            sent = answer()
            self._close()
            if not sent and not self._calls.silenced:
                self._view.error("timeout")

        return answered

    def _buzz(self) -> None:
        now_ms = self._services.clock.ticks_ms()
        if not 0 <= ticks_diff(now_ms, self._buzzed_ms) < _BUZZ_MS:
            self._buzzed_ms = now_ms
            self._light.wake(NEWS)
            self._view.play(ATTENTION)

    def _follow_buzzes(self) -> None:
        """The phone wants the watch to be felt; however often it asks, once in a while."""
        if self._services.companion.buzzes != self._buzzes:
            self._buzzes = self._services.companion.buzzes
            if self._services.guard.state not in states.UNDISTURBED:
                self._buzz()

    def _close(self) -> None:
        if self._screen is not None:
            self._view.close(self._screen)
            self._screen = None
        self._light.hold(_OWNER, False)

    def _state_changed(self, old: str, new: str) -> None:
        """An armed card is always on the screen."""
        if new in states.UNDISTURBED:
            self._close()


def named(view: "View", services: "Services") -> "tuple[str, str]":
    """Who calls, and from which number, as far as the wearer wants everybody to see it, locked or not."""
    calls, text = services.companion.calls, view.ui.text.get
    wanted = services.settings.get("notifications")
    if wanted == "off":
        return text("call.hidden"), ""
    name = calls.name or calls.number or text("call.unknown")
    return name, calls.number if calls.name and wanted == "content" else ""
