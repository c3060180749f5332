"""The one door to randomness.

Every random byte on the watch comes from here: an HMAC_DRBG seeded from the board's entropy source while it runs, and
mixed with what the system offers. `os.urandom` and `random` are used nowhere else. On ESP32 `os.urandom` is only
pseudo-random while no entropy source is on, so it is mixed in and never trusted alone.
"""

import os

from micropython import const

from watch.crypto import health
from watch.crypto.drbg import HmacDrbg
from watch.crypto.hashes import sha256
from watch.crypto.scrub import zero
from watch.kernel.errors import EntropyError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Union

    from board.ports import Entropy

    Bytes = Union[bytes, bytearray, memoryview]

_SYSTEM_BYTES = const(32)
_LABEL = b"tapwatch random 1"


class Random:
    """Random bytes, refused until seeded while a physical source was running."""

    def __init__(self, entropy: "Entropy", device: bytes = b"") -> None:
        """Take the source. Call `seed` before anything else.

        `device`: what no other device has. It is no secret and no entropy: two watches whose sources fail in the same
        way still get other keys (SP 800-90A, personalisation string).
        """
        self._entropy = entropy
        self._device = device
        self._drbg: "Optional[HmacDrbg]" = None

    @property
    def seeded(self) -> bool:
        """True once `seed` has succeeded."""
        return self._drbg is not None

    def seed(self) -> None:
        """Gather from the source, test it, and start or refresh the generator.

        Raises EntropyError if the source is off, fails or looks stuck; an earlier seed stays in use then.
        """
        first = bytearray(health.SAMPLE_BYTES)
        second = bytearray(health.SAMPLE_BYTES)
        try:
            self._gather(first)
            self._gather(second)
            if first == second:
                raise EntropyError("source gives the same bytes twice")
            self._absorb(sha256(first, second))
        finally:
            zero(first)
            zero(second)

    def fill(self, buf: bytearray) -> None:
        """Fill `buf` with random bytes. Raises EntropyError until seeded."""
        if self._drbg is None:
            raise EntropyError("not seeded")
        self._drbg.generate(buf)

    def bytes(self, count: int) -> "bytes":
        """`count` random bytes. Raises EntropyError until seeded."""
        buf = bytearray(count)
        self.fill(buf)
        return bytes(buf)

    def _gather(self, sample: bytearray) -> None:
        """Read and test one sample; the source must run before and after."""
        if not self._entropy.running():
            raise EntropyError("no entropy source is on")
        try:
            self._entropy.read(sample)
        except OSError:
            raise EntropyError("entropy source failed")
        if not self._entropy.running():
            raise EntropyError("entropy source went off")
        health.check(sample)

    def _absorb(self, seed: "Bytes") -> None:
        system = os.urandom(_SYSTEM_BYTES)
        if self._drbg is None:
            self._drbg = HmacDrbg(seed, system, _LABEL, self._device)
        else:
            self._drbg.reseed(seed, system)
