"""ECDSA and ECDH on NIST P-256. FIPS 186-5, SP 800-56A, RFC 6979.

Not constant time: the time of every private operation depends on the key. See SECURITY.md.
"""

from micropython import const

from watch.crypto.drbg import HmacDrbg
from watch.crypto.scrub import zero
from watch.kernel.errors import CryptoError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

    from watch.crypto.random import Random

    Bytes = Union[bytes, bytearray, memoryview]

_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_GX = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296
_GY = 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5


def _inverse(a, m):
    t, u, r, s = 0, 1, m, a
    while s:
        q = r // s
        t, u, r, s = u, t - q * u, s, r - q * s
    return t % m


def _double(p):
    x, y, z = p
    zz = z * z % _P
    m = 3 * (x - zz) * (x + zz) % _P
    yy = y * y % _P
    s = 4 * x * yy % _P
    x3 = (m * m - 2 * s) % _P
    return x3, (m * (s - x3) - 8 * yy * yy) % _P, 2 * y * z % _P


def _add(p, q):
    x1, y1, z1 = p
    x2, y2, z2 = q
    if z1 == 0:
        return q
    if z2 == 0:
        return p
    a, b = z1 * z1 % _P, z2 * z2 % _P
    u1, u2 = x1 * b % _P, x2 * a % _P
    s1, s2 = y1 * b * z2 % _P, y2 * a * z1 % _P
    h, r = u2 - u1, s2 - s1
    if h % _P == 0:
        return _double(p) if r % _P == 0 else (1, 1, 0)
    hh = h * h % _P
    hhh, v = h * hh % _P, u1 * hh % _P
    x3 = (r * r - hhh - 2 * v) % _P
    return x3, (r * (v - x3) - s1 * hhh) % _P, h * z1 * z2 % _P


def _multiply(k, p):
    r = (1, 1, 0)
    for i in range(255, -1, -1):
        r = _double(r)
        if k >> i & 1:
            r = _add(r, p)
    return r


def _affine(p):
    x, y, z = p
    if z == 0:
        raise CryptoError("point at infinity")
    i = _inverse(z, _P)
    return x * i * i % _P, y * i * i * i % _P


def _scalar(private):
    if len(private) != 32:
        raise CryptoError("private key length")
    d = int.from_bytes(private, "big")
    if not 0 < d < _N:
        raise CryptoError("private key range")
    return d


def _point(public):
    if len(public) != 64:
        raise CryptoError("public key length")
    x, y = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big")
    if x >= _P or y >= _P or (y * y - (x * x * x - 3 * x + _B)) % _P:
        raise CryptoError("point is not on the curve")
    return x, y, 1


def check_public(public: "Bytes") -> None:
    """Raise CryptoError unless `public` (64 bytes, X then Y) is a point of the curve."""
    _point(public)


def new_private(random: "Random") -> bytearray:
    """A fresh private key, 32 bytes."""
    private = bytearray(32)
    while True:
        random.fill(private)
        try:
            _scalar(private)
            return private
        except CryptoError:
            continue


def public_key(private: "Bytes") -> bytes:
    """The public key of `private`: 64 bytes, X then Y. Raises CryptoError."""
    x, y = _affine(_multiply(_scalar(private), (_GX, _GY, 1)))
    return x.to_bytes(32, "big") + y.to_bytes(32, "big")


def ecdh(private: "Bytes", public: "Bytes") -> bytes:
    """The shared X coordinate, 32 bytes. Raises CryptoError for an invalid key or point."""
    x, _ = _affine(_multiply(_scalar(private), _point(public)))
    return x.to_bytes(32, "big")


def sign(private: "Bytes", digest: "Bytes") -> bytes:
    """ECDSA signature of a 32-byte digest: r then s, 64 bytes. The nonce is that of RFC 6979. Raises CryptoError."""
    d = _scalar(private)
    e = int.from_bytes(digest, "big") % _N
    drbg = HmacDrbg(private, e.to_bytes(32, "big"))
    nonce = bytearray(32)
    try:
        while True:
            drbg.generate(nonce)
            k = int.from_bytes(nonce, "big")
            if not 0 < k < _N:
                continue
            r = _affine(_multiply(k, (_GX, _GY, 1)))[0] % _N
            s = _inverse(k, _N) * (e + r * d) % _N
            if r and s:
                return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    finally:
        zero(nonce)


def verify(public: "Bytes", digest: "Bytes", signature: "Bytes") -> bool:
    """True if `signature` (64 bytes) of the 32-byte digest is by `public`. Raises CryptoError for an invalid key."""
    q = _point(public)
    if len(digest) != 32:
        raise CryptoError("digest length")
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < _N and 0 < s < _N):
        return False
    w = _inverse(s, _N)
    e = int.from_bytes(digest, "big")
    x, y, z = _add(_multiply(e * w % _N, (_GX, _GY, 1)), _multiply(r * w % _N, q))
    return z != 0 and _affine((x, y, z))[0] % _N == r


class PinnedKey:
    """A public key that is used often, with its table of multiples."""

    def __init__(self, public: "Bytes", table: "Bytes" = b"") -> None:
        """Take a 64-byte public key, and its stored table if there is one. Raises CryptoError."""
        check_public(public)
        self.public = bytes(public)
        self.table = bytes(table)

    def verify(self, digest: "Bytes", signature: "Bytes") -> bool:
        """True if `signature` (64 bytes) of the 32-byte digest is by this key."""
        return verify(self.public, digest, signature)
