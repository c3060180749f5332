"""Paged characters: the slots, texts with more characters than slots, and files that are not what they should be."""

import os
import random

import micropython

from tests.screens.panel import Panel
from watch.kernel.errors import CorruptError, StorageError
from watch.ui.font import Font
from watch.ui.han import SLOTS, PagedGlyphs
from watch.ui.layout import line, wrapped
from watch.ui.renderer import Renderer
from watch.ui.screen import Screen
from watch.ui.widget import Paragraph

_PATH = "firmware/assets/caption.small.twp"
_HAN = list(range(0x4E00, 0x5400))


def _present(pages, count, start=0):
    """Some of the characters that are there."""
    return [code for code in _HAN if pages.has(code)][start : start + count]


def test_what_is_there_and_what_is_not():
    pages = PagedGlyphs(_PATH, 1)
    for char in "啊座亍齄付龙ａ、（あㄅ①":
        assert pages.has(ord(char)), char
    for code in (0, 0x41, 0x3000, 0x4E02, 0x9F98, 0xFFFF, 0xE000):
        assert not pages.has(code), hex(code)


def test_a_slot_is_kept_while_it_is_used():
    pages = PagedGlyphs(_PATH, 4)
    codes = _present(pages, 12)
    for code in codes:
        pages.slot(codes[0])
        pages.slot(code)
    assert pages.loads == 12, "the one in use was read again: %d" % pages.loads
    pages.slot(codes[1])
    assert pages.loads == 13, "four slots held five characters"


def test_glyphs_do_not_depend_on_the_slots():
    random.seed(12)
    many, few = PagedGlyphs(_PATH), PagedGlyphs(_PATH, 3)
    codes = _present(many, SLOTS)
    for _ in range(300):
        code = random.choice(codes)
        assert many.copy(code, 0) == few.copy(code, 0), hex(code)
    assert many.loads <= len(codes) < few.loads
    print("NOTE paged characters read for 300 glyphs: %d with %d slots, %d with 3" % (many.loads, SLOTS, few.loads))


def test_reading_a_character_allocates_nothing():
    pages = PagedGlyphs(_PATH, 3)
    codes = _present(pages, 8)
    pages.slot(codes[0])
    micropython.heap_lock()
    try:
        for code in codes:
            pages.slot(code)
    finally:
        micropython.heap_unlock()
    assert pages.loads == 8


