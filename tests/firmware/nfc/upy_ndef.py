"""The read-only Type 4 tag."""

from tests.firmware.payment.card_kit import Wire
from watch.kernel.errors import InputError
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router

MESSAGE = b"\xd1\x01\x0cU\x04example.org"
SELECT = b"\x00\xa4\x04\x00\x07\xd2\x76\x00\x00\x85\x01\x01\x00"
CONTAINER = b"\x00\xa4\x00\x0c\x02\xe1\x03"
FILE = b"\x00\xa4\x00\x0c\x02\xe1\x04"


def read(offset, size):
    """READ BINARY."""
    return bytes((0x00, 0xB0, offset >> 8, offset & 0xFF, size & 0xFF))


def selected(message=MESSAGE):
    """A tag, selected."""
    wire = Wire(Router((NdefTag(message),)))
    assert wire.send(SELECT) == (b"", 0x9000)
    return wire


def test_container_says_read_only():
    wire = selected()
    assert wire.send(CONTAINER) == (b"", 0x9000)
    data, status = wire.send(read(0, 15))
    assert status == 0x9000
    assert data == b"\x00\x0f\x20\x00\xff\x00\xff\x04\x06\xe1\x04" + bytes((0, 2 + len(MESSAGE))) + b"\x00\xff"


def test_message_is_read_in_parts_of_any_size():
    for size in (1, 2, 7, 59, 255, 256):
        message = bytes(range(256)) * 3
        wire = selected(message)
        wire.send(FILE)
        content = b""
        while len(content) < len(message) + 2:
            data, status = wire.send(read(len(content), size))
            assert status == 0x9000 and 0 < len(data) <= size
            content += data
        assert content == bytes((len(message) >> 8, len(message) & 0xFF)) + message
        assert wire.send(read(len(content), size)) == (b"", 0x6B00)


def test_out_of_order_and_unknown():
    wire = selected()
    assert wire.send(read(0, 2)) == (b"", 0x6985)
    assert wire.send(b"\x00\xa4\x00\x0c\x02\xe1\x05") == (b"", 0x6A82)
    assert wire.send(b"\x00\xa4\x00\x0c\x01\xe1") == (b"", 0x6A82)
    assert wire.send(b"\x00\xa4\x02\x0c\x02\xe1\x04") == (b"", 0x6A86)
    assert wire.send(FILE) == (b"", 0x9000)
    assert wire.send(b"\x00\xd6\x00\x00\x01\x00") == (b"", 0x6D00), "there is no writing"
    assert wire.send(b"\x00\xb0\x00\x00") == (b"", 0x6700)
    assert wire.send(b"\x00\xb0\x80\x00\x02") == (b"", 0x6B00)
    assert wire.send(b"\x80\xb0\x00\x00\x02") == (b"", 0x6E00)
    assert wire.send(SELECT) == (b"", 0x9000)
    assert wire.send(read(0, 2)) == (b"", 0x6985), "selecting again forgets the file"


def test_message_has_a_limit():
    NdefTag(bytes(1024))
    try:
        NdefTag(bytes(1025))
    except InputError:
        return
    raise AssertionError("too long a message was taken")
