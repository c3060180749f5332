"""The viper loops of shapes against the plain ones, on random shapes and at the edges; and the areas they cover."""

import math
import random
from array import array

import micropython

from tests.firmware.ui import plain_pixels, plain_shapes
from watch.ui import arc_loop, outline, shapes
from watch.ui.canvas import Canvas
from watch.ui.turns import TURN, UNIT, cosine, sine

_SHAPES = 16
_WHITE = 0xFFFF
_FAR = (-32768, -20000, 20000, 32767)
"""Positions far off every panel, in 1/16 px."""


def _setup():
    """A window and a clip inside it, both anywhere, and an empty strip."""
    w, h = random.randint(1, 36), random.randint(1, 24)
    x, y = random.randint(0, 80), random.randint(0, 80)
    left, top = x + random.randint(0, w // 2), y + random.randint(0, h // 2)
    right, low = left + random.randint(1, x + w - left), top + random.randint(1, y + h - top)
    picture = plain_pixels.Picture(x, y, w, h, left, top, right, low)
    return picture, array("i", picture.view()), bytearray(2048)


def _same(picture, strip, what):
    wanted = picture.bytes()
    assert strip[: len(wanted)] == wanted, what + " differs from the plain version"
    assert not any(strip[len(wanted) :]), what + " wrote behind the window"


def _round(x, y, count, radius):
    """Corners of a convex shape: some angles around a centre, sorted, all in 1/16 px."""
    angles = sorted(random.randint(0, TURN - 1) for _ in range(count))
    corners = array("h")
    for angle in angles:
        corners.append(x + (sine(angle) * radius >> 12))
        corners.append(y - (cosine(angle) * radius >> 12))
    return corners


def _near(picture):
    return (picture.x + random.randint(-10, 30)) * 16 + random.randint(0, 15), (
        picture.y + random.randint(-10, 25)
    ) * 16 + random.randint(0, 15)


def test_polygons_equal_the_plain_version():
    random.seed(1)
    table = outline.polygon_table(7)
    for _ in range(_SHAPES):
        picture, view, strip = _setup()
        for _ in range(2):
            count = random.randint(1, 7)
            x, y = _near(picture)
            corners = _round(x, y, count, random.choice((0, 3, 40, 200, 900, 16000)))
            outline.put_polygon(table, 0, corners, count, random.getrandbits(16))
            shapes.polygons(strip, view, table, 1, 0)
            plain_shapes.polygon(picture, table)
        _same(picture, strip, "polygon")


def test_polygons_with_corners_far_off_the_panel():
    random.seed(2)
    table = outline.polygon_table(4)
    for _ in range(_SHAPES):
        picture, view, strip = _setup()
        left, top = random.choice(_FAR), random.choice(_FAR)
        right, low = random.choice(_FAR), random.choice(_FAR)
        corners = array("h", (left, top, right, top + random.randint(0, 7), right, low, left, low))
        outline.put_polygon(table, 0, corners, 4, _WHITE)
        shapes.polygons(strip, view, table, 1, 0)
        plain_shapes.polygon(picture, table)
        _same(picture, strip, "polygon")


def _arc(picture):
    """Arguments of an arc that may meet the picture."""
    inner = random.choice((0, 8, random.randint(16, 300)))
    outer = max(inner, 16) + random.randint(1, 200)
    sweep = random.choice((0, 1, 2, 179, 180, 181, 360, 361, 539, 540, 718, 719, 720, random.randint(-5, 900)))
    x, y = _near(picture)
    return x, y, outer, inner, random.randint(-800, 800), sweep, random.getrandbits(16)


def test_arcs_equal_the_plain_version():
    random.seed(3)
    table = array("H", bytes(2 * arc_loop.ARC_FIELDS))
    drawn = 0
    for _ in range(2 * _SHAPES):
        picture, view, strip = _setup()
        if outline.put_arc(table, *_arc(picture)):
            drawn += 1
            arc_loop.arc(strip, view, table)
            plain_shapes.arc(picture, table)
        _same(picture, strip, "arc")
    assert drawn > _SHAPES, drawn


def test_arcs_far_away_and_huge():
    random.seed(4)
    table = array("H", bytes(2 * arc_loop.ARC_FIELDS))
    for x in (-32767, 0, 32767):
        for outer, inner in ((outline.MOST_OUTER_16, 0), (outline.MOST_OUTER_16, 16000), (17, 16)):
            picture, view, strip = _setup()
            assert outline.put_arc(table, x, 400, outer, inner, 10, 500, _WHITE)
            arc_loop.arc(strip, view, table)
            plain_shapes.arc(picture, table)
            _same(picture, strip, "arc")


def test_impossible_arcs_are_refused():
    table = array("H", bytes(2 * arc_loop.ARC_FIELDS))
    for x, outer, inner, sweep in (
        (32768, 100, 50, 9),
        (0, 50, 50, 9),
        (0, 50, 60, 9),
        (0, 16, 0, 9),
        (0, outline.MOST_OUTER_16 + 1, 50, 9),
        (0, 100, -1, 9),
        (0, 100, 50, 0),
        (0, 100, 50, -20),
    ):
        assert not outline.put_arc(table, x, 0, outer, inner, 0, sweep, 1), (x, outer, inner, sweep)


def _light(canvas):
    """Area that is lit, in px: the sum of green over all pixels."""
    strip = canvas.memory
    total = 0
    for at in range(0, canvas.width * canvas.height * 2, 2):
        total += (strip[at] & 7) << 3 | strip[at + 1] >> 5
    return total / 63


def _expect(area, wanted, what):
    assert abs(area - wanted) <= 0.02 * wanted + 1.5, "%s: %.1f px instead of %.1f" % (what, area, wanted)


def test_a_turned_rectangle_keeps_its_area():
    """The outline against geometry: at every angle as many pixels as the shape has."""
    canvas = Canvas()
    table = outline.polygon_table(4)
    for angle in range(0, TURN, 37):
        canvas.window(0, 0, 64, 64)
        across, up = sine(angle), cosine(angle)
        corners = array("h", bytes(16))
        for i, (along, side) in enumerate(((-100, -80), (400, -80), (400, 80), (-100, 80))):
            corners[2 * i] = 512 + (across * along + up * side >> 12)
            corners[2 * i + 1] = 512 + (across * side - up * along >> 12)
        outline.put_polygon(table, 0, corners, 4, _WHITE)
        canvas.polygons(table, 1, 0)
        _expect(_light(canvas), 500 * 160 / 256, "rectangle at %d" % angle)


def test_an_arc_has_its_share_of_the_ring():
    canvas = Canvas()
    ring = math.pi * (28 * 28 - 20 * 20)
    for sweep in (6, 90, 180, 270, 359, 361, 540, 660, 714, 720):
        canvas.window(0, 0, 64, 64)
        canvas.arc(512, 512, 28 * 16, 20 * 16, 77, sweep, _WHITE, False)
        _expect(_light(canvas), ring * sweep / TURN, "arc of %d" % sweep)
    canvas.window(0, 0, 64, 64)
    canvas.arc(512, 512, 28 * 16, 20 * 16, 77, 180, _WHITE, True)
    _expect(_light(canvas), ring / 4 + math.pi * 4 * 4, "arc with round ends")


def test_sines_are_right():
    for angle in range(-TURN, 2 * TURN, 7):
        assert abs(sine(angle) - UNIT * math.sin(angle * math.pi / 360)) <= 0.51
        assert abs(cosine(angle) - UNIT * math.cos(angle * math.pi / 360)) <= 0.51


def test_shapes_allocate_nothing():
    canvas = Canvas()
    canvas.window(0, 0, 60, 60)
    table = outline.polygon_table(3)
    corners = array("h", (100, 100, 500, 200, 300, 700))
    for locked in (False, True):
        if locked:
            micropython.heap_lock()
        try:
            outline.put_polygon(table, 0, corners, 3, _WHITE)
            canvas.polygons(table, 1, 0)
            canvas.arc(480, 480, 400, 300, 30, 500, _WHITE, True)
        finally:
            if locked:
                micropython.heap_unlock()


def test_the_comparison_can_fail():
    picture, strip = plain_pixels.Picture(0, 0, 4, 4, 0, 0, 4, 4), bytearray(64)
    table = outline.polygon_table(4)
    outline.put_polygon(table, 0, array("h", (0, 0, 48, 0, 48, 48, 0, 48)), 4, _WHITE)
    shapes.polygons(strip, array("i", picture.view()), table, 1, 0)
    try:
        _same(picture, strip, "nothing")
    except AssertionError:
        return
    raise AssertionError("a difference was not noticed")
