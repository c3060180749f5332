"""The apps and faces in the settings: what each may use, whether it has failed, and what it keeps."""

from micropython import const

from watch.kernel.errors import WatchError
from watch.screens.marks import MARKS, marked
from watch.screens.permissions import described
from watch.screens.question import QuestionScreen
from watch.screens.rows import Row, RowsScreen
from watch.system.view import SUCCESS
from watch.ui.theme import AMBER, GREY

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.manifest import Manifest
    from watch.system.apps import Apps
    from watch.system.view import View

_READ_MS = const(1000)  # a question has been on the screen this long before a touch answers yes


class AppList:
    """Whoever opens it has made sure that the watch is open."""

    def __init__(self, view: "View", apps: "Apps") -> None:
        self._view, self._apps = view, apps

    def open(self) -> None:
        """Show all apps, then the faces."""
        view = self._view
        listed = self._apps.manifests()
        manifests = {one.id: one for one in listed}
        rows = [self._row(one) for one in listed]

        def choose(app: str) -> None:
            self._show(manifests[app])

        view.deeper(RowsScreen(view.ui, "apps", view.ui.text.get("settings.apps"), rows, choose, view.back))

    def _row(self, app: "Manifest") -> Row:
        text = self._view.ui.text
        name, ink = text.get("apps.version" if app.kind == "app" else "apps.face", app.version_text), GREY
        if self._apps.off(app.id):
            name, ink = text.get("apps.off"), AMBER
        return Row(app.id, app.name(text.language), name, ink, icon=app.icon, colour=app.colour)

    def _show(self, app: "Manifest") -> None:
        """One app, and what can be done with it."""
        view, ways = self._view, {"uses": self._uses, "again": self._switch_on, "forget": self._ask}
        name, choose = app.name(view.ui.text.language), lambda key: ways[key](app)
        try:
            rows = self._facts(app)
        except WatchError as error:  # what it keeps cannot be read
            view.error(error.code)
            return
        view.deeper(RowsScreen(view.ui, "app", name, rows, choose, view.back))

    def _facts(self, app: "Manifest") -> "list[Row]":
        text = self._view.ui.text.get
        rows = []
        strikes = self._apps.strikes(app.id)
        if strikes:
            key = "apps.again" if self._apps.off(app.id) else "apps.trust"
            rows.append(marked("again", text(key), text("apps.failed", strikes), AMBER))
        uses = text("apps.uses-count", len(app.permissions)) if app.permissions else text("permission.none")
        rows.append(marked("uses", text("apps.uses"), uses))
        kept = self._apps.kept_bytes(app.id)
        if kept:
            rows.append(marked("forget", text("apps.forget"), text("apps.bytes", kept)))
        return rows

    def _uses(self, app: "Manifest") -> None:
        """What it may use, in plain words; there is nothing to choose, so a touch goes back."""
        view, colour = self._view, MARKS["uses"][1]
        uses = described(view.ui, app.permissions)
        rows = [Row(str(place), words, icon=icon, colour=colour) for place, (icon, words) in enumerate(uses)]
        title, empty = view.ui.text.get("apps.uses"), view.ui.text.get("permission.none")
        view.deeper(RowsScreen(view.ui, "app-uses", title, rows, lambda key: view.back(), view.back, empty))

    def _switch_on(self, app: "Manifest") -> None:
        self._apps.switch_on(app.id)
        self._again(app)

    def _ask(self, app: "Manifest") -> None:
        self._view.deeper(QuestionScreen(self._view.ui, "forget", lambda: self._forget(app), self._view.back))

    def _forget(self, app: "Manifest") -> None:
        """Yes; unless it came too soon to be an answer: the row that was touched lies where the button is now."""
        if self._view.age_ms() < _READ_MS:
            return
        try:
            self._apps.forget(app.id)
        except WatchError as error:
            self._view.error(error.code)
            return
        self._view.back()
        self._again(app)

    def _again(self, app: "Manifest") -> None:
        """Show the list and the app anew: something has changed."""
        view = self._view
        view.play(SUCCESS)
        view.back()
        view.back()
        self.open()
        self._show(app)
