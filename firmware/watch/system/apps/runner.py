"""What an app needs to run, and what is done when it ends: its code, what it is granted, its failures."""

from micropython import const

from watch.apps import fuel, loader
from watch.apps.app_icon import mark_of
from watch.apps.app_screen import AppScreen
from watch.apps.capabilities import Settings, Watch, watch_of
from watch.apps.limits import Limits
from watch.apps.owner import Owner
from watch.apps.settings import AppSettings
from watch.apps.shelf.levels import SYSTEM
from watch.apps.shelf.shelved import STRIKES
from watch.apps.sweep import Sweep
from watch.apps.words import Words
from watch.kernel.errors import WatchError
from watch.system.apps.granting import Grantee, granted

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.ports import Watchdog
    from watch.apps.capabilities import Glance, Time
    from watch.apps.shelf.bundle import Bundle
    from watch.apps.shelf.manifest import Manifest
    from watch.kernel.log import Log
    from watch.system.apps.foreign import Foreign
    from watch.system.services import Services
    from watch.system.view import View
    from watch.ui.app_mark import AppMark

_LINE_UNITS = const(400)
"""Fuel of a line of the log: to make a text of everything takes as long."""


class Runner(Owner):
    """The owner of every `AppScreen`.

    Args:
        view: where screens are shown.
        services: what may be granted.
        log: where failures are seen.
        foreign: which state code of third parties runs in.
        watchdog: of the board, or None.
        shared: time and glance, which every app sees.
        left: called when the wearer leaves a screen.
        face_starts: called with the complications that the wearer wants on a face.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        log: "Log",
        foreign: "Foreign",
        watchdog: "Optional[Watchdog]",
        shared: "tuple[Time, Glance]",
        left: "Callable[[AppScreen], None]",
        face_starts: "Callable[[list[str]], None]",
    ) -> None:
        self._view, self._services, self._log = view, services, log
        self.foreign = foreign
        self._time, self._glance = shared
        self._left, self._face_starts = left, face_starts
        self.limits = Limits(services.clock.ticks_ms, watchdog)
        self._bundles: "dict[str, Bundle]" = {}
        self._settings: "dict[str, AppSettings]" = {}
        self._grantees: "dict[str, Grantee]" = {}
        self._sweep: "Optional[Sweep]" = None
        self.swept = 0
        """Attributes that third parties have left on what outlives them, and that were taken away."""

    def level(self, app: str) -> str:
        """Who stands behind an app: `system`, `reviewed`, `developer`; the least if that cannot be known."""
        shelf = self._services.shelf
        if app in shelf.system:
            return SYSTEM
        try:
            found = shelf.find(app)
        except WatchError:
            return ""
        return found.level if found is not None else ""

    def runs(self, app: str) -> bool:
        """True while an app runs, as the face does beneath other screens: it has its settings in hand."""
        return app in self._settings

    def settings(self, app: str) -> AppSettings:
        """The settings of an app: those that it holds while it runs, as the face does beneath other screens.

        Raises CorruptError, StorageError.
        """
        return self._settings.get(app) or AppSettings(self._services.journal, app)

    def mark(self, manifest: "Manifest") -> "AppMark":
        """What an app is known by; a picture of its own is read when it is to be shown."""
        app = manifest.id
        return mark_of(manifest, lambda: self._services.shelf.open(app), self._view.ui.large)

    # What an AppScreen asks.

    def enter(self, screen: AppScreen) -> None:
        """Third parties run in a state of their own."""
        screen.foreign = not self._is_system(screen)
        if screen.foreign:
            try:
                if self._sweep is None:
                    self._sweep = Sweep((self._view.canvas,))
                self.limits.take_ballast()  # also for a face that runs already and comes back
                self.foreign.enter(screen, self.level(screen.manifest.id))
            except Exception as error:  # noqa: BLE001
                # Whatever it was, memory included: it does not run, and the wearer is told.
                self._log.fault("app " + screen.manifest.id, error)
                self._left(screen)
                self._view.error(getattr(error, "code", WatchError.code))

    def allows(self, screen: AppScreen) -> bool:
        """Our own apps may always run."""
        return not screen.foreign or self.foreign.allows(screen)

    def rest(self, screen: AppScreen) -> None:
        """Another screen is in front, or there is no app any more."""
        if screen.foreign:
            self.limits.drop_ballast()
        self.foreign.rest(screen)

    def load(self, screen: AppScreen) -> "Any":
        """Open the bundle and run its modules. Raises AppError, StorageError, and what they raise."""
        app = screen.manifest.id
        bundle = self._bundles[app] = self.limits.unhurried(app, lambda: self._services.shelf.open(app))
        return loader.load(bundle)

    def grant(self, screen: AppScreen) -> Watch:
        """Make what an app is handed: what its manifest asks for, no more. Raises AppError, StorageError."""
        manifest, view, services = screen.manifest, self._view, self._services
        settings = self._settings[manifest.id] = AppSettings(services.journal, manifest.id)
        verdict = services.shelf.verdict(manifest.id)
        payee = None if verdict is None else verdict.payee
        seen = None if screen.hidden else screen
        if manifest.kind == "face" and seen is not None:
            self._face_starts(settings.places)
        who = self._grantees[manifest.id] = Grantee(manifest, view, self._glance, seen, settings, payee)
        things = granted(services, who)
        texts = self._bundles[manifest.id].words(view.ui.text.language)
        text = Words(texts, view.ui.text, view.ui.clock_24h)

        def write(*things: "Any") -> None:
            fuel.use(_LINE_UNITS)
            services.app_log.write(manifest.id, " ".join([str(thing) for thing in things]))

        return watch_of(self._time, Settings(settings), text, screen.leave, write, things)

    def picture(self, screen: AppScreen, name: str) -> bytes:
        """A picture of its bundle. Raises AppError, StorageError."""
        return self._bundles[screen.manifest.id].read(name + ".img")

    def withdraw(self, screen: AppScreen) -> None:
        """Take back what it was granted, and keep its settings. Losing settings is logged: the app is gone anyway."""
        app = screen.manifest.id
        _taken(self._bundles, app)
        who, settings = _taken(self._grantees, app), _taken(self._settings, app)
        if who is not None:
            who.end(self._log)
        if settings is not None:
            try:
                settings.end()
            except WatchError as error:
                self._log.fault("apps", error)
        if screen.foreign and self._sweep is not None:
            ui = screen.ui
            self.swept += self._sweep.clean((getattr(screen, "watch", None), ui, self._time, self._glance))

    def failed(self, screen: AppScreen, error: BaseException) -> bool:
        """Count it; the third time is the last."""
        app = screen.manifest.id
        self._log.fault("app " + app, error)
        self._services.app_log.fault(app, error)
        return self.strike(app)

    def strike(self, app: str) -> bool:
        """Count a failure. True if it was one too many."""
        try:
            return self._services.shelf.strike(app) >= STRIKES
        except WatchError as error:  # it cannot be written down, and so cannot be trusted to end
            self._log.fault("apps", error)
            return True

    def left(self, screen: AppScreen) -> None:
        """The wearer wants to leave an app."""
        self._left(screen)

    def _is_system(self, screen: AppScreen) -> bool:
        return screen.manifest.id in self._services.shelf.system


def _taken(table: "dict[str, Any]", app: str) -> "Any":
    """Take an entry out of a table, or None. A table keeps the value of a key that is only deleted."""
    value = table.get(app)
    if value is not None:
        table[app] = None
        del table[app]
    return value
