"""Checks for what comes from a phone: the one door through which its texts and numbers become ours."""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    Fields = dict[str, Any]

_SPACES = "\t\n\r\x0b\x0c\u2028\u2029"
"""Line breaks and tabs: words on both sides must not grow together."""
_DROPPED = (
    (0x00, 0x1F),  # C0 controls
    (0x7F, 0x9F),  # DELETE and C1 controls
    (0x200B, 0x200F),  # zero width and direction marks
    (0x202A, 0x202E),  # direction overrides: they make a text read as another one
    (0x2060, 0x206F),  # invisible operators and direction isolates
    (0xD800, 0xDFFF),  # halves of surrogate pairs: no characters
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFF9, 0xFFFB),  # interlinear annotation
)
"""Code points that no screen can show and some screens obey (Unicode 15, chapter 23)."""


def clean(text: str, most_bytes: int) -> str:
    """`text` without control characters, at most `most_bytes` of UTF-8, cut between two characters.

    Looks at no more than `most_bytes` characters, however long the text is.
    """
    kept = []
    room = most_bytes
    for letter in text[:most_bytes]:
        code = 0x20 if letter in _SPACES else ord(letter)
        if _is_dropped(code):
            continue
        room -= _utf8_bytes(code)
        if room < 0:
            break
        kept.append(chr(code))
    return "".join(kept).strip()


def text(fields: "Fields", name: str, most_bytes: int) -> str:
    """A text field, cleaned and capped; empty if it is missing or null. Raises InputError for anything else."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"{name} is no text")
    return clean(value, most_bytes)


def whole(fields: "Fields", name: str, least: int, most: int, default: "Optional[int]" = None) -> int:
    """A whole number in bounds, or `default` if it is missing or null. A float is rounded: phones send some.

    Raises InputError.
    """
    value = fields.get(name)
    if value is None:
        value = default
    if isinstance(value, float) and least <= value <= most:
        value = int(value + 0.5) if value >= 0 else -int(0.5 - value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InputError(f"{name} is not a number from {least} to {most}")
    return value


def optional(fields: "Fields", name: str, least: int, most: int) -> "Optional[int]":
    """A whole number in bounds, or None if it is missing or null. Raises InputError."""
    return None if fields.get(name) is None else whole(fields, name, least, most)


def flag(fields: "Fields", name: str, default: "Optional[bool]" = None) -> bool:
    """True or false, or `default` if it is missing or null. Raises InputError."""
    value = fields.get(name)
    if value is None:
        value = default
    if not isinstance(value, bool):
        raise InputError(f"{name} is neither true nor false")
    return value


def rows(fields: "Fields", name: str, most: int) -> "list[Any]":
    """A list of at most so many entries. Raises InputError."""
    value = fields.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise InputError(f"{name} is no list of at most {most}")
    return value


def _is_dropped(code: int) -> bool:
    return not 0x20 <= code < 0x7F and any(first <= code <= last for first, last in _DROPPED)


def _utf8_bytes(code: int) -> int:
    """Length of a code point in UTF-8 (RFC 3629 section 3)."""
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
