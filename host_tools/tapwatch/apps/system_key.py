"""The key that signs the apps of a development build. It is no secret: everybody can make it from the text below.

A manufacturer signs with a key of their own and pins that one in their firmware.
"""

from __future__ import annotations

import hashlib
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from tapwatch.signing.keys import PrivateKey

TEXT = b"tapwatch development system key, known to everybody"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256 (SEC 2, section 2.4.2)."""


@cache
def system_key() -> PrivateKey:
    """The key pair of `TEXT`; the firmware of a development build pins its public half."""
    scalar = int.from_bytes(hashlib.sha256(TEXT).digest(), "big") % (_ORDER - 1) + 1
    return PrivateKey(ec.derive_private_key(scalar, ec.SECP256R1()))
