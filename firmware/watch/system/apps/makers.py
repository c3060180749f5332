"""The table of what stands for a permission. Loaded when an app that asks for more than a face first runs."""

from micropython import const

from watch.apps.capabilities import Haptics, Light, Part
from watch.apps.shelf.app_files import AppFiles
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
    from typing import Any, Callable

    from watch.system.apps.granting import Grantee
    from watch.system.services import Services

    Maker = Callable[[Services, Grantee], Any]

TIMERS = ("start", "pause", "resume", "again", "cancel", "left_ms", "places", "stopwatch")
"""What an app sees of the timers."""


def _light(services: "Services", who: "Grantee") -> Light:
    screen, bright = who.front(), who.view.bright

    def end() -> None:
        if screen.keeps_light:
            screen.keeps_light = ""
            bright(False)

    who.at_end(end)
    return Light(screen, bright)


def _gamepad(services: "Services", who: "Grantee") -> Gamepad:
    who.at_end(lambda: services.hid.hold(False))
    who.at_end(services.hid.release)
    return Gamepad(services)


def _location(services: "Services", who: "Grantee") -> Location:
    def end() -> None:
        if services.companion.gps.wanted:
            services.companion.gps.want(False)

    who.at_end(end)
    return Location(services)


def _counted(services: "Services", who: "Grantee", budget: str) -> "Callable[[], bool]":
    """What is asked before each change that an app may make only so often."""
    return lambda: services.app_budgets[budget].take(who.id)


def _notify(services: "Services", who: "Grantee") -> Notify:
    return Notify(services.notifications, who.id, who.name, services.app_budgets["notify"])


def _storage(services: "Services", who: "Grantee") -> Storage:
    files = AppFiles(services.files, who.id)
    return Storage(files, who.id, services.app_budgets["storage"], services.app_written)


def _web(services: "Services", who: "Grantee") -> AppWeb:
    web = services.companion.web
    return app_web(web, who.id, who.manifest.hosts, services.app_budgets["web"], who.at_end)


MAKERS: "dict[str, Maker]" = {
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
