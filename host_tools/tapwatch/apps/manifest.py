"""What an app says of itself: `app.toml`, checked field by field, and the payload that is signed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.apps import plain_words
from tapwatch.apps.faults import Fault
from tapwatch.apps.import_rules import close
from tapwatch.signing import labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.apps.toml_file import TomlFile

FILE = "app.toml"
KINDS = ("app", "face")
API_LEVEL = 1
"""The highest level that this packer knows."""
PERMISSIONS = tuple(plain_words.PERMISSIONS)
"""What an app may ask for."""
ICONS = (
    *("torch", "stopwatch", "timer", "calculator", "tiles", "face", "alarm", "calendar", "weather", "music"),
    *("phone", "steps", "barcode", "game", "moon", "drop", "book", "clock", "store", "sun", "globe"),
)
"""Pictures of the watch that an app may choose."""
MOST_HOSTS = 4
LONGEST_NAME = labels.LONGEST
_ID = re.compile(r"[a-z][a-z0-9_]{1,23}")
_ENTRY = re.compile(r"[a-z][a-z0-9_]{0,23}\.[A-Za-z][A-Za-z0-9_]*")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")
_HOST = re.compile(r"(?=.{1,64}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_MOST_COLOUR = 0xFFFFFF
_OWN_ICON = "icon.png"


@dataclass(frozen=True)
class AppFields:
    """The fields of `app.toml`."""

    id: str
    version: tuple[int, int, int]
    kind: str
    api: int
    entry: str
    """Module and class, as the source has them."""
    name: dict[str, str]
    icon: str
    """A picture of the watch, or empty for the app's own."""
    colour: int
    permissions: tuple[str, ...]
    hosts: tuple[str, ...]
    paid: bool


def payload(fields: AppFields, entry: str, files: list[list], source: bytes, tools: str) -> dict[int, object]:
    """What is signed (docs/bundles.md). `entry`: as compiled; `files`: name, length and hash of each."""
    names = {language: fields.name.get(language, fields.name["en"]) for language in ("en", "zh")}
    said = (fields.id, list(fields.version), fields.kind, fields.api, entry, names, fields.icon, fields.colour)
    rest = (list(fields.permissions), list(fields.hosts), files, fields.paid, source, tools)
    return dict(enumerate(said + rest, 1))


def _is_text(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_number(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _is_names(value: Any) -> bool:
    if not isinstance(value, dict) or "en" not in value or set(value) - {"en", "zh"}:
        return False
    return all(map(labels.is_label, value.values()))


def _is_list_of(allowed: Callable[[Any], bool], most: int) -> Callable[[Any], bool]:
    def good(value: Any) -> bool:
        return isinstance(value, list) and len(value) <= most and all(map(allowed, value)) and _once(value)

    return good


def _once(value: list) -> bool:
    return len(set(value)) == len(value)


_HOSTS_SAID = f'a list of at most {MOST_HOSTS} different names such as "api.example.org", without https:// and path'
_FIELDS: dict[str, tuple[Callable[[Any], bool], str, Any]] = {
    # field: what it must be, how that is said, what it is if it is left out (`...`: it may not be)
    "id": (_is_text(_ID), "2 to 24 characters: a letter, then letters, digits and `_`, all small", ...),
    "version": (_is_text(_VERSION), 'three numbers up to 9999, such as "1.0.0"', ...),
    "kind": (lambda value: value in KINDS, '"app" or "face"', ...),
    "api": (_is_number(1, API_LEVEL), f"a level of the API, 1 to {API_LEVEL}", ...),
    "entry": (_is_text(_ENTRY), 'module and class, such as "app.Tally"', ...),
    "name": (_is_names, f"name.en and perhaps name.zh: 1 to {LONGEST_NAME} visible characters, single spaces", ...),
    "icon": (lambda value: value in ICONS, f"one of {', '.join(ICONS)}; or leave it out and add {_OWN_ICON}", ""),
    "colour": (_is_number(0, _MOST_COLOUR), "a number 0x000000 to 0xFFFFFF, without quotation marks", ...),
    "permissions": (
        _is_list_of(lambda one: one in PERMISSIONS, len(PERMISSIONS)),
        f"a list of different names out of {', '.join(PERMISSIONS)}",
        (),
    ),
    "hosts": (_is_list_of(_is_text(_HOST), MOST_HOSTS), _HOSTS_SAID, ()),
    "paid": (lambda value: isinstance(value, bool), "true or false", False),
}


def check(file: TomlFile, modules: set[str], pictures: set[str]) -> tuple[AppFields | None, list[Fault]]:
    """The fields, None if one of them is wrong, and what is wrong.

    Args:
        file: `app.toml`.
        modules: names of the modules of the project.
        pictures: names of its pictures, without their ending.
    """
    given = file.values
    wrong = [file.fault(name, "app-field", f"there is no field `{name}`") for name in given if name not in _FIELDS]
    for name, (good, said, default) in _FIELDS.items():
        if name not in given:
            if default is ...:
                wrong.append(Fault(file.name, 1, 1, "app-field", f"`{name}` is missing: {said}"))
        elif not good(given[name]):
            wrong.append(file.fault(name, "app-field", f"`{name}` must be {said}{_slip(name, given[name])}"))
    if wrong:
        return None, wrong
    values = {name: given.get(name, default) for name, (_, _, default) in _FIELDS.items()}
    values["version"] = tuple(map(int, values["version"].split(".")))
    values["permissions"], values["hosts"] = tuple(sorted(values["permissions"])), tuple(sorted(values["hosts"]))
    fields = AppFields(**values)
    return fields, _fitting(file, fields, modules, pictures)


def _slip(field: str, value: object) -> str:
    """Which permission was perhaps meant, or that it is none."""
    if field != "permissions" or not isinstance(value, list):
        return ""
    strange = [one for one in value if isinstance(one, str) and one not in PERMISSIONS]
    return "".join(f"; `{one}` is none{close(one, frozenset(PERMISSIONS))}" for one in strange[:1])


def _fitting(file: TomlFile, fields: AppFields, modules: set[str], pictures: set[str]) -> list[Fault]:
    """What does not fit the rest of the project, or another field."""
    wrong = []
    module = fields.entry.partition(".")[0]
    if module not in modules:
        wrong.append(file.fault("entry", "app-entry", f"there is no file {module}.py"))
    if not fields.icon and "icon" not in pictures:
        wrong.append(Fault(file.name, 1, 1, "app-icon", f"name an `icon` of the watch, or add a picture {_OWN_ICON}"))
    if fields.icon and "icon" in pictures:
        wrong.append(file.fault("icon", "app-icon", f"either this picture of the watch or {_OWN_ICON}, not both"))
    if fields.hosts and "web" not in fields.permissions:
        wrong.append(file.fault("hosts", "app-hosts", "hosts are asked with the permission `web`, which is not there"))
    if "web" in fields.permissions and not fields.hosts:
        wrong.append(file.fault("permissions", "app-hosts", "`web` needs `hosts`: the names that may be asked"))
    return wrong
