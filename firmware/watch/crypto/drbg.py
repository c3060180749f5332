"""HMAC_DRBG with SHA-256. NIST SP 800-90A Rev. 1 section 10.1.2."""

from micropython import const

from watch.crypto.hashes import hmac_sha256

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    Bytes = Union[bytes, bytearray, memoryview]

_OUT = const(32)


class HmacDrbg:
    """A deterministic generator: as unpredictable as the entropy it was given."""

    def __init__(self, *material: "Bytes") -> None:
        """Instantiate from entropy, nonce and personalisation, in that order."""
        self._key = bytes(_OUT)
        self._value = b"\x01" * _OUT
        self.reseed(*material)

    def reseed(self, *material: "Bytes") -> None:
        """Mix in fresh entropy and additional input."""
        self._update(material)

    def generate(self, buf: bytearray, additional: "Bytes" = b"") -> None:
        """Fill `buf`."""
        if additional:
            self._update((additional,))
        done = 0
        while done < len(buf):
            self._value = hmac_sha256(self._key, self._value)
            take = min(_OUT, len(buf) - done)
            buf[done : done + take] = self._value if take == _OUT else self._value[:take]
            done += take
        self._update((additional,) if additional else ())

    def _update(self, material: "tuple[Bytes, ...]") -> None:
        self._key = hmac_sha256(self._key, self._value, b"\0", *material)
        self._value = hmac_sha256(self._key, self._value)
        if material:
            self._key = hmac_sha256(self._key, self._value, b"\1", *material)
            self._value = hmac_sha256(self._key, self._value)
