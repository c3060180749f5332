"""The waves of an armed card light up one after the other, send little, and stand still where nothing may move."""

import micropython

from tests.screens.panel import Panel
from tests.screens.scenes import CARD, nothing
from watch.screens.armed import ArmedScreen
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack
from watch.ui.waves import STEP_MS

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_MOST_BYTES = 6_000
_ROUND = 5


class _Counter(Panel):
    """Counts and keeps nothing: `Panel.write` allocates slices."""

    def write(self, x, y, w, h, pixels):
        self.bytes += len(pixels)
        self.writes += 1


def _armed(panel, still=False):
    ui = Ui(panel, "firmware/assets")
    ui.reduced_motion = still
    stack = Stack(ui, Renderer(ui, panel), ArmedScreen(ui, CARD, lambda: 60, nothing, nothing))
    stack.tick(0)
    return stack


def _sent(panel, stack, now):
    panel.bytes = panel.writes = 0
    stack.tick(now)
    return panel.bytes


def test_a_step_sends_little_and_allocates_nothing():
    for size in _SIZES:
        panel = _Counter(*size)
        stack = _armed(panel)
        sent = [_sent(panel, stack, at * STEP_MS) for at in range(1, _ROUND + 1)]
        assert 0 < max(sent) <= _MOST_BYTES, sent
        assert sum(one > 0 for one in sent) == _ROUND - 1, "all of them shine for two steps, else every step shows"
        print(
            "NOTE a step of the waves %dx%d: at most %d bytes, %d in a round" % (size[0], size[1], max(sent), sum(sent))
        )
        assert _sent(panel, stack, _ROUND * STEP_MS + STEP_MS - 1) == 0, "nothing between two steps"
        micropython.heap_lock()
        try:
            for at in range(_ROUND):
                stack.tick(at * STEP_MS)
        finally:
            micropython.heap_unlock()


def test_a_round_ends_at_the_picture_it_began_with():
    for size in _SIZES:
        panel = Panel(*size)
        stack = _armed(panel)
        first, seen = bytes(panel.pixels), set()
        for at in range(_ROUND):
            stack.tick(at * STEP_MS)
            seen.add(bytes(panel.pixels))
            stack.refresh()
            before = bytes(panel.pixels)
            stack.render()
            assert bytes(panel.pixels) == before, (size, at, "what was marked is what changed")
        stack.tick(_ROUND * STEP_MS)
        assert bytes(panel.pixels) == first and len(seen) == _ROUND - 1, len(seen)


def test_with_reduced_motion_they_stand_still_and_all_shine():
    for size in _SIZES:
        panel, moving = Panel(*size), Panel(*size)
        stack, other = _armed(panel, still=True), _armed(moving)
        assert stack.top.tick_ms == 1000 and other.top.tick_ms == STEP_MS
        before = bytes(panel.pixels)
        assert not any(_sent(panel, stack, at * STEP_MS) for at in range(_ROUND))
        assert bytes(panel.pixels) == before
        where = size[0] // 2 * 2 + size[0] * size[1]  # around the middle both show the same card and the same waves
        assert before[where : where + 2] == moving.pixels[where : where + 2]


def test_in_the_dark_nothing_moves():
    panel = _Counter(*_SIZES[1])
    stack = _armed(panel)
    stack.sleep(True)
    assert not any(_sent(panel, stack, at * STEP_MS) for at in range(_ROUND))
