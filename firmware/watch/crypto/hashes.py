"""SHA-256, HMAC, HKDF, and the one constant-time comparison."""

import hashlib

import micropython
from micropython import const

from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

_BLOCK = const(64)  # FIPS 180-4: bytes in a SHA-256 block
_DIGEST = const(32)
_INNER = const(0x36)  # RFC 2104: ipad
_INNER_TO_OUTER = const(0x6A)  # ipad XOR opad


@micropython.viper
def _xor_all(buf: ptr8, length: int, mask: int) -> object:
    i = 0
    while i < length:
        buf[i] = buf[i] ^ mask
        i += 1


@micropython.viper
def _difference(a: ptr8, b: ptr8, length: int) -> int:
    seen = 0
    i = 0
    while i < length:
        seen |= a[i] ^ b[i]
        i += 1
    return seen


def sha256(*parts: "Bytes") -> bytes:
    """SHA-256 of the parts put together, 32 bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def hmac_sha256(key: "Bytes", *parts: "Bytes") -> bytes:
    """HMAC-SHA256 of the parts put together, 32 bytes. RFC 2104."""
    pad = bytearray(_BLOCK)
    if len(key) > _BLOCK:
        key = sha256(key)
    pad[: len(key)] = key
    try:
        _xor_all(pad, _BLOCK, _INNER)
        inner = sha256(pad, *parts)
        _xor_all(pad, _BLOCK, _INNER_TO_OUTER)
        return sha256(pad, inner)
    finally:
        zero(pad)


def hkdf_extract(salt: "Bytes", ikm: "Bytes") -> bytes:
    """HKDF-Extract with SHA-256: a pseudorandom key of 32 bytes. RFC 5869 section 2.2."""
    return hmac_sha256(salt, ikm)


def hkdf_expand(prk: "Bytes", info: "Bytes", length: int) -> bytes:
    """HKDF-Expand with SHA-256 to `length` bytes, at most 8,160. RFC 5869 section 2.3. Raises CryptoError."""
    if not 0 <= length <= 255 * _DIGEST:
        raise CryptoError("HKDF length")
    out = b""
    block = b""
    counter = 0
    while len(out) < length:
        counter += 1
        block = hmac_sha256(prk, block, info, bytes((counter,)))
        out += block
    return out[:length]


def equal(a: "Bytes", b: "Bytes") -> bool:
    """True if both hold the same bytes. Takes the same steps wherever they differ; only the lengths may leak."""
    return len(a) == len(b) and _difference(a, b, len(a)) == 0
