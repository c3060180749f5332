"""Checks for what comes from a phone: the one door through which its texts and numbers become ours."""

import micropython
from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    Fields = dict[str, Any]

_SPACES = (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x2028, 0x2029)
"""Line breaks and tabs: words on both sides must not grow together."""
_DROPPED = (
    (0x00, 0x1F),  # C0 controls
    (0x7F, 0x9F),  # DELETE and C1 controls
    (0x061C, 0x061C),  # Arabic letter mark
    (0x200B, 0x200F),  # zero width and direction marks
    (0x202A, 0x202E),  # direction overrides: they make a text read as another one
    (0x2060, 0x206F),  # invisible operators and direction isolates
    (0xD800, 0xDFFF),  # halves of surrogate pairs: no characters
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFF9, 0xFFFB),  # interlinear annotation
    (0xE0000, 0xE0FFF),  # tags and what is reserved for more of them
)
"""Code points that no screen can show and some screens obey (Unicode 15, chapter 23)."""
_ELLIPSIS = b"\xe2\x80\xa6"
_SPACE = const(0x20)
_NONE = const(-1)
_LAST_LEAD = const(0xF4)
_LAST_CODE = const(0x10FFFF)
_LEAST = (0, 0, 0x80, 0x800, 0x10000)
"""Least code point of a sequence, by its length."""


def clean(text: str, most_bytes: int) -> str:
    """`text` without control characters, at most `most_bytes` of UTF-8; one that is cut ends with an ellipsis.

    Looks at no more than `most_bytes` characters, however long the text is. Bytes that are no UTF-8 are left out. It
    works on bytes: MicroPython keeps each character that is ever made a string of its own, for ever.
    """
    data = text[:most_bytes].encode()
    kept = bytearray()
    at = 0
    while at < len(data) and len(kept) < most_bytes:
        end = _plain_end(data, at, min(len(data), at + most_bytes - len(kept)))
        if end > at:
            kept.extend(data[at:end])
            at = end
            continue
        length = _sequence_length(data, at)
        code = _code(data, at, length) if length else _NONE
        if code in _SPACES:
            kept.append(_SPACE)
        elif not _is_dropped(code):
            if len(kept) + length > most_bytes:
                break
            kept.extend(data[at : at + length])
        at += length or 1
    if at < len(data) or len(text) > most_bytes:
        _mark_cut(kept, most_bytes)
    return str(kept, "utf-8").strip()


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


def _mark_cut(kept: bytearray, most_bytes: int) -> None:
    """Put an ellipsis in the place of as many characters as it needs; nothing that is cut looks whole."""
    if most_bytes < len(_ELLIPSIS):
        return
    while len(kept) > most_bytes - len(_ELLIPSIS):
        while kept[-1] & 0xC0 == 0x80:
            kept[-1:] = b""
        kept[-1:] = b""
    kept.extend(_ELLIPSIS)


@micropython.native
def _plain_end(data: bytes, at: int, end: int) -> int:
    """Where the printable ASCII that begins at `at` ends, at most `end`: nearly all of most texts."""
    while at < end and 0x20 <= data[at] < 0x7F:
        at += 1
    return at


def _sequence_length(data: bytes, at: int) -> int:
    """Bytes of the sequence at `at`, or 0 if it is broken (RFC 3629 section 4)."""
    first = data[at]
    length = 1 if first < 0x80 else 0 if first < 0xC2 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if first > _LAST_LEAD or at + length > len(data):
        return 0
    for follows in range(at + 1, at + length):
        if data[follows] & 0xC0 != 0x80:
            return 0
    return length


def _code(data: bytes, at: int, length: int) -> int:
    """The code point of a whole sequence; `_NONE` for one that could be shorter, or beyond Unicode."""
    code = data[at]
    if length > 1:
        code &= 0x7F >> length
        for follows in range(at + 1, at + length):
            code = code << 6 | data[follows] & 0x3F
        if code < _LEAST[length] or code > _LAST_CODE:
            return _NONE
    return code


def _is_dropped(code: int) -> bool:
    if 0x20 <= code < 0x7F:
        return False
    for first, last in _DROPPED:
        if first <= code <= last:
            return True
    return code == _NONE
