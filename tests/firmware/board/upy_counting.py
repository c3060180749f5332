"""The counting board: counts right, refuses what a panel or a flash chip would refuse, repeats itself exactly."""

import micropython

from board.counting.board import build


def refused(kind, access, *arguments):
    """True when `access` raises an error of this kind."""
    try:
        access(*arguments)
    except kind:
        return True
    return False


WINDOW_BYTES = {"410x502": 3 * 4 + 2 * 4, "240x240": 3 * 1 + 2 * 4}
"""Three commands, each behind a header of four bytes or alone; two of them have four parameters."""


def test_windows_and_bytes_are_counted_with_the_commands_around_them():
    for size, around in WINDOW_BYTES.items():
        display = build(size).display
        assert (display.bytes, display.level, display.asleep) == (0, 255, False)
        display.write(0, 0, 4, 2, memoryview(bytes(16)))
        display.write(display.width - 4, display.height - 2, 4, 2, memoryview(bytes(16)))
        assert (display.windows, display.bytes) == (2, 32 + 2 * around), size


def test_counting_allocates_nothing():
    for size in WINDOW_BYTES:
        display = build(size).display
        pixels = memoryview(bytes(9600))
        display.write(0, 0, 80, 60, pixels)
        micropython.heap_lock()
        try:
            display.write(0, 0, 80, 60, pixels)
            display.brightness(9)
            display.sleep(True)
        finally:
            micropython.heap_unlock()
        assert display.windows == 2 and display.asleep


def test_windows_off_the_panel_or_not_aligned_are_refused():
    display = build("410x502").display
    pixels = memoryview(bytes(64))
    for window in ((0, 0, 412, 2), (-2, 0, 2, 2), (1, 0, 2, 2), (0, 0, 3, 2), (0, 0, 0, 2), (0, 502, 2, 2)):
        assert refused(ValueError, display.write, *window, pixels), window
    assert refused(ValueError, display.write, 0, 0, 8, 8, pixels), "fewer pixels than the window has"
    assert display.windows == 0


def test_square_panel_needs_no_alignment():
    display = build("240x240").display
    display.write(239, 239, 1, 1, memoryview(bytes(2)))
    assert display.windows == 1


def test_unknown_size_is_refused():
    assert refused(ValueError, build, "1x1")


def test_flash_follows_nor_rules():
    flash = build().flash
    piece = bytearray(2)
    flash.program(4095, b"\x0f\xf0")
    flash.program(4095, b"\xf3\x3f")
    flash.read(4095, piece)
    assert piece == b"\x03\x30", piece
    flash.erase(4096)
    flash.read(4095, piece)
    assert piece == b"\x03\xff", piece
    assert refused(OSError, flash.erase, 1)
    assert refused(OSError, flash.program, flash.size - 1, b"ab")
    assert (flash.programs, flash.programmed_bytes, flash.erases) == (2, 4, 1)


def test_two_boards_give_the_same_bytes():
    pieces = [bytearray(40), bytearray(40)]
    for piece in pieces:
        build().entropy.read(piece)
    assert pieces[0] == pieces[1]
    assert build().secret.hmac(b"x") == build().secret.hmac(b"x")


def test_nfc_reader_goes_away_after_its_frames():
    nfc = build().nfc
    nfc.frames = [b"\xe0\x80", b"\x02\x00"]
    frame = bytearray(16)
    assert nfc.field() and nfc.receive(frame, 1000) == 2 and frame[0] == 0xE0
    assert nfc.receive(frame, 1000) == 2
    assert not nfc.field() and nfc.receive(frame, 1000) == -1


def test_ticks_wrap_at_two_to_the_thirty():
    clock = build().clock
    clock.now_us = ((1 << 30) - 1) * 1000
    assert clock.ticks_ms() == (1 << 30) - 1
    clock.now_us += 1000
    assert clock.ticks_ms() == 0


def test_usb_hands_out_what_waits():
    usb = build().usb
    usb.waiting = bytearray(b"abc")
    piece = bytearray(2)
    assert usb.read(piece) == 2 and piece == b"ab"
    assert usb.read(piece) == 1 and piece[0:1] == b"c"
    assert usb.read(piece) == 0
