"""CMAC, GCM, SIV and the GHASH inside GCM."""

from binascii import unhexlify

from crypto.vectors import cases, get, raises

from watch.crypto.cmac import Cmac, cmac
from watch.crypto.gcm import gcm_open, gcm_seal
from watch.crypto.ghash import Ghash
from watch.crypto.siv import siv_open, siv_seal
from watch.kernel.errors import CryptoError, TagError


def test_cmac_against_wycheproof_and_nist():
    done = 0
    for case in cases("cmac"):
        key, message, tag = get(case, "key", "msg", "tag")
        assert (cmac(key, message) == tag) == case["valid"], case["name"]
        assert Cmac(key).mac(message[:5], message[5:]) == cmac(key, message)
        done += 1
    print("NOTE CMAC cases:", done)


def test_gcm_against_wycheproof():
    done = refused = 0
    for case in cases("wycheproof_gcm"):
        key, nonce, aad, message, ciphertext, tag = get(case, "key", "iv", "aad", "msg", "ct", "tag")
        done += 1
        if len(nonce) != 12:
            assert raises(CryptoError, gcm_open, key, nonce, aad, ciphertext + tag), case["name"]
            assert raises(CryptoError, gcm_seal, key, nonce, aad, message), case["name"]
        elif case["valid"]:
            assert gcm_seal(key, nonce, aad, message) == ciphertext + tag, case["name"]
            assert gcm_open(key, nonce, aad, ciphertext + tag) == message, case["name"]
        else:
            assert raises(TagError, gcm_open, key, nonce, aad, ciphertext + tag), case["name"]
            refused += 1
    print("NOTE GCM cases:", done, "of them to be refused:", refused)


def test_siv_against_wycheproof():
    done = refused = 0
    for case in cases("wycheproof_siv"):
        key, aad, message, sealed = get(case, "key", "aad", "msg", "ct")
        done += 1
        if case["valid"]:
            assert siv_seal(key, [aad], message) == sealed, case["name"]
            assert siv_open(key, [aad], sealed) == message, case["name"]
        else:
            assert raises(TagError, siv_open, key, [aad], sealed), case["name"]
            refused += 1
    print("NOTE SIV cases:", done, "of them to be refused:", refused)


def test_siv_with_several_headers_against_rfc_5297():
    key = unhexlify("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f")
    headers = [
        unhexlify("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100"),
        unhexlify("102030405060708090a0"),
        unhexlify("09f911029d74e35bd84156c5635688c0"),
    ]
    message = unhexlify(
        "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553"
    )
    sealed = unhexlify(
        "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d"
    )
    assert siv_seal(key, headers, message) == sealed
    assert siv_open(key, headers, sealed) == message
    assert raises(TagError, siv_open, key, headers[::-1], sealed)


def test_bad_lengths_are_refused():
    assert raises(CryptoError, cmac, bytes(24), b"")
    assert raises(CryptoError, siv_seal, bytes(48), [], b"")
    assert raises(CryptoError, siv_seal, bytes(32), [b""] * 127, b"")
    assert raises(CryptoError, gcm_seal, bytes(24), bytes(12), b"", b"")
    assert raises(TagError, gcm_open, bytes(16), bytes(12), b"", bytes(15))
    assert raises(TagError, siv_open, bytes(32), [], bytes(15))


def test_each_changed_bit_is_refused():
    key, nonce = bytes(range(16)), bytes(12)
    sealed = gcm_seal(key, nonce, b"head", b"body")
    double = siv_seal(key + key, [b"head"], b"body")
    for bit in range(8 * 20):
        for opened, args in ((sealed, (gcm_open, key, nonce, b"head")), (double, (siv_open, key + key, [b"head"]))):
            changed = bytearray(opened)
            changed[bit >> 3] ^= 1 << (bit & 7)
            assert raises(TagError, *(args + (changed,))), bit


def _plain_ghash(key, data):
    """SP 800-38D algorithms 1 and 2, bit by bit."""
    h = int.from_bytes(key, "big")
    y = 0
    for start in range(0, len(data), 16):
        block = data[start : start + 16]
        x = y ^ int.from_bytes(block + bytes(16 - len(block)), "big")
        z, v = 0, h
        for bit in range(127, -1, -1):
            if x >> bit & 1:
                z ^= v
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
        y = z
    return y.to_bytes(16, "big")


def test_ghash_against_the_plain_definition():
    for seed in range(12):
        key = cmac(bytes(16), bytes((seed,)))
        for length in (0, 1, 15, 16, 17, 40):
            data = bytes((seed * 37 + i * 101) & 255 for i in range(length))
            ghash = Ghash(key)
            ghash.update(data)
            assert ghash.digest() == _plain_ghash(key, data), (seed, length)
    for bit in range(128):
        key = (1 << bit).to_bytes(16, "big")
        ghash = Ghash(key)
        ghash.update(b"\xff" * 16)
        assert ghash.digest() == _plain_ghash(key, b"\xff" * 16), bit


def test_ghash_leaves_no_table_behind():
    ghash = Ghash(b"\x5a" * 16)
    ghash.wipe()
    assert not any(ghash._table)
