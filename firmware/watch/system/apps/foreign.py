"""The state *foreign*: whenever code of a third party is in front, and only then.

docs/architecture.md "States". The guard holds the state; here is decided when it is entered, and whose code runs in it.
Whatever fails on the way: there is never such code without the state, nor for longer than a second the state without
such code.
"""

from micropython import const

from watch.access import states
from watch.apps.shelf.levels import REVIEWED
from watch.kernel.errors import StateError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.access.guard import Guard
    from watch.apps.app_screen import AppScreen
    from watch.kernel.log import Log
    from watch.system.view import View


class Foreign:
    """Whose code may run."""

    def __init__(self, guard: "Guard", view: "View", log: "Log") -> None:
        self._guard, self._view, self._log = guard, view, log
        self._front: "Optional[AppScreen]" = None
        self.ends_session = False
        """True while the worn session ends because code of a developer's key comes to the front: it stays in front."""

    def enter(self, screen: "AppScreen", level: str) -> None:
        """A screen with an app of this level is in front: let it run, unless something else must end first.

        The wearer's pages between it and the face go away if the session ends. Raises what went wrong on the way into
        the state, which is left again then.
        """
        keep = level == REVIEWED
        if not keep and self._guard.unlocked():
            self._view.only(screen)
        self.ends_session = not keep
        try:
            self._guard.enter_foreign(keep)
        except StateError:
            return  # it asks again with the next tick
        finally:
            self.ends_session = False
        if self._view.top is screen:
            self._front = screen
        elif self._front is None:
            self.leave()  # a listener has brought something else to the front

    def allows(self, screen: "AppScreen") -> bool:
        """True while code of this screen's app may run. Allocates nothing."""
        return self._front is screen and self._guard.state == states.FOREIGN

    def rest(self, screen: "AppScreen") -> None:
        """It is covered, or has ended."""
        if self._front is screen:
            self._front = None
            self.leave()

    def enter_hidden(self) -> None:
        """Code of a third party runs for a moment without a screen; `leave` ends it. The worn session lives on.

        Raises StateError if it cannot be now, and what `enter` raises.
        """
        self._guard.enter_foreign(self._guard.unlocked())

    def leave(self) -> None:
        """Out of the state. What a listener raises is logged: the state has changed all the same."""
        try:
            self._guard.leave_foreign()
        except Exception as error:  # noqa: BLE001
            self._log.fault("foreign", error)  # whoever is in front now must come up whatever it was

    def tick(self) -> None:
        """Leave the state if nobody in front needs it: what was to leave it has failed. Allocates nothing."""
        front = self._front
        if self._guard.state == states.FOREIGN and (front is None or self._view.top is not front or not front.running):
            self._front = None
            self.leave()

    def step_aside(self) -> None:
        """End what runs, or let a face rest, for a flow of the watch that begins now and covers it."""
        if self._front is not None:
            self._front.close()
