"""The read-only Type 4 tag."""

import gc

from tests.firmware.payment.card_kit import Wire
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router

MESSAGE = b"\xd1\x01\x0cU\x04example.org"
SELECT = b"\x00\xa4\x04\x00\x07\xd2\x76\x00\x00\x85\x01\x01\x00"
CONTAINER = b"\x00\xa4\x00\x0c\x02\xe1\x03"
FILE = b"\x00\xa4\x00\x0c\x02\xe1\x04"
FILE_BYTES = 514


def read(offset, size):
    """READ BINARY."""
    return bytes((0x00, 0xB0, offset >> 8, offset & 0xFF, size & 0xFF))


def tag_of(message=MESSAGE):
    """A tag that always says the same, behind a router."""
    return Wire(Router((NdefTag(lambda: message),)))


def selected(message=MESSAGE):
    """A tag, selected."""
    wire = tag_of(message)
    assert wire.send(SELECT) == (b"", 0x9000)
    return wire


def whole(wire):
    """The message, read as the mapping says: NLEN, then so many bytes."""
    assert wire.send(FILE) == (b"", 0x9000)
    head, status = wire.send(read(0, 2))
    assert status == 0x9000
    size = head[0] << 8 | head[1]
    content = b""
    while len(content) < size:
        data, status = wire.send(read(2 + len(content), min(255, size - len(content))))
        assert status == 0x9000
        content += data
    return content


def test_container_says_read_only_and_nothing_of_the_message():
    for message in (MESSAGE, b"", bytes(512)):
        wire = selected(message)
        assert wire.send(CONTAINER) == (b"", 0x9000)
        data, status = wire.send(read(0, 15))
        assert status == 0x9000
        assert data == bytes.fromhex("000f 20 00ff 00ff 0406 e104 0202 00 ff".replace(" ", ""))
        assert wire.send(read(15, 1)) == (b"", 0x6B00)


def test_message_is_read_in_parts_of_any_size():
    message = bytes(range(256)) + bytes(range(255, -1, -1))
    stored = b"\x02\x00" + message
    for size in (1, 2, 7, 59, 255, 256):
        wire = selected(message)
        wire.send(FILE)
        content = b""
        while len(content) < FILE_BYTES:
            data, status = wire.send(read(len(content), size))
            assert status == 0x9000 and len(data) == min(size, FILE_BYTES - len(content))
            content += data
        assert content == stored
        assert wire.send(read(len(content), size)) == (b"", 0x6B00)


def test_exactly_as_many_bytes_as_asked_for():
    wire = selected()
    wire.send(FILE)
    for size in range(1, 257):
        data, status = wire.send(read(0, size))
        assert status == 0x9000 and len(data) == size
        assert data == (b"\x00\x10" + MESSAGE + bytes(256))[:size], "behind the message there are zeros"


def test_every_offset():
    wire = selected(bytes(512))
    wire.send(FILE)
    for offset in range(0, 0x10000, 257):
        data, status = wire.send(read(offset, 1))
        assert (len(data), status) == ((1, 0x9000) if offset < FILE_BYTES else (0, 0x6B00)), offset


def test_selections_that_phones_send():
    for name in (
        SELECT,
        SELECT[:-1],  # without Le
        b"\x00\xa4\x04\x0c" + SELECT[4:-1],
        b"\x00\xa4\x04\x0c" + SELECT[4:],
    ):
        for file in (
            FILE,
            FILE + b"\x00",
            b"\x00\xa4\x00\x00\x02\xe1\x04",  # mapping version 1
            b"\x00\xa4\x00\x00\x02\xe1\x04\x00",
        ):
            wire = tag_of()
            assert wire.send(name) == (b"", 0x9000), name
            assert wire.send(file) == (b"", 0x9000), file
            assert wire.send(read(0, 2)) == (b"\x00\x10", 0x9000)


def test_out_of_order_and_unknown():
    wire = selected()
    assert wire.send(read(0, 2)) == (b"", 0x6986)
    assert wire.send(b"\x00\xa4\x00\x0c\x02\xe1\x05") == (b"", 0x6A82)
    assert wire.send(b"\x00\xa4\x00\x0c\x01\xe1") == (b"", 0x6A82)
    for first, second in ((2, 0x0C), (0, 4), (0, 8), (0, 1), (1, 0), (8, 0)):
        assert wire.send(bytes((0, 0xA4, first, second, 2, 0xE1, 0x04))) == (b"", 0x6A86)
    assert wire.send(FILE) == (b"", 0x9000)
    for length_missing in (b"\x00\xb0\x00\x00", b"\x00\xb0\x00\x00\x01\x00", b"\x00\xb0\x00\x00\x01\x00\x00"):
        assert wire.send(length_missing) == (b"", 0x6700)
    assert wire.send(b"\x00\xb0\x80\x00\x02") == (b"", 0x6B00)
    assert wire.send(b"\x80\xb0\x00\x00\x02") == (b"", 0x6E00)
    assert wire.send(b"\x00\xb2\x01\x0c\x00") == (b"", 0x6D00)
    assert wire.send(SELECT) == (b"", 0x9000)
    assert wire.send(read(0, 2)) == (b"", 0x6986), "selecting again forgets the file"


