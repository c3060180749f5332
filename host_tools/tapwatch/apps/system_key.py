"""The key that signs the apps of a development build. It is no secret: everybody can make it from the text below.

A manufacturer signs with a key of their own and pins that one in their firmware.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tapwatch.signing.known_key import known_key

if TYPE_CHECKING:
    from tapwatch.signing.keys import PrivateKey

TEXT = b"tapwatch development system key, known to everybody"


@cache
def system_key() -> PrivateKey:
    """The key pair of `TEXT`; the firmware of a development build pins its public half."""
    return known_key(TEXT)
