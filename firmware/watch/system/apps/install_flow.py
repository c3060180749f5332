"""Apps come and go: builds what takes bundles and developers' keys, and shows the wearer what became of them."""

from micropython import const

from watch.access import states
from watch.screens.app_news import enrolled, installed
from watch.system.apps.draft import Draft
from watch.system.apps.enrolling import Enrolling
from watch.system.apps.installs import Installs
from watch.system.apps.messages import AppMessages
from watch.system.view import FAILURE, SUCCESS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.shelf.shelved import Shelved
    from watch.exchange.messages import Handler
    from watch.system.apps.apps import Apps
    from watch.system.apps.care import AppCare
    from watch.system.services import Services
    from watch.system.unlocking import Spawn
    from watch.system.view import View


class InstallFlow:
    """What the messages about apps lead to.

    Args:
        view: where the wearer is told.
        services: the shelf, and where the wearer is asked.
        apps: what runs.
        care: ends and removes apps.
        spawn: starts a coroutine as a task.
        folder: where bundles may be kept, None on a board without room.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        apps: "Apps",
        care: "AppCare",
        spawn: "Spawn",
        folder: "Optional[str]",
    ) -> None:
        self._view, self._services, self._apps = view, services, apps
        draft = Draft(folder, services.clock.ticks_ms)
        self.installs = Installs(services, draft, spawn, care, self._changed, self._refused)
        self._enrolling = Enrolling(services, self._enrolled, self._refused)
        services.guard.listen(self._state_changed)
        self.mark()

    def handlers(self) -> "dict[int, Handler]":
        """What `Answers` answers about apps."""
        return AppMessages(self._services, self.installs, self._enrolling, self._apps).handlers()

    def tick(self) -> None:
        """To be called about once a second."""
        self.installs.tick()

    def mark(self) -> None:
        """Let the screens that pay say whether a developer's key is enrolled."""
        self._view.ui.developer_mark = len(self._services.shelf.developers.all()) > 0

    def _changed(self, app: "Shelved") -> None:
        """An app has come: tell the wearer where it is."""
        view = self._view
        if app.kind == "face" and self._services.settings.get("face") == app.id:
            self._apps.open(app.id)  # it gave way while it was replaced
        name = self._services.shelf.manifest(app.id).name(view.ui.text.language)
        view.play(SUCCESS)
        view.result(installed(view.ui, app.kind, name, view.close_result))

    def _enrolled(self) -> None:
        self.mark()
        self._view.play(SUCCESS)
        self._view.result(enrolled(self._view.ui, self._view.close_result))

    def _refused(self, code: str) -> None:
        self._view.play(FAILURE)
        self._view.error(code)

    def _state_changed(self, old: str, new: str) -> None:
        """A watch that erases itself forgets what was coming."""
        if new == states.WIPING:
            self.installs.clear()
            self._enrolling.clear()
            self.mark()
