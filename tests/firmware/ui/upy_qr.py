"""QR codes inside MicroPython: the example of the standard, the fast loops against plain ones, limits."""

import random
import time

from tests.firmware.ui import plain_qr as plain
from watch.kernel.errors import InputError
from watch.ui import qr_codewords, qr_matrix, qr_tables
from watch.ui.qr import HIGH, LOW, MEDIUM, QUARTILE, QrCode

CPM = (
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc"
    "2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw=="
)


def raised(call, *arguments):
    """True if a call is refused."""
    try:
        call(*arguments)
    except InputError:
        return True
    return False


def test_the_example_of_the_standard():
    """ISO/IEC 18004 annex I: "01234567" as version 1-M."""
    codewords = qr_codewords.Codewords(1)
    codewords.encode("01234567", MEDIUM, 1)
    assert bytes(codewords.out).hex() == "10200c566180ec11ec11ec11ec11ec11a524d4c1ed36c7872c55"


def test_format_and_version_bits_of_the_standard():
    assert qr_tables.format_bits(MEDIUM, 5) == 0b100000011001110  # annex C.3
    assert qr_tables.format_bits(MEDIUM, 0) == 0b101010000010010
    assert qr_tables.version_bits(7) == 0b000111110010010100  # annex D.3


def test_fast_loops_are_the_plain_ones():
    random.seed(5)
    for _ in range(200):
        fast, slow = bytearray(8), bytearray(8)
        at, value, bits = random.randrange(40), random.getrandbits(16), random.randrange(17)
        assert qr_codewords._put(fast, at, value, bits) == plain.put(slow, at, value & (1 << bits) - 1, bits)
        assert fast == slow
    for size in (21, 33):
        for _ in range(12):
            few = random.choice((2, 4, 8))
            work = bytearray([0 if random.randrange(8) < few else 1 for _ in range(size * size)])
            for at in range(0, size * size - 7, 17):
                if random.getrandbits(1):
                    work[at : at + 7] = b"\x01\x00\x01\x01\x01\x00\x01"
            expected = [plain.line_penalty(line, size) for line in plain.lines(work, size)]
            assert qr_matrix.line_penalty(work, size, 1, size) == sum(expected[:size])
            assert qr_matrix.line_penalty(work, size, size, 1) == sum(expected[size:])
            assert qr_matrix.block_penalty(work, size) == plain.block_penalty(work, size)


def test_codewords_are_corrected_and_placed_as_plainly():
    random.seed(6)
    for version, level in ((1, HIGH), (5, QUARTILE), (7, LOW), (10, MEDIUM)):
        codewords = qr_codewords.Codewords(version)
        codewords.encode(CPM[:7], level, version)
        blocks = qr_tables.blocks_of(version, level)
        room = qr_tables.data_codewords_of(version, level)
        degree = qr_tables.correction_of(version, level)
        start = 0
        for block in range(blocks):
            length = room // blocks + (block >= blocks - room % blocks)
            expected = plain.correction(codewords._data[start : start + length], degree)
            found = bytes([codewords.out[room + block + place * blocks] for place in range(degree)])
            assert found == expected, (version, level, block)
            start += length
        size = qr_tables.size_of(version)
        fast = bytearray(size * size)
        qr_matrix.draw_fixed(fast, version)
        slow = bytearray(fast)
        qr_matrix.place(fast, size, codewords.out, len(codewords.out))
        plain.place(slow, size, codewords.out)
        assert fast == slow


def test_buffers_are_made_once():
    code = QrCode(8)
    code.encode(CPM)
    before = code.modules()
    code.encode("28" * 9, QUARTILE)
    assert (code.version, code.size) == (1, 21)
    code.encode(CPM)
    assert code.modules() is before and (code.version, code.size) == (8, 49)


def test_limits():
    assert raised(QrCode, 0) and raised(QrCode, 21)
    assert raised(QrCode(8).encode, CPM * 2), "no version has room"
    assert raised(QrCode(1).encode, "1" * 18, HIGH) and not raised(QrCode(1).encode, "1" * 18, QUARTILE)
    code = QrCode(3)
    code.encode("1", LOW, 3)
    assert code.version == 3


def test_time():
    code = QrCode(12)
    fastest = 1 << 30
    for _ in range(5):
        start = time.ticks_us()
        code.encode(CPM)
        fastest = min(fastest, time.ticks_diff(time.ticks_us(), start))
    print("NOTE QR code of a CPM payload of 168 characters: version %d, %d us" % (code.version, fastest))
