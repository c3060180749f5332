"""Makes what an app is granted, by one table, and takes it back when the app ends."""

from micropython import const

from watch.apps.capabilities import Haptics, Light, Part
from watch.apps.shelf.app_files import AppFiles
from watch.kernel.errors import StateError
from watch.system.apps.grants import Activity, Alarms, Calendar, Dice, FindPhone, Loyalty, Music, Weather
from watch.system.apps.marks import Complication, Deadline
from watch.system.apps.motion import Motion
from watch.system.apps.notify import Notify
from watch.system.apps.payments import AppPayment
from watch.system.apps.phone_grants import Location, PhoneFiles, PhoneIntents
from watch.system.apps.sound import sound
from watch.system.apps.storage import Storage
from watch.system.apps.web import AppWeb, app_web
from watch.system.gamepad import Gamepad

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.apps.capabilities import Glance
    from watch.apps.settings import AppSettings
    from watch.apps.shelf.manifest import Manifest
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
        settings: what it keeps, written when it ends.
        payee: whom its review names as the one it may ask money for, or None.
    """

    def __init__(
        self,
        manifest: "Manifest",
        view: "View",
        glance: "Glance",
        screen: "Optional[Screen]",
        settings: "AppSettings",
        payee: "Optional[dict[int, Any]]" = None,
    ) -> None:
        self.manifest, self.view, self.glance, self.screen = manifest, view, glance, screen
        self.settings, self.payee = settings, payee
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


def _counted(services: "Services", who: Grantee, budget: str) -> "Callable[[], bool]":
    """What is asked before each change that an app may make only so often."""
    return lambda: services.app_budgets[budget].take(who.id)


def _notify(services: "Services", who: Grantee) -> Notify:
    return Notify(services.notifications, who.manifest, who.name, services.app_budgets["notify"])


def _storage(services: "Services", who: Grantee) -> Storage:
    files = AppFiles(services.files, who.id)
    return Storage(files, who.id, services.app_budgets["storage"], services.app_written)


def _web(services: "Services", who: Grantee) -> AppWeb:
    web = services.companion.web
    return app_web(web, who.id, who.manifest.hosts, services.app_budgets["web"], who.at_end)


MAKERS: "dict[str, Maker]" = {
    "glance": lambda services, who: who.glance,
    "haptics": lambda services, who: Haptics(who.view.play),
    "light": _light,
    "timers": lambda services, who: Part(services.timers, TIMERS),
    "alarms": lambda services, who: Alarms(services, _counted(services, who, "alarms")),
    "calendar": lambda services, who: Calendar(services),
    "weather": lambda services, who: Weather(services),
    "music": lambda services, who: Music(services),
    "find_phone": lambda services, who: FindPhone(services),
    "activity": lambda services, who: Activity(services, _counted(services, who, "goal")),
    "loyalty": lambda services, who: Loyalty(services),
    "dice": lambda services, who: Dice(services),
    "gamepad": _gamepad,
    "location": _location,
    "phone_files": lambda services, who: PhoneFiles(services, _counted(services, who, "phone")),
    "phone_intents": lambda services, who: PhoneIntents(services, _counted(services, who, "phone")),
    "storage": _storage,
    "notify": _notify,
    "background": lambda services, who: Deadline(services.app_marks, who.id, who.settings),
    "web": _web,
    "motion": lambda services, who: Motion(services),
    "sound": lambda services, who: sound(services, who.at_end),
    "payment": lambda services, who: AppPayment(services.app_payments, who.id, who.name, who.payee),
    "complication": lambda services, who: Complication(services.app_marks, who.id, who.settings),
}
"""Who makes what stands for a permission."""
IN_FRONT = ("glance", "light", "haptics", "gamepad", "sound", "payment", "location", "find_phone", "phone_intents")
"""Permissions that an app has only while its wearer sees it."""
