"""The wearer's settings: a table of names, defaults and allowed values, kept as one record.

A setting that is unknown, missing or not allowed falls back to its default by itself; `refused` counts those, so that
the system can say so. Damage to the record is not handled here: the journal raises.
"""

import json

from micropython import const

from watch.kernel.errors import InputError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Union

    from watch.storage.journal import Journal

    Value = Union[bool, int, str]

_MAX_BYTES = const(1024)  # the whole table with its longest values needs less than half

_ID_BYTES = const(24)  # docs/bundles.md: the id of an app


def _is_id(value: str) -> bool:
    """True for what may be the id of an app."""
    letters = all("a" <= letter <= "z" or "0" <= letter <= "9" or letter == "_" for letter in value)
    return 2 <= len(value) <= _ID_BYTES and letters


TABLE = (
    ("language", "en", ("en", "zh")),
    ("utc_offset_min", 0, range(-720, 841)),
    ("clock_24h", True, (False, True)),
    ("brightness_percent", 60, range(5, 101)),
    ("wake_on_raise", True, (False, True)),
    ("wake_on_touch", True, (False, True)),
    ("screen_timeout_s", 15, (5, 10, 15, 30, 60)),
    ("dim_before_off", True, (False, True)),
    ("always_on", False, (False, True)),
    ("high_contrast", False, (False, True)),
    ("large_text", False, (False, True)),
    ("reduced_motion", False, (False, True)),
    ("wrist", "left", ("left", "right")),
    ("water_mode", False, (False, True)),
    ("silent", False, (False, True)),
    ("vibration", "normal", ("off", "soft", "normal")),
    ("voice", True, (False, True)),
    ("radio", "windows", ("off", "windows", "connected")),
    ("airplane", False, (False, True)),
    ("radio_name", "own", ("own", "espruino")),
    ("notifications", "content", ("off", "sender", "content")),
    ("steps_goal", 8000, range(1000, 40001)),
    ("face", "digital", _is_id),
)
"""Name, default, allowed values or a function that knows them. Whether there is such a face, who shows it finds out."""


class Settings:
    """Typed settings with defaults."""

    def __init__(self, journal: "Journal") -> None:
        """All defaults until `load`."""
        self._journal = journal
        self._defaults: "dict[str, Value]" = {name: default for name, default, _ in TABLE}
        self._values = self._defaults.copy()
        self.refused = 0
        """Stored settings that `load` did not accept."""

    def load(self) -> None:
        """Read the record. Raises CorruptError, StorageError; bad contents only cost the settings they concern."""
        self.refused = 0
        self._values = self._defaults.copy()
        for name, value in self._stored().items():
            if _is_allowed(name, value):
                self._values[name] = value
            else:
                self.refused += 1

    def prefer(self, name: str, default: "Value") -> None:
        """Another default, which counts until the wearer has chosen. Raises InputError if it is not allowed.

        Raises StorageError too.
        """
        if not _is_allowed(name, default):
            raise InputError(f"{default!r} is not allowed for setting {name}")
        self._defaults[name] = default
        self.load()

    def get(self, name: str) -> "Any":
        """The value of a setting, of the type of its default. Raises InputError for an unknown name."""
        if name not in self._values:
            raise InputError(f"there is no setting {name}")
        return self._values[name]

    def set(self, name: str, value: "Value") -> None:
        """Change a setting and store it. Raises InputError if it is not allowed, StorageError."""
        if not _is_allowed(name, value):
            raise InputError(f"{value!r} is not allowed for setting {name}")
        changed = self._values.copy()
        changed[name] = value
        self._journal.commit({records.SETTINGS: json.dumps(self._differing(changed)).encode()})
        self._values = changed

    def all(self) -> "dict[str, Value]":
        """A copy of every setting."""
        return self._values.copy()

    def _differing(self, values: "dict[str, Value]") -> "dict[str, Value]":
        """What differs from the defaults: a later version may change a default for everybody who never chose."""
        return {name: value for name, value in values.items() if value != self._defaults[name]}

    def _stored(self) -> "dict[str, Any]":
        stored = self._journal.get(records.SETTINGS)
        if stored is None:
            return {}
        try:
            values = json.loads(stored) if len(stored) <= _MAX_BYTES else None
        except ValueError:
            values = None
        if isinstance(values, dict):
            return values
        self.refused += 1
        return {}


def _is_allowed(name: "Any", value: "Any") -> bool:
    for known, default, allowed in TABLE:
        if known == name:
            return type(value) is type(default) and _is_in(value, allowed)
    return False


def _is_in(value: "Any", allowed: "Any") -> bool:
    """`value in allowed`, without the walk through every number that MicroPython makes for a range."""
    if callable(allowed):
        return bool(allowed(value))
    if isinstance(allowed, range):
        return allowed[0] <= value <= allowed[-1]
    return value in allowed
