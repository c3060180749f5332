"""What the wearer has set, to a computer and back: settings and alarms, nothing that is sealed.

What comes back is checked by those who check it when a finger sets it. One value that is refused costs no other.
"""

import json

from micropython import const

from watch.access import states
from watch.kernel.errors import InputError, StateError, WatchError, WipedError
from watch.storage.settings import TABLE
from watch.system.workbench.blocks import put_all

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from watch.services.alarm import Alarm
    from watch.services.alarms import Alarms
    from watch.system.services import Services

VERSION = const(1)
MOST_BYTES = const(8192)
"""Of a backup as JSON: all settings and sixteen alarms take a quarter of it."""
_SETTINGS, _ALARMS = "settings", "alarms"
_FIELDS = ("hour", "minute", "days", "label", "on")
_TYPES = (int, int, int, str, bool)


def backup(services: "Services", say: "Callable[[str], object]" = print) -> None:
    """Print it. Alarms that a phone has set are left out: the phone sets them again."""
    alarms = [_row(alarm) for alarm in services.alarms.places if alarm is not None and not alarm.from_phone]
    what = {"version": VERSION, _SETTINGS: services.settings.all(), _ALARMS: alarms}
    put_all(json.dumps(what).encode(), say)


def restore(services: "Services", text: str, say: "Callable[[str], object]" = print) -> None:
    """Take what a backup says; print a list of [what, empty or why it was refused].

    Raises InputError if it is none, WipedError while the watch is wiped; then nothing has changed.
    """
    if services.guard.state == states.WIPING:
        raise WipedError("the watch is being wiped")
    settings, alarms = _opened(text)
    told = [[name, _attempt(services.settings.set, name, settings[name])] for name in _ordered(settings)]
    for alarm in alarms:
        told.append(["alarm %02d:%02d" % (alarm[0], alarm[1]), _attempt(_add, services, alarm)])
    put_all(json.dumps(told).encode(), say)


def _opened(text: str) -> "tuple[dict[str, Any], list[list[Any]]]":
    if len(text) > MOST_BYTES:
        raise InputError("a backup has at most %d bytes" % MOST_BYTES)
    try:
        what = json.loads(text)
    except ValueError:
        raise InputError("a backup is JSON") from None
    if not isinstance(what, dict) or what.get("version") != VERSION:
        raise InputError("a backup of another version")
    settings, alarms = what.get(_SETTINGS), what.get(_ALARMS)
    if not isinstance(settings, dict) or not isinstance(alarms, list):
        raise InputError("a backup has settings and alarms")
    return settings, [_values(row) for row in alarms]


def _values(row: "Any") -> "list[Any]":
    """The fields of an alarm, in their order. Raises InputError."""
    if not isinstance(row, dict) or len(row) != len(_FIELDS):
        raise InputError("an alarm has %d fields" % len(_FIELDS))
    values = [row.get(name) for name in _FIELDS]
    if [type(value) for value in values] != list(_TYPES):
        raise InputError("an alarm has hour, minute, days, label and on")
    return values


def _ordered(settings: "dict[str, Any]") -> "list[str]":
    """Names that the watch knows in the order of its table, then others."""
    known = [name for name, _, _ in TABLE if name in settings]
    return known + sorted([name for name in settings if name not in known])


def _row(alarm: "Alarm") -> "dict[str, Any]":
    return {
        "hour": alarm.hour,
        "minute": alarm.minute,
        "days": alarm.days,
        "label": alarm.label,
        "on": alarm.enabled,
    }


def _add(services: "Services", values: "list[Any]") -> None:
    hour, minute, days, label, on = values
    alarms: "Alarms" = services.alarms
    if any(_is_same(alarm, values) for alarm in alarms.places):
        return
    now = services.local_minutes()
    number = alarms.add(hour, minute, days, now, label)
    if not on:
        alarms.enable(number, False, now)


def _is_same(alarm: "Alarm | None", values: "list[Any]") -> bool:
    return alarm is not None and [_row(alarm)[name] for name in _FIELDS] == values


def _attempt(action: "Callable[..., None]", *arguments: object) -> str:
    try:
        action(*arguments)
    except (InputError, StateError) as error:
        return str(error)
    except WatchError as error:
        return error.code
    return ""
