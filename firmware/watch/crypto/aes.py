"""AES in ECB, CBC and CTR mode over `cryptolib`. Keys are 16 or 32 bytes. NIST SP 800-38A."""

import cryptolib
from micropython import const

from watch.crypto.blocks import fill_counters, xor_into
from watch.kernel.errors import CryptoError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

BLOCK = const(16)
_ECB = const(1)  # cryptolib's mode numbers
_CBC = const(2)


def _checked(key: "Bytes", data: "Bytes") -> None:
    if len(key) not in (16, 32) or len(data) % BLOCK:
        raise CryptoError("AES key or data length")


def ecb_encrypt(key: "Bytes", data: "Bytes") -> bytes:
    """Encrypt whole blocks one by one. Only for building other modes. Raises CryptoError on a bad length."""
    _checked(key, data)
    return cryptolib.aes(key, _ECB).encrypt(data)


def cbc_encrypt(key: "Bytes", iv: "Bytes", data: "Bytes") -> bytes:
    """Encrypt whole blocks in CBC mode, without padding. Raises CryptoError on a bad length."""
    _checked(key, data)
    if len(iv) != BLOCK:
        raise CryptoError("AES IV length")
    return cryptolib.aes(key, _CBC, iv).encrypt(data)


def cbc_decrypt(key: "Bytes", iv: "Bytes", data: "Bytes") -> bytes:
    """Decrypt whole blocks in CBC mode, without padding. Raises CryptoError on a bad length."""
    _checked(key, data)
    if len(iv) != BLOCK:
        raise CryptoError("AES IV length")
    return cryptolib.aes(key, _CBC, iv).decrypt(data)


def ctr(key: "Bytes", counter: "Bytes", data: "Bytes") -> bytearray:
    """Encrypt or decrypt any length in CTR mode. `counter` is the first 16-byte counter block.

    The counter counts over all 128 bits. Raises CryptoError on a bad length.
    """
    if len(counter) != BLOCK:
        raise CryptoError("AES counter length")
    length = len(data)
    blocks = (length + BLOCK - 1) // BLOCK
    out = bytearray(length)
    if blocks:
        counters = bytearray(blocks * BLOCK)
        fill_counters(counters, counter, blocks)
        out[:] = data
        xor_into(out, ecb_encrypt(key, counters), length)
    return out
