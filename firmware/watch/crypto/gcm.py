"""AES-GCM with 12-byte nonces and 16-byte tags. NIST SP 800-38D."""

import struct

from micropython import const

from watch.crypto.aes import ctr, ecb_encrypt
from watch.crypto.blocks import xor_into
from watch.crypto.ghash import Ghash
from watch.crypto.hashes import equal
from watch.kernel.errors import CryptoError, TagError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

_NONCE = const(12)
_TAG = const(16)
_BLOCK = const(16)


def gcm_seal(key: "Bytes", nonce: "Bytes", aad: "Bytes", plaintext: "Bytes") -> bytes:
    """Encrypt: the ciphertext, then the 16-byte tag. Never use a nonce twice under one key. Raises CryptoError."""
    _check_nonce(nonce)
    ciphertext = ctr(key, bytes(nonce) + b"\0\0\0\2", plaintext)
    return bytes(ciphertext) + _tag(key, nonce, aad, ciphertext)


def gcm_open(key: "Bytes", nonce: "Bytes", aad: "Bytes", sealed: "Bytes") -> bytearray:
    """Decrypt what `gcm_seal` made. Raises TagError if anything was changed, CryptoError on a bad length."""
    _check_nonce(nonce)
    if len(sealed) < _TAG:
        raise TagError("too short")
    ciphertext = sealed[:-_TAG]
    if not equal(sealed[-_TAG:], _tag(key, nonce, aad, ciphertext)):
        raise TagError("GCM")
    return ctr(key, bytes(nonce) + b"\0\0\0\2", ciphertext)


def _check_nonce(nonce: "Bytes") -> None:
    if len(nonce) != _NONCE:
        raise CryptoError("GCM nonce length")


def _tag(key: "Bytes", nonce: "Bytes", aad: "Bytes", ciphertext: "Bytes") -> bytearray:
    """SP 800-38D section 7.1 steps 5 and 6."""
    keystream = ecb_encrypt(key, bytes(_BLOCK) + bytes(nonce) + b"\0\0\0\1")
    ghash = Ghash(keystream[:_BLOCK])
    try:
        ghash.update(aad)
        ghash.update(ciphertext)
        ghash.update(struct.pack(">IIII", 0, len(aad) * 8, 0, len(ciphertext) * 8))
        tag = ghash.digest()
        xor_into(tag, keystream[_BLOCK:], _TAG)
        return tag
    finally:
        ghash.wipe()
