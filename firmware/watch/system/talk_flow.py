"""A call that goes on: who, for how long, and a key to hang up, while its wearer does nothing else on the watch."""

from micropython import const

from watch.access import states
from watch.screens.call import TalkScreen
from watch.services.calls import OUTGOING
from watch.system.call_flow import named

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.system.services import Services
    from watch.system.view import View


class TalkFlow:
    """Looks at `Calls`. It comes to the front once for each call, and again after a payment.

    Args:
        view: what is in front.
        services: who talks.
    """

    def __init__(self, view: "View", services: "Services") -> None:
        self._view, self._services = view, services
        self._calls = services.companion.calls
        self._screen: "Optional[TalkScreen]" = None
        self._state = ""
        """Of the call on the screen."""
        self._away = False
        """Its wearer has put it away."""
        services.guard.listen(self._state_changed)

    def tick(self) -> None:
        """To be called about once a second, and when the phone has said something."""
        calls, screen = self._calls, self._screen
        if not calls.talking:
            self._away = False
            self._close()
            return
        if screen is not None and not self._view.holds(screen):
            self._screen, self._away = None, True  # something else was opened above the face
        elif screen is not None and self._state != calls.state:
            self._close()
        if self._screen is None and not self._away:
            self._show()
        if self._screen is not None:
            self._screen.show(-1 if calls.state == OUTGOING else calls.passed_s())

    def _show(self) -> None:
        view, calls = self._view, self._calls
        if not view.at_rest() or self._services.guard.state in states.UNDISTURBED:
            return
        name, number = named(view, self._services)
        self._state = calls.state
        title = "call.outgoing" if calls.state == OUTGOING else "call.talk"
        self._screen = TalkScreen(view.ui, title, name or number, self._end, self._put_away)
        view.front(self._screen)

    def _end(self) -> None:
        if self._calls.end():
            self._close()
        else:
            self._view.error("timeout")

    def _put_away(self) -> None:
        self._away = True
        self._close()

    def _close(self) -> None:
        if self._screen is not None:
            self._view.close(self._screen)
            self._screen = None

    def _state_changed(self, old: str, new: str) -> None:
        """It never covers a card."""
        if new in states.UNDISTURBED:
            self._close()
