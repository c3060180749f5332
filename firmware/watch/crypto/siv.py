"""AES-SIV: deterministic authenticated encryption that survives a repeated nonce. RFC 5297."""

from micropython import const

from watch.crypto.aes import ctr
from watch.crypto.blocks import double, xor_into
from watch.crypto.cmac import Cmac
from watch.crypto.hashes import equal
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError, TagError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

_BLOCK = const(16)
_MAX_HEADERS = const(126)  # RFC 5297 section 2.4


def siv_seal(key: "Bytes", headers: "list[Bytes]", plaintext: "Bytes") -> bytes:
    """Encrypt: the 16-byte synthetic IV, then the ciphertext.

    `key` is 32 or 64 bytes; each header is authenticated, in order. Raises CryptoError on a bad length.
    """
    half = _half(key, headers)
    iv = _s2v(key[:half], headers, plaintext)
    return iv + ctr(key[half:], _counter(iv), plaintext)


def siv_open(key: "Bytes", headers: "list[Bytes]", sealed: "Bytes") -> bytearray:
    """Decrypt what `siv_seal` made. Raises TagError if anything was changed, CryptoError on a bad key length."""
    half = _half(key, headers)
    if len(sealed) < _BLOCK:
        raise TagError("too short")
    iv = sealed[:_BLOCK]
    plaintext = ctr(key[half:], _counter(iv), sealed[_BLOCK:])
    if not equal(iv, _s2v(key[:half], headers, plaintext)):
        zero(plaintext)
        raise TagError("SIV")
    return plaintext


def _half(key: "Bytes", headers: "list[Bytes]") -> int:
    if len(key) not in (32, 64) or len(headers) > _MAX_HEADERS:
        raise CryptoError("SIV key length or header count")
    return len(key) // 2


def _s2v(key: "Bytes", headers: "list[Bytes]", plaintext: "Bytes") -> bytes:
    """RFC 5297 section 2.4."""
    prf = Cmac(key)
    chain = bytearray(prf.mac(bytes(_BLOCK)))
    for header in headers:
        double(chain)
        xor_into(chain, prf.mac(header), _BLOCK)
    if len(plaintext) >= _BLOCK:
        last = bytearray(plaintext)
        xor_into(memoryview(last)[-_BLOCK:], chain, _BLOCK)
    else:
        last = bytearray(_BLOCK)
        last[: len(plaintext)] = plaintext
        last[len(plaintext)] = 0x80
        double(chain)
        xor_into(last, chain, _BLOCK)
    try:
        return prf.mac(last)
    finally:
        zero(last)


def _counter(iv: "Bytes") -> bytearray:
    """The IV with the top bit of its last two 32-bit words cleared. RFC 5297 section 2.5."""
    counter = bytearray(iv)
    counter[8] &= 0x7F
    counter[12] &= 0x7F
    return counter