class _Texts(Screen):
    """Several paragraphs, together with more different characters than there are slots."""

    def __init__(self, ui, codes):
        super().__init__(ui)
        rows = 4
        share = len(codes) // rows
        for row in range(rows):
            text = "".join(chr(code) for code in codes[row * share : (row + 1) * share])
            y = ui.height // 10 + row * ui.height // 5
            box = (ui.width // 10, y, ui.width * 8 // 10, ui.height // 5)
            self.add(Paragraph(ui, (ui.caption_font,), *box, text, 0xFFFF))


def test_a_screen_with_more_characters_than_slots_is_whole_and_allocates_nothing():
    from watch.ui.context import Ui

    for size in ((410, 502, 115, 2), (240, 240, 0, 1)):
        pictures = []
        for slots in (1, SLOTS, 2 * SLOTS):
            panel = Panel(*size)
            ui = Ui(panel, "firmware/assets")
            source = "firmware/assets/caption.%s." % ui.metrics.panel
            ui.caption_font = Font(source + "twf", PagedGlyphs(source + "twp", slots))
            own = Font(source + "twf")
            foreign = [code for code in _present(ui.caption_font, 400) if not own.has(code)]
            screen = _Texts(ui, foreign[: SLOTS + 16])
            pictures.append(_drawn(ui, panel, screen))
            assert ui.clipped == 0 and ui.missing == 0
        assert any(pictures[0]) and pictures[0] == pictures[1] == pictures[2]


def _drawn(ui, panel, screen):
    """Pixels of a second frame, which must not allocate."""
    renderer = Renderer(ui, _Silent(panel))
    screen.shown = True
    for locked in (False, True):
        ui.damage.everything()
        if locked:
            micropython.heap_lock()
        try:
            renderer.render(screen)
        finally:
            if locked:
                micropython.heap_unlock()
    ui.damage.everything()
    Renderer(ui, panel).render(screen)
    return bytes(panel.pixels)


class _Silent:
    """A panel that keeps nothing: keeping allocates."""

    def __init__(self, panel):
        self.width, self.height, self.align = panel.width, panel.height, panel.align

    def write(self, x, y, w, h, pixels):
        """Forget."""


def test_a_line_never_mixes_two_sizes_of_han():
    own = Font("firmware/assets/title.small.twf")
    pages = PagedGlyphs("firmware/assets/body.small.twp")
    title = Font("firmware/assets/title.small.twf", pages)
    known = [code for code in _HAN if own.has(code)][:2]
    foreign = [code for code in _HAN if pages.has(code) and not own.has(code)][:2]
    heights = {glyph[3] for glyph in line(title, "".join(map(chr, known + foreign))).glyphs}
    assert len(heights) == 1, heights
    alone = line(title, "".join(map(chr, known)))
    assert [bytes(glyph) for glyph in alone.glyphs] == [own.glyph(code) for code in known], "its own where it has all"
    mixed = line(title, "Tea " + chr(foreign[0]))
    assert mixed.glyphs[0] == own.glyph(0x54) and mixed.font.line_height == own.line_height


def test_brackets_stay_with_what_they_hold():
    font = Font("firmware/assets/body.small.twf", PagedGlyphs("firmware/assets/body.small.twp"))
    for width in range(96, 240, 7):
        for run in wrapped(font, "龙井茶馆（西湖分店）《茶经》「新品」，欢迎光临。", width):
            assert run.text[0] not in "）》」，。" and run.text[-1] not in "（《「", (width, run.text)


def test_a_missing_character_stays_a_box_and_is_counted():
    font = Font("firmware/assets/body.small.twf", PagedGlyphs("firmware/assets/body.small.twp"))
    run = line(font, "龘\u0645x")
    assert font.missing == 2 and run.glyphs[0] == run.glyphs[1] == font.glyph(0xFFFD)


def _opened(data):
    path = "build_pages_%d.twp" % os.urandom(1)[0]
    with open(path, "wb") as file:
        file.write(data)
    try:
        pages = PagedGlyphs(path, 2)
        for code in range(0x4E00, 0x4E40):
            if pages.has(code):
                pages.slot(code)
    finally:
        os.remove(path)


def test_a_cut_or_foreign_file_is_corrupt():
    with open(_PATH, "rb") as file:
        good = file.read(40000)
    cases = (b"", good[:11], good[:3000], good[:6000], b"TWF1" + good[4:], good[:4] + b"\x13" + good[5:])
    cases += (good[:5] + b"\xff" + good[6:], good[:10] + b"\xff\xff" + good[12:], good[:10] + b"\1\0" + good[12:])
    for data in cases:
        try:
            _opened(data)
        except CorruptError:
            continue
        raise AssertionError("accepted %d bytes" % len(data))
    try:
        PagedGlyphs("firmware/assets/nothing.twp")
    except CorruptError:
        raise AssertionError("absent is not corrupt")
    except StorageError:
        return
    raise AssertionError("accepted")


def test_spoiled_pages_raise_what_they_may_or_look_odd():
    random.seed(13)
    with open(_PATH, "rb") as file:
        good = bytearray(file.read(24000))
    refused = 0
    for _ in range(40):
        data = bytearray(good)
        for _ in range(20):
            data[random.randrange(12, len(data))] = random.getrandbits(8)
        try:
            _opened(data)
        except (CorruptError, StorageError):
            refused += 1
    print("NOTE spoiled page files: 40, refused: %d, others drawn oddly" % refused)
