"""What is decoded before or while a signature is checked: CBOR, UTF-8, envelopes, certificates, ciphertexts."""

import random

from support.world import World

from tests.fuzz.campaign import Campaign, count
from tests.fuzz.mutate import mutated, mutated_value, noise, sizes
from watch.crypto import cbor, certificate, cose, hpke, p256
from watch.crypto.gcm import gcm_open, gcm_seal
from watch.crypto.siv import siv_open, siv_seal
from watch.crypto.utf8 import decode_utf8
from watch.kernel.errors import CryptoError, InputError, SignatureError, TagError

VALUE = {1: [7, b"ab", "c\u4ed8", [[None, True], {}]], 4: {-1: -(1 << 40), "k": 1000}, "text": [b"\x00" * 30] * 3}
KEY = bytes(range(32))


def test_cbor():
    random.seed(20261122)
    good = cbor.encode(VALUE)

    def take(data):
        assert cbor.encode(cbor.decode(data)) == data, "two encodings of one value"

    share = Campaign("CBOR", take, InputError).run(lambda: mutated(good), 10_000)
    assert 0.01 < share < 0.9, "the fuzzer must reach both ends"


def test_lengths_that_wrap():
    for name, take in (("CBOR", cbor.decode), ("envelopes", cose.parse)):
        campaign = Campaign(name + " at sizes", take, InputError)
        for size in sizes(4096):
            for head in (b"", b"\x80", b"\x84", b"\xa1", b"\x5a\x00\x01\x00\x00", b"\x9b" + b"\xff" * 8, b"\x84" * 5):
                campaign.one(head + bytes(max(0, size - len(head))))
        campaign.note()


def test_utf8():
    random.seed(20261123)
    good = "a\u00e9\u4ed8\U00010348\u202e".encode()

    def take(data):
        assert decode_utf8(data).encode() == data

    share = Campaign("UTF-8", take, InputError).run(lambda: mutated(good), 5_000)
    assert 0.01 < share < 0.9


def test_envelopes():
    """Whatever is changed in an envelope, its signature is refused, or it was never one."""
    random.seed(20261124)
    world = World()
    party = world.issuer.service
    good = party.sign("tapwatch/notice", VALUE)
    parts = cbor.decode(good)

    def take(data):
        cose.parse(data)

    def make():
        return mutated(good) if random.getrandbits(1) else cbor.encode(mutated_value(parts))

    share = Campaign("envelopes", take, InputError).run(make, 4_000)
    assert 0.01 < share < 0.9


def test_signatures_of_changed_envelopes():
    random.seed(20261125)
    party = World().issuer.service
    good = party.sign("tapwatch/notice", VALUE)
    forged = [0]

    def take(data):
        cose.parse(data).verify(party.public)
        forged[0] += data != good

    def make():
        return good if random.randrange(10) == 0 else mutated(good)

    Campaign("envelopes with signature", take, (InputError, SignatureError)).run(make, 300, 10)
    assert forged[0] == 0


def test_certificates():
    """Signed by the right key, with any payload at all: what is accepted has every field in its form."""
    random.seed(20261126)
    issuer = World().issuer
    good = cbor.decode(cose.parse(issuer.certificate("token-service", issuer.service.public)).payload)

    def take(payload):
        found = certificate.Certificate(certificate._fields(payload))
        assert len(found.public) == 64 and isinstance(found.serial, int) and len(found.name.encode()) <= 64

    share = Campaign("certificates", take, InputError).run(lambda: cbor.encode(mutated_value(good)), 4_000)
    assert 0.01 < share < 0.95
    for _ in range(count(30, 100)):
        whole = issuer.root.sign("tapwatch/certificate", mutated_value(good))
        try:
            certificate.check(whole, issuer.root.public, "token-service", 0)
        except (InputError, SignatureError):
            pass


def test_public_keys():
    """64 bytes that are no point, zero, the prime, or too large; the only error is the declared one."""
    random.seed(20261127)
    good = World().issuer.service.public
    most = b"\xff" * 32

    def make():
        kind = random.randrange(5)
        if kind == 0:
            return noise(random.randrange(70))
        if kind == 1:
            return random.choice(
                (bytes(64), most + most, good[:32] + most, bytes(32) + good[32:], good[:63], good + b"x")
            )
        return good if kind == 2 else mutated(good)

    share = Campaign("public keys", p256.check_public, CryptoError).run(make, 1_000)
    assert 0.1 < share < 0.9


def test_ciphertexts():
    """Nothing changed is opened, whichever part was changed."""
    random.seed(20261128)
    nonce, aad, plain = bytes(12), b"header", bytes(range(100))
    with_gcm, with_siv = gcm_seal(KEY[:16], nonce, aad, plain), siv_seal(KEY, [aad], plain)

    def take(sealed):
        assert gcm_open(KEY[:16], nonce, aad, sealed) == plain and sealed == with_gcm

    assert Campaign("GCM", take, TagError).run(lambda: mutated(with_gcm), 750) < 0.02

    def take_siv(sealed):
        assert siv_open(KEY, [aad], sealed) == plain and sealed == with_siv

    assert Campaign("SIV", take_siv, TagError).run(lambda: mutated(with_siv), 750) < 0.02


def test_hpke():
    random.seed(20261129)
    world = World()
    private = p256.new_private(world.services.random)
    enc, ciphertext = hpke.seal(p256.public_key(private), b"info", b"aad", b"secret", world.services.random)
    public = p256.public_key(private)

    def take(parts):
        assert hpke.open(parts[0], private, b"info", b"aad", parts[1], public) == b"secret"
        assert parts == (enc, ciphertext)

    def make():
        return (mutated(enc), ciphertext) if random.getrandbits(1) else (enc, mutated(ciphertext))

    Campaign("HPKE", take, CryptoError).run(make, 200, 10)
