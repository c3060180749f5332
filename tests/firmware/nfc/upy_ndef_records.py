"""NDEF messages made here, against examples of the specifications, and the check of foreign ones.

What the same messages mean to independent software is tried in tests/interop/nfc.
"""

from support.world import refused

from watch.kernel.errors import InputError
from watch.nfc import ndef_records as ndef

ADDRESS = b"\xc0\xff\xee\x01\x02\x03"


def test_text():
    assert ndef.text("Tapwatch") == b"\xd1\x01\x0bT\x02enTapwatch"
    assert ndef.text("", "zh-CN") == b"\xd1\x01\x06T\x05zh-CN"
    assert ndef.text("腕表", "zh") == b"\xd1\x01\x09T\x02zh" + "腕表".encode()
    assert len(ndef.text("x" * 252)) == 4 + 255
    refused(InputError, ndef.text, "x" * 253)


def test_uri_prefixes():
    for link, code, rest in (
        ("http://www.example.org", 1, b"example.org"),
        ("https://www.example.org", 2, b"example.org"),
        ("http://example.org", 3, b"example.org"),
        ("https://example.org/r?n=1", 4, b"example.org/r?n=1"),
        ("tel:+123", 5, b"+123"),
        ("mailto:a@example.org", 6, b"a@example.org"),
        ("ftp://ftp.example.org", 8, b"example.org"),
        ("ftp://example.org", 13, b"example.org"),
        ("urn:epc:id:1", 30, b"1"),
        ("urn:epc:raw:1", 33, b"1"),
        ("urn:epc:other:1", 34, b"other:1"),
        ("urn:nfc:sn:x", 35, b"sn:x"),
        ("urn:isbn:1", 19, b"isbn:1"),
        ("gopher://x", 0, b"gopher://x"),
        ("https", 0, b"https"),
    ):
        message = ndef.uri(link)
        assert message == bytes((0xD1, 1, 1 + len(rest), 0x55, code)) + rest, link
        ndef.check(message)


def test_a_link_is_printable_ascii():
    for bad in ("https://example.org/ü", "https://example.org/\n", "a b", "\x7f", "https://x/" + "y" * 300):
        refused(InputError, ndef.uri, bad)


def test_pairing():
    message = ndef.pairing(ADDRESS, "Tapwatch")
    ndef.check(message)
    assert message[:15] == b"\x91\x02\x0aHs\x13\xd1\x02\x04ac\x01\x010\x00"
    assert message[15:52] == b"\x5a\x20\x1d\x01application/vnd.bluetooth.le.oob0"
    fields = "081b030201eeffc000 021c00 0319c000 020106 0909"
    assert message[52:] == bytes.fromhex(fields.replace(" ", "")) + b"Tapwatch"
    for bad in (ADDRESS[:5], ADDRESS + b"\x00", b""):
        refused(InputError, ndef.pairing, bad, "Tapwatch")
    for bad in ("", "n" * 30):
        refused(InputError, ndef.pairing, ADDRESS, bad)


WELL_FORMED = (
    "d00000",
    "d1010055",
    "d10103545a5a5a",
    "c101000000035500aabb",  # long form
    "d9010001554e",  # id N
    "d800 00 00",  # an empty record may state an id of no length
    "d5000141",
    "d20a01746578742f706c61696e41",
    "d4 03 01 613a62 41",
    "d30b00687474703a2f2f612e6263",
    "9101015541 5101015542",
    "b10102540261 36000161 56000161",  # one record in three chunks
    "b1010055 560000",
)


def test_well_formed_messages_pass():
    for text in WELL_FORMED:
        ndef.check(bytes.fromhex(text.replace(" ", "")))
    ndef.check(b"\x90\x00\x00" + b"\x10\x00\x00" * 14 + b"\x50\x00\x00")
    ndef.check(b"\xd1\x01\xffU" + bytes(255))
    ndef.check(b"\xc5\x00\x00\x00\x01\xfa" + bytes(506))


MALFORMED = (
    "",
    "d0",
    "d000",
    "d00100",  # type on an empty record
    "d00001aa",
    "d8000001aa",
    "d10000",  # no type where one is needed
    "d5010041",  # a type on a record of unknown type
    "d70000",  # reserved kind
    "d60000",  # a chunk that continues nothing
    "5101015541",  # no beginning
    "9101015541",  # no end
    "d101015541d101015541",
    "9101015541d101015541",  # begins twice
    "d10101554100",  # bytes behind the end
    "d1010255",
    "d1010155",
    "d1020155",
    "d9010101",
    "c101000000",
    "c1010000000555aa",
    "c101ffffffff55",
    "c1010001000055",
    "f101015541",  # unfinished at the end
    "b1010155415101015541",  # a chunk followed by another record
    "b1010155415e0001006141",  # a later chunk with an id
    "d101000a",  # a type that is not printable
    "d101007f",
    "d10100c3",
)


def test_malformed_messages_are_refused():
    for text in MALFORMED:
        refused(InputError, ndef.check, bytes.fromhex(text))
    refused(InputError, ndef.check, b"\x90\x00\x00" + b"\x10\x00\x00" * 15 + b"\x50\x00\x00")
    refused(InputError, ndef.check, b"\xc5\x00\x00\x00\x01\xfb" + bytes(507))
    for value in (None, "text", 5, bytearray(b"\xd0\x00\x00"), [0xD0, 0, 0]):
        refused(InputError, ndef.check, value)


def test_every_truncation_and_extension_is_refused():
    message = bytes.fromhex("9101015541 590202016c6f6e".replace(" ", "")) + b"\x01\x02"
    ndef.check(message)
    for size in range(len(message)):
        refused(InputError, ndef.check, message[:size])
    refused(InputError, ndef.check, message + b"\x00")
