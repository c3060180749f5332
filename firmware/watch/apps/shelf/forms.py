"""What the texts of a manifest may look like. Each function returns its text, or raises BundleError."""

from micropython import const

from watch.kernel.errors import BundleError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_SMALL = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_ID_CHARACTERS = _SMALL + _DIGITS + "_"
_NAME_CHARACTERS = _ID_CHARACTERS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HOST_CHARACTERS = _SMALL + _DIGITS + "-."
_MIN_ID = const(2)
_MAX_ID = const(24)
_MAX_MEMBER = const(49)  # a module, a dot and a class, each as long as an id
_MAX_LABEL = const(24)  # characters: two lines under an icon
_MAX_HOST = const(64)
_UNSEEN = (
    (0x00, 0x1F),  # controls
    (0x7F, 0xA0),  # more controls, and a space that does not break
    (0xAD, 0xAD),  # soft hyphen
    (0x0300, 0x036F),  # accents that stand on the letter before, here and below
    (0x0483, 0x0489),
    (0x061C, 0x061C),  # direction
    (0x115F, 0x1160),  # fillers without a picture, here and below
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x2000, 0x200F),  # spaces of other widths, no width, direction
    (0x2028, 0x202F),  # lines, direction, a space that does not break
    (0x205F, 0x206F),
    (0x20D0, 0x20FF),
    (0x2800, 0x2800),
    (0x3000, 0x3000),  # a wide space
    (0x302A, 0x302F),
    (0x3099, 0x309A),
    (0x3164, 0x3164),
    (0xE000, 0xF8FF),  # the watch's own icons
    (0xFE00, 0xFE0F),  # variants
    (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0x10FFFF),  # specials, and what no font of the watch has
)
"""Code points that a name must not have: nobody sees them, or they pass for signs of the watch."""


def identifier(value: "Any") -> str:
    """The id of an app, or the name of a file or module without its ending."""
    if not isinstance(value, str) or not _MIN_ID <= len(value) <= _MAX_ID:
        raise BundleError("an id or file name has %d to %d characters" % (_MIN_ID, _MAX_ID))
    if value[0] not in _SMALL or not _only(value, _ID_CHARACTERS):
        raise BundleError("id or file name %r: a small letter, then small letters, digits and _" % value)
    return value


def member(value: "Any") -> str:
    """A class in a module, `module.Name`."""
    parts = text(value, _MAX_MEMBER).split(".")
    if len(parts) != 2 or not parts[1] or not _only(parts[1], _NAME_CHARACTERS) or parts[1][0] in _DIGITS:
        raise BundleError("entry %r is no module.Name" % value)
    identifier(parts[0])
    return value


def label(value: "Any") -> str:
    """What an app is called on the screen."""
    for character in text(value, _MAX_LABEL):
        code = ord(character)
        if any(first <= code <= last for first, last in _UNSEEN):
            raise BundleError("a name has a character that cannot be seen (%04X)" % code)
    if value != value.strip() or "  " in value:
        raise BundleError("a name has spaces between its words only")
    return value


def host(value: "Any") -> str:
    """Where an app may ask: a host name in small letters, without a port."""
    parts = text(value, _MAX_HOST).split(".")
    if len(parts) < 2 or not _only(value, _HOST_CHARACTERS) or any(not _is_domain(part) for part in parts):
        raise BundleError("host %r is no name like api.example.com" % value)
    return value


def text(value: "Any", most: int) -> str:
    """Any text that is not empty and has at most so many characters."""
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise BundleError("a text is empty or longer than %d characters" % most)
    return value


def _is_domain(part: str) -> bool:
    return bool(part) and part[0] != "-" and part[-1] != "-"


def _only(value: str, allowed: str) -> bool:
    return all(character in allowed for character in value)
