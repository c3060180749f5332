"""SHA-256, HMAC, HKDF and the comparison door."""

from binascii import unhexlify

from crypto.vectors import cases, get, raises

from watch.crypto.hashes import equal, hkdf_expand, hkdf_extract, hmac_sha256, sha256
from watch.kernel.errors import CryptoError


def test_sha256_of_parts_is_sha256_of_the_whole():
    # FIPS 180-4 example: "abc"
    expected = unhexlify("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert sha256(b"abc") == expected
    assert sha256(b"a", bytearray(b"b"), memoryview(b"xc")[1:], b"") == expected


def test_hmac_against_rfc_4231():
    done = 0
    for case in cases("rfc4231_hmac"):
        key, message, mac = get(case, "key", "msg", "mac")
        assert hmac_sha256(key, message)[: len(mac)] == mac, case
        assert hmac_sha256(bytearray(key), message[:3], message[3:])[: len(mac)] == mac, case
        done += 1
    assert done == 6


def test_hkdf_against_wycheproof():
    done = 0
    for case in cases("wycheproof_hkdf"):
        ikm, salt, info, expected = get(case, "ikm", "salt", "info", "okm")
        prk = hkdf_extract(salt, ikm)
        if case["valid"]:
            assert hkdf_expand(prk, info, case["size"]) == expected, case["name"]
        else:
            assert raises(CryptoError, hkdf_expand, prk, info, case["size"]), case["name"]
        done += 1
    print("NOTE HKDF cases:", done)


def test_hkdf_refuses_impossible_lengths():
    assert raises(CryptoError, hkdf_expand, bytes(32), b"", -1)
    assert raises(CryptoError, hkdf_expand, bytes(32), b"", 255 * 32 + 1)
    assert hkdf_expand(bytes(32), b"", 0) == b""


def test_equal_sees_every_single_changed_bit():
    for length in (0, 1, 16, 33):
        reference = bytes(range(length))
        assert equal(reference, bytearray(reference))
        for bit in range(8 * length):
            changed = bytearray(reference)
            changed[bit >> 3] ^= 1 << (bit & 7)
            assert not equal(reference, changed), bit


def test_equal_needs_equal_lengths():
    assert not equal(b"", b"\0")
    assert not equal(b"\0\0", b"\0")
    assert equal(memoryview(b"xab")[1:], b"ab")
