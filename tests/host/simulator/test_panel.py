"""The panel: a picture shows exactly the pixels that were written, and a window the controller would refuse is one."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.options import SIZES
from tapwatch.simulator.panel import Panel, Rectangle


def _decoded(png: bytes) -> Image.Image:
    """The picture as an independent library reads it."""
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def _expected(pixel: int) -> tuple[int, int, int]:
    """RGB565 spread over 8 bits, rounded to the nearest value."""
    red, green, blue = pixel >> 11, pixel >> 5 & 63, pixel & 31
    return round(red * 255 / 31), round(green * 255 / 63), round(blue * 255 / 31)


@pytest.mark.parametrize("size", SIZES)
def test_the_picture_equals_the_pixels_written(size):
    panel = Panel(SIZES[size])
    width, height = panel.glass.width, panel.glass.height
    pixels = random.Random(4).randbytes(width * height * 2)
    panel.write(Rectangle(0, 0, width, height, pixels))
    image = _decoded(panel.png())
    assert (image.size, image.mode) == ((width, height), "RGB")
    found = image.tobytes()
    for index in range(0, width * height, 97):
        pixel = int.from_bytes(pixels[2 * index : 2 * index + 2], "big")
        for got, want in zip(found[3 * index : 3 * index + 3], _expected(pixel), strict=True):
            assert abs(got - want) <= 1, (index, pixel)


def test_a_rectangle_lands_where_it_belongs():
    panel = Panel(SIZES["410x502"])
    panel.write(Rectangle(10, 20, 4, 2, b"\xff\xff" * 8))
    image = _decoded(panel.png())
    box = image.point(lambda value: 255 if value else 0).getbbox()
    assert box == (10, 20, 14, 22)
    assert image.getpixel((10, 20)) == (255, 255, 255)


def test_every_colour_keeps_its_order():
    """All 65,536 colours through a picture and back: each comes out as itself."""
    panel = Panel(SIZES["410x502"])
    pixels = b"".join(colour.to_bytes(2, "big") for colour in range(65536))
    whole = pixels + bytes(410 * 502 * 2 - len(pixels))
    panel.write(Rectangle(0, 0, 410, 502, whole))
    found = _decoded(panel.png()).tobytes()
    back = [(found[i] >> 3) << 11 | (found[i + 1] >> 2) << 5 | found[i + 2] >> 3 for i in range(0, 3 * 65536, 3)]
    assert back == list(range(65536))


@pytest.mark.parametrize(
    ("x", "y", "w", "h"),
    [(0, 0, 412, 2), (410, 0, 2, 2), (0, 502, 2, 2), (0, 0, 0, 2), (1, 0, 2, 2), (0, 0, 2, 3), (65534, 65534, 2, 2)],
)
def test_a_window_off_the_panel_or_not_aligned_is_refused(x, y, w, h):
    panel = Panel(SIZES["410x502"])
    with pytest.raises(LinkError):
        panel.write(Rectangle(x, y, w, h, bytes(w * h * 2)))
    assert panel.windows_written == 0


@pytest.mark.parametrize("payload", [b"", b"\0" * 7, bytes((0, 0, 0, 0, 0, 2, 0, 2)) + bytes(7)])
def test_a_frame_of_the_wrong_length_is_refused(payload):
    with pytest.raises(LinkError):
        Panel(SIZES["410x502"]).write_packed(payload)


def test_a_sleeping_or_dark_panel_is_black():
    panel = Panel(SIZES["240x240"])
    panel.write(Rectangle(0, 0, 2, 2, b"\xff" * 8))
    assert _decoded(panel.png()).getbbox() is not None
    panel.asleep = True
    assert _decoded(panel.png()).getbbox() is None
    panel.asleep, panel.brightness = False, 0
    assert _decoded(panel.png()).getbbox() is None


def test_the_corners_of_the_glass_are_transparent():
    alpha = _decoded(Panel(SIZES["410x502"]).png(glass=True)).getchannel("A")
    corners = [alpha.getpixel(point) for point in ((0, 0), (409, 0), (0, 501), (409, 501))]
    assert corners == [0, 0, 0, 0]
    assert [alpha.getpixel(point) for point in ((205, 0), (0, 250), (115, 0), (409, 120))] == [255] * 4
    assert alpha == alpha.transpose(Image.Transpose.FLIP_LEFT_RIGHT) == alpha.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def test_watchers_see_each_rectangle_until_they_stop():
    panel, seen = Panel(SIZES["240x240"]), []
    stop = panel.watch(seen.append)
    one = Rectangle(1, 2, 3, 4, bytes(24))
    panel.write(one)
    stop()
    panel.write(one)
    assert seen == [one]
