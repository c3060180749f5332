"""The models of panels and touch controllers notice what their chips forbid: each rule is broken once."""

from tests.firmware.drivers.panel_kit import KINDS, Amoled, Ips, started
from tests.firmware.drivers.touch_kit import Cst, Ft, Ft3168
from tests.firmware.drivers.touch_kit import started as touching


def noticed(desk, words):
    """True if exactly this was written down; forgets it."""
    found = len(desk.misuse) == 1 and words in desk.misuse[0]
    if not found:
        print(desk.misuse)
    desk.misuse.clear()
    return found


def test_every_misuse_of_the_bus_is_noticed():
    for how, words in (({"baud": 80_000_000}, "too fast"), ({"mode": (0, 1)}, "polarity")):
        for kind in KINDS:
            desk = kind(**how)
            desk.send(0x11)
            assert words in desk.misuse[0], (kind, desk.misuse)
    for kind in KINDS:
        desk = started(kind)
        desk.spi.write(b"\x29")
        assert noticed(desk, "0 chips selected")
        desk.select(0)
        desk.spi.readinto(bytearray(1))
        assert noticed(desk, "read")


def test_commands_are_known_and_have_their_parameters():
    for kind in KINDS:
        desk = started(kind)
        desk.send(0x77)
        assert noticed(desk, "unknown command 77")
        desk.send(0x2A, bytes(3))
        assert noticed(desk, "2a with 3 parameters")
        desk.send(0x3A, bytes(2))
        assert noticed(desk, "3a with 2 parameters")
        desk.send(0x29, bytes(17))
        assert "nobody asked for" in desk.misuse[0]


def test_one_line_commands_have_their_header():
    desk = started(Amoled)
    desk.select(0)
    desk.spi.write(b"\x32\0\x29\0")
    desk.select(1)
    assert noticed(desk, "not a write on one line")


def test_waits_are_kept():
    for kind in KINDS:
        desk = started(kind)
        desk.time.advance(200)
        desk.send(0x10)
        desk.time.advance(4)
        desk.send(0x29)
        assert noticed(desk, "busy")
        desk.time.advance(100)
        desk.send(0x11)
        assert noticed(desk, "sleep out too soon")
        desk.time.advance(119)
        if kind is Amoled:
            desk.send(0x29)
            assert noticed(desk, "busy")
        desk.send(0x10)
        assert ("busy" if kind is Amoled else "sleep in too soon") in desk.misuse[-1]
        desk.misuse.clear()
        desk.time.advance(200)
        desk.send(0x01)
        desk.time.advance(100)
        desk.send(0x11)
        assert "busy" in desk.misuse[0]


def test_reset_pulses_are_long_enough_and_nothing_is_heard_in_them():
    for kind in KINDS:
        desk = started(kind)
        desk.chip.reset(0)
        assert desk.chip.asleep and desk.darks == [True]
        desk.send(0x29)
        assert noticed(desk, "busy")
        desk.time.advance(1)
        desk.chip.reset(1)
        assert noticed(desk, "pulse too short")


def test_after_a_reset_all_is_as_the_datasheet_says():
    for kind in KINDS:
        desk = kind()
        desk.window(0, 0, 2, 2)
        desk.send(0x2C, bytes(8))
        assert "another format" in desk.misuse[0] and "sleeping" in desk.chip.warnings[0]
    desk = started(Amoled)
    desk.send(0x53, b"\0")
    assert desk.lights == [0], "without its control there is no brightness"
    desk.time.advance(200)
    desk.send(0x01)
    desk.time.advance(200)
    desk.send(0x11)
    desk.time.advance(200)
    desk.send(0x3A, b"\x55")
    desk.window(0, 0, 2, 2)
    desk.send(0x2C, bytes(8))
    assert "before it is set up" in desk.misuse[0]


def test_windows_are_on_the_glass_and_even_where_they_must_be():
    for kind in KINDS:
        desk = started(kind)
        desk.window(desk.panel.width - 2, 0, 4, 2)
        assert noticed(desk, "beside the glass")
        desk.window(0, desk.panel.height, 2, 2)
        assert noticed(desk, "beside the glass")
        desk.send(0x2A, b"\0\x20\0\x1f")
        assert noticed(desk, "beside the glass")
    desk = started(Amoled)
    for window in ((1, 0, 2, 2), (0, 1, 2, 2)):
        desk.window(*window)
        assert noticed(desk, "not aligned"), window
    desk.send(0x2A, b"\0\0\0\x01")
    assert noticed(desk, "beside the glass"), "the gap of 22 columns was forgotten"
    desk = started(Ips, mirrored=True)
    desk.send(0x2B, b"\0\0\0\x01")
    assert noticed(desk, "beside the glass"), "and here 80 rows"


def test_pixels_may_come_in_any_pieces():
    """Whole rows go on as they come, parts of rows once they are whole; 3C goes on where 2C ended."""
    pixels = bytes(range(96))
    for kind in KINDS:
        for piece in (1, 3, 11, 12, 13, 24, 40, 95, 96):
            desk = started(kind)
            desk.window(4, 6, 6, 8)
            first = [pixels[at : at + piece] for at in range(0, 48, piece)]
            first[-1] = first[-1][: 48 - (len(first) - 1) * piece]
            desk.send(0x2C, *first)
            desk.send(0x3C, pixels[48:])
            picture = b""
            for x, y, w, _, part in desk.shown:
                assert (x, w) == (4, 6) and y == 6 + len(picture) // 12, (piece, y)
                picture += part
            assert picture == pixels and desk.misuse == [], (piece, desk.misuse)


def test_too_many_pixels_and_too_few():
    for kind in KINDS:
        desk = started(kind)
        desk.window(0, 0, 2, 2)
        desk.send(0x2C, bytes(9))
        assert noticed(desk, "more pixels") and desk.shown == []
        desk.send(0x2C, bytes(7))
        desk.send(0x2C, bytes(8))
        assert desk.chip.warnings == ["a window left unfinished"] and desk.misuse == []


def test_touch_controllers_notice_misuse():
    desk = touching(Cst)
    for data, words in ((b"\xd0\0\xaa", "acknowledged with aa"), (b"\xd1\x05", "sleep outside")):
        desk.chip.take(data)
        assert noticed(desk, words), words
    desk = touching(Cst)
    desk.chip.take(b"\xd1\xfc")
    desk.chip.give(bytearray(4))
    assert noticed(desk, "outside of commands")
    desk.chip.take(b"\xd1\x01")
    desk.chip.take(b"\xd0\0")
    desk.chip.give(bytearray(10))
    assert noticed(desk, "among commands")
    desk.chip.take(b"\xd1\x06\x01")
    assert noticed(desk, "write to d106")
    desk = touching(Ft)
    desk.chip.take(b"\x02\x01")
    assert noticed(desk, "write to 02")
    for kind in (Cst, Ft3168):
        desk = touching(kind)
        desk.chip.reset(0)
        desk.chip.time.advance(1)
        desk.chip.reset(1)
        assert noticed(desk, "pulse too short")
        assert desk.chip.answers(), "such a pulse is none"
        desk.chip.reset(0)
        desk.chip.time.advance(20)
        desk.chip.reset(1)
        assert not desk.chip.answers(), "it needs time to start"


def test_hibernation_ends_with_the_power():
    desk = touching(Ft)
    desk.chip.take(b"\xa5\x03")
    assert not desk.chip.answers() and desk.chip.resting
    desk.chip.lose_power()
    desk.chip.time.advance(300)
    assert desk.chip.answers()
