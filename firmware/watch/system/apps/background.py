"""Apps that work without a screen: `App.background`, at the time that an app has set by `watch.background`.

One at a time, for one call with less fuel than in front, while the wearer is in the middle of nothing. Code of third
parties runs in the state *foreign* here as well; what would end the worn session waits until there is none.
"""

from micropython import const

from watch.access import states
from watch.apps.app_screen import AppScreen
from watch.apps.limits import BACKGROUND_FUEL
from watch.apps.owner import Owner, Place
from watch.apps.shelf.levels import REVIEWED
from watch.kernel.errors import AppError, WatchError
from watch.system.apps.apps import PRIVATE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.apps.api import App
    from watch.apps.capabilities import Watch
    from watch.apps.shelf.manifest import Manifest
    from watch.kernel.log import Log
    from watch.system.apps.runner import Runner
    from watch.system.services import Services
    from watch.system.view import View
    from watch.ui.picture import Picture
    from watch.ui.screen import AnyWidget, Target

_CALM = (states.LOCKED, states.WORN, states.FOREIGN)
"""States in which nobody pays; *foreign* with the face in front is a face of a third party."""


_NO_SCREEN = "there is no screen in the background"


class HiddenApp(AppScreen):
    """An app that is never shown, for one call of `App.background`. What it asks of a screen is an AppError."""

    hidden = True
    fuel = BACKGROUND_FUEL

    def add(self, widget: "AnyWidget") -> "AnyWidget":
        """Nobody would see it. Raises AppError."""
        raise AppError(_NO_SCREEN)

    def target(self, name: str, x: int, y: int, w: int, h: int, action: "Callable[[], None]") -> "Target":
        """Nobody could touch it. Raises AppError."""
        raise AppError(_NO_SCREEN)

    def picture(self, name: str) -> "Picture":
        """Nobody would see it. Raises AppError."""
        raise AppError(_NO_SCREEN)

    def work(self) -> None:
        """Load it, let it work, and end it, whatever it does."""
        self._answer(self._work)
        if not self._crashed:
            self._forget()
            self._owner.limits.drop_ballast()

    def _work(self) -> None:
        if self.foreign:
            self._turn.guard()
        made = self._owner.load(self)(Place(self))
        self.watch = self._owner.grant(self)
        self._granted = True
        made.background()

    def _fail(self, error: BaseException) -> None:
        """Nobody looks: its failure is counted, and stands in the log."""
        if isinstance(error, KeyboardInterrupt):
            raise error
        self._crashed = True
        self._owner.limits.drop_ballast()
        self._owner.failed(self, error)
        self._forget()


class _HiddenOwner(Owner):
    """The owner of an app without a screen: as of any other, but it is never in front."""

    def __init__(self, runner: "Runner") -> None:
        self._runner, self.limits = runner, runner.limits

    def enter(self, screen: AppScreen) -> None:
        """`Background` has seen to it."""

    def allows(self, screen: AppScreen) -> bool:
        """`Background` has seen to it."""
        return True

    def rest(self, screen: AppScreen) -> None:
        """`Background` sees to it."""

    def load(self, screen: AppScreen) -> "type[App]":
        """As for any app."""
        return self._runner.load(screen)

    def grant(self, screen: AppScreen) -> "Watch":
        """As for any app, without what needs a screen; the deadline is over."""
        watch = self._runner.grant(screen)
        self._runner.settings(screen.manifest.id).deadline = -1
        return watch

    def withdraw(self, screen: AppScreen) -> None:
        """As for any app."""
        self._runner.withdraw(screen)

    def failed(self, screen: AppScreen, error: BaseException) -> bool:
        """As for any app."""
        return self._runner.failed(screen, error)

    def left(self, screen: AppScreen) -> None:
        """There is nothing to leave."""

    def picture(self, screen: AppScreen, name: str) -> bytes:
        """There is nothing to show it on. Raises AppError."""
        raise AppError(_NO_SCREEN)


class Background:
    """Lets apps work whose time has come.

    Args:
        view: whether the wearer is in the middle of something.
        services: the deadlines, and what may be granted.
        runner: what apps need to run.
        log: where failures are seen.
    """

    def __init__(self, view: "View", services: "Services", runner: "Runner", log: "Log") -> None:
        self._view, self._services, self._runner, self._log = view, services, runner, log
        self.runs = 0
        """How many have been since the start."""
        self._told = ""
        """The app that was told last what it waits for."""

    def tick(self) -> None:
        """Run at most one app. To be called about once a second, and at each deadline."""
        marks = self._services.app_marks
        marks.take_due()
        if not marks.late or self._view.name != "face" or self._services.guard.state not in _CALM:
            return
        for app in sorted(marks.late):
            manifest = self._found(app)
            if manifest is not None and self._may(manifest):
                marks.late.pop(app, None)
                self._run(manifest)
                return

    def _found(self, app: str) -> "Optional[Manifest]":
        """The manifest of an app that may run at all; one that is gone or off loses its deadline."""
        shelf = self._services.shelf
        try:
            shelved = shelf.find(app)
            if shelved is not None and not shelved.off:
                shelf.expect(app)
                manifest = shelf.manifest(app)  # its whole file is compared when it runs, not each second that it waits
                if "background" in manifest.permissions:
                    return manifest
        except WatchError as error:
            self._log.fault("background", error)
        self._services.app_marks.set_deadline(app, -1)
        return None

    def _may(self, manifest: "Manifest") -> bool:
        """True if this one may run now. What is private waits, what would end the session, and a face that is shown."""
        guard = self._services.guard
        if self._runner.runs(manifest.id):
            return False
        private = any(name in PRIVATE for name in manifest.permissions)
        if private and not guard.unlocked():
            return False
        if self._is_foreign(manifest) and self._runner.level(manifest.id) != REVIEWED and guard.unlocked():
            self._tell(manifest.id)
            return False
        return self._services.app_budgets["background"].take(manifest.id)

    def _tell(self, app: str) -> None:
        """Say once to whoever writes the app why nothing happens."""
        if self._told != app:
            self._told = app
            self._services.app_log.write(app, "background waits until the watch is locked")

    def _run(self, manifest: "Manifest") -> None:
        screen, foreign = HiddenApp(self._view.ui, manifest, _HiddenOwner(self._runner)), self._runner.foreign
        screen.foreign = self._is_foreign(manifest)
        enters = screen.foreign and self._services.guard.state != states.FOREIGN
        if enters:
            try:
                foreign.enter_hidden()
            except Exception as error:  # noqa: BLE001
                # A check of the passcode runs, or the radio could not be silenced: it works a second later.
                self._log.fault("background", error)
                self._services.app_marks.late[manifest.id] = self._services.app_marks.now()
                return
        self.runs += 1
        self._told = ""
        try:
            screen.work()
        finally:
            if enters:
                foreign.leave()

    def _is_foreign(self, manifest: "Manifest") -> bool:
        return manifest.id not in self._services.shelf.system
