"""What apps leave behind while they do not run: a time at which to work in the background, and a word for faces.

Both live in RAM and in the record of the app's settings, which is written when the app ends.
"""

from micropython import const

from watch.apps.settings import MAX_SHOWN, marks
from watch.kernel.errors import InputError
from watch.services.inputs import clean
from watch.ui.icons import NAMES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.settings import AppSettings
    from watch.storage.journal import Journal

LONGEST_MIN = const(527_040)
"""A leap year: nobody plans further."""
SHOWN = const(3)
"""Words of apps that a face gets, those of the apps whose ids come first."""
_MS_PER_MIN = const(60_000)
_UTF8 = const(4)  # bytes of a character at most


class Marks:
    """Deadlines and words by app.

    Args:
        minutes: tells the wearer's time, as `Time.minutes`.
    """

    def __init__(self, minutes: "Callable[[], int]") -> None:
        self._minutes = minutes
        self._deadlines: "dict[str, int]" = {}
        self._words: "dict[str, tuple[int, str]]" = {}
        self.late: "dict[str, int]" = {}
        """Deadlines that have passed while the app could not run: they wait for `Background`."""
        self.complications: "tuple[tuple[str, int, str], ...]" = ()
        """App, icon and text of the first three. Another object when something changes."""

    def load(self, journal: "Journal") -> None:
        """Read what apps have left. Raises StorageError."""
        for app, deadline, shown in marks(journal):
            if deadline >= 0:
                self._deadlines[app] = deadline
            if shown is not None:
                self._words[app] = shown
        self._choose()

    def now(self) -> int:
        """The wearer's time, as `Time.minutes`."""
        return self._minutes()

    def set_deadline(self, app: str, minute: int) -> None:
        """The app wants to work then; -1 for no more."""
        self._deadlines.pop(app, None)
        self.late.pop(app, None)
        if minute >= 0:
            self._deadlines[app] = minute

    def set_word(self, app: str, word: "tuple[int, str] | None") -> None:
        """The app wants to say this on faces; None for nothing."""
        if self._words.get(app) == word:
            return
        self._words.pop(app, None)
        if word is not None:
            self._words[app] = word
        self._choose()

    def word(self, app: str) -> "tuple[int, str] | None":
        """Icon and text that an app has left for faces."""
        return self._words.get(app)

    def apps(self) -> "list[str]":
        """Ids of those that have left one, rising."""
        return sorted(self._words)

    def take_due(self) -> None:
        """Move what is due to `late`. Allocates nothing while nothing is."""
        if not self._deadlines:
            return
        now = self._minutes()
        for app in [app for app in self._deadlines if self._deadlines[app] <= now]:
            self.late[app] = self._deadlines.pop(app)

    def rest_ms(self, past_minute_ms: int) -> int:
        """How long until the next deadline, -1 without one. What is late counts no more: it waits for the wearer.

        `past_minute_ms`: of the present minute.
        """
        if not self._deadlines:
            return -1
        left_min = min(self._deadlines.values()) - self._minutes()
        return max(0, left_min * _MS_PER_MIN - past_minute_ms)

    def forget(self, app: str) -> None:
        """The app is gone, with all it left."""
        self.set_deadline(app, -1)
        self.set_word(app, None)

    def clear(self) -> None:
        """All of them: the watch is wiped."""
        self._deadlines.clear()
        self._words.clear()
        self.late.clear()
        self._choose()

    def _choose(self) -> None:
        first = sorted(self._words)[:SHOWN]
        self.complications = tuple([(app, self._words[app][0], self._words[app][1]) for app in first])


class Deadline:
    """The capability `background`: one time at which the system calls `App.background`."""

    def __init__(self, marks: Marks, app: str, settings: "AppSettings") -> None:
        self._marks, self._app, self._settings = marks, app, settings

    @property
    def due(self) -> int:
        """The minute that was set, as `Time.minutes`; -1 for none, and in `App.background` itself."""
        return self._settings.deadline

    def at(self, minute: int) -> None:
        """Work at this minute, in place of what was set before. Raises InputError unless it is 1 to 527,040 min away.

        A watch that is off, locked or busy then does it later, once.
        """
        now = self._marks.now()
        if type(minute) is not int or not now < minute <= now + LONGEST_MIN:
            raise InputError("a deadline is 1 to 527040 minutes away")
        self._set(minute)

    def after(self, minutes: int) -> None:
        """Work so many minutes from now, likewise."""
        if type(minutes) is not int or not 0 < minutes <= LONGEST_MIN:
            raise InputError("a deadline is 1 to 527040 minutes away")
        self._set(self._marks.now() + minutes)

    def cancel(self) -> None:
        """Do not work in the background."""
        self._set(-1)

    def _set(self, minute: int) -> None:
        self._settings.deadline = minute
        self._marks.set_deadline(self._app, minute)


class Complication:
    """The capability `complication`: a word that faces show with a picture."""

    def __init__(self, marks: Marks, app: str, settings: "AppSettings") -> None:
        self._marks, self._app, self._settings = marks, app, settings

    def show(self, text: str, icon: int) -> None:
        """Show a text of 1 to 8 characters and one of the `icons` that app.toml may name. Raises InputError."""
        if type(text) is not str or not 0 < len(text) <= MAX_SHOWN or clean(text, MAX_SHOWN * _UTF8) != text:
            raise InputError("a face shows 1 to 8 characters")
        if type(icon) is not int or icon not in NAMES.values():
            raise InputError("that is none of the icons")
        self._set((icon, text))

    def clear(self) -> None:
        """Show nothing."""
        self._set(None)

    def _set(self, word: "tuple[int, str] | None") -> None:
        self._settings.shown = word
        self._marks.set_word(self._app, word)
