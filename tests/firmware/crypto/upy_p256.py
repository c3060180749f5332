"""ECDSA and ECDH on P-256."""

import time
from binascii import unhexlify

from crypto.vectors import cases, get, raises

from watch.crypto import p256
from watch.crypto.hashes import sha256
from watch.kernel.errors import CryptoError

SHARE = "vectors"
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
PRIVATE = unhexlify("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")  # RFC 6979 A.2.5
PUBLIC = unhexlify(
    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
)
GENERATOR = unhexlify(
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


def _be(number):
    return number.to_bytes(32, "big")


def test_rfc_6979():
    assert p256.public_key(PRIVATE) == PUBLIC
    sample = unhexlify(
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    )
    test = unhexlify(
        "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
        "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
    )
    assert p256.sign(PRIVATE, sha256(b"sample")) == sample
    assert p256.sign(bytearray(PRIVATE), sha256(b"test")) == test
    assert p256.verify(PUBLIC, sha256(b"sample"), sample)
    assert not p256.verify(PUBLIC, sha256(b"test"), sample)


def test_verify_against_wycheproof_and_nist():
    done = refused = 0
    for name in ("wycheproof_ecdsa", "nist_ecdsa"):
        for case in cases(name):
            public, message, signature = get(case, "public", "message", "signature")
            try:
                good = p256.verify(public, sha256(message), signature)
            except CryptoError:
                good = False
            assert good == case["valid"], case["name"]
            done += 1
            refused += not good
    print("NOTE ECDSA cases:", done, "of them to be refused:", refused)


def test_pinned_key_against_wycheproof():
    done = 0
    key = None
    for case in cases("wycheproof_ecdsa"):
        public, message, signature = get(case, "public", "message", "signature")
        if key is None or key.public != public:
            key = p256.PinnedKey(public)
        assert key.verify(sha256(message), signature) == case["valid"], case["name"]
        done += 1
    print("NOTE ECDSA cases with a pinned key:", done)


def test_ecdh_against_wycheproof():
    done = refused = 0
    for case in cases("wycheproof_ecdh"):
        public, private, shared = get(case, "public", "private", "shared")
        done += 1
        if case["valid"]:
            assert p256.ecdh(private, public) == shared, case["name"]
        else:
            assert raises(CryptoError, p256.ecdh, private, public), case["name"]
            refused += 1
    print("NOTE ECDH cases:", done, "of them to be refused:", refused)


def test_small_and_large_private_keys():
    assert p256.public_key(_be(1)) == GENERATOR
    assert p256.public_key(_be(N - 1)) == GENERATOR[:32] + _be(P - int.from_bytes(GENERATOR[32:], "big"))
    for scalar in (1, 2, 3, 4, 31, 32, 33, N - 1, N - 2, (N - 1) // 2, 1 << 255):
        assert p256.ecdh(_be(scalar), GENERATOR) == p256.public_key(_be(scalar))[:32], scalar


def test_bad_private_keys_are_refused():
    for private in (_be(0), _be(N), _be(N + 1), b"\xff" * 32, bytes(31), bytes(33)):
        assert raises(CryptoError, p256.public_key, private)
        assert raises(CryptoError, p256.sign, private, bytes(32))
        assert raises(CryptoError, p256.ecdh, private, GENERATOR)


def test_bad_public_keys_are_refused():
    x, y = GENERATOR[:32], GENERATOR[32:]
    at_zero = unhexlify("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4")  # Y of the point with X = 0
    bad = [
        bytes(64),
        x + bytes(32),
        bytes(32) + y,
        y + x,
        x + _be(int.from_bytes(y, "big") ^ 1),
        _be(P) + y,
        x + _be(P),
        b"\xff" * 64,
        GENERATOR[:63],
        GENERATOR + b"\0",
        _be(P) + at_zero,
        b"",
    ]
    for public in bad:
        assert raises(CryptoError, p256.check_public, public), public
        assert raises(CryptoError, p256.ecdh, PRIVATE, public)
        assert raises(CryptoError, p256.verify, public, bytes(32), bytes(64))
        assert raises(CryptoError, p256.PinnedKey, public)
    p256.check_public(GENERATOR)
    p256.check_public(bytes(32) + at_zero)


def test_out_of_range_signatures_are_false_not_errors():
    key = p256.PinnedKey(PUBLIC)
    digest = sha256(b"sample")
    good = p256.sign(PRIVATE, digest)
    bad = [b"", bytes(64), good[:63], good + b"\0", good[:32] + bytes(32), bytes(32) + good[32:]]
    bad += [good[:32] + _be(N), _be(N) + good[32:], b"\xff" * 64]
    for signature in bad:
        assert not p256.verify(PUBLIC, digest, signature)
        assert not key.verify(digest, signature)
    assert raises(CryptoError, p256.verify, PUBLIC, digest[:31], good)
    assert raises(CryptoError, key.verify, digest + b"\0", good)
    assert raises(CryptoError, p256.sign, PRIVATE, b"short")


def test_each_changed_bit_is_refused():
    key = p256.PinnedKey(PUBLIC)
    digest = sha256(b"sample")
    good = p256.sign(PRIVATE, digest)
    for bit in range(512):
        changed = bytearray(good)
        changed[bit >> 3] ^= 1 << (bit & 7)
        assert not key.verify(digest, changed), bit


def _signature_for(u1, u2, private):
    """Digest and signature whose verification computes u1 G + u2 Q: any pair can be asked for."""
    total = (u1 + u2 * private) % N
    r = int.from_bytes(p256.public_key(_be(total))[:32], "big") % N
    s = r * pow(u2, N - 2, N) % N
    return _be(u1 * s % N), _be(r) + _be(s)


def test_points_that_meet_on_the_way():
    """Multiples chosen so that additions see equal, opposite and neutral points."""
    done = 0
    for private in (1, 2, 3, 5, 7, N - 1, N - 2, N - 3, 1 << 32, 1 << 128):
        public = p256.public_key(_be(private))
        key = p256.PinnedKey(public)
        for u1, u2 in (
            (1, 1),
            (1, 2),
            (2, 1),
            (5, 5),
            (N - 1, 1),
            (N - 1, 2),
            (N - 3, 1),
            (1 << 32, 1),
            (31, 1 << 224),
        ):
            if (u1 + u2 * private) % N == 0:
                continue
            digest, signature = _signature_for(u1, u2, private)
            assert p256.verify(public, digest, signature), (private, u1, u2)
            assert key.verify(digest, signature), (private, u1, u2)
            done += 1
    assert done > 80


def test_a_sum_that_is_the_neutral_point_is_refused():
    key = p256.PinnedKey(GENERATOR)
    for u2 in (1, 2, 12345):
        r = 7
        s = r * pow(u2, N - 2, N) % N
        digest = _be((N - u2) * s % N)
        assert not p256.verify(GENERATOR, digest, _be(r) + _be(s))
        assert not key.verify(digest, _be(r) + _be(s))


def test_stored_table_works_like_a_built_one():
    key = p256.PinnedKey(PUBLIC)
    digest = sha256(b"sample")
    signature = p256.sign(PRIVATE, digest)
    stored = memoryview(b"x" + bytes(key.table))[1:]
    again = p256.PinnedKey(PUBLIC, stored)
    assert again.verify(digest, signature)
    assert not again.verify(sha256(b"test"), signature)
    assert raises(CryptoError, p256.PinnedKey, PUBLIC, bytes(stored)[:-1])


class _Random:
    """Gives prepared answers, as watch.crypto.random would."""

    def __init__(self, *answers):
        self._answers = list(answers)

    def fill(self, buf):
        buf[:] = self._answers.pop(0)


def test_new_private_rejects_what_is_out_of_range():
    random = _Random(bytes(32), _be(N), b"\xff" * 32, _be(N - 1))
    assert p256.new_private(random) == _be(N - 1)


def test_speed():
    digest = sha256(b"sample")
    signature = p256.sign(PRIVATE, digest)
    key = p256.PinnedKey(PUBLIC)
    for name, function in (
        ("sign", lambda: p256.sign(PRIVATE, digest)),
        ("verify pinned", lambda: key.verify(digest, signature)),
        ("verify", lambda: p256.verify(PUBLIC, digest, signature)),
        ("ecdh", lambda: p256.ecdh(PRIVATE, PUBLIC)),
        ("comb table", lambda: p256.PinnedKey(PUBLIC)),
    ):
        start = time.ticks_us()
        for _ in range(5):
            function()
        print("NOTE P-256", name, time.ticks_diff(time.ticks_us(), start) // 5, "us")
