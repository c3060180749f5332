"""Screens with payment codes: the minute, the end, the light, the pages; drawing takes no memory."""

import gc

import micropython

from tests.screens.code_scenes import CARD, CPM, DIGITS, nothing
from tests.screens.panel import Panel
from watch.kernel.errors import InputError
from watch.screens.payment_code import OPEN_MS, SHOWN_MS, PaymentCodeScreen, PresentedCodeScreen
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
WRAP = 1 << 30


class Wearer:
    """Counts what a screen asks for."""

    def __init__(self, size=SIZES[1], start_ms=5000):
        self.panel = Panel(*size)
        self.ui = Ui(self.panel, "firmware/assets")
        self.renderer = Renderer(self.ui, self.panel)
        self.log = []
        self.start_ms = start_ms
        self.screen = PaymentCodeScreen(
            self.ui,
            CARD,
            DIGITS,
            start_ms,
            lambda: self.log.append("next"),
            lambda: self.log.append("close"),
            self.log.append,
        )

    def at(self, ms):
        """Some time later."""
        self.screen.tick((self.start_ms + ms) % WRAP)
        heard, self.log[:] = list(self.log), []
        return heard

    def draw(self):
        """To the panel."""
        self.screen.shown = True
        self.ui.damage.everything()
        self.renderer.render(self.screen)


def test_a_new_code_each_minute_and_the_end_after_three():
    for start in (0, WRAP - 70_000):
        wearer = Wearer(start_ms=start)
        assert wearer.at(SHOWN_MS - 1) == []
        assert wearer.at(SHOWN_MS) == ["next"] and wearer.at(SHOWN_MS + 1000) == [], "asked once"
        wearer.screen.show("1" * 18, (start + SHOWN_MS + 1000) % WRAP)
        assert wearer.at(2 * SHOWN_MS) == [] and wearer.at(2 * SHOWN_MS + 1000) == ["next"]
        wearer.screen.show("2" * 18, (start + 2 * SHOWN_MS + 1000) % WRAP)
        assert wearer.at(OPEN_MS) == [] and wearer.at(OPEN_MS + 1000) == ["close"]


def test_a_presented_code_is_shown_for_a_minute():
    log = []
    ui = Ui(Panel(*SIZES[1]), "firmware/assets")
    screen = PresentedCodeScreen(ui, CARD, CPM, 0, lambda: log.append("close"), nothing)
    screen.tick(SHOWN_MS - 1)
    assert log == []
    screen.tick(SHOWN_MS)
    assert log == ["close"]
    try:
        PresentedCodeScreen(ui, CARD, "x" * 521, 0, nothing, nothing)
    except InputError:
        return
    raise AssertionError("a code that cannot be shown")


def test_the_light_is_full_while_it_is_in_front():
    wearer = Wearer()
    wearer.screen.open()
    wearer.screen.close()
    assert wearer.log == [True, False]


def test_how_it_is_closed():
    for size in SIZES:
        wearer = Wearer(size)
        wearer.screen.button("single")
        wearer.screen.swipe("up")
        wearer.screen.swipe("down")
        wearer.screen.button("double")
        wearer.screen.tap(100, 100)
        assert wearer.log == ["close"] * 3


def test_pages_of_the_small_panel():
    screen = Wearer().screen
    assert screen.page == 0 and DIGITS[:3] not in " ".join(screen.texts())
    screen.swipe("left")
    assert screen.page == 1 and "281 234 567 800 123 456" in screen.texts()
    screen.swipe("left")
    assert screen.page == 1
    screen.swipe("right")
    assert screen.page == 0
    screen.tap(1, 1)
    assert screen.page == 1
    large = Wearer(SIZES[0]).screen
    large.swipe("left")
    assert "281234 567800 123456" in large.texts()


def test_seconds_are_told():
    wearer = Wearer()
    assert "60 s" in wearer.screen.texts()
    wearer.at(12_500)
    assert "48 s" in wearer.screen.texts()
    wearer.at(SHOWN_MS + 5000)
    assert "0 s" in wearer.screen.texts()


def test_drawing_takes_no_memory():
    for size in SIZES:
        wearer = Wearer(size)
        canvas = wearer.renderer.canvas
        wearer.draw()
        gc.collect()
        micropython.heap_lock()
        try:
            for y in range(0, size[1], 16):
                canvas.window(0, y, size[0], 16)
                wearer.screen.draw(canvas)
        finally:
            micropython.heap_unlock()


def test_a_second_sends_little():
    for size in SIZES:
        wearer = Wearer(size)
        wearer.draw()
        wearer.panel.bytes = 0
        wearer.at(1000)
        wearer.renderer.render(wearer.screen)
        print("NOTE payment code second %dx%d: %d bytes" % (size[0], size[1], wearer.panel.bytes))
        assert 0 < wearer.panel.bytes <= 6000
