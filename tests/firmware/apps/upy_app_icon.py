"""An app's own icon: drawn at a size that fits the disc, and a common one where it is damaged, too large or gone."""

import gc
from array import array

from support.bundles import WORDS, Home, signed, write
from support.issuer import Party

from tests.screens.panel import Panel
from watch.apps.app_icon import mark_of
from watch.apps.shelf.bundle import Bundle
from watch.crypto import cbor
from watch.kernel.errors import CorruptError
from watch.ui import icons
from watch.ui.app_mark import AppMark, add_disc, on_disc
from watch.ui.canvas import rgb
from watch.ui.context import Ui
from watch.ui.half_image import HalfImage
from watch.ui.image import Image
from watch.ui.picture import Picture
from watch.ui.screen import Screen
from watch.ui.widget import Icon

SHARE = "gallery"
FOLDER = "build/tests/app_icon"
TEAL, WHITE, BLACK = 0x3BA7A0, 0xFFFF, 0x0000
_UI = []


def small_ui():
    """The shared context of a small panel."""
    if not _UI:
        _UI.append(Ui(Panel(240, 240, 0, 1), "firmware/assets", "en", False))
    return _UI[0]


def picture(side, runs=None):
    """A square: of one white colour unless `runs` says otherwise."""
    whole = bytes((0x1F,)) * (side // 16) + (bytes((0x10 | side % 16 - 1,)) if side % 16 else b"")
    return Picture(side, side, array("H", (BLACK, WHITE)), runs or whole * side)


def image_bytes(side):
    """One picture of a file, white."""
    made = picture(side)
    runs = bytes(made.runs)
    head = side.to_bytes(2, "big") * 2 + b"\x02" + b"\x00\x00\xff\xff"
    return head + len(runs).to_bytes(4, "big") + runs


def image_file(small=44, large=72):
    """A file with both pictures."""
    one, other = image_bytes(small), image_bytes(large)
    return b"TWI1" + len(one).to_bytes(4, "big") + len(other).to_bytes(4, "big") + one + other


def bundle(icon_file):
    """A bundle with this file for its icon."""
    home = Home(FOLDER)
    files = {"app.mpy": b"code", "icon.img": icon_file, "words.cbor": cbor.encode(WORDS)}
    data = signed(Party(home.random), files, icon="", colour=TEAL)
    return Bundle(write(FOLDER + "/one.twb", data))


def shown(mark, side):
    """What stands on a disc of this diameter."""
    return on_disc(small_ui(), mark, 0, 0, side)


def test_a_picture_is_shown_whole_where_it_fits_and_at_half_its_size_where_not():
    made = bundle(image_file())
    mark = mark_of(made.manifest, lambda: made, False)
    for side, kind, wide in (
        (68, Image, 44),
        (56, Image, 44),
        (44, HalfImage, 22),
        (36, HalfImage, 22),
        (28, HalfImage, 22),
    ):
        found = shown(mark, side)
        assert type(found) is kind and found.w == found.h == wide, (side, found)
        assert found.x == found.y == (side - wide) // 2
    assert type(shown(mark, 24)) is Icon, "a disc too small even for half of it"


def test_whatever_is_wrong_with_it_a_common_icon_is_shown():
    def gone():
        raise CorruptError("the file is gone")

    good = bundle(image_file())
    wide = bundle(image_file(200, 300))
    torn = bundle(image_file()[:-1])
    other = bundle(b"PNG")
    for opened in (lambda: wide, lambda: torn, lambda: other, gone):
        found = shown(mark_of(good.manifest, opened, False), 68)
        assert type(found) is Icon, opened
    with open(good.path, "r+b") as file:
        file.seek(-2, 2)
        file.write(b"\x00")
    assert type(shown(mark_of(good.manifest, lambda: good, False), 68)) is Icon, "not what the manifest says"


def test_an_icon_of_the_watch_opens_no_file():
    built_in = Bundle("build/apps/torch.twb").manifest

    def never():
        raise AssertionError("the bundle was opened")

    mark = mark_of(built_in, never, False)
    assert mark.picture is None and mark.icon == icons.TORCH and type(shown(mark, 36)) is Icon


def test_half_a_picture_is_the_mean_of_four_points():
    ground = rgb(TEAL)
    made = picture(4, bytes((0x11, 0x01)) * 2 + bytes((0x10, 0x00, 0x01)) + bytes((0x03,)))
    half = HalfImage(0, 0, made, ground)
    white, clear, quarter, none = half._inks
    assert (white, clear, none) == (WHITE, ground, ground), half._inks
    assert ground != quarter != WHITE, "a quarter white, the rest what is behind"


def test_nothing_of_a_picture_stays_when_its_screen_goes():
    made = bundle(image_file())
    mark = mark_of(made.manifest, lambda: made, True)

    def draw():
        screen = Screen(small_ui())
        for side in (96, 56, 44):
            add_disc(screen, mark, 0, 0, side)
        return len(screen.widgets)

    draw()
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(20):
        assert draw() == 6
    gc.collect()
    grown = gc.mem_alloc() - before
    print("NOTE icons of apps: %d bytes of heap after 20 screens with three of them" % grown)
    assert grown <= 64, grown


def test_a_mark_without_a_picture_is_its_icon():
    assert type(shown(AppMark(icons.STORE, TEAL, lambda: None), 68)) is Icon
