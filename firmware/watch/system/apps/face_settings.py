"""The settings of the watch face: which one it is, and what each of its places says."""

from micropython import const

from watch.kernel.errors import WatchError
from watch.screens.rows import CHOSEN, PLAIN, Row, RowsScreen
from watch.system.apps.complications import AUTO, BATTERY, FACTS, MESSAGES, NONE, ORDER
from watch.system.view import SUCCESS
from watch.ui import icons
from watch.ui.app_mark import QUIET, AppMark

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.shelf.shelved import Shelved
    from watch.system.apps.apps import Apps
    from watch.system.services import Services
    from watch.system.view import View

_OWN = {
    BATTERY: ("complication.battery", icons.BOLT, 0x4CD97B),
    MESSAGES: ("notes.title", icons.MESSAGE, 0x5CA8FF),
}
"""Name, icon and colour of the facts that belong to no app."""
_PERMISSION = "complication"


class FaceSettings:
    """Whoever opens it has made sure that the watch is open.

    Args:
        view: where it is shown.
        services: the shelf.
        apps: the face, and what it shows.
        counts: the board has a step counter.
    """

    def __init__(self, view: "View", services: "Services", apps: "Apps", counts: bool) -> None:
        self._view, self._services, self._apps, self._counts = view, services, apps, counts

    def open(self) -> None:
        """Show the face, and a row for each of its places."""
        view, text = self._view, self._view.ui.text.get

        def choose(key: str) -> None:
            if key == "face":
                self._apps.pick_face()
            else:
                self._places(int(key), lambda: screen.show(self._rows()))

        screen = RowsScreen(view.ui, "face-settings", text("settings.face"), self._rows(), choose, view.back)
        view.deeper(screen)

    def _rows(self) -> "list[Row]":
        text, face, chosen = self._view.ui.text.get, self._apps.face(), self._chosen()
        first = Row("face", face.name(self._view.ui.text.language), text("face.other"))
        first.bear(self._apps.mark(face))
        rows = [first]
        for place in range(self._apps.places()):
            choice = chosen[place] if place < len(chosen) else AUTO
            row = Row(str(place), text("face.place", place + 1), self._name(choice))
            row.bear(self._mark(choice))
            rows.append(row)
        return rows

    def _places(self, place: int, done: "Callable[[], None]") -> None:
        """Let the wearer choose what one place says; `done` is called once the list is closed."""
        view, chosen = self._view, self._chosen()
        now = chosen[place] if place < len(chosen) else AUTO
        choices = self._choices()
        if now not in choices:
            now = AUTO  # its app has gone

        def choose(key: str) -> None:
            if view.done(lambda: self._choose(place, choices[int(key)])):
                view.play(SUCCESS)
                view.back()
                done()

        rows = [self._choice(at, choice, choice == now) for at, choice in enumerate(choices)]
        title = view.ui.text.get("face.place", place + 1)
        view.deeper(RowsScreen(view.ui, "face-place", title, rows, choose, view.back, "", choices.index(now)))

    def _choice(self, at: int, choice: str, chosen: bool) -> Row:
        """With what it would say now."""
        said = self._apps.complications.says(choice) if choice not in (AUTO, NONE) else None
        row = Row(str(at), self._name(choice), said[2] if said is not None else "", mark=CHOSEN if chosen else PLAIN)
        row.bear(self._mark(choice))
        return row

    def _choices(self) -> "list[str]":
        """Ids of what can be chosen: facts of the watch, then apps that may say something."""
        facts = [fact for fact in ORDER if self._has(fact)]
        return [AUTO, NONE] + facts + [one.id for one in self._apps.all("app") if self._may_say(one)]

    def _has(self, fact: str) -> bool:
        return self._counts or fact != "activity"

    def _may_say(self, one: "Shelved") -> bool:
        try:
            return one.id not in FACTS and _PERMISSION in self._services.shelf.manifest(one.id).permissions
        except WatchError:
            return False  # damaged: it says nothing

    def _chosen(self) -> "list[str]":
        """What the places of the face shall say; nothing is chosen where that cannot be read."""
        try:
            return self._apps.runner.settings(self._apps.face().id).places
        except WatchError:
            return []

    def _choose(self, place: int, choice: str) -> None:
        """Keep it with what the face keeps, and show it. Raises StorageError."""
        settings = self._apps.runner.settings(self._apps.face().id)
        before = settings.places
        places = before + [AUTO] * (place + 1 - len(before))
        places = places[:place] + [choice] + places[place + 1 :]
        while places and places[-1] == AUTO:
            places.pop()
        settings.places = places
        try:
            settings.end()
        except WatchError:
            settings.places = before
            raise
        self._apps.complications.follow(places)

    def _name(self, choice: str) -> str:
        text = self._view.ui.text
        if choice in (AUTO, NONE):
            return text.get("face.auto" if choice == AUTO else "face.none")
        if choice in _OWN:
            return text.get(_OWN[choice][0])
        return self._apps.name(choice)

    def _mark(self, choice: str) -> AppMark:
        if choice in (AUTO, NONE):
            return AppMark(icons.AGAIN if choice == AUTO else icons.CROSS, QUIET)
        if choice in _OWN:
            return AppMark(_OWN[choice][1], _OWN[choice][2])
        return self._apps.mark_by_id(choice)
