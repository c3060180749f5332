"""What an app says about itself before any of its code runs."""

from micropython import const

from watch.kernel.errors import InputError
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
_MAX_NAME = const(24)  # characters: two lines under an icon
_MAX_ID = const(24)


class Manifest:
    """A checked manifest."""

    def __init__(self, fields: "dict[str, Any]") -> None:
        """Take the `MANIFEST` of an app's folder. Raises InputError for what is missing or not allowed."""
        try:
            self.id: str = _name(fields["id"], _MAX_ID)
            self.version: str = _name(fields["version"], _MAX_ID)
            self.kind: str = _one_of(fields["kind"], KINDS)
            self.api: int = fields["api"]
            self.entry: str = _name(fields["entry"], _MAX_NAME)
            names: "dict[str, str]" = fields["name"]
            self._names = {language: _name(names[language], _MAX_NAME) for language in ("en", "zh")}
            self.icon: int = NAMES[fields["icon"]]
            self.colour: int = fields["colour"]
            """Of its icon, 0xRRGGBB."""
            self.permissions = tuple(_one_of(one, PERMISSIONS) for one in fields["permissions"])
        except (KeyError, TypeError):
            raise InputError("a manifest lacks a field, or has a wrong one")
        if type(self.api) is not int or not 1 <= self.api <= API_LEVEL:
            raise InputError("app %s needs API level %s" % (self.id, self.api))
        if type(self.colour) is not int or not 0 <= self.colour <= 0xFFFFFF:
            raise InputError("app %s: colour" % self.id)

    def name(self, language: str) -> str:
        """What the wearer calls it."""
        return self._names.get(language, self._names["en"])


def _name(value: "Any", longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise InputError("a name in a manifest is empty or too long")
    return value


def _one_of(value: "Any", allowed: "tuple[str, ...]") -> str:
    if value not in allowed:
        raise InputError("a manifest asks for %r" % (value,))
    return value
