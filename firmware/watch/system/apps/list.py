"""The apps and faces in the settings: who made each, what it may use, whether it has failed, and what it keeps."""

from micropython import const

from watch.apps.shelf.levels import REVIEWED, SYSTEM
from watch.kernel.errors import WatchError
from watch.screens.marks import MARKS, marked
from watch.screens.permissions import described
from watch.screens.question import QuestionScreen
from watch.screens.rows import Row, RowsScreen
from watch.system.view import SUCCESS
from watch.ui import icons
from watch.ui.theme import AMBER, GREY

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.apps.shelf.manifest import Manifest
    from watch.apps.shelf.shelved import Shelved
    from watch.system.apps.care import App, AppCare
    from watch.system.view import View

_READ_MS = const(1000)  # a question has been on the screen this long before a touch answers yes
_KB = const(1024)


class AppList:
    """Whoever opens it has made sure that the watch is open."""

    def __init__(self, view: "View", care: "AppCare") -> None:
        self._view, self._care = view, care

    def open(self) -> None:
        """Show all apps, then the faces; those that came onto the watch before those that were always there."""
        self._safely(self._list)

    def _list(self) -> None:
        view = self._view
        found = self._care.all()
        ordered = [app for app in found if app[0].level != SYSTEM] + [app for app in found if app[0].level == SYSTEM]
        rows = [self._row(shelved, manifest) for shelved, manifest in ordered]
        view.deeper(RowsScreen(view.ui, "apps", view.ui.text.get("settings.apps"), rows, self._choose, view.back))

    def _choose(self, app: str) -> None:
        self._safely(lambda: self._show(app))

    def _row(self, shelved: "Shelved", manifest: "Optional[Manifest]") -> Row:
        text = self._view.ui.text
        if manifest is None:
            return Row(shelved.id, shelved.id, text.get("error.app-damaged"), AMBER, icon=icons.TILES)
        name, ink = text.get("apps.version" if manifest.kind == "app" else "apps.face", manifest.version_text), GREY
        if shelved.off or not shelved.licensed:
            name, ink = text.get("apps.off" if shelved.off else "apps.unpaid"), AMBER
        row = Row(shelved.id, manifest.name(text.language), name, ink)
        row.bear(self._care.mark(manifest))
        return row

    def _show(self, app: str) -> None:
        """One app, and what can be done with it."""
        view, found = self._view, self._care.find(app)
        ways = {"uses": self._uses, "again": self._switch_on, "forget": self._ask_forget, "remove": self._ask_remove}
        manifest = found[1]
        rows = self._facts(found[0], manifest) if manifest is not None else [self._maker(found[0]), self._removal()]
        name = manifest.name(view.ui.text.language) if manifest is not None else app

        def choose(key: str) -> None:
            if key in ways:
                ways[key](found)

        view.deeper(RowsScreen(view.ui, "app", name, rows, choose, view.back))

    def _facts(self, shelved: "Shelved", manifest: "Manifest") -> "list[Row]":
        """Raises AppError, StorageError."""
        text = self._view.ui.text.get
        rows = []
        if shelved.strikes:
            key = "apps.again" if shelved.off else "apps.trust"
            rows.append(marked("again", text(key), text("apps.failed", shelved.strikes), AMBER))
        rows.append(self._maker(shelved))
        uses = text("apps.uses-count", len(manifest.permissions)) if manifest.permissions else text("permission.none")
        rows.append(marked("uses", text("apps.uses"), uses))
        size = text("apps.kilobytes", (self._care.size_bytes(shelved.id) + _KB - 1) // _KB)
        rows.append(marked("size", text("apps.version", manifest.version_text), size))
        kept = self._care.kept_bytes(shelved.id)
        if kept:
            rows.append(marked("forget", text("apps.forget"), text("apps.bytes", kept)))
        if shelved.level != SYSTEM:
            rows.append(self._removal())
        return rows

    def _removal(self) -> Row:
        return marked("remove", self._view.ui.text.get("apps.remove"))

    def _maker(self, shelved: "Shelved") -> Row:
        """Who answers for it; amber if nobody has looked at it."""
        text = self._view.ui.text.get
        if shelved.level == SYSTEM:
            return marked("maker", text("apps.own"))
        if shelved.level == REVIEWED:
            return marked("maker", self._care.maker(shelved), text("apps.reviewed"))
        return marked("maker", self._care.maker(shelved), text("apps.unreviewed"), AMBER)

    def _uses(self, app: "App") -> None:
        """What it may use, in plain words; there is nothing to choose, so a touch goes back."""
        view, colour = self._view, MARKS["uses"][1]
        uses = described(view.ui, () if app[1] is None else app[1].permissions)
        rows = [Row(str(place), words, icon=icon, colour=colour) for place, (icon, words) in enumerate(uses)]
        title, empty = view.ui.text.get("apps.uses"), view.ui.text.get("permission.none")
        view.deeper(RowsScreen(view.ui, "app-uses", title, rows, lambda key: view.back(), view.back, empty))

    def _switch_on(self, app: "App") -> None:
        self._safely(lambda: self._change(self._care.switch_on, app[0].id, True))

    def _ask_forget(self, app: "App") -> None:
        self._ask("forget", lambda: self._change(self._care.forget, app[0].id, True))

    def _ask_remove(self, app: "App") -> None:
        self._ask("remove", lambda: self._change(self._care.remove, app[0].id, False))

    def _ask(self, question: str, change: "Callable[[], None]") -> None:
        """Yes counts unless it came too soon to be an answer: the row that was touched lies where the button is now."""
        view = self._view

        def yes() -> None:
            if view.age_ms() >= _READ_MS:
                view.back()
                self._safely(change)

        view.deeper(QuestionScreen(view.ui, question, yes, view.back))

    def _change(self, change: "Callable[[str], None]", app: str, stays: bool) -> None:
        """Do it, and show the list and the app anew."""
        change(app)
        view = self._view
        view.play(SUCCESS)
        view.back()
        view.back()
        self._list()
        if stays:
            self._show(app)

    def _safely(self, work: "Callable[[], None]") -> None:
        """What cannot be read or written is said."""
        try:
            work()
        except WatchError as error:
            self._view.error(error.code)
