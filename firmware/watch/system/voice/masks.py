"""Which words each screen takes, and what they do there, as data. A word that has no row does not exist for a screen.

Nothing here agrees to anything: no screen that asks for money, a passcode, trust or a permission takes a word, and a
question whose yes destroys cards takes only a no. A spoken amount fills a field, whose key that goes on takes a finger.
`tests/firmware/system/upy_voice_masks.py` walks every screen.
"""

from micropython import const

from watch.voice.vocabulary import DIGITS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    Rule = tuple[str, int, str]

PRESS = const(0)
"""A touch on the target of that name, while it is there."""
TYPE = const(1)
"""The key of that digit, on whichever page of the keys it lies. Digits follow one another in one push until `ENDS`.

Such a screen takes no other word: people who say *five* and *four* are heard to say *back* and *home*.
"""
GO = const(2)
"""A place of `watch.system.voice.places`, while it can be gone to."""

ENDS = "stop"
"""Ends a push with digits, beside silence."""

_BACK: "tuple[Rule, ...]" = (("back", GO, "back"), ("home", GO, "home"))
_OPENED = ("payment", "wallet", "balance", "history", "timer", "stopwatch", "alarm", "weather", "music", "phone")
_OPEN: "tuple[Rule, ...]" = tuple([(word, GO, word) for word in _OPENED + ("settings", "answer", "decline")])
_PLAYER: "tuple[Rule, ...]" = tuple(
    [(word, GO, word) for word in ("next", "previous", "pause", "continue", "louder", "quieter")]
)
_CHOICE: "tuple[Rule, ...]" = (
    ("yes", PRESS, "yes"),
    ("no", PRESS, "no"),
    ("stop", PRESS, "no"),
    ("back", PRESS, "no"),
)
_ONLY_NO = _CHOICE[1:]
_MINUTES: "tuple[Rule, ...]" = tuple([(word, GO, "minutes") for word in DIGITS[1:]])
_KEYS: "tuple[Rule, ...]" = tuple([(word, TYPE, str(value)) for value, word in enumerate(DIGITS)])

_LISTS = ("settings", "settings-display", "settings-sound", "settings-phone", "settings-time", "history", "notes") + (
    "voice",
    "voice-words",
    "card-menu",
)

SCREENS: "dict[str, dict[str, tuple[Rule, ...]]]" = {
    "FaceScreen": {"face": _OPEN + _PLAYER},
    "LauncherScreen": {"launcher": _OPEN + _PLAYER + _BACK},
    "TilesScreen": {"quick": _OPEN + _PLAYER + _BACK},
    "AppScreen": {
        "app-timer": _MINUTES
        + (("pause", PRESS, "pause"), ("continue", PRESS, "continue"), ("stop", PRESS, "cancel"))
        + _BACK,
        "app-stopwatch": (("pause", GO, "halt"), ("stop", GO, "halt"), ("continue", GO, "run")) + _BACK,
        "app-music": _PLAYER + (("stop", GO, "pause"),) + _BACK,
        "app-phone": (
            ("phone", PRESS, "ring"),
            ("stop", PRESS, "ringing"),
            ("stop", PRESS, "wanted"),
            ("answer", GO, "answer"),
            ("decline", GO, "decline"),
        )
        + _BACK,
        "app-calculator": _KEYS,
        "app-weather": _BACK,
        "app-alarms": _BACK,
        "app-calendar": _BACK,
        "app-activity": _BACK,
    },
    "AmountEntryScreen": {"merchant-amount": _KEYS},
    "CallScreen": {"call": (("answer", PRESS, "accept"), ("decline", PRESS, "reject"), ("quieter", PRESS, "silence"))},
    "TalkScreen": {"talk": (("stop", PRESS, "end"), ("back", GO, "back"))},
    "RingingScreen": {"ringing": (("stop", PRESS, "stop"), ("pause", PRESS, "snooze"))},
    "QuestionScreen": {
        "forget": _CHOICE,
        "remove": _CHOICE,
        "unpair": _CHOICE,
        "dismiss": _CHOICE,
        "unteach": _CHOICE,
        "wipe": _ONLY_NO,
    },
    "MessageScreen": {"error": (("yes", PRESS, "ok"),) + _BACK, "no-card": (("yes", PRESS, "ok"),) + _BACK},
    "CardsScreen": {"cards": _BACK},
    "FieldsScreen": {"about": _BACK, "receipt": _BACK, "balance": _BACK},
    "RowsScreen": dict.fromkeys(_LISTS, _BACK),
    "NoteScreen": {"note": _BACK},
    "WayScreen": {"way": _BACK},
}
"""Class of a screen, its name, its words. Everything that is not here takes none."""


def rules(kind: str, name: str) -> "tuple[Rule, ...]":
    """The rules of a screen of this class and name; none for what the table does not know."""
    return SCREENS.get(kind, {}).get(name, ())
