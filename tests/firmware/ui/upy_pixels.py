"""The viper loops against the plain ones, on random shapes."""

import random
from array import array

from tests.firmware.ui import plain_pixels
from watch.ui import canvas, glyphs, lines, pixels, stamps

_SHAPES = 40


def _setup():
    """A window and a clip inside it, both anywhere, and an empty strip."""
    w, h = random.randint(1, 40), random.randint(1, 30)
    x, y = random.randint(0, 80), random.randint(0, 80)
    left, top = x + random.randint(0, w // 2), y + random.randint(0, h // 2)
    right, low = left + random.randint(1, x + w - left), top + random.randint(1, y + h - top)
    picture = plain_pixels.Picture(x, y, w, h, left, top, right, low)
    return picture, array("i", picture.view()), bytearray(4096)


def _near(value):
    return value + random.randint(-15, 30)


def _ink():
    return random.choice((0xFFFF, 0xF800, 0x07E0, 0x001F, random.getrandbits(16)))


def _same(picture, strip, what):
    wanted = picture.bytes()
    got = bytes(strip[: len(wanted)])
    assert got == wanted, what + " differs from the plain version"
    assert not any(strip[len(wanted) :]), what + " wrote behind the window"


def _glyph():
    w, h = random.randint(0, 25), random.randint(0, 20)
    body = bytes(random.choice((0, 255, 15, 240, random.getrandbits(8))) for _ in range((w + 1) // 2 * h))
    return bytes((0, 0, w, h, 128 + random.randint(-4, 4), 128 + random.randint(-4, 4))) + body


def test_fill_equals_the_plain_version():
    random.seed(1)
    for _ in range(_SHAPES):
        picture, view, strip = _setup()
        x, y, ink = _near(picture.x), _near(picture.y), _ink()
        right, low = x + random.randint(0, 30), y + random.randint(0, 30)
        pixels.fill(strip, view, x, y, right, low, ink)
        plain_pixels.fill(picture, x, y, right, low, ink)
        _same(picture, strip, "fill")


def test_runs_equal_the_plain_version():
    random.seed(5)
    for _ in range(_SHAPES):
        picture, view, strip = _setup()
        palette = array("H", [random.getrandbits(16) for _ in range(16)])
        data = bytes(random.getrandbits(8) for _ in range(12))
        width = sum((run & 15) + 1 for run in data[2:])
        x, y = _near(picture.x) - 20, _near(picture.y)
        pixels.runs(strip, view, data, palette, 2, x, y, x + width)
        plain_pixels.runs(picture, data, palette, 2, x, y, x + width)
        _same(picture, strip, "runs")


def test_glyph_equals_the_plain_version_also_over_other_glyphs():
    random.seed(2)
    shades = array("H", bytes(2 * glyphs.SHADES))
    for _ in range(_SHAPES):
        picture, view, strip = _setup()
        for _ in range(3):
            data, x, y, ink = _glyph(), _near(picture.x), _near(picture.y), _ink()
            glyphs.glyph(strip, data, x, y, view, shades, glyphs.shades(shades, ink))
            plain_pixels.glyph(picture, data, x, y, ink)
        _same(picture, strip, "glyph")


def test_round_corners_equal_the_plain_version():
    random.seed(6)
    for _ in range(_SHAPES):
        picture, view, strip = _setup()
        for outside in (False, True):
            radius, x, y, ink = random.randint(1, 14), _near(picture.x), _near(picture.y), _ink()
            w, h = 2 * radius + random.randint(0, 9), 2 * radius + random.randint(0, 9)
            pixels.rounded(strip, view, x, y, w | h << 16, radius, ink, outside)
            plain_pixels.rounded(picture, x, y, w, h, radius, ink, outside)
        _same(picture, strip, "round corners")


def test_a_disc_is_the_same_wherever_its_centre_lies():
    """On whole pixels it is drawn by another loop."""
    surface = canvas.Canvas()
    for x_16, y_16, radius_16 in ((320, 240, 160), (321, 240, 160), (320, 247, 96), (320, 240, 100), (0, 0, 288)):
        picture = plain_pixels.Picture(0, 0, 40, 30, 0, 0, 40, 30)
        surface.window(0, 0, 40, 30)
        surface.disc(x_16, y_16, radius_16, 0x5ACF)
        plain_pixels.segment(picture, x_16, y_16, 0, 0, 0, radius_16, 0x5ACF)
        assert surface.memory[:2400] == picture.bytes(), (x_16, y_16, radius_16)


def test_segments_equal_the_plain_version():
    random.seed(3)
    table = array("H", bytes(4 * lines.SEGMENT_FIELDS))
    directions = ((1024, 0), (0, -1024), (724, 724), (-614, 819), (0, 0), (17, 1023), (1023, -18), (-2, -1023))
    for _ in range(_SHAPES):
        picture, view, strip = _setup()
        for index in range(2):
            ux, uy = random.choice(directions)
            shape = (
                _near(picture.x) * 16 + random.randint(0, 15),
                _near(picture.y) * 16 + random.randint(0, 15),
                ux,
                uy,
                random.choice([random.randint(0, 320), 3000]) if ux or uy else 0,
                random.randint(16, 200),
                _ink(),
            )
            lines.put_segment(table, index, *shape)
            plain_pixels.segment(picture, *shape)
        lines.segments(strip, 0, 0, view, table, 2)
        _same(picture, strip, "segment")


def test_stamps_equal_the_lines_they_stand_for():
    random.seed(4)
    for _ in range(_SHAPES):
        picture, view, strip = _setup()
        wanted = bytearray(strip)
        table, kept = array("H", bytes(2 * lines.SEGMENT_FIELDS)), stamps.Stamps(3)
        for index in range(2):
            ux, uy = random.choice(((1024, 0), (0, 1024), (-614, 819), (0, 0)))
            x_16, y_16, length = _near(picture.x) * 16, _near(picture.y) * 16 + 5, 90 if ux or uy else 0
            old, ink, radius = _ink(), _ink(), random.randint(16, 60)
            kept.put(index, x_16, y_16, ux, uy, length, radius, old)
            kept.recolour(index, ink, _Owner())
            lines.put_segment(table, 0, x_16, y_16, ux, uy, length, radius, ink)
            lines.segments(wanted, 0, 0, view, table, 1)
        kept.draw(_Window(strip, view))
        assert strip == wanted, "a stamp differs from its line"


def test_a_stamp_is_marked_only_if_its_colour_changes():
    kept, owner = stamps.Stamps(1), _Owner()
    kept.put(0, 100, 100, 1024, 0, 64, 16, 0x1234)
    kept.recolour(0, 0x1234, owner)
    kept.recolour(0, 0x4321, owner)
    assert owner.marked == [(5, 5, 7, 3)], owner.marked


class _Window:
    """As much of a canvas as stamps need."""

    def __init__(self, strip, view):
        self.strip, self.view = strip, view

    def stamps(self, table, cover, count):
        lines.stamps(self.strip, 0, cover, self.view, table, count)


class _Owner:
    """As much of a widget as stamps need."""

    def __init__(self):
        self.marked = []

    def mark_part(self, *box):
        self.marked.append(box)


def test_a_window_is_empty_and_what_lies_behind_it_is_left_alone():
    surface = canvas.Canvas()
    surface.memory[:128] = b"\xaa" * 128
    surface.window(7, 9, 17, 2)
    assert not any(surface.memory[:68]) and surface.memory[68:128] == b"\xaa" * 60


def test_the_comparison_can_fail():
    picture, strip = plain_pixels.Picture(0, 0, 4, 4, 0, 0, 4, 4), bytearray(64)
    view = array("i", picture.view())
    pixels.fill(strip, view, 0, 0, 2, 2, 0x1234)
    try:
        _same(picture, strip, "nothing")
    except AssertionError:
        return
    raise AssertionError("a difference was not noticed")
