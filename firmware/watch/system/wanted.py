"""The phone looks for the watch: the key that ends it comes to the front by itself."""

from micropython import const

from watch.access import states

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.system.services import Services
    from watch.system.view import View


class Wanted:
    """Looks at `FindPhone.wanted`, which `Reminders` lets be felt.

    Args:
        view: what is in front.
        services: who is wanted.
        on_wanted: shows the finder.
    """

    def __init__(self, view: "View", services: "Services", on_wanted: "Callable[[], None]") -> None:
        self._view, self._services, self._on_wanted = view, services, on_wanted
        self._shown = False

    def tick(self) -> None:
        """To be called about once a second. Waits while the wearer is in the middle of something."""
        services = self._services
        if not services.find_phone.wanted:
            self._shown = False
        elif not self._shown and self._view.at_rest() and services.guard.state not in states.UNDISTURBED:
            self._shown = True
            self._on_wanted()
