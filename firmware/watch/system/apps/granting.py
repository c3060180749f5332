"""Makes what an app is granted, by one table, and takes it back when the app ends."""

from micropython import const

from watch.kernel.errors import StateError

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

IN_FRONT = ("glance", "light", "haptics", "gamepad", "sound", "payment", "location", "find_phone", "phone_intents")
"""Permissions that an app has only while its wearer sees it."""


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
    things: "dict[str, Any]" = {}
    if "glance" in asked:
        things["glance"] = who.glance
        asked.remove("glance")
    if asked:
        from watch.system.apps.makers import MAKERS  # 35 KB of heap on 64 bits, which a face does without

        things.update({name: MAKERS[name](services, who) for name in asked})
    return things
