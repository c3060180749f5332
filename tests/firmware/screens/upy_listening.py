"""The picture of listening: what it costs while the level moves, and how a finger or a press ends it."""

import micropython

from tests.screens.panel import Panel
from watch.screens.listening import TICK_MS, ListeningScreen
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
WORST_BYTES = 8_000
"""Of one step of the level, whatever it was before: the seven bars and nothing else."""
WORDS = ("Payment", "Timer", "Music", "Weather")


class Level:
    """What the microphone would say."""

    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now


def shown(size, level, on_cancel):
    """The screen, drawn once."""
    panel = Panel(*size)
    ui = Ui(panel, "firmware/assets")
    screen = ListeningScreen(ui, WORDS, level, on_cancel)
    stack = Stack(ui, Renderer(ui, panel), screen)
    stack.render()
    return panel, ui, screen, stack


def marked(ui):
    """Bytes that the rectangles marked would send."""
    edges, total = ui.damage.edges, 0
    for at in range(0, 4 * ui.damage.count, 4):
        total += 2 * (edges[at + 2] - edges[at]) * (edges[at + 3] - edges[at + 1])
    return total


def test_a_step_of_the_level_marks_only_the_bars_and_allocates_nothing():
    for size in SIZES:
        level = Level()
        _, ui, screen, stack = shown(size, level, lambda: None)
        worst = total = 0
        steps = (0, 100, 0, 40, 55, 50, 62, 30, 100, 5)
        for now in steps:
            level.now = now
            micropython.heap_lock()
            try:
                screen.tick(0)
            finally:
                micropython.heap_unlock()
            worst, total = max(worst, marked(ui)), total + marked(ui)
            stack.render()
        whole = 2 * size[0] * size[1]
        print("NOTE listening, %d px: a step of the level %d bytes on average, %d at worst, of %d" % (
            size[0], total // len(steps), worst, whole
        ))  # fmt: skip
        assert 0 < worst < WORST_BYTES and worst < whole // 10
        level.now = steps[-1]
        screen.tick(0)
        assert marked(ui) == 0, "the same level costs nothing"
    assert TICK_MS == 100


def test_a_finger_that_comes_down_and_every_press_end_it():
    ended = []
    screen = shown(SIZES[1], Level(), lambda: ended.append(True))[2]
    screen.press(5, 5)
    screen.button("single")
    screen.back()
    assert len(ended) == 3


def test_what_was_heard_takes_the_place_of_the_bars():
    level = Level()
    _, ui, screen, stack = shown(SIZES[0], level, lambda: None)
    assert "Say a word" in screen.texts() and "Payment · Timer" in screen.texts()
    screen.typed("1 2")
    assert "1 2" in screen.texts()
    screen.heard("Timer")
    assert screen.texts() == ["Timer"]
    level.now = 90
    stack.render()
    screen.tick(0)
    assert marked(ui) == 0
    screen.again("unclear")
    assert "Say that again" in screen.texts()
