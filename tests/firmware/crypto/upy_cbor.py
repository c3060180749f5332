"""Deterministic CBOR: RFC 8949 appendix A, and everything that must be refused."""

import gc
from binascii import hexlify, unhexlify

from crypto.vectors import raises

from watch.crypto.cbor import decode, encode
from watch.crypto.utf8 import decode_utf8
from watch.kernel.errors import InputError

# RFC 8949 appendix A: every example of a type and form that is allowed here.
EXAMPLES = (
    (0, "00"),
    (1, "01"),
    (10, "0a"),
    (23, "17"),
    (24, "1818"),
    (25, "1819"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (-1, "20"),
    (-10, "29"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (False, "f4"),
    (True, "f5"),
    (None, "f6"),
    (b"", "40"),
    (b"\x01\x02\x03\x04", "4401020304"),
    ("", "60"),
    ("a", "6161"),
    ("IETF", "6449455446"),
    ('"\\', "62225c"),
    ("\u00fc", "62c3bc"),
    ("\u6c34", "63e6b0b4"),
    ("\U00010151", "64f0908591"),
    ([], "80"),
    ([1, 2, 3], "83010203"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    (list(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    (["a", {"b": "c"}], "826161a161626163"),
    ({"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}, "a56161614161626142616361436164614461656145"),
)

REFUSED = (
    ("", "nothing"),
    ("0000", "bytes left over"),
    ("1817", "23 in two bytes"),
    ("1900ff", "255 in three bytes"),
    ("1a0000ffff", "65535 in five bytes"),
    ("1b00000000ffffffff", "2^32 - 1 in nine bytes"),
    ("3817", "-24 in two bytes"),
    ("5800", "length not shortest"),
    ("780161", "length not shortest"),
    ("9800", "count not shortest"),
    ("b800", "count not shortest"),
    ("1c", "reserved length"),
    ("1d", "reserved length"),
    ("1e", "reserved length"),
    ("1f", "indefinite integer"),
    ("5f42010243030405ff", "indefinite byte string"),
    ("7f657374726561646d696e67ff", "indefinite text"),
    ("9fff", "indefinite array"),
    ("bfff", "indefinite map"),
    ("ff", "break"),
    ("f7", "undefined"),
    ("f0", "simple value 16"),
    ("f818", "simple value 24"),
    ("f8ff", "simple value 255"),
    ("f814", "false in two bytes"),
    ("f90000", "half float"),
    ("fa47c35000", "single float"),
    ("fb3ff199999999999a", "double float"),
    ("c11a514b67b0", "tag 1"),
    ("c249010000000000000000", "bignum"),
    ("d818456449455446", "tag 24"),
    ("a202000100", "keys falling"),
    ("a201000100", "key twice"),
    ("a26161000100", "text key before integer key"),
    ("a262616100616200", "longer key first"),
    ("a1410000", "byte string as key"),
    ("a1f500", "bool as key"),
    ("a1f600", "null as key"),
    ("a18000", "array as key"),
    ("a101", "value missing"),
    ("8201", "item missing"),
    ("4201", "byte string ends early"),
    ("6261", "text ends early"),
    ("19ff", "argument ends early"),
    ("5bffffffffffffffff", "2^64 bytes"),
    ("9bffffffffffffffff", "2^64 items"),
    ("bbffffffffffffffff", "2^64 pairs"),
    ("5a7fffffff", "2^31 bytes"),
    ("9a00010000", "65536 items"),
    ("61ff", "bad UTF-8"),
    ("62c080", "over-long NUL"),
    ("63eda080", "surrogate"),
)


def test_rfc_8949_both_ways():
    for value, text in EXAMPLES:
        data = unhexlify(text)
        assert encode(value) == data, (value, hexlify(encode(value)))
        back = decode(data)
        assert back == value and type(back) is type(value), text
        assert decode(bytearray(data)) == value and decode(memoryview(data)) == value
    print("NOTE CBOR examples:", len(EXAMPLES))


def test_everything_else_is_refused():
    for text, why in REFUSED:
        assert raises(InputError, decode, unhexlify(text)), why
    print("NOTE CBOR refusals:", len(REFUSED))


def test_every_prefix_and_every_extension_is_refused():
    data = encode({1: b"abc", 2: [1, 2, {"x": None}], "key": "value", -1: True})
    for length in range(len(data)):
        assert raises(InputError, decode, data[:length]), length
    assert raises(InputError, decode, data + b"\0")


def test_what_decodes_encodes_to_the_same_bytes():
    """Every string of two bytes, and every single-byte change of a message: refused, or the one encoding."""
    good = encode({1: [7, b"ab", "c"], 4: {-1: None, "k": 1000}})
    tried = taken = 0
    for first in range(256):
        for second in range(256):
            taken += _refused_or_same(bytes((first, second)))
            tried += 1
    for index in range(len(good)):
        for value in range(256):
            taken += _refused_or_same(good[:index] + bytes((value,)) + good[index + 1 :])
            tried += 1
    print("NOTE CBOR strings tried:", tried, "taken:", taken)


def _refused_or_same(data):
    try:
        value = decode(data)
    except InputError:
        return 0
    assert encode(value) == data, hexlify(data)
    return 1


def test_depth_and_count_are_bounded():
    assert decode(b"\x81\x81\x81\x81\x00") == [[[[0]]]]
    assert raises(InputError, decode, b"\x81\x81\x81\x81\x81\x00")
    assert decode(b"\x00", 0) == 0
    assert raises(InputError, decode, b"\x80", 0)
    assert len(decode(encode(list(range(64))))) == 64
    assert raises(InputError, decode, encode(list(range(65))))
    assert len(decode(encode(list(range(65))), 1, 65)) == 65
    assert raises(InputError, decode, encode([list(range(60))] * 10))  # more than 512 items altogether
    assert raises(InputError, decode, b"\x81" * 5000)


def test_hostile_counts_cost_no_memory():
    gc.collect()
    before = gc.mem_alloc()
    for text in ("9bffffffffffffffff", "5a7fffffff", "9a00010000", "bbffffffffffffffff"):
        assert raises(InputError, decode, unhexlify(text))
    assert gc.mem_alloc() - before < 4096


def test_encode_refuses_what_has_no_encoding():
    for value in (1.5, object(), {1.5: 0}, {b"x": 0}, {None: 0}, {True: 0}, 1 << 64, -(1 << 64) - 1, [set()]):
        assert raises(InputError, encode, value), value


def test_map_keys_go_out_in_bytewise_order():
    value = {"aa": 1, "b": 2, 10: 3, 100: 4, -1: 5, -300: 6, 1000: 7}
    assert list(decode(encode(value)).values()) is not None
    assert encode(value) == unhexlify("a70a031864041903e807200539012b0661620262616101")


def test_utf8():
    for text in (
        "",
        "abc",
        "\x00",
        "\x7f",
        "\u0080",
        "\u07ff",
        "\u0800",
        "\ud7ff",
        "\ue000",
        "\uffff",
        "\U00010000",
        "\U0010ffff",
    ):
        assert decode_utf8(text.encode()) == text
    for text in (
        "80",
        "bf",
        "c0af",
        "c1bf",
        "c2",
        "c2c2",
        "e0809f",
        "e09f80",
        "eda080",
        "edbfbf",
        "e282",
        "f0808080",
        "f08fbfbf",
        "f4908080",
        "f5808080",
        "ff",
        "fe",
        "61c3",
        "e28228",
        "f09f98",
    ):
        assert raises(InputError, decode_utf8, unhexlify(text)), text
