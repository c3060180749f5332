"""Developers whose keys the watch trusts, in the settings: who they are, and how to be rid of them."""

from micropython import const

from watch.kernel.errors import WatchError
from watch.screens.ask import grouped
from watch.screens.marks import marked
from watch.screens.question import QuestionScreen
from watch.screens.rows import Row, RowsScreen
from watch.system.view import SUCCESS
from watch.ui.theme import AMBER

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.shelf.developers import Developer
    from watch.system.apps.care import AppCare
    from watch.system.services import Services
    from watch.system.view import View

_READ_MS = const(1000)  # a question has been on the screen this long before a touch answers yes


class DevelopersFlow:
    """Whoever opens it has made sure that the watch is open.

    Args:
        view: where it is shown.
        services: the shelf with the keys.
        care: knows whose app is whose, and removes them.
        changed: called when a key has gone.
    """

    def __init__(self, view: "View", services: "Services", care: "AppCare", changed: "Callable[[], None]") -> None:
        self._view, self._services, self._care, self._changed = view, services, care, changed

    def count(self) -> int:
        """How many keys are trusted; none where they cannot be read, for then none counts."""
        try:
            return len(self._services.shelf.developers.all())
        except WatchError:
            return 0

    def open(self) -> None:
        """Show who is trusted."""
        view, text = self._view, self._view.ui.text.get
        keys = self._services.shelf.developers.all() if self.count() else []
        rows = [Row(one.maker, one.name, text("developer.apps-count", len(self._apps(one))), AMBER) for one in keys]

        def choose(maker: str) -> None:
            for one in keys:
                if one.maker == maker:
                    self._show(one)

        title, empty = text("security.developers"), text("developers.empty")
        view.deeper(RowsScreen(view.ui, "developers", title, rows, choose, view.back, empty))

    def _show(self, one: "Developer") -> None:
        """One key, and what can be done with it; its id is only to read."""
        view, text = self._view, self._view.ui.text.get
        rows = [
            marked("maker", one.name),
            Row("key", grouped(one.key_id)),  # a name alone wraps: a key id is never cut
            marked("uses", text("developer.apps"), str(len(self._apps(one)))),
            marked("forget", text("developer.remove")),
        ]

        def choose(row: str) -> None:
            if row == "forget":
                view.deeper(QuestionScreen(view.ui, "dismiss", lambda: self._dismiss(one), view.back))

        view.deeper(RowsScreen(view.ui, "developer", text("security.developers"), rows, choose, view.back))

    def _apps(self, one: "Developer") -> "list[str]":
        """Ids of the apps that this key has signed."""
        try:
            return self._care.made_by(one)
        except WatchError:
            return []  # what cannot be read cannot be opened either

    def _dismiss(self, one: "Developer") -> None:
        """Yes; unless it came too soon to be an answer: the row that was touched lies where the button is now."""
        view = self._view
        if view.age_ms() < _READ_MS:
            return
        if view.done(lambda: self._care.dismiss(one)):
            view.play(SUCCESS)
            self._changed()
            view.home()
