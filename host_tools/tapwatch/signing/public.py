"""Public keys: 64 bytes, X then Y, big-endian, P-256 (docs/formats.md "Keys and identifiers")."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec

PUBLIC_BYTES = 64
KEY_ID_BYTES = 8


def key_id(public: bytes) -> bytes:
    """Key id, issuer id or device id: the first 8 bytes of SHA-256 of the public key."""
    if len(public) != PUBLIC_BYTES:
        raise ValueError(f"a public key has {PUBLIC_BYTES} bytes, not {len(public)}")
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES]


def check_public(public: bytes) -> ec.EllipticCurvePublicKey:
    """The key object of a public key. Raises ValueError if the bytes are no point of P-256."""
    if len(public) != PUBLIC_BYTES:
        raise ValueError(f"a public key has {PUBLIC_BYTES} bytes, not {len(public)}")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + public)
    except ValueError:
        raise ValueError("the public key is not a point of P-256") from None
