"""HPKE base mode against RFC 9180."""

from crypto.vectors import cases, get, raises

from watch.crypto import hpke, p256
from watch.kernel.errors import CryptoError, TagError


def test_rfc_9180():
    done = 0
    for case in cases("rfc9180_hpke"):
        info, private, ephemeral, public = get(case, "info", "skRm", "skEm", "pkRm")
        enc, aad, ciphertext, plaintext = get(case, "enc", "aad", "ct", "pt")
        assert hpke.seal_with(ephemeral, public[1:], info, aad, plaintext) == (enc, ciphertext)
        assert hpke.open(enc, private, info, aad, ciphertext) == plaintext
        assert hpke.open(enc, private, info, aad, ciphertext, public[1:]) == plaintext
        done += 1
    print("NOTE HPKE cases:", done)


class _Counting:
    """Random bytes that are not random, each time others."""

    def __init__(self):
        self._last = 0

    def fill(self, buf):
        self._last += 1
        buf[:] = bytes((self._last,)) * len(buf)


PRIVATE = bytes(range(1, 33))
PUBLIC = p256.public_key(PRIVATE)


def test_same_plaintext_twice_gives_other_bytes():
    random = _Counting()
    first = hpke.seal(PUBLIC, b"info", b"aad", b"text", random)
    second = hpke.seal(PUBLIC, b"info", b"aad", b"text", random)
    assert first[0] != second[0] and first[1] != second[1]
    assert hpke.open(first[0], PRIVATE, b"info", b"aad", first[1]) == b"text"
    assert hpke.open(second[0], PRIVATE, b"info", b"aad", second[1]) == b"text"


def test_whatever_does_not_fit_is_refused():
    enc, ciphertext = hpke.seal(PUBLIC, b"info", b"aad", b"text", _Counting())
    assert raises(TagError, hpke.open, enc, PRIVATE, b"inf", b"aad", ciphertext)
    assert raises(TagError, hpke.open, enc, PRIVATE, b"info", b"aae", ciphertext)
    assert raises(TagError, hpke.open, enc, PRIVATE, b"info", b"aad", ciphertext[:-1])
    assert raises(TagError, hpke.open, enc, PRIVATE, b"info", b"aad", b"")
    assert raises(TagError, hpke.open, enc, bytes(31) + b"\x02", b"info", b"aad", ciphertext)
    for index in range(len(ciphertext)):
        changed = bytearray(ciphertext)
        changed[index] ^= 0x80
        assert raises(TagError, hpke.open, enc, PRIVATE, b"info", b"aad", changed)


def test_bad_encapsulated_keys_are_refused():
    enc, ciphertext = hpke.seal(PUBLIC, b"info", b"aad", b"text", _Counting())
    for bad in (
        b"",
        enc[1:],
        b"\x02" + enc[1:33],
        b"\x05" + enc[1:],
        enc[:-1] + bytes((enc[-1] ^ 1,)),
        b"\x04" + bytes(64),
    ):
        assert raises(CryptoError, hpke.open, bad, PRIVATE, b"info", b"aad", ciphertext)
