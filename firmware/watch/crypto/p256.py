"""ECDSA and ECDH on NIST P-256. FIPS 186-5, SP 800-56A Rev. 3, RFC 6979.

Public keys are 64 bytes, X then Y; private keys 32; signatures 64, r then s; digests 32; all big-endian.
Not constant time: the time of a private operation depends on the key and the nonce. See SECURITY.md.
"""

from micropython import const

from watch.crypto import p256_comb as comb
from watch.crypto import p256_wnaf as wnaf
from watch.crypto.drbg import HmacDrbg
from watch.crypto.modular import inverse
from watch.crypto.p256_field import P
from watch.crypto.p256_generator import TABLE as _GENERATOR
from watch.crypto.p256_point import Point
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError
from watch.kernel.steps import finish

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Generator, Union

    from watch.crypto.random import Random

    Bytes = Union[bytes, bytearray, memoryview]

_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SP 800-186 section 3.2.1.3
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_HALF = const(32)
_PUBLIC_BYTES = const(64)
_DOUBLINGS_A_STEP = const(43)  # a sixth of a verification: about 35 ms on the board


def check_public(public: "Bytes") -> None:
    """Raise CryptoError unless `public` is a point of the curve with coordinates below p."""
    _point(public)


def new_private(random: "Random") -> bytearray:
    """A fresh private key; the caller zeroes it. Raises EntropyError before the generator is seeded."""
    private = bytearray(_HALF)
    while True:
        random.fill(private)
        if 0 < int.from_bytes(private, "big") < _N:
            return private


def public_key(private: "Bytes") -> bytes:
    """The public key of `private`. Raises CryptoError if that is not from 1 to n - 1."""
    x, y = _times_generator(_scalar(private))
    return x.to_bytes(_HALF, "big") + y.to_bytes(_HALF, "big")


def ecdh(private: "Bytes", public: "Bytes") -> bytes:
    """The shared X coordinate, 32 bytes. Raises CryptoError for an invalid key or point."""
    scalar = _scalar(private)
    multiples = wnaf.build(*_point(public))
    digits = wnaf.recode(scalar)
    point = Point()
    try:
        for digit in reversed(digits):
            point.double()
            wnaf.add_digit(point, multiples, digit)
        return point.affine()[0].to_bytes(_HALF, "big")
    finally:
        point.wipe()
        zero(digits)


def sign(private: "Bytes", digest: "Bytes") -> bytes:
    """The deterministic ECDSA signature of `digest`. RFC 6979 section 3.2. Raises CryptoError for an invalid key."""
    scalar = _scalar(private)
    hashed = _hashed(digest) % _N
    nonces = HmacDrbg(private, hashed.to_bytes(_HALF, "big"))
    buf = bytearray(_HALF)
    try:
        while True:
            nonces.generate(buf)
            nonce = int.from_bytes(buf, "big")
            if 0 < nonce < _N:
                r = _times_generator(nonce)[0] % _N
                s = inverse(nonce, _N) * (hashed + r * scalar) % _N
                if r and s:
                    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    finally:
        zero(buf)


def verify(public: "Bytes", digest: "Bytes", signature: "Bytes") -> bool:
    """True if `signature` of `digest` is by `public`. Raises CryptoError for an invalid public key or digest length."""
    return finish(verifying(public, digest, signature))


def verifying(public: "Bytes", digest: "Bytes", signature: "Bytes") -> "Generator[None, None, bool]":
    """The same in steps, for a watch whose screen goes on meanwhile; the generator returns the answer."""
    x, y = _point(public)
    hashed = _hashed(digest)
    if not _in_range(signature):
        return False
    r, for_generator, for_key = _scalars(hashed, signature)
    multiples = wnaf.build(x, y)
    yield
    point = yield from _summing(for_generator, multiples, wnaf.recode(for_key))
    return point.has_x(r, _N)


