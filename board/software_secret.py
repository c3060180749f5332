"""A device secret without an eFuse: for the simulator, and for boards whose key block has not been burnt."""

import hashlib

from micropython import const

SECRET_BYTES = const(32)
_BLOCK_BYTES = const(64)
"""SHA-256 block, RFC 2104 section 2."""
_INNER = const(0x36)
_OUTER = const(0x5C)


class SoftwareSecret:
    """`ports.Secret` over 32 random bytes; whoever can read them can be this watch."""

    kind = "software"

    def __init__(self, secret: bytearray) -> None:
        """Take over `secret`, 32 bytes, which is zeroed. Raises ValueError for another length."""
        if len(secret) != SECRET_BYTES:
            raise ValueError("a device secret has 32 bytes")
        self._inner = _pad(secret, _INNER)
        self._outer = _pad(secret, _OUTER)
        for index in range(len(secret)):
            secret[index] = 0

    def hmac(self, data: bytes) -> bytes:
        """HMAC-SHA256 of `data`, 32 bytes; RFC 2104."""
        inner = hashlib.sha256(self._inner)
        inner.update(data)
        outer = hashlib.sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()


def from_file(path: str) -> SoftwareSecret:
    """The secret kept in a file of exactly 32 bytes. Raises OSError or ValueError."""
    secret = bytearray(SECRET_BYTES)
    with open(path, "rb") as file:
        if file.readinto(secret) != SECRET_BYTES or file.read(1):
            raise ValueError("the file of the device secret is not 32 bytes long")
    return SoftwareSecret(secret)


def _pad(secret: bytearray, value: int) -> bytearray:
    """The secret, filled up to a block with zeros, each byte XORed with `value`."""
    block = bytearray([value] * _BLOCK_BYTES)
    for index in range(SECRET_BYTES):
        block[index] ^= secret[index]
    return block
