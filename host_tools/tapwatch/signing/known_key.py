"""Keys of development builds. They are no secrets: everybody can make them from a text."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec

from tapwatch.signing.keys import PrivateKey

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256 (SEC 2, section 2.4.2)."""


def known_key(text: bytes) -> PrivateKey:
    """The key pair of a text: the private number is the text's SHA-256, brought into the group."""
    scalar = int.from_bytes(hashlib.sha256(text).digest(), "big") % (_ORDER - 1) + 1
    return PrivateKey(ec.derive_private_key(scalar, ec.SECP256R1()))
