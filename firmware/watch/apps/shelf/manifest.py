"""What an app says about itself before any of its code runs: docs/bundles.md "tapwatch/app"."""

from micropython import const

from watch.apps.shelf.forms import host, identifier, label, member, text
from watch.kernel.errors import BundleError
from watch.ui.icons import NAMES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

API_LEVEL = const(1)
"""Level of `watch.apps.api`: apps of this level or a lower one run."""
KINDS = ("app", "face")
PERMISSIONS = ("glance", "haptics", "light", "timers", "alarms", "calendar", "weather", "music", "find_phone") + (
    "activity",
    "loyalty",
    "dice",
    "gamepad",
    "location",
    "phone_files",
    "phone_intents",
    "storage",
    "notify",
    "background",
    "web",
    "motion",
    "sound",
    "payment",
    "complication",
)
"""What an app may ask for; each becomes a field of the object that `App.open` is given."""
NO_ICON = const(-1)
"""`Manifest.icon` of an app that brings the picture `icon.img`."""
LANGUAGES = ("en", "zh")
WORDS, ICON = "words.cbor", "icon.img"
"""Files with a meaning of their own: texts, and the picture of an app without one of the watch's icons."""
MAX_FILES = const(24)
MAX_FILE_BYTES = const(65_536)
"""Of any file; a module has a limit of its own, and a bundle."""
MAX_MODULE_BYTES = const(24_576)
_FIELDS = const(14)
_MAX_HOSTS = const(4)
_MAX_PERMISSIONS = const(24)
_MAX_VERSION = const(9999)
_MAX_TOOLS = const(120)  # characters: names and versions of three programs
_DIGEST_BYTES = const(32)


class Manifest:
    """A checked manifest."""

    def __init__(self, fields: "dict[int, Any]") -> None:
        """Take the decoded payload of the envelope. Raises BundleError for what is missing or not allowed."""
        if not isinstance(fields, dict) or len(fields) != _FIELDS or any(key not in fields for key in range(1, 15)):
            raise BundleError("a manifest has the fields 1 to %d" % _FIELDS)
        self.id: str = identifier(fields[1])
        self.version: "tuple[int, int, int]" = _version(fields[2])
        self.kind: str = _one_of(fields[3], KINDS, "kind")
        self.api: int = _level(fields[4])
        self.entry: str = member(fields[5])
        self._names = _labels(fields[6])
        self.icon: int = _icon(fields[7])
        """One of the icons' numbers, or NO_ICON."""
        self.colour: int = _number(fields[8], 0, 0xFFFFFF, "colour")
        """Of its icon, 0xRRGGBB."""
        self.permissions: "tuple[str, ...]" = _permissions(fields[9])
        self.hosts: "tuple[str, ...]" = _hosts(fields[10], self.permissions)
        self.files: "tuple[tuple[str, int, bytes], ...]" = _files(fields[11])
        """Name, length and SHA-256 of each, in their order in the bundle."""
        if not isinstance(fields[12], bool) or not _is_digest(fields[13]):
            raise BundleError("a manifest says whether the app is paid for, and the hash of its source")
        self.paid: bool = fields[12]
        self.source: bytes = fields[13]
        text(fields[14], _MAX_TOOLS)
        self._expect_files()

    @property
    def version_text(self) -> str:
        """As people write it, `1.0.0`."""
        return "%d.%d.%d" % self.version

    @property
    def modules(self) -> "tuple[str, ...]":
        """Names of the modules, without their ending."""
        return tuple([name[:-4] for name, _, _ in self.files if name.endswith(".mpy")])

    def name(self, language: str) -> str:
        """What the wearer calls it."""
        return self._names.get(language, self._names["en"])

    def names(self) -> "list[str]":
        """All that it is called."""
        return list(self._names.values())

    def _expect_files(self) -> None:
        """Raise BundleError unless the entry and the icon are among the files."""
        if self.entry.split(".")[0] not in self.modules:
            raise BundleError("entry %s is in none of the modules" % self.entry)
        if self.icon == NO_ICON and not any(name == ICON for name, _, _ in self.files):
            raise BundleError("an app without one of the watch's icons brings " + ICON)


def _version(value: "Any") -> "tuple[int, int, int]":
    if not isinstance(value, list) or len(value) != 3:
        raise BundleError("a version is three numbers")
    major, minor, patch = [_number(part, 0, _MAX_VERSION, "version") for part in value]
    return major, minor, patch


def _level(value: "Any") -> int:
    level = _number(value, 1, 0xFFFF, "API level")
    if level > API_LEVEL:
        raise BundleError("it needs API level %d, this watch has %d" % (level, API_LEVEL))
    return level


def _labels(value: "Any") -> "dict[str, str]":
    if not isinstance(value, dict) or len(value) != len(LANGUAGES) or any(one not in value for one in LANGUAGES):
        raise BundleError("an app has a name in " + " and ".join(LANGUAGES))
    return {language: label(value[language]) for language in LANGUAGES}


def _icon(value: "Any") -> int:
    if not isinstance(value, str) or (value and value not in NAMES):
        raise BundleError("icon %r is none of the watch's" % (value,))
    return NAMES[value] if value else NO_ICON


def _permissions(value: "Any") -> "tuple[str, ...]":
    names = _rising(value, _MAX_PERMISSIONS, "permissions")
    return tuple([_one_of(name, PERMISSIONS, "permission") for name in names])


def _hosts(value: "Any", permissions: "tuple[str, ...]") -> "tuple[str, ...]":
    hosts = tuple([host(one) for one in _rising(value, _MAX_HOSTS, "hosts")])
    if hosts and "web" not in permissions:
        raise BundleError("hosts are for apps with the permission web")
    return hosts


def _files(value: "Any") -> "tuple[tuple[str, int, bytes], ...]":
    if not isinstance(value, list) or not 0 < len(value) <= MAX_FILES:
        raise BundleError("a bundle has 1 to %d files" % MAX_FILES)
    files = tuple([_file(entry) for entry in value])
    _rising([name for name, _, _ in files], MAX_FILES, "files")
    return files


def _file(entry: "Any") -> "tuple[str, int, bytes]":
    if not isinstance(entry, list) or len(entry) != 3 or not isinstance(entry[0], str) or not _is_digest(entry[2]):
        raise BundleError("a file has a name, a length and a hash")
    name, length, digest = entry
    if name != WORDS:
        if name[-4:] not in (".mpy", ".img"):
            raise BundleError("file %r is no module, picture or words.cbor" % name)
        identifier(name[:-4])
    most = MAX_MODULE_BYTES if name.endswith(".mpy") else MAX_FILE_BYTES
    return name, _number(length, 1, most, "length of " + name), digest


def _rising(value: "Any", most: int, what: str) -> "list[str]":
    if not isinstance(value, list) or len(value) > most or not all(isinstance(one, str) for one in value):
        raise BundleError("%s: at most %d texts" % (what, most))
    if any(value[place] >= value[place + 1] for place in range(len(value) - 1)):
        raise BundleError(what + " are not rising")
    return value


def _number(value: "Any", least: int, most: int, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BundleError("%s is a number from %d to %d" % (what, least, most))
    return value


def _one_of(value: "Any", allowed: "tuple[str, ...]", what: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise BundleError("%s %r is not known here" % (what, value))
    return value


def _is_digest(value: "Any") -> bool:
    return isinstance(value, bytes) and len(value) == _DIGEST_BYTES
