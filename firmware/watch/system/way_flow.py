"""The way that the phone shows: the next turn comes to the front by itself while nobody does anything else."""

from micropython import const

from watch.access import states
from watch.screens.way import WayScreen
from watch.system.view import TICK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.system.services import Services
    from watch.system.view import View


class WayFlow:
    """Looks at `Navigation`. Of a locked watch nobody learns where its wearer goes.

    Args:
        view: what is in front.
        services: the way.
        wake: lets the screen task run soon.
    """

    def __init__(self, view: "View", services: "Services", wake: "Callable[[], None]") -> None:
        self._view, self._services = view, services
        self._way = services.companion.navigation
        self._screen: "Optional[WayScreen]" = None
        self._seen = self._turn = -1
        self._way.listen(wake)
        services.guard.listen(self._state_changed)

    def tick(self) -> None:
        """To be called about once a second, and when the phone has said something."""
        way = self._way
        if way.changes == self._seen:
            return
        if not way.active:
            self._seen = way.changes
            self._close()
        elif self._screen is not None and self._view.top is self._screen:
            self._follow(self._screen)
        elif way.turns == self._turn:
            self._seen = way.changes  # its wearer has put it away until the next turn
        elif (
            self._view.at_rest()
            and self._services.guard.unlocked()
            and self._services.guard.state not in states.UNDISTURBED
        ):
            self._screen = WayScreen(self._view.ui, self._close)
            self._follow(self._screen)
            self._view.front(self._screen)

    def _follow(self, screen: WayScreen) -> None:
        way = self._way
        self._seen = way.changes
        if way.turns != self._turn:
            self._turn = way.turns
            self._view.play(TICK)
        screen.show(way.turn, way.distance, way.text, way.arrival)

    def _close(self) -> None:
        if self._screen is not None:
            self._view.close(self._screen)
            self._screen = None

    def _state_changed(self, old: str, new: str) -> None:
        """What was shown to its wearer stays on no locked watch, and never over a card."""
        if new in states.UNDISTURBED or new == states.LOCKED:
            self._close()
