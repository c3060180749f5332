"""AES-CMAC. NIST SP 800-38B, RFC 4493."""

import cryptolib
from micropython import const

from watch.crypto.blocks import double, xor_into
from watch.kernel.errors import CryptoError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

_BLOCK = const(16)
_ECB = const(1)
_CBC = const(2)


class Cmac:
    """A CMAC key with its two sub-keys worked out."""

    def __init__(self, key: "Bytes") -> None:
        """`key` is 16 or 32 bytes. Raises CryptoError."""
        if len(key) not in (16, 32):
            raise CryptoError("AES key length")
        self._key = key
        self._whole = bytearray(cryptolib.aes(key, _ECB).encrypt(bytes(_BLOCK)))
        double(self._whole)
        self._padded = bytearray(self._whole)
        double(self._padded)

    def mac(self, *parts: "Bytes") -> bytes:
        """The 16-byte MAC of the parts put together."""
        message = bytearray()
        for part in parts:
            message.extend(part)
        length = len(message)
        subkey = self._whole
        if length == 0 or length % _BLOCK:
            message.extend(b"\x80")
            message.extend(bytes(-len(message) % _BLOCK))
            subkey = self._padded
        xor_into(memoryview(message)[-_BLOCK:], subkey, _BLOCK)
        return cryptolib.aes(self._key, _CBC, bytes(_BLOCK)).encrypt(message)[-_BLOCK:]


def cmac(key: "Bytes", *parts: "Bytes") -> bytes:
    """The 16-byte AES-CMAC of the parts put together. Raises CryptoError on a bad key length."""
    return Cmac(key).mac(*parts)