class PinnedKey:
    """A public key that verifies often: with its comb table a verification takes a third of the time."""

    def __init__(self, public: "Bytes", table: "Bytes" = b"") -> None:
        """Take a key, and the table an earlier PinnedKey of the same key had, or build it.

        A stored table is believed: it must come from where the key itself could be kept. Raises CryptoError for an
        invalid key or a table of the wrong length.
        """
        x, y = _point(public)
        if table and len(table) != comb.TABLE_BYTES:
            raise CryptoError("comb table length")
        self.public = bytes(public)
        self.table = bytearray(table) if table else comb.build(x, y)  # a bytearray starts on a word boundary

    def verify(self, digest: "Bytes", signature: "Bytes") -> bool:
        """True if `signature` of `digest` is by this key. Raises CryptoError for a bad digest length."""
        hashed = _hashed(digest)
        if not _in_range(signature):
            return False
        r, for_generator, for_key = _scalars(hashed, signature)
        return _comb_sum(((_GENERATOR, for_generator), (self.table, for_key))).has_x(r, _N)


def _scalar(private: "Bytes") -> int:
    scalar = int.from_bytes(private, "big")
    if len(private) != _HALF or not 0 < scalar < _N:
        raise CryptoError("private key")
    return scalar


def _point(public: "Bytes") -> "tuple[int, int]":
    if len(public) != _PUBLIC_BYTES:
        raise CryptoError("public key length")
    x = int.from_bytes(public[:_HALF], "big")
    y = int.from_bytes(public[_HALF:], "big")
    if x >= P or y >= P or (y * y - (x * x - 3) * x - _B) % P:
        raise CryptoError("not a point of the curve")
    return x, y


def _hashed(digest: "Bytes") -> int:
    if len(digest) != _HALF:
        raise CryptoError("digest length")
    return int.from_bytes(digest, "big")


def _in_range(signature: "Bytes") -> bool:
    """True if the signature has its length, and r and s are from 1 to n - 1."""
    if len(signature) != 2 * _HALF:
        return False
    return 0 < int.from_bytes(signature[:_HALF], "big") < _N and 0 < int.from_bytes(signature[_HALF:], "big") < _N


def _scalars(hashed: int, signature: "Bytes") -> "tuple[int, int, int]":
    """r, and the multiples of the generator and of the key whose sum must have r as its X."""
    r = int.from_bytes(signature[:_HALF], "big")
    inverted = inverse(int.from_bytes(signature[_HALF:], "big"), _N)
    return r, hashed * inverted % _N, r * inverted % _N


def _comb_sum(terms: "tuple[tuple[bytearray, int], ...]") -> Point:
    """The sum of multiples of points that have comb tables."""
    point = Point()
    combs = [(table, comb.recode(scalar, _N)) for table, scalar in terms]
    for column in range(comb.COLUMNS - 1, -1, -1):
        point.double()
        for table, digits in combs:
            comb.add_column(point, table, digits[column])
    for _, digits in combs:
        zero(digits)
    return point


def _summing(for_generator: int, multiples: bytearray, key_digits: bytearray) -> "Generator[None, None, Point]":
    """A multiple of the generator plus one of a point with a window table.

    The comb joins in for the last 32 doublings, so that the generator costs additions only.
    """
    point = Point()
    digits = comb.recode(for_generator, _N)
    for place in range(wnaf.DIGITS - 1, -1, -1):
        point.double()
        wnaf.add_digit(point, multiples, key_digits[place])
        if place < comb.COLUMNS:
            comb.add_column(point, _GENERATOR, digits[place])
        if place % _DOUBLINGS_A_STEP == 0:
            yield
    return point


def _times_generator(scalar: int) -> "tuple[int, int]":
    """X and Y of a multiple of the generator, for a secret scalar."""
    point = _comb_sum(((_GENERATOR, scalar),))
    try:
        return point.affine()
    finally:
        point.wipe()
