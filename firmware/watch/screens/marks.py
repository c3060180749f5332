"""The picture and the colour of each thing in a menu, so that it looks the same wherever it is offered."""

from micropython import const

from watch.ui import icons
from watch.ui.app_mark import QUIET
from watch.ui.rows import PLAIN, Row
from watch.ui.theme import GREY

_SUN = const(0xFFC83D)
_CORAL = const(0xFF8A70)
_GREEN = const(0x4CD97B)
_BLUE = const(0x5CA8FF)
_VIOLET = const(0xB79CFF)
_TEAL = const(0x45D6C4)
_ORANGE = const(0xFFA24D)
_RED = const(0xFF6B61)

MARKS = {
    # sections of the settings
    "display": (icons.SUN, _SUN),
    "face": (icons.FACE, _VIOLET),
    "sound": (icons.BELL, _CORAL),
    "voice": (icons.MICROPHONE, _TEAL),
    "security": (icons.SHIELD, _GREEN),
    "cards": (icons.CARD, _ORANGE),
    "bluetooth": (icons.BLUETOOTH, _BLUE),
    "phone": (icons.PHONE, _GREEN),
    "apps": (icons.TILES, _VIOLET),
    "language": (icons.GLOBE, _TEAL),
    "time": (icons.CLOCK, _ORANGE),
    "about": (icons.INFO, QUIET),
    # security
    "lock": (icons.LOCK, _GREEN),
    "ask": (icons.HAND, _SUN),
    "change": (icons.AGAIN, _BLUE),
    "developers": (icons.WARNING, _SUN),
    "wipe": (icons.TRASH, _RED),
    # a card
    "pay": (icons.CONTACTLESS, _GREEN),
    "code": (icons.BARCODE, _BLUE),
    "present": (icons.TILES, _VIOLET),
    "default": (icons.CHECK, _TEAL),
    "express-on": (icons.BOLT, _SUN),
    "express-off": (icons.BOLT, QUIET),
    "history": (icons.BOOK, _ORANGE),
    # a message
    "reply": (icons.REPLY, _GREEN),
    "dismiss": (icons.CROSS, QUIET),
    "mute": (icons.BELL_OFF, _ORANGE),
    "all": (icons.TRASH, _RED),
    # what became of a payment
    "sent": (icons.SENT, QUIET),
    "approved": (icons.CHECK, _GREEN),
    "declined": (icons.CROSS, _RED),
    # an app
    "uses": (icons.SHIELD, _BLUE),
    "again": (icons.AGAIN, _GREEN),
    "forget": (icons.TRASH, _RED),
    "maker": (icons.HAND, _TEAL),
    "size": (icons.INFO, QUIET),
    "remove": (icons.TRASH, _RED),
    # voice
    "teach": (icons.MICROPHONE, _GREEN),
    "unteach": (icons.TRASH, _RED),
    # Bluetooth
    "pair": (icons.PLUS, _TEAL),
    "mode": (icons.BLUETOOTH, _BLUE),
    "airplane": (icons.AIRPLANE, _SUN),
    "main": (icons.CHECK, _GREEN),
    "make-main": (icons.CHECK, QUIET),
    "role-phone": (icons.PHONE, _GREEN),
    "role-loader": (icons.COMPUTER, _BLUE),
    "role-terminal": (icons.TERMINAL, _ORANGE),
    "role-tv": (icons.TV, _VIOLET),
}
"""Icon and colour, 0xRRGGBB, by what it is."""


def marked(key: str, name: str, detail: str = "", ink: int = GREY, mark: int = PLAIN, what: str = "") -> Row:
    """A row with the picture of `what`, of `key` if that is empty. Raises KeyError for what has none."""
    icon, colour = MARKS[what or key]
    return Row(key, name, detail, ink, mark, icon, colour)
