"""The driver's bytes on the bus: CRC and copying against plain versions, what is allocated, what a frame costs."""

import random

import micropython

from board.counting.radio import CannedRadio, on_air
from drivers.st25r3916_bus import copy, copy_checked

RATS = b"\xe0\x80"
GO_ON = b"\xc4"  # a transmit command: after an answer this reader sends its next frame


def plain_crc_a(data):
    """CRC_A bit by bit, as ISO/IEC 14443-3 annex B draws it."""
    crc = 0x6363
    for byte in data:
        for bit in range(8):
            mixed = (crc ^ byte >> bit) & 1
            crc >>= 1
            if mixed:
                crc ^= 0x8408
    return bytes((crc & 0xFF, crc >> 8))


def test_crc_of_the_standard():
    """The two examples of ISO/IEC 14443-3 annex B.1, and frames that are seen with every reader: HLTA and RATS."""
    for data, crc in ((b"\x00\x00", b"\xa0\x1e"), (b"\x12\x34", b"\x26\xcf"), (b"\x50\x00", b"\x57\xcd")):
        assert plain_crc_a(data) == crc
        out = bytearray(4)
        assert copy_checked(out, data + crc, 4) == 0 and bytes(out) == data + b"\0\0"
    assert plain_crc_a(RATS) == b"\x31\x73"


def test_copying_against_the_plain_version():
    random.seed(41)
    for count in list(range(3, 20)) + [63, 64, 255, 256]:
        data = bytes(random.getrandbits(8) for _ in range(count - 2))
        frame = data + plain_crc_a(data)
        out = bytearray(count + 3)
        assert copy_checked(out, frame, count) == 0 and out[: count - 2] == data
        assert not any(out[count - 2 :]), "the CRC is not copied, nor anything after it"
        wrong = bytearray(frame)
        wrong[random.getrandbits(10) % count] ^= 1 << random.getrandbits(3)
        assert copy_checked(out, wrong, count) != 0
        out = bytearray(count + 3)
        copy(out, frame, count)
        assert out == frame + bytes(3)


def test_every_single_bit_error_is_noticed():
    frame = bytearray(b"\x02\x00\xa4\x04\x00" + plain_crc_a(b"\x02\x00\xa4\x04\x00"))
    out = bytearray(8)
    for bit in range(len(frame) * 8):
        frame[bit >> 3] ^= 1 << (bit & 7)
        assert copy_checked(out, frame, len(frame)) != 0, bit
        frame[bit >> 3] ^= 1 << (bit & 7)


def exchange(port, frame, answer, length):
    """A whole visit of a reader, as a session makes it."""
    frames = 0
    while True:
        got = port.receive(frame, 1000)
        if got < 0:
            return frames
        frames += 1
        port.transmit(answer, length)


def test_frames_allocate_nothing():
    radio = CannedRadio()
    radio.put([on_air(data) for data in (RATS, b"\xb2", bytes(254), b"\xc2", b"\x02" + bytes(99))])
    frame, answer = bytearray(256), bytearray(254)
    assert exchange(radio.port, frame, answer, 254) == 5
    for length in (1, 2, 127, 254):
        radio.rewind()
        micropython.heap_lock()
        try:
            frames = exchange(radio.port, frame, answer, length)
            radio.port.halt()
            radio.port.receive(frame, 0)
        finally:
            micropython.heap_unlock()
        assert frames == 5
    print("NOTE st25r3916 driver: 25 frames of 1 to 254 bytes each way, 0 bytes allocated")


def test_the_lock_would_notice_an_allocation():
    radio = CannedRadio()
    radio.put([on_air(RATS)])
    radio.port.receive(bytearray(256), 1000)
    micropython.heap_lock()
    failed = False
    try:
        radio.port.arm(bytes(4), bytes(2), 0)
    except MemoryError:
        failed = True
    finally:
        micropython.heap_unlock()
    assert failed


def test_dropped_frames_allocate_nothing_either():
    damaged = [on_air(data) for data in (RATS, b"\x02\x01", bytes(254))]
    damaged = [frame[:-1] + bytes((frame[-1] ^ 0xFF,)) for frame in damaged] + [b"\0\x26"]
    radio = CannedRadio()
    frame = bytearray(256)
    for bad in damaged:
        radio.put([bad, on_air(b"\xb2")])
        micropython.heap_lock()
        try:
            radio.port.receive(frame, 0)  # the field and SELECT
            got = radio.port.receive(frame, 0)
            radio.write(GO_ON)
            more = radio.port.receive(frame, 0)
            radio.write(GO_ON)
            last = radio.port.receive(frame, 0)
        finally:
            micropython.heap_unlock()
        assert (got, more, last) == (0, 1, -1), bad