def test_there_is_no_writing():
    wire = selected()
    for update in (b"\x00\xd6\x00\x00\x02\x00\x00", b"\x00\xd6\x00\x00\x02\xff\xff\x00", b"\x00\xd6\x00\x00"):
        assert wire.send(update) == (b"", 0x6982)
    assert wire.send(FILE) == (b"", 0x9000)
    for update in (b"\x00\xd6\x00\x00\x02\x00\x00", b"\x00\xd6\x02\x00\x01\xff"):
        assert wire.send(update) == (b"", 0x6982)
    assert whole(wire) == MESSAGE


class Changing:
    """A tag whose message the test changes, and how often it was asked for."""

    def __init__(self):
        self.said = MESSAGE
        self.asked = 0
        self.tag = NdefTag(self.message)
        self.wire = Wire(Router((self.tag,)))

    def message(self):
        """What the tag is to say now."""
        self.asked += 1
        return self.said


def test_the_message_is_asked_for_once_and_does_not_change_in_the_middle():
    bench = Changing()
    wire = bench.wire
    assert bench.asked == 0
    wire.send(SELECT)
    wire.send(FILE)
    first = wire.send(read(2, 5))[0]
    bench.said = b"\xd0\x00\x00"
    assert first + wire.send(read(7, 11))[0] == MESSAGE
    assert whole(wire) == MESSAGE and bench.asked == 1
    wire.send(SELECT)
    assert whole(wire) == b"\xd0\x00\x00" and bench.asked == 2
    wire.send(FILE)
    assert wire.send(read(0, 255)) == (b"\x00\x03\xd0" + bytes(252), 0x9000), "nothing is left of the longer one"


def test_nothing_is_readable_or_kept_after_deselect():
    for leave in ("reader", "taken away"):
        bench = Changing()
        wire = bench.wire
        wire.send(SELECT)
        wire.send(FILE)
        assert MESSAGE in bytes(bench.tag._content)
        if leave == "reader":
            wire.card.deselect()
            answers = (0x6D00, 0x6A86, 0x6A86)  # nothing is selected
        else:
            bench.tag.deselect()
            answers = (0x6985, 0x6985, 0x6985)
        assert bytes(bench.tag._content) == bytes(FILE_BYTES)
        for command, refused in zip((read(0, 2), FILE, CONTAINER), answers):
            assert wire.send(command) == (b"", refused), command
        assert wire.send(SELECT) == (b"", 0x9000)
        assert whole(wire) == MESSAGE


def test_message_has_a_limit():
    assert whole(selected(bytes(512))) == bytes(512)
    wire = tag_of(bytes(513))
    assert wire.send(SELECT) == (b"", 0x6F00)
    assert wire.send(FILE) == (b"", 0x6A86)


def allocated(action):
    """Bytes that `action` allocates, with the collector off as in a tap."""
    gc.collect()
    gc.disable()
    try:
        before = gc.mem_alloc()
        action()
        return gc.mem_alloc() - before
    finally:
        gc.enable()


def visit(wire):
    """One reader: it comes, reads everything and goes. Returns nothing, keeps nothing."""
    wire.card.select()
    wire.send(SELECT)
    wire.send(CONTAINER)
    wire.send(read(0, 15))
    wire.send(FILE)
    wire.send(read(0, 2))
    for offset in (2, 257, 512):
        wire.send(read(offset, 255))
    wire.card.deselect()


def test_a_whole_read_allocates_little_and_leaves_nothing():
    wire = tag_of(bytes(512))
    visit(wire)
    peak = allocated(lambda: visit(wire))
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(1000):
        visit(wire)
    gc.collect()
    grown = gc.mem_alloc() - before
    print("NOTE tag read of 512 bytes:", peak, "bytes allocated (with the test's own), heap growth after 1000:", grown)
    assert peak <= 4096 and grown <= 0


def test_leaving_the_tag_allocates_nothing():
    tag = NdefTag(lambda: MESSAGE)
    tag.select(bytearray(258))
    assert allocated(tag.deselect) == 0
