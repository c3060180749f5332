"""The computer's random generator in the place of the radio's noise, and a random file in the place of an eFuse key."""

import errno
import hashlib
import os

from board.simulator import frames
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.link import Link

_SECRET_BYTES = const(32)
_BLOCK_BYTES = const(64)
"""SHA-256 block, RFC 2104 section 2."""


class Entropy:
    """`ports.Entropy`; the host can switch the source off to show that the watch then refuses to make keys."""

    def __init__(self, link: "Link") -> None:
        self._running = True
        link.handle(frames.ENTROPY, self._on_frame)

    def running(self) -> bool:
        """True while the source runs."""
        return self._running

    def read(self, into: bytearray) -> None:
        """Fill the buffer. Raises OSError when the source is off."""
        if not self._running:
            raise OSError(errno.EIO)
        into[:] = os.urandom(len(into))

    def _on_frame(self, payload: memoryview) -> None:
        self._running = bool(payload[0])


class SoftwareSecret:
    """`ports.Secret` over a file of 32 random bytes; anyone who can read the file can be this watch."""

    kind = "software"

    def __init__(self, path: str) -> None:
        """Read the secret at `path`. Raises OSError; ValueError when the file is not 32 bytes."""
        secret = bytearray(_SECRET_BYTES + 1)
        with open(path, "rb") as file:
            if file.readinto(secret) != _SECRET_BYTES:
                raise ValueError("the device secret is not 32 bytes long")
        self._inner = _pad(secret, 0x36)
        self._outer = _pad(secret, 0x5C)
        for index in range(len(secret)):
            secret[index] = 0

    def hmac(self, data: bytes) -> bytes:
        """HMAC-SHA256 of `data`, 32 bytes; RFC 2104."""
        inner = hashlib.sha256(self._inner)
        inner.update(data)
        outer = hashlib.sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()


def _pad(secret: bytearray, value: int) -> bytearray:
    """The secret, filled up to a block with zeros, XORed with `value`."""
    block = bytearray([value] * _BLOCK_BYTES)
    for index in range(_SECRET_BYTES):
        block[index] ^= secret[index]
    return block
