"""Makes what an app is granted, by one table, and takes it back when the app ends."""

from micropython import const

from watch.apps.capabilities import Haptics, Light, Part
from watch.kernel.errors import StateError
from watch.system.gamepad import Gamepad
from watch.system.grants import GRANTS
from watch.system.phone_grants import PHONE_GRANTS, Location

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.apps.capabilities import Glance
    from watch.apps.manifest import Manifest
    from watch.kernel.log import Log
    from watch.system.services import Services
    from watch.system.view import View
    from watch.ui.screen import Screen

    Maker = Callable[[Services, "Grantee"], Any]

TIMERS = ("start", "pause", "resume", "again", "cancel", "left_ms", "places", "stopwatch")
"""What an app sees of the timers."""


class Grantee:
    """One run of an app: who it is for whom capabilities are made, and what is to be done when it ends.

    Args:
        manifest: of the app.
        view: where its screen is.
        glance: what faces look at.
        screen: the app's own; None while it runs in the background.
        payee: whom its review names as the one it may ask money for, or None.
    """

    def __init__(
        self,
        manifest: "Manifest",
        view: "View",
        glance: "Glance",
        screen: "Optional[Screen]",
        payee: "Any" = None,
    ) -> None:
        self.manifest, self.view, self.glance, self.screen, self.payee = manifest, view, glance, screen, payee
        self._endings: "list[Callable[[], None]]" = []

    @property
    def id(self) -> str:
        """Of the app."""
        return self.manifest.id

    def front(self) -> "Screen":
        """The screen. Raises StateError in the background."""
        if self.screen is None:
            raise StateError("an app in the background has no screen")
        return self.screen

    @property
    def name(self) -> str:
        """Of the app, in the wearer's language."""
        return self.manifest.name(self.view.ui.text.language)

    def at_end(self, work: "Callable[[], None]") -> None:
        """Have something done when the app ends, whatever ended it."""
        self._endings.append(work)

    def end(self, log: "Log") -> None:
        """The app has ended: take back what it was granted, the latest first. What fails is logged."""
        while self._endings:
            try:
                self._endings.pop()()
            except Exception as error:  # noqa: BLE001
                # One capability that cannot be taken back must not keep the others.
                log.fault("app " + self.id, error)


def granted(services: "Services", who: Grantee) -> "dict[str, Any]":
    """An object for each permission of the manifest, but for those of `IN_FRONT` while the app has no screen.

    What one of them raises goes on; the others are taken back by `Grantee.end`.
    """
    asked = [name for name in who.manifest.permissions if who.screen is not None or name not in IN_FRONT]
    return {name: MAKERS[name](services, who) for name in asked}


def _light(services: "Services", who: Grantee) -> Light:
    screen, bright = who.front(), who.view.bright

    def end() -> None:
        if screen.keeps_light:
            screen.keeps_light = ""
            bright(False)

    who.at_end(end)
    return Light(screen, bright)


def _gamepad(services: "Services", who: Grantee) -> Gamepad:
    who.at_end(lambda: services.hid.hold(False))
    who.at_end(services.hid.release)
    return Gamepad(services)


def _location(services: "Services", who: Grantee) -> Location:
    def end() -> None:
        if services.companion.gps.wanted:
            services.companion.gps.want(False)

    who.at_end(end)
    return Location(services)


def _of_services(kind: "Callable[[Services], Any]") -> "Maker":
    """A maker of what needs to know nothing of the app."""
    return lambda services, who: kind(services)


MAKERS: "dict[str, Maker]" = {name: _of_services(kind) for name, kind in GRANTS.items()}
MAKERS.update({name: _of_services(kind) for name, kind in PHONE_GRANTS.items()})
MAKERS.update(
    {
        "glance": lambda services, who: who.glance,
        "haptics": lambda services, who: Haptics(who.view.play),
        "light": _light,
        "timers": lambda services, who: Part(services.timers, TIMERS),
        "gamepad": _gamepad,
        "location": _location,
    }
)
"""Who makes what stands for a permission."""
IN_FRONT = ("glance", "light", "haptics", "gamepad")
"""Permissions that mean nothing without a screen."""
