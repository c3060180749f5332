"""Symmetric cryptography against `cryptography` and pyemv: random cases, compared both ways."""

import random

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyemv.mac import mac_iso9797_3

from .watch_crypto import Refused, ask

CASES = 60
LENGTHS = (0, 1, 15, 16, 17, 31, 32, 33, 64, 100, 255)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(20261122)


def _encrypt(cipher: Cipher, data: bytes) -> bytes:
    encryptor = cipher.encryptor()
    return encryptor.update(data) + encryptor.finalize()


def test_cbc_and_ctr(rng: random.Random) -> None:
    questions, expected = [], []
    for _ in range(CASES):
        key, iv = rng.randbytes(rng.choice((16, 32))), rng.randbytes(16)
        blocks, data = rng.randbytes(16 * rng.randrange(6)), rng.randbytes(rng.choice(LENGTHS))
        ciphertext = _encrypt(Cipher(algorithms.AES(key), modes.CBC(iv)), blocks)
        questions += [("cbc", key, iv, blocks), ("cbc_decrypt", key, iv, ciphertext), ("ctr", key, iv, data)]
        expected += [ciphertext, blocks, _encrypt(Cipher(algorithms.AES(key), modes.CTR(iv)), data)]
    assert ask(questions) == expected


def test_cmac_hmac_hkdf(rng: random.Random) -> None:
    questions, expected = [], []
    for _ in range(CASES):
        key, data = rng.randbytes(rng.choice((16, 32))), rng.randbytes(rng.choice(LENGTHS))
        mac = CMAC(algorithms.AES(key))
        mac.update(data)
        long_key = rng.randbytes(rng.choice((0, 20, 63, 64, 65, 200)))
        tag = hmac.HMAC(long_key, hashes.SHA256())
        tag.update(data)
        info, length = rng.randbytes(10), rng.randrange(1, 200)
        okm = HKDF(hashes.SHA256(), length, long_key, info).derive(data)
        questions += [("cmac", key, data), ("hmac", long_key, data), ("hkdf", long_key, data, info, length)]
        expected += [mac.finalize(), tag.finalize(), okm]
    assert ask(questions) == expected


def test_gcm_and_siv_both_ways(rng: random.Random) -> None:
    questions, expected = [], []
    for _ in range(CASES):
        key, nonce = rng.randbytes(rng.choice((16, 32))), rng.randbytes(12)
        aad, data = rng.randbytes(rng.choice(LENGTHS)), rng.randbytes(rng.choice(LENGTHS[1:]))
        sealed = AESGCM(key).encrypt(nonce, data, aad)
        wide = rng.randbytes(rng.choice((32, 64)))
        headers = [rng.randbytes(rng.choice(LENGTHS)) for _ in range(rng.randrange(4))]
        double = AESSIV(wide).encrypt(data, headers)
        questions += [("gcm_seal", key, nonce, aad, data), ("gcm_open", key, nonce, aad, sealed)]
        questions += [("siv_seal", wide, headers, data), ("siv_open", wide, headers, double)]
        expected += [sealed, data, double, data]
    assert ask(questions) == expected


def test_both_sides_refuse_the_same_changes(rng: random.Random) -> None:
    questions = []
    for _ in range(CASES):
        key, nonce, aad = rng.randbytes(16), rng.randbytes(12), rng.randbytes(5)
        sealed = bytearray(AESGCM(key).encrypt(nonce, rng.randbytes(20), aad))
        sealed[rng.randrange(len(sealed))] ^= 1 << rng.randrange(8)
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(nonce, bytes(sealed), aad)
        questions.append(("gcm_open", key, nonce, aad, bytes(sealed)))
    assert ask(questions) == [Refused("TagError")] * CASES


def test_triple_des_and_retail_mac(rng: random.Random) -> None:
    questions, expected = [], []
    for _ in range(CASES):
        key, block, message = rng.randbytes(16), rng.randbytes(8), rng.randbytes(rng.randrange(1, 130))
        questions += [("tdes", key, block), ("mac", key, message)]
        expected += [_encrypt(Cipher(TripleDES(key), modes.ECB()), block), mac_iso9797_3(key[:8], key[8:], message, 2)]
    assert ask(questions) == expected
