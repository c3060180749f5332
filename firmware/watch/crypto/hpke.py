"""HPKE base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, one message. RFC 9180.

The encapsulated key `enc` is an uncompressed point: 04, X, Y; 65 bytes.
"""

from micropython import const

from watch.crypto import p256
from watch.crypto.gcm import gcm_open, gcm_seal
from watch.crypto.hashes import hkdf_expand, hkdf_extract
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    from watch.crypto.random import Random

    Bytes = Union[bytes, bytearray, memoryview]

_VERSION = b"HPKE-v1"
_KEM_SUITE = b"KEM\x00\x10"  # RFC 9180 section 4.1: DHKEM(P-256, HKDF-SHA256)
_SUITE = b"HPKE\x00\x10\x00\x01\x00\x01"  # section 5.1: KEM 0x0010, KDF 0x0001, AEAD 0x0001
_BASE_MODE = b"\x00"
_SECRET_BYTES = const(32)
_KEY_BYTES = const(16)
_NONCE_BYTES = const(12)
_ENC_BYTES = const(65)


def open(  # noqa: A001 - the name the RFC gives it
    enc: "Bytes", private: "Bytes", info: "Bytes", aad: "Bytes", ciphertext: "Bytes", public: "Bytes" = b""
) -> bytearray:
    """Decrypt one message to the holder of `private`.

    `public` saves working out the public key again. Raises TagError if anything does not fit, CryptoError for an
    invalid key or point.
    """
    if len(enc) != _ENC_BYTES or enc[0] != 4:
        raise CryptoError("encapsulated key")
    shared = p256.ecdh(private, enc[1:])
    key, nonce = _schedule(_shared_secret(shared, enc, public or p256.public_key(private)), info)
    return gcm_open(key, nonce, aad, ciphertext)


def seal(public: "Bytes", info: "Bytes", aad: "Bytes", plaintext: "Bytes", random: "Random") -> "tuple[bytes, bytes]":
    """Encrypt one message to the holder of `public`: (enc, ciphertext). Raises CryptoError for an invalid key."""
    ephemeral = p256.new_private(random)
    try:
        return seal_with(ephemeral, public, info, aad, plaintext)
    finally:
        zero(ephemeral)


def seal_with(
    ephemeral: "Bytes", public: "Bytes", info: "Bytes", aad: "Bytes", plaintext: "Bytes"
) -> "tuple[bytes, bytes]":
    """`seal` with a given ephemeral private key, which must never be used twice."""
    enc = b"\x04" + p256.public_key(ephemeral)
    shared = p256.ecdh(ephemeral, public)
    key, nonce = _schedule(_shared_secret(shared, enc, public), info)
    return enc, gcm_seal(key, nonce, aad, plaintext)


def _extract(suite: bytes, salt: bytes, label: bytes, ikm: "Bytes") -> bytes:
    """LabeledExtract, section 4."""
    return hkdf_extract(salt, _VERSION + suite + label + ikm)


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand, section 4."""
    return hkdf_expand(prk, length.to_bytes(2, "big") + _VERSION + suite + label + info, length)


def _shared_secret(shared: bytes, enc: "Bytes", public: "Bytes") -> bytes:
    """ExtractAndExpand of the Diffie-Hellman value, section 4.1."""
    context = bytes(enc) + b"\x04" + bytes(public)
    return _expand(_KEM_SUITE, _extract(_KEM_SUITE, b"", b"eae_prk", shared), b"shared_secret", context, _SECRET_BYTES)


def _schedule(shared_secret: bytes, info: "Bytes") -> "tuple[bytes, bytes]":
    """Key and nonce of the first message, section 5.1."""
    context = _BASE_MODE + _extract(_SUITE, b"", b"psk_id_hash", b"") + _extract(_SUITE, b"", b"info_hash", info)
    secret = _extract(_SUITE, shared_secret, b"secret", b"")
    return (
        _expand(_SUITE, secret, b"key", context, _KEY_BYTES),
        _expand(_SUITE, secret, b"base_nonce", context, _NONCE_BYTES),
    )
