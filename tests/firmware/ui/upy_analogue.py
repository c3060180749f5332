"""The analogue face and the filling ring: partial frames are small, allocate nothing, and end at the full picture."""

import random

import micropython

from tests.screens.face_scenes import BLUE, ORANGE, AnalogueScreen
from tests.screens.panel import Panel
from watch.ui.arcs import Arc
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.screen import Screen
from watch.ui.stack import Stack

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_MINUTE_BYTES = {410: 16384, 240: 6144}
_SECOND_BYTES = {410: 10240, 240: 5120}
_MINUTES = tuple(range(7, 720, 31)) + (80, 97, 442, 473, 637)
"""Some of a half day, and those that cost most."""


class _Counter(Panel):
    """Counts and keeps nothing: `Panel.write` allocates slices."""

    def write(self, x, y, w, h, pixels):
        self.bytes += len(pixels)
        self.writes += 1


def _shown(panel, **state):
    ui = Ui(panel, "firmware/assets")
    screen = AnalogueScreen(ui, **state)
    stack = Stack(ui, Renderer(ui, panel), screen)
    stack.tick(0)
    return screen.face, stack


def test_a_minute_stays_within_its_bytes():
    for size in _SIZES:
        panel = _Counter(*size)
        face, stack = _shown(panel, minutes=0)
        worst = total = windows = 0
        damage = stack.top.ui.damage
        for minutes in _MINUTES:
            face.set_time(minutes)
            damage.clear()
            face.set_time(minutes + 1)
            sent = sum(damage.width(i) * damage.height(i) for i in range(damage.count)) * 2
            worst, total, windows = max(worst, sent), total + sent, max(windows, damage.count)
        damage.clear()
        figures = (size[0], total // len(_MINUTES), worst, windows)
        print("NOTE analogue %d px: minute %d bytes on average, %d at most, in at most %d windows" % figures)
        assert worst <= _MINUTE_BYTES[size[0]], worst
        panel.bytes = 0
        stack.tick(0)
        assert panel.bytes == 0


def test_a_second_stays_within_its_bytes_and_allocates_nothing():
    for size in _SIZES:
        panel = _Counter(*size)
        face, stack = _shown(panel, second=0)
        most = total = 0
        for turn in range(2):
            for second in range(60):
                panel.bytes = 0
                if turn:
                    micropython.heap_lock()
                try:
                    face.set_second(second)
                    stack.tick(0)
                finally:
                    if turn:
                        micropython.heap_unlock()
                most, total = max(most, panel.bytes), total + panel.bytes
        print("NOTE analogue %d px: second %d bytes on average, %d at most" % (size[0], total // 120, most))
        assert 0 < most <= _SECOND_BYTES[size[0]], most
        panel.bytes = 0
        face.set_second(59)
        stack.tick(0)
        assert panel.bytes == 0, "the same second was drawn again"


def test_partial_frames_end_at_the_picture_of_a_full_one():
    random.seed(1)
    for size in _SIZES:
        panel, fresh = Panel(*size), Panel(*size)
        face, stack = _shown(panel)
        minutes = 0
        for step in (1, 1, 13, 29, 1, 60, 181, 1, 359, 1):
            minutes += step
            percent, charging, day = random.randint(0, 100), minutes % 3 == 0, random.randint(1, 31)
            accent = random.choice((ORANGE, BLUE))
            second = random.choice((-1, 0, 7, 15, 31, 46, 59))
            face.set_time(minutes)
            face.set_second(second)
            face.set_battery(percent, charging)
            face.set_day(day)
            face.recolour(accent)
            stack.tick(0)
        _shown(fresh, minutes=minutes, percent=percent, charging=charging, accent=accent, day=day, second=second)
        assert panel.pixels == fresh.pixels, "leftovers on the panel"


def test_a_ring_sends_only_what_changed():
    panel, fresh = Panel(*_SIZES[1]), Panel(*_SIZES[1])
    rings = []
    for one in (panel, fresh):
        ui = Ui(one, "firmware/assets")
        screen = Screen(ui)
        rings.append((screen.add(Arc(120, 110, 90, 9, ORANGE, 0x3186, 480, 480)), Stack(ui, Renderer(ui, one), screen)))
    ring, stack = rings[0]
    stack.tick(0)
    for percent in (1, 2, 50, 51, 100, 99, -4, 0, 30, 400, 77, 76):
        panel.bytes = 0
        ring.set(percent)
        stack.tick(0)
    assert 0 < panel.bytes <= 1500, panel.bytes
    rings[1][0].set(76)
    rings[1][1].tick(0)
    assert panel.pixels == fresh.pixels, "leftovers on the panel"


def test_a_minute_and_a_charge_allocate_nothing():
    for size in _SIZES:
        face, stack = _shown(_Counter(*size))
        arc = face.widgets[1]
        for locked in (False, True):
            for minutes in (610, 611, 640, 900, 610):
                if locked:
                    micropython.heap_lock()
                try:
                    face.set_time(minutes)
                    arc.set(minutes // 10)
                    face.recolour(minutes)
                    stack.tick(1000)
                finally:
                    if locked:
                        micropython.heap_unlock()
