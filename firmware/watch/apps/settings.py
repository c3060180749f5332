"""A small table of values for each app, kept as one record and written when the app leaves the front."""

import json

from micropython import const

from watch.kernel import interrupt
from watch.kernel.errors import FullError, InputError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Iterator, Optional

    from watch.storage.journal import Journal

MAX_BYTES = const(2048)
"""Of one app's values as JSON."""
MAX_SHOWN = const(8)
"""Characters of the text for faces."""
_KEPT = (bool, int, str)
_LAST_MINUTE = const(0x3FFFFFFF)
_DUE, _SHOWN, _PLACES = "due", "shown", "places"
MOST_PLACES = const(3)
"""Complications of a face."""
_LONGEST_PLACE = const(24)  # characters: the id of an app


class AppSettings:
    """The values of one app: texts, whole numbers, truth values and lists of them, by name.

    They live in RAM and are written once, when the app ends: an app cannot wear out the flash. A power cut costs what
    has changed since the app was opened.
    """

    def __init__(self, journal: "Journal", app: str) -> None:
        """Read what is kept for an app. Raises CorruptError, StorageError."""
        self._journal, self._app = journal, app
        self._kept = _stored(journal, app)[1]
        content = json.loads(self._kept) if self._kept else {}
        self._values: "dict[str, Any]" = content.get("values", {})
        self.deadline: int = deadline_of(content)
        """Minute at which the app wants to work in the background, as `Time.minutes`; -1 for none."""
        self.shown = shown_of(content)
        """Icon and text for faces, or None."""
        self.places = places_of(content)
        """Of a face: what its wearer wants in its places, as in `watch.system.apps.complications`."""

    def get(self, name: str, default: "Any") -> "Any":
        """A value, or the default if there is none of the default's type. A list is a copy."""
        value = self._values.get(name, default)
        return _copied(value) if type(value) is type(default) else default

    def set(self, name: str, value: "Any") -> None:
        """Change a value. Nothing changes if this is refused.

        Raises InputError for a name that is no text, for what cannot be kept, and if all values together were more
        than 2 KB.
        """
        if type(name) is not str:
            raise InputError("the name of a setting is a text")
        if not _keepable(value):
            raise InputError("%s cannot be a setting of %s" % (type(value).__name__, self._app))
        interrupt.point()
        changed = self._values.copy()
        changed[name] = _copied(value)
        if len(self._packed(changed)) > MAX_BYTES:
            raise InputError("settings of %s are too long" % self._app)
        self._values = changed

    def end(self) -> None:
        """Write what has changed. Raises StorageError; FullError if all places are taken by other apps."""
        packed = self._packed(self._values)
        if packed != self._kept and (self._kept or packed != self._packed_nothing()):
            place = _stored(self._journal, self._app)[0]
            if place is None:
                raise FullError("no place for the settings of " + self._app)
            self._journal.commit({records.APP_SETTINGS + place: packed})
            self._kept = packed

    @property
    def size(self) -> int:
        """Bytes that are kept in the flash."""
        return len(self._kept)

    def forget(self) -> None:
        """Throw everything away, also in the flash. Raises StorageError."""
        if self._kept:
            place = _stored(self._journal, self._app)[0]
            if place is not None:
                self._journal.commit({records.APP_SETTINGS + place: None})
        self._values, self._kept, self.deadline, self.shown, self.places = {}, b"", -1, None, []

    def _packed(self, values: "dict[str, Any]") -> bytes:
        content: "dict[str, Any]" = {"app": self._app, "values": values}
        if self.deadline >= 0:
            content[_DUE] = self.deadline
        if self.shown is not None:
            content[_SHOWN] = list(self.shown)
        if self.places:
            content[_PLACES] = self.places
        return json.dumps(content).encode()

    def _packed_nothing(self) -> bytes:
        return json.dumps({"app": self._app, "values": {}}).encode()


def marks(journal: "Journal") -> "Iterator[tuple[str, int, Optional[tuple[int, str]]]]":
    """App, deadline and what it shows on faces, of each app that has one of the two. Raises StorageError.

    A record that cannot be read has neither.
    """
    for place in range(records.APP_PLACES):
        stored = journal.get(records.APP_SETTINGS + place)
        if stored is None or not (b'"due"' in stored or b'"shown"' in stored):
            continue
        try:
            content = json.loads(stored)
        except ValueError:
            continue
        if isinstance(content, dict) and isinstance(content.get("app"), str):
            yield content["app"], deadline_of(content), shown_of(content)


def deadline_of(content: "dict[str, Any]") -> int:
    """What a record says about the background; -1 for nothing, or for no number."""
    minute = content.get(_DUE)
    return minute if type(minute) is int and 0 <= minute <= _LAST_MINUTE else -1


def shown_of(content: "dict[str, Any]") -> "Optional[tuple[int, str]]":
    """What a record says about faces: icon and text. None for nothing, or for something else."""
    shown = content.get(_SHOWN)
    if type(shown) is not list or len(shown) != 2 or type(shown[0]) is not int or type(shown[1]) is not str:
        return None
    return shown[0], shown[1][:MAX_SHOWN]


def places_of(content: "dict[str, Any]") -> "list[str]":
    """What a record says about the places of a face. Empty for nothing, or for something else."""
    places = content.get(_PLACES)
    if type(places) is not list or len(places) > MOST_PLACES:
        return []
    return places if all(type(one) is str and len(one) <= _LONGEST_PLACE for one in places) else []


def removal(journal: "Journal", app: str) -> "dict[int, None]":
    """The change by which all that an app keeps goes, for a commit with others. Raises StorageError."""
    place, kept = _stored(journal, app)
    return {} if place is None or not kept else {records.APP_SETTINGS + place: None}


def _keepable(value: "Any") -> bool:
    """True for a text, a whole number, a truth value, or a list of them."""
    if type(value) is list:
        return all(type(one) in _KEPT for one in value)
    return type(value) in _KEPT


def _copied(value: "Any") -> "Any":
    """The value; a list anew, since what an app does to its own later was never checked."""
    return list(value) if type(value) is list else value


def _stored(journal: "Journal", app: str) -> "tuple[Optional[int], bytes]":
    """Place and record of an app; if it has none, the first free place and nothing. No place if all are taken."""
    free = None
    for place in range(records.APP_PLACES):
        stored = journal.get(records.APP_SETTINGS + place)
        if stored is None:
            if free is None:
                free = place
        elif _belongs(stored, app):
            return place, bytes(stored)
    return free, b""


def _belongs(stored: bytes, app: str) -> bool:
    """True for a readable record of this app. One that is not readable belongs to nobody and keeps its place."""
    try:
        content = json.loads(stored)
    except ValueError:
        return False
    if not isinstance(content, dict) or content.get("app") != app:
        return False
    return isinstance(content.get("values"), dict)
