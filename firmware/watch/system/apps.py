"""Which apps there are, and what each may use. Nothing of an app is loaded before it opens."""

from micropython import const

from watch.apps import folders
from watch.apps.builtin import APPS, FACES
from watch.apps.capabilities import TICK, Glance, Settings, Time, Watch
from watch.apps.face import FaceScreen
from watch.apps.host import AppScreen, Owner
from watch.apps.picker import FacePicker
from watch.apps.settings import AppSettings
from watch.apps.words import Words
from watch.kernel.errors import WatchError
from watch.screens.launcher import Entry, LauncherScreen
from watch.system.granting import Grantee, granted

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.apps.manifest import Manifest
    from watch.kernel.log import Log
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View

PRIVATE = ("calendar", "music", "loyalty", "location")
"""Permissions for what is the wearer's own business: an app that has one opens on an unlocked watch only."""
STRIKES = const(3)
"""An app that has failed this often stays off until the next start, or until the wearer switches it on."""


class Apps(Owner):
    """Opens apps and the face.

    Args:
        view: where screens are shown.
        services: what may be granted.
        log: where failures are seen.
        on_swipe: what the wearer does on the face.
        unlocking: asks for the passcode, on the face and before what is private.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        log: "Log",
        on_swipe: "Callable[[str], None]",
        unlocking: "Unlocking",
    ) -> None:
        self._view, self._services, self._log = view, services, log
        self._on_swipe, self._unlocking = on_swipe, unlocking
        self._strikes: "dict[str, int]" = {}
        self._settings: "dict[str, AppSettings]" = {}
        self._grantees: "dict[str, Grantee]" = {}
        self._manifests: "list[Manifest]" = []
        self._face: "Optional[FaceScreen]" = None
        self._latest = ""
        self.time = Time(services.clock.ticks_ms)
        """The wearer's time; the navigator sets it."""
        self.glance = Glance()
        """What faces show of the watch; the navigator sets it."""

    def start(self) -> None:
        """Put the chosen face at the bottom of the screens. Raises InputError for a face that is not well made."""
        self._ground(self._services.settings.get("face"))

    def launcher(self) -> None:
        """Show all apps, beginning with the page of the one that was opened last."""
        if not self._manifests:
            self._manifests = [folders.manifest(app) for app in APPS]
        view, language = self._view, self._view.ui.text.language
        entries = [Entry(one.id, one.name(language), one.icon, one.colour) for one in self._manifests]
        view.front(LauncherScreen(view.ui, entries, self.open, view.home, self._latest))

    def open(self, app: str) -> None:
        """Open a built-in app above what is in front, unless it has failed too often.

        Asks for the passcode first if the app shows something private and the watch is locked.
        """
        if self._strikes.get(app, 0) >= STRIKES:
            self._view.error("app-off")
            return
        manifest = folders.manifest(app)
        self._latest = app
        if not self._services.guard.unlocked() and any(name in PRIVATE for name in manifest.permissions):
            self._unlocking.ask(lambda: self._view.front(AppScreen(self._view.ui, manifest, self)))
        else:
            self._view.deeper(AppScreen(self._view.ui, manifest, self))

    def pick_face(self) -> None:
        """Let the wearer choose a face: a finger has held the one there is, and feels that it was noticed."""
        view = self._view
        view.play(TICK)
        chosen = self._services.settings.get("face")
        faces = [face for face in FACES if self._strikes.get(face, 0) < STRIKES]
        if not faces:
            view.error("app-off")
            return
        place = faces.index(chosen) if chosen in faces else 0
        view.home()
        if self._face is not None:
            self._face.end()  # one face at a time: it starts anew when the wearer keeps it
        manifests = tuple([folders.manifest(face) for face in faces])
        view.deeper(FacePicker(view.ui, manifests, place, self, self._choose_face, view.home))

    def manifests(self) -> "list[Manifest]":
        """All apps, then all faces."""
        return [folders.manifest(one) for one in APPS + FACES]

    def strikes(self, app: str) -> int:
        """How often an app has failed since the last start."""
        return self._strikes.get(app, 0)

    def off(self, app: str) -> bool:
        """True if an app has failed too often to run."""
        return self.strikes(app) >= STRIKES

    def switch_on(self, app: str) -> None:
        """Forget that an app has failed."""
        self._strikes.pop(app, None)

    def kept_bytes(self, app: str) -> int:
        """How much an app has stored. Raises CorruptError, StorageError."""
        return self._kept(app).size

    def forget(self, app: str) -> None:
        """Throw away what an app has stored. Raises StorageError."""
        self._kept(app).forget()

    def grant(self, screen: AppScreen) -> Watch:
        """Make what an app is handed: what its manifest asks for, no more. Raises CorruptError, StorageError."""
        manifest = screen.manifest
        settings = self._settings[manifest.id] = AppSettings(self._services.journal, manifest.id)
        who = self._grantees[manifest.id] = Grantee(manifest, self._view, self.glance, screen, settings)
        try:
            things = granted(self._services, who)
        except WatchError:
            self._grantees.pop(manifest.id).end(self._log)
            raise
        text = Words(folders.words(manifest.id), self._view.ui.text, self._view.ui.clock_24h)
        return Watch(self.time, Settings(settings), text, screen.leave, things)

    def withdraw(self, screen: AppScreen) -> None:
        """Take back what it was granted, and keep its settings. Losing settings is logged: the app is gone anyway."""
        self._grantees.pop(screen.manifest.id).end(self._log)
        try:
            self._settings.pop(screen.manifest.id).end()
        except WatchError as error:
            self._log.fault("apps", error)

    def failed(self, screen: AppScreen, error: BaseException) -> bool:
        """Count it; the third time is the last."""
        app = screen.manifest.id
        self._log.fault("app " + app, error)
        self._strikes[app] = self._strikes.get(app, 0) + 1
        return self._strikes[app] >= STRIKES

    def left(self, screen: AppScreen) -> None:
        """Back to what was there before the app. A face that failed gives way to the first one."""
        if screen is not self._face:
            self._view.close(screen)
        elif self._strikes.get(FACES[0], 0) < STRIKES:
            self._ground(FACES[0])

    def _choose_face(self, face: str) -> None:
        view = self._view
        try:
            self._services.settings.set("face", face)
        except WatchError as error:
            view.error(error.code)
            return
        self._ground(face)  # beneath the picker, so that the face before does not start again for a moment
        view.home()

    def _kept(self, app: str) -> AppSettings:
        """The settings of an app: those that it holds while it runs, as the face does beneath other screens."""
        return self._settings.get(app) or AppSettings(self._services.journal, app)

    def _ground(self, face: str) -> None:
        """Put a face in the place of the present one."""
        on_tap = self._unlocking.unlock_if_locked
        screen = FaceScreen(self._view.ui, folders.manifest(face), self, self._on_swipe, on_tap, self.pick_face)
        if self._face is not None:
            self._face.end()  # before the other one starts: the same face would find its settings taken
        self._face = screen
        self._view.ground(screen)
