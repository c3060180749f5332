"""Sealed records, against values that an independent AES-SIV made."""

import json
from binascii import unhexlify

from watch.kernel.errors import CryptoError, TagError
from watch.storage.sealed import OVERHEAD_BYTES, seal, unseal

KEY = bytes(range(32))


class Counting:
    """Random bytes that are known: the number of the call."""

    calls = 0

    def bytes(self, count):
        self.calls += 1
        return bytes([self.calls & 255, self.calls >> 8]) + bytes(count - 2)


class Fixed:
    def __init__(self, nonce):
        self.nonce = nonce

    def bytes(self, count):
        assert count == len(self.nonce)
        return self.nonce


def refused(error, *arguments):
    try:
        unseal(*arguments)
    except error:
        return True
    return False


def test_vectors_of_another_implementation():
    with open("tests/vectors/storage/sealed.json") as file:
        vectors = json.load(file)
    for vector in vectors:
        key, value = unhexlify(vector["key"]), unhexlify(vector["value"])
        blob = unhexlify(vector["blob"])
        assert unseal(key, vector["record"], blob) == value
        assert seal(key, vector["record"], value, Fixed(blob[:16])) == blob
    print(f"NOTE sealed records: {len(vectors)} vectors of pyca/cryptography AESSIV, both directions")


def test_every_changed_bit_is_noticed():
    blob = seal(KEY, 7, b"session key", Counting())
    for bit in range(8 * len(blob)):
        changed = bytearray(blob)
        changed[bit // 8] ^= 1 << bit % 8
        assert refused(TagError, KEY, 7, changed), bit


def test_other_key_record_or_length_is_refused():
    blob = seal(KEY, 7, b"value", Counting())
    assert unseal(KEY, 7, blob) == b"value"
    assert refused(TagError, bytes(32), 7, blob)
    assert refused(TagError, KEY, 8, blob)
    assert refused(TagError, KEY, 7 << 8, blob)
    for length in range(len(blob)):
        assert refused(TagError, KEY, 7, blob[:length])
    assert refused(TagError, KEY, 7, blob + b"\x00")
    assert refused(CryptoError, KEY[:5], 7, blob)


def test_one_value_twice_gives_different_bytes():
    random = Counting()
    seen = {seal(KEY, 7, b"the same", random) for _ in range(300)}
    assert len(seen) == 300


def test_overhead():
    for length in (0, 1, 16, 500):
        assert len(seal(KEY, 1, bytes(length), Counting())) == length + OVERHEAD_BYTES
