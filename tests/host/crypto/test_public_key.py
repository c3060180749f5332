"""P-256 and HPKE against `cryptography`, python-ecdsa and pyhpke: random cases, compared both ways."""

import hashlib
import random

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from ecdsa import NIST256p, SigningKey, VerifyingKey
from ecdsa.util import sigencode_string
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from .watch_crypto import ask

CASES = 24
ORDER = int(NIST256p.order)
SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(20261122)


def _private(rng: random.Random) -> bytes:
    return rng.randrange(1, ORDER).to_bytes(32, "big")


def _key(private: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())


def _public(key: ec.EllipticCurvePublicKey) -> bytes:
    numbers = key.public_numbers()
    return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def _raw(signature: bytes) -> bytes:
    r, s = utils.decode_dss_signature(signature)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_public_keys_and_ecdh(rng: random.Random) -> None:
    questions, expected = [], []
    for _ in range(CASES):
        own, other = _private(rng), _key(_private(rng)).public_key()
        questions += [("public_key", own), ("ecdh", own, _public(other))]
        expected += [_public(_key(own).public_key()), _key(own).exchange(ec.ECDH(), other)]
    assert ask(questions) == expected


def test_signatures_are_byte_for_byte_those_of_two_libraries(rng: random.Random) -> None:
    questions, expected = [], []
    for _ in range(CASES):
        private, digest = _private(rng), rng.randbytes(32)
        deterministic = ec.ECDSA(utils.Prehashed(SHA256()), deterministic_signing=True)
        signature = _raw(_key(private).sign(digest, deterministic))
        other = SigningKey.from_string(private, NIST256p, hashlib.sha256)
        assert other.sign_digest_deterministic(digest, sigencode=sigencode_string) == signature
        questions.append(("sign", private, digest))
        expected.append(signature)
    assert ask(questions) == expected


def test_signatures_of_others_verify(rng: random.Random) -> None:
    questions = []
    for _ in range(CASES):
        private, digest = _private(rng), rng.randbytes(32)
        signature = _raw(_key(private).sign(digest, ec.ECDSA(utils.Prehashed(SHA256()))))
        public = _public(_key(private).public_key())
        questions += [("verify", public, digest, signature), ("verify_pinned", public, digest, signature)]
    assert ask(questions) == [True] * len(questions)


def test_chosen_multiples_agree_with_python_ecdsa(rng: random.Random) -> None:
    """Signatures built for chosen u1 and u2, so that edge values of both reach the point arithmetic."""
    edges = [1, 2, 3, 16, 31, 32, ORDER - 1, ORDER - 2, 1 << 32, 1 << 224, (1 << 255) - 1, ORDER >> 1]
    generator = NIST256p.generator
    questions, expected = [], []
    for _ in range(60):
        u1, u2 = rng.choice(edges), rng.choice(edges)
        private = rng.choice(edges) if rng.random() < 0.5 else rng.randrange(1, ORDER)
        r = int((generator * ((u1 + u2 * private) % ORDER or 1)).to_affine().x()) % ORDER
        if rng.random() < 0.25:
            r = rng.randrange(1, ORDER)
        s = r * pow(u2, -1, ORDER) % ORDER
        digest = (u1 * s % ORDER).to_bytes(32, "big")
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        public = _public(_key(private.to_bytes(32, "big")).public_key())
        questions += [("verify", public, digest, signature), ("verify_pinned", public, digest, signature)]
        expected += [_ecdsa_accepts(public, digest, signature)] * 2
    assert ask(questions) == expected
    assert True in expected and False in expected


def _ecdsa_accepts(public: bytes, digest: bytes, signature: bytes) -> bool:
    try:
        return VerifyingKey.from_string(public, NIST256p, hashlib.sha256).verify_digest(signature, digest)
    except Exception:  # python-ecdsa raises several kinds for a signature it refuses
        return False


def test_hpke_both_ways(rng: random.Random) -> None:
    questions, expected = [], []
    for _ in range(8):
        private, ephemeral = _private(rng), _private(rng)
        public = _key(private).public_key()
        info, aad, text = rng.randbytes(20), rng.randbytes(30), rng.randbytes(rng.randrange(1, 1500))
        enc, sender = SUITE.create_sender_context(KEMKey.from_pyca_cryptography_key(public), info=info)
        questions.append(("hpke_open", enc, private, info, aad, sender.seal(text, aad)))
        expected.append(text)
        (ours,) = ask([("hpke_seal", ephemeral, _public(public), info, aad, text)])
        recipient = SUITE.create_recipient_context(ours[0], KEMKey.from_pyca_cryptography_key(_key(private)), info=info)
        assert recipient.open(ours[1], aad) == text
    assert ask(questions) == expected
