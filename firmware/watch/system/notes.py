"""Notifications: the list, one of them, and what the wearer does with it."""

from micropython import const

from watch.kernel.clock import MINUTES_1970_TO_2000
from watch.kernel.errors import InputError
from watch.screens.marks import marked
from watch.screens.note import NoteScreen
from watch.screens.rows import PLAIN, UNREAD, Row, RowsScreen
from watch.system.view import SUCCESS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.services.notifications import Notification
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View
    from watch.ui.app_mark import AppMark

_REPLIES = ("yes", "no", "soon", "later", "thanks")
_ALL = "all"


class Notes:
    """What a phone has sent is the wearer's own business, so the watch must be open."""

    def __init__(
        self, view: "View", services: "Services", unlocking: "Unlocking", mark: "Callable[[str], AppMark]"
    ) -> None:
        """`mark`: what an app on the watch is known by, from its id."""
        self._view, self._services = view, services
        self._unlocking, self._mark = unlocking, mark

    def open(self) -> None:
        """Show the list, asking for the passcode first if the watch is locked."""
        if self._services.guard.unlocked():
            self._list()
        else:
            self._unlocking.ask(self._list)

    def read(self, number: int) -> None:
        """Show the one with this id above the list, asking for the passcode first if the watch is locked."""

        def then() -> None:
            self._list()
            note = self._services.notifications.find(number)
            if note is not None:  # else the phone has taken it back meanwhile
                self._show(note)

        if self._services.guard.unlocked():
            then()
        else:
            self._unlocking.ask(then)

    def _list(self, first: int = 0) -> None:
        """Newest first; throwing all of them away is the last row."""
        view, notes = self._view, self._services.notifications
        text = view.ui.text.get
        rows = [self._row(notes.at(place)) for place in range(len(notes))]
        if rows:
            rows.append(marked(_ALL, text("notes.dismiss-all")))
        title, empty = text("notes.title"), text("notes.empty")
        view.front(RowsScreen(view.ui, "notes", title, rows, self._choose, view.home, empty, first))

    def _row(self, note: "Notification") -> Row:
        whole = self._services.settings.get("notifications") == "content"
        detail = (" ".join(note.body.split()) if whole else "") or note.app
        mark = UNREAD if note.unread else PLAIN
        row = Row(str(note.id), note.title or self._view.ui.text.get("notes.unnamed"), detail, mark=mark)
        if note.local:
            row.bear(self._mark(note.source))
        return row

    def _choose(self, key: str) -> None:
        if key == _ALL:
            self._services.notifications.dismiss_all()
            self._list()
            return
        note = self._services.notifications.find(int(key))
        if note is None:
            self._list()  # the phone has taken it back meanwhile
        else:
            self._show(note)

    def _show(self, note: "Notification") -> None:
        self._services.notifications.read(note.id)
        view, text = self._view, self._view.ui.text
        get = self._services.settings.get
        minutes = note.minutes + get("utc_offset_min") - MINUTES_1970_TO_2000
        caption = text.time(minutes, get("clock_24h")) + " " + note.app
        title = note.title or text.get("notes.unnamed")
        view.deeper(
            NoteScreen(
                view.ui,
                title,
                caption,
                note.body,
                lambda: self._act(note),
                lambda: self._back_to(note),
                note.replies,
                note.pieces,
            )
        )

    def _back_to(self, note: "Notification") -> None:
        """The page of the list on which this one is."""
        notes = self._services.notifications
        places = [place for place in range(len(notes)) if notes.at(place) is note]
        self._list(places[0] if places else 0)

    def _act(self, note: "Notification") -> None:
        """What can be done with one."""
        view, text = self._view, self._view.ui.text.get
        keys = (("reply",) if note.replies else ()) + ("dismiss", "phone", "mute")
        rows = [marked(key, text("notes." + key)) for key in (keys if not note.local else ("dismiss",))]

        def choose(key: str) -> None:
            if key == "reply":
                self._reply(note)
                return
            notes = self._services.notifications
            if key == "dismiss":
                notes.dismiss(note.id)
            elif not (notes.mute if key == "mute" else notes.open)(note.id):
                view.error("timeout")
                return
            if key == "mute":
                view.play(SUCCESS)
            self._list()

        view.deeper(RowsScreen(view.ui, "note-menu", note.title, rows, choose, view.back))

    def _reply(self, note: "Notification") -> None:
        """Answer with one of the wearer's own texts, or of a few in the language of the watch."""
        view, text = self._view, self._view.ui.text.get
        own = self._services.companion.replies.texts
        rows = [Row("own-%d" % place, own[place]) for place in range(len(own))]
        rows.extend([Row(key, text("reply." + key)) for key in _REPLIES])

        def choose(key: str) -> None:
            try:
                answer = own[int(key[4:])] if key.startswith("own-") else text("reply." + key)
                sent = self._services.notifications.reply(note.id, answer)
            except InputError:
                sent = False  # the phone has taken it back meanwhile
            if sent:
                view.play(SUCCESS)
                self._list()
            else:
                view.error("timeout")

        view.deeper(RowsScreen(view.ui, "replies", text("notes.reply"), rows, choose, view.back))
