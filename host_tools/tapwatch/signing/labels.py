"""What an app may be called: docs/bundles.md, "Names". The watch has the same rule of its own."""

from __future__ import annotations

LONGEST = 24
"""Characters: two lines under an icon."""
_UNSEEN = (
    (0x00, 0x1F),  # controls
    (0x7F, 0xA0),  # more controls, and a space that does not break
    (0xAD, 0xAD),  # soft hyphen
    (0x200B, 0x200F),  # no width, direction
    (0x2028, 0x202E),  # lines, direction
    (0x2060, 0x206F),
    (0xE000, 0xF8FF),  # the watch's own icons
    (0xFE00, 0xFE0F),  # variants
    (0xFEFF, 0xFEFF),
    (0xFFF0, 0x10FFFF),  # specials, and what no font of the watch has
)
"""Code points that nobody sees, or that pass for signs of the watch."""


def is_label(value: object) -> bool:
    """True for a text that an app may be called: all of it is seen, with single spaces between its words."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        return False
    if value != value.strip() or "  " in value:
        return False
    return not any(first <= ord(character) <= last for character in value for first, last in _UNSEEN)
