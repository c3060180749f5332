"""What a bonded device may be to the watch, and how well a link must be guarded; docs/bluetooth.md."""

from micropython import const

PHONE, LOADER, TERMINAL, TV = "phone", "loader", "terminal", "tv"
ROLES = (PHONE, LOADER, TERMINAL, TV)
"""In the order of the choice on the watch."""

PLAIN = const(0)
"""Nothing is known of the other side."""
ENCRYPTED = const(1)
"""Encrypted with a bond."""
AUTHENTICATED = const(2)
"""Encrypted with a bond from LE Secure Connections with numeric comparison, key of 16 bytes."""
