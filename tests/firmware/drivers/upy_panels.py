"""CO5300 and ST7789: the drivers against models of their chips, on good buses and bad ones."""

import errno
import gc

import micropython

from board.counting.panel import Display
from tests.firmware.drivers.panel_kit import KINDS, Amoled, Ips, raised, started


class LateSpi:
    """A bus that fails at the n-th write."""

    def __init__(self, good):
        self.left = good

    def write(self, buf):
        """Send, or fail."""
        if not self.left:
            raise OSError(errno.EIO)
        self.left -= 1


def test_after_start_the_panel_is_awake_and_dark_until_brightness():
    for kind in KINDS:
        for reset in (True, False):
            desk = kind(reset=reset)
            desk.panel.start()
            assert desk.darks == [False] and desk.lights == [], desk.lights
            desk.panel.brightness(200)
            desk.panel.brightness(0)
            assert desk.lights == [200, 0]
            assert desk.misuse == [] and desk.chip.warnings == [], desk.misuse


def test_a_warm_start_begins_anew():
    """The processor was reset and the panel was not: it may be awake or asleep."""
    for kind in KINDS:
        for asleep in (False, True):
            desk = started(kind, reset=False)
            desk.panel.sleep(asleep)
            desk.time.advance(500)
            desk.panel.start()
            assert not desk.chip.dark and desk.misuse == [], desk.misuse


def test_windows_arrive_where_they_belong():
    for kind, more in ((Amoled, {}), (Ips, {}), (Ips, {"mirrored": True})):
        desk = started(kind, **more)
        width, height = desk.panel.width, desk.panel.height
        wanted = []
        for x, y, w, h in ((0, 0, 2, 2), (width - 2, height - 2, 2, 2), (0, 100, width, 4), (100, 0, 2, height)):
            pixels = bytes((x + i) & 255 for i in range(w * h * 2))
            desk.panel.write(x, y, w, h, memoryview(pixels))
            wanted.append((x, y, w, h, pixels))
        assert desk.shown == wanted
        assert desk.misuse == [] and desk.chip.warnings == [], desk.misuse


def test_windows_off_the_panel_or_not_aligned_are_refused_before_a_byte_is_sent():
    for kind in KINDS:
        desk = started(kind)
        width, height = desk.panel.width, desk.panel.height
        bad = [(-2, 0, 2, 2), (0, -2, 2, 2), (0, 0, 0, 2), (0, 0, 2, 0), (0, 0, -2, 2), (width, 0, 2, 2)]
        bad += [(width - 2, 0, 4, 2), (0, height - 2, 2, 4), (1 << 29, 0, 2, 2)]
        if desk.panel.align == 2:
            bad += [(1, 0, 2, 2), (0, 1, 2, 2), (0, 0, 3, 2), (0, 0, 2, 3)]
        desk.panel._wire = None
        for x, y, w, h in bad:
            assert raised(ValueError, desk.panel.write, x, y, w, h, memoryview(bytes(abs(w * h) * 2))), (x, y, w, h)
        for size in (0, 6, 7, 10):
            assert raised(ValueError, desk.panel.write, 0, 0, 2, 2, memoryview(bytes(size))), size
        for level in (-1, 256):
            assert raised(ValueError, desk.panel.brightness, level)


def test_writing_allocates_nothing():
    """Neither under the lock nor for a frame of Python's own, which the lock would not show."""
    for size in ("410x502", "240x240"):
        panel = Display(size)._panel  # a bus that only counts
        pixels = memoryview(bytes(4000))
        panel.write(0, 0, 50, 40, pixels)
        micropython.heap_lock()
        try:
            panel.write(0, 0, 50, 40, pixels)
            panel.brightness(7)
        finally:
            micropython.heap_unlock()
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        panel.write(0, 0, 50, 40, pixels)
        after = gc.mem_alloc()
        gc.enable()
        assert after == before, after - before


def test_sleeping_and_waking_keep_the_waits():
    for kind in KINDS:
        desk = started(kind)
        for pause_ms in (0, 1, 119, 500):
            desk.panel.sleep(True)
            desk.panel.sleep(True)
            assert desk.chip.asleep and desk.darks[-1:] == [True]
            desk.time.advance(pause_ms)
            desk.panel.sleep(False)
            desk.panel.sleep(False)
            desk.panel.write(0, 0, 2, 2, memoryview(bytes(8)))
            assert not desk.chip.dark
        assert desk.misuse == [], desk.misuse
        assert len(desk.darks) == 8


def test_pixels_for_a_sleeping_panel_are_kept():
    for kind in KINDS:
        desk = started(kind)
        desk.panel.sleep(True)
        desk.panel.write(0, 0, 2, 2, memoryview(b"12345678"))
        assert desk.shown == [(0, 0, 2, 2, b"12345678")] and desk.chip.warnings


def test_an_amoled_that_forgets_its_light_in_sleep_shines_as_before():
    """CO5300 data sheet, 7.5.12: sleep out loads registers; 7.5.40: without its control the brightness does nothing."""
    desk = Amoled()
    desk.chip.forgets = True
    desk.panel.start()
    assert desk.lights in ([], [0]), "dark at first"
    desk.panel.brightness(90)
    for _ in range(2):
        desk.panel.sleep(True)
        desk.panel.sleep(False)
        assert desk.lights[-1] == 90, desk.lights
    desk.panel.sleep(True)
    desk.panel.brightness(0)
    desk.panel.sleep(False)
    assert desk.lights[-1] == 0
    desk.panel.brightness(90)
    desk.panel.start()
    assert desk.lights[-1] == 0 and desk.misuse == [], "a warm start begins dark"


def test_the_backlight_goes_with_the_panel():
    desk = started(Ips)
    desk.panel.brightness(80)
    desk.panel.sleep(True)
    desk.panel.brightness(90)
    assert desk.lights == [80, 0], "asleep it stays dark"
    desk.panel.sleep(False)
    assert desk.lights == [80, 0, 90]


def test_ticks_that_wrap_cost_no_wait():
    desk = started(Amoled)
    desk.ticks = (1 << 30) - 10
    desk.panel._ticks_ms = lambda: desk.ticks
    desk.panel.sleep(True)
    before = desk.time.now
    desk.ticks = 490  # half a second later
    desk.time.advance(500)
    desk.panel.sleep(False)
    assert desk.time.now - before == 620 and desk.misuse == []


def test_a_bus_that_fails_leaves_the_line_free_and_the_panel_usable():
    """At every write of a window, a start and a change of sleep; then the bus is good again."""
    failures = 0
    for kind in KINDS:
        for deed in ("start", "write", "sleep"):
            for good in range(60):
                desk = started(kind)
                spi, panel = desk.spi, desk.panel
                panel._wire._spi = LateSpi(good)
                deeds = {"start": (), "write": (0, 0, 2, 2, memoryview(bytes(8))), "sleep": (True,)}
                if raised(OSError, getattr(panel, deed), *deeds[deed]) is None:
                    break
                failures += 1
                assert desk.select.level == 1
                panel._wire._spi = spi
                desk.time.advance(200)
                if deed == "start":
                    panel.start()
                panel.sleep(True)
                panel.sleep(False)
                panel.write(0, 0, 2, 2, memoryview(b"12345678"))
                assert desk.shown[-1] == (0, 0, 2, 2, b"12345678") and desk.misuse == [], desk.misuse
            assert good < 59, deed
    print("NOTE panels: the bus failed at each of %d writes, each panel went on" % failures)
