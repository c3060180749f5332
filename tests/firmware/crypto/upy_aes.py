"""AES in ECB, CBC and CTR."""

from crypto.vectors import cases, get, raises

from watch.crypto.aes import cbc_decrypt, cbc_encrypt, ctr, ecb_encrypt
from watch.kernel.errors import CryptoError


def test_cbc_and_ctr_against_nist():
    done = 0
    for case in cases("nist_aes"):
        key, iv, plaintext, ciphertext = get(case, "key", "iv", "plaintext", "ciphertext")
        if case["mode"] == "CBC":
            assert cbc_encrypt(key, iv, plaintext) == ciphertext, case
            assert cbc_decrypt(key, iv, ciphertext) == plaintext, case
        else:
            assert ctr(key, iv, plaintext) == ciphertext, case
            assert ctr(key, iv, ciphertext) == plaintext, case
        done += 1
    print("NOTE AES cases:", done)


def test_ctr_counts_over_all_128_bits():
    key = bytes(range(16))
    for first in (b"\xff" * 16, bytes(8) + b"\xff" * 8, bytes(15) + b"\xff", b"\xfe" + b"\xff" * 15):
        stream = bytes(ctr(key, first, bytes(70)))
        start = int.from_bytes(first, "big")
        expected = b""
        for block in range(5):
            expected += ecb_encrypt(key, ((start + block) % (1 << 128)).to_bytes(16, "big"))
        assert stream == expected[:70], first


def test_ctr_of_any_length():
    key = bytes(32)
    whole = bytes(ctr(key, bytes(16), bytes(64)))
    for length in range(65):
        assert bytes(ctr(key, bytes(16), bytes(length))) == whole[:length]


def test_bad_lengths_are_refused():
    for key_length in (0, 15, 24, 33):
        assert raises(CryptoError, ecb_encrypt, bytes(key_length), bytes(16))
        assert raises(CryptoError, ctr, bytes(key_length), bytes(16), bytes(16))
    assert raises(CryptoError, cbc_encrypt, bytes(16), bytes(15), bytes(16))
    assert raises(CryptoError, cbc_decrypt, bytes(16), bytes(16), bytes(17))
    assert raises(CryptoError, ctr, bytes(16), bytes(12), bytes(16))
