"""Triple DES and the retail MAC."""

from binascii import unhexlify

import micropython
from crypto.vectors import cases, get, raises

from watch.crypto.des import Alg3Mac, TripleDes
from watch.kernel.errors import CryptoError

KEY = unhexlify("0123456789abcdeffedcba9876543210")


def test_triple_des_against_nist():
    done = 0
    out = bytearray(16)
    for case in cases("nist_tdes"):
        key, plaintext, ciphertext = get(case, "key", "plaintext", "ciphertext")
        cipher = TripleDes(key)
        for at in range(0, len(plaintext), 8):
            cipher.encrypt_block(plaintext, at, out, 5)
            assert out[5:13] == ciphertext[at : at + 8], case
            cipher.decrypt_block(out, 5, out, 1)
            assert out[1:9] == plaintext[at : at + 8], case
        done += 1
    print("NOTE triple DES cases:", done)


def _plain_mac(key, message):
    """ISO/IEC 9797-1 algorithm 3 from single DES, which is triple DES with equal halves."""
    padded = message + b"\x80" + bytes(7 - len(message) % 8)
    single, both = TripleDes(key[:8] + key[:8]), TripleDes(key)
    chain = bytearray(8)
    for at in range(0, len(padded), 8):
        for i in range(8):
            chain[i] ^= padded[at + i]
        (both if at == len(padded) - 8 else single).encrypt_block(chain, 0, chain, 0)
    return chain


def test_mac_against_the_definition():
    mac = Alg3Mac(KEY)
    out = bytearray(8)
    message = bytes((i * 89 + 7) & 255 for i in range(130))
    for length in range(len(message) + 1):
        mac.mac(message, length, out)
        assert out == _plain_mac(KEY, message[:length]), length


def test_mac_against_pyemv():
    # Worked out with pyemv 1.5.0, mac_iso9797_3.
    mac = Alg3Mac(KEY)
    out = bytearray(8)
    mac.mac(b"Now is the time for all good", 28, out)
    assert out == unhexlify("cca3ebacb96878af")


def test_mac_allocates_nothing():
    mac = Alg3Mac(KEY)
    message, out = bytearray(64), bytearray(8)
    micropython.heap_lock()
    try:
        mac.mac(message, 48, out)
        mac.mac(message, 5, out)
    finally:
        micropython.heap_unlock()


def test_buffers_are_checked():
    cipher, out = TripleDes(KEY), bytearray(8)
    for source_at, target_at in ((1, 0), (0, 1), (-1, 0), (0, -1), (1000000, 0)):
        assert raises(CryptoError, cipher.encrypt_block, bytes(8), source_at, out, target_at)
        assert raises(CryptoError, cipher.decrypt_block, bytes(8), source_at, out, target_at)
    mac = Alg3Mac(KEY)
    assert raises(CryptoError, mac.mac, bytes(8), 9, out)
    assert raises(CryptoError, mac.mac, bytes(8), -1, out)
    assert raises(CryptoError, mac.mac, bytes(8), 8, bytearray(7))
    assert raises(CryptoError, TripleDes, bytes(8))
    assert raises(CryptoError, Alg3Mac, bytes(24))


def test_zero_wipes_the_schedules():
    mac = Alg3Mac(KEY)
    mac.mac(b"x", 1, bytearray(8))
    assert any(mac._work)
    mac.zero()
    assert not any(mac._work)
