"""Frames send what changed, allocate nothing and always end at the same picture."""

import gc
import os

import micropython

from tests.screens.app_scenes import MINUTES, Desk, face
from tests.screens.panel import Panel
from tests.screens.scenes import SCENES
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

EXAMPLES = True
_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_MINUTE_BYTES = {410: 16384, 240: 6144}
"""Budgets of one changed minute."""


class Counter(Panel):
    """Counts and keeps nothing: `Panel.write` allocates slices."""

    def write(self, x, y, w, h, pixels):
        self.bytes += len(pixels)
        self.writes += 1


def _face(panel):
    ui = Ui(panel, "firmware/assets")
    desk = Desk()
    desk.glance.upcoming = ""
    stack = Stack(ui, Renderer(ui, panel), face(ui, "digital", desk))
    stack.tick(0)
    return desk, stack


def test_a_face_costs_what_changed():
    for size in _SIZES:
        panel = Counter(*size)
        desk, stack = _face(panel)
        assert panel.bytes == size[0] * size[1] * 2
        worst = usual = 0
        for minute in range(1, 60):
            panel.bytes = 0
            desk.time.minutes = MINUTES + minute
            stack.tick(0)
            if desk.time.minutes % 10:
                usual = max(usual, panel.bytes)
            worst = max(worst, panel.bytes)
        assert usual <= _MINUTE_BYTES[size[0]], usual
        panel.bytes = panel.writes = 0
        stack.tick(1000)
        assert panel.bytes == panel.writes == 0
        print(
            "NOTE face %dx%d bytes: full %d, minute %d, hour %d, second 0"
            % (size[0], size[1], size[0] * size[1] * 2, usual, worst)
        )


def test_a_second_and_a_minute_allocate_nothing():
    for size in _SIZES:
        panel = Counter(*size)
        desk, stack = _face(panel)
        for minute in (1, 2, 0):
            desk.time.minutes = MINUTES + minute
            stack.tick(0)
        for minute in (1, 2, 0, 0, 0):
            desk.time.minutes = MINUTES + minute
            micropython.heap_lock()
            try:
                stack.tick(1000)
            finally:
                micropython.heap_unlock()


def test_a_screen_opens_in_one_full_redraw_then_sends_nothing_and_allocates_nothing():
    """Every scene on one of the panels in turn; with TAPWATCH_LONG=1 on both."""
    both = os.getenv("TAPWATCH_LONG") == "1"
    for turn, size in enumerate(_SIZES):
        panel = Counter(*size)
        ui = Ui(panel, "firmware/assets", "zh", True)
        fresh = dict(ui.__dict__)
        for place, (name, build) in enumerate(SCENES):
            if not both and place % 2 != turn:
                continue
            for field, value in fresh.items():
                setattr(ui, field, value)
            panel.bytes = 0
            stack = Stack(ui, Renderer(ui, panel), build(ui))
            stack.tick(0)
            assert panel.bytes == size[0] * size[1] * 2, (name, "pixels are sent twice, or never")
            panel.bytes = 0
            stack.tick(0)
            assert panel.bytes == 0, (name, "unchanged pixels are sent")
            assert _frame_bytes(stack) == 0, (name, "allocates while drawing")


def _frame_bytes(stack):
    """Heap that a full frame takes."""
    stack.refresh()
    gc.disable()
    before = gc.mem_alloc()
    stack.render()
    taken = gc.mem_alloc() - before
    gc.enable()
    return taken


def test_a_frame_that_takes_heap_is_noticed():
    panel = Counter(*_SIZES[1])
    stack = _face(panel)[1]
    kept = []
    write = panel.write
    panel.write = lambda *arguments: (kept.append(bytes(64)), write(*arguments))
    assert _frame_bytes(stack) > 0


def test_partial_frames_end_at_the_picture_of_a_full_one():
    for size in _SIZES:
        panel, fresh = Panel(*size), Panel(*size)
        desk, stack = _face(panel)
        for minute in (1, 49, 50, 51, 110, 229, 830):
            desk.time.minutes = MINUTES + minute
            desk.glance.percent = minute % 100
            desk.glance.locked = bool(minute & 1)
            stack.tick(0)
        other, again = _face(fresh)
        other.time.minutes, other.glance.percent, other.glance.locked = (
            desk.time.minutes,
            desk.glance.percent,
            desk.glance.locked,
        )
        again.tick(0)
        again.refresh()
        again.render()
        assert panel.pixels == fresh.pixels, "leftovers on the panel"


def test_a_failed_write_is_sent_again():
    panel = Panel(*_SIZES[1])
    desk, stack = _face(panel)
    good = panel.write

    def broken(*_arguments):
        raise OSError(5)

    desk.time.minutes = MINUTES + 1
    panel.write = broken
    try:
        stack.tick(0)
        raise AssertionError("the error was swallowed")
    except OSError:
        pass
    panel.write = good
    panel.bytes = 0
    stack.tick(0)
    assert panel.bytes > 0


def test_the_other_way_up_is_the_same_picture_turned():
    for size in _SIZES:
        pictures = []
        for turned in (False, True):
            panel = Panel(*size)
            desk, stack = _face(panel)
            stack._ui.turn(turned)
            desk.time.minutes = MINUTES + 1
            stack.tick(1000)
            desk.time.minutes = MINUTES + 2
            stack.tick(2000)
            pictures.append(panel.pixels)
        upright, turned = pictures
        assert turned != upright and _are_reversed(upright, turned), size


def _are_reversed(one, other):
    """True if the pixels of one picture are those of the other, last one first. Makes no third picture."""
    last = len(one) - 2
    for at in range(0, len(one), 2):
        if one[at] != other[last - at] or one[at + 1] != other[last - at + 1]:
            return False
    return len(one) == len(other)
