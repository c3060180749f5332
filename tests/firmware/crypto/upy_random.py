"""The one door to randomness: its generator, its health tests, its refusals."""

import os
from binascii import unhexlify

from crypto.vectors import raises

from watch.crypto import health
from watch.crypto import random as door
from watch.crypto.drbg import HmacDrbg
from watch.crypto.random import Random
from watch.kernel.errors import EntropyError


class _Source:
    """An entropy source that can be off, fail, or give what a test wants."""

    def __init__(self, answer=os.urandom):
        self.on = True
        self.answer = answer
        self.reads = 0

    def running(self):
        return self.on

    def read(self, into):
        self.reads += 1
        into[:] = self.answer(len(into))


# NIST CAVP HMAC_DRBG.rsp, SHA-256, no prediction resistance: entropy, nonce, reseed entropy, second 1,024 bits.
CAVP = (
    (
        "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488",
        "659ba96c601dc69fc902940805ec0ca8",
        "",
        (
            "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89d54fbb978a15b5c443c9ec21036d2460"
            "b6f73ebad0dc2aba6e624abf07745bc107694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
            "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8"
        ),
    ),
    (
        "06032cd5eed33f39265f49ecb142c511da9aff2af71203bffaf34a9ca5bd9c0d",
        "0e66f71edc43e42a45ad3c6fc6cdc4df",
        "01920a4e669ed3a85ae8a33b35a74ad7fb2a6bb4cf395ce00334a9c9a5a5d552",
        (
            "76fc79fe9b50beccc991a11b5635783a83536add03c157fb30645e611c2898bb2b1bc215000209208cd506cb28da2a51"
            "bdb03826aaf2bd2335d576d519160842e7158ad0949d1a9ec3e66ea1b1a064b005de914eac2e9d4f2d72a8616a802254"
            "22918250ff66a41bd2f864a6a38cc5b6499dc43f7f2bd09e1e0f8f5885935124"
        ),
    ),
)


def test_drbg_against_nist():
    for entropy, nonce, reseed, expected in CAVP:
        drbg = HmacDrbg(unhexlify(entropy), unhexlify(nonce))
        if reseed:
            drbg.reseed(unhexlify(reseed))
        out = bytearray(128)
        drbg.generate(out)
        drbg.generate(out)
        assert out == unhexlify(expected)
    print("NOTE DRBG cases:", len(CAVP))


def test_nothing_before_seeding():
    random = Random(_Source())
    assert not random.seeded
    assert raises(EntropyError, random.bytes, 1)
    assert raises(EntropyError, random.fill, bytearray(1))
    random.seed()
    assert random.seeded
    assert len(random.bytes(100)) == 100


def test_a_source_that_is_off_does_not_seed():
    source = _Source()
    source.on = False
    random = Random(source)
    assert raises(EntropyError, random.seed)
    assert source.reads == 0 and not random.seeded
    assert raises(EntropyError, random.bytes, 1)


def test_a_source_that_goes_off_while_read_does_not_seed():
    source = _Source()

    def fades(length):
        source.on = source.reads < 2
        return os.urandom(length)

    source.answer = fades
    random = Random(source)
    assert raises(EntropyError, random.seed)
    assert source.reads == 2 and not random.seeded


def test_a_source_that_fails_does_not_seed():
    def fails(length):
        raise OSError(5)

    random = Random(_Source(fails))
    assert raises(EntropyError, random.seed)
    assert not random.seeded


def test_bad_sources_do_not_seed():
    fixed = os.urandom(health.SAMPLE_BYTES)
    sources = (
        ("all zero", bytes),
        ("all ones", lambda n: b"\xff" * n),
        ("one byte stuck for a while", lambda n: os.urandom(n - 9) + bytes(9)),
        ("two values", lambda n: bytes(b & 1 for b in os.urandom(n))),
        ("two bits", lambda n: bytes(b & 3 for b in os.urandom(n))),
        ("the same every time", lambda n: fixed),
    )
    for name, answer in sources:
        random = Random(_Source(answer))
        assert raises(EntropyError, random.seed), name
        assert raises(EntropyError, random.bytes, 1), name


def test_good_sources_seed():
    for _ in range(30):
        Random(_Source()).seed()
    # Four bits a byte is what the limits were worked out for.
    for _ in range(30):
        Random(_Source(lambda n: bytes(b & 15 for b in os.urandom(n)))).seed()


def test_health_limits_are_where_they_say():
    sample = bytearray(i & 255 for i in range(health.SAMPLE_BYTES))
    sample[100:108] = b"\xaa" * 8
    health.check(sample)
    sample[108] = 0xAA
    assert raises(EntropyError, health.check, sample)
    sample = bytearray(i % 85 for i in range(health.SAMPLE_BYTES))
    for count in range(70):
        sample[7 * count] = 0x55
    health.check(sample)
    sample[500] = 0x55
    assert raises(EntropyError, health.check, sample)


def test_a_failed_reseed_keeps_the_old_seed():
    source = _Source()
    random = Random(source)
    random.seed()
    source.on = False
    assert raises(EntropyError, random.seed)
    assert len(random.bytes(16)) == 16


def test_output_depends_on_source_and_system():
    """The same source twice still gives other bytes, because the system is mixed in; and never the same block again."""
    state = [0]

    def counts(length):
        state[0] += 1
        return bytes((state[0] * 31 + i * 7) & 255 for i in range(length))

    first = Random(_Source(counts))
    first.seed()
    state[0] = 0
    second = Random(_Source(counts))
    second.seed()
    seen = set()
    for random in (first, second):
        for _ in range(200):
            seen.add(random.bytes(16))
    assert len(seen) == 400


class _SameSystem:
    """In place of `os`: one that is in the same state on each watch."""

    @staticmethod
    def urandom(count):
        return bytes(count)


def test_two_devices_with_equal_sources_differ():
    """Only what the device has of its own differs; without it, the streams are equal."""

    def first_bytes(device):
        state = [0]

        def counts(length):
            state[0] += 1
            return bytes((state[0] * 31 + i * 7) & 255 for i in range(length))

        random = Random(_Source(counts), device)
        random.seed()
        return random.bytes(16)

    usual, door.os = door.os, _SameSystem
    try:
        streams = [first_bytes(device) for device in (b"", b"\0\1\2\3\4\5", b"\0\1\2\3\4\6", b"")]
    finally:
        door.os = usual
    assert len(set(streams)) == 3 and streams[0] == streams[3]


def test_reseeding_changes_the_stream_and_fill_fills():
    random = Random(_Source())
    random.seed()
    buf = bytearray(77)
    random.fill(buf)
    assert any(buf[70:])
    random.seed()
    again = bytearray(77)
    random.fill(again)
    assert buf != again
