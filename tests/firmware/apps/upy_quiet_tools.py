"""While nothing changes these apps send nothing, and neither their looks at the time nor their drawing takes heap."""

import gc

import micropython

from tests.screens.panel import Panel
from tests.screens.tool_scenes import SCENES
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack


class _Panel(Panel):
    """Counts and keeps nothing."""

    def write(self, x, y, w, h, pixels):
        self.bytes += len(pixels)


def _stay_quiet(name, build, size):
    panel = _Panel(*size)
    ui = Ui(panel, "firmware/assets")
    screen = build(ui)
    stack = Stack(ui, Renderer(ui, panel), screen)
    stack.render()
    stack.refresh()
    gc.collect()
    micropython.heap_lock()
    try:
        stack.render()
        panel.bytes = 0
        for _ in range(3):
            stack.tick(0)
    finally:
        micropython.heap_unlock()
    assert panel.bytes == 0, (name, panel.bytes)
    assert screen.running and not screen._owner.errors, name


def test_scenes_are_drawn_and_looked_at_without_heap():
    for place, (name, build) in enumerate(SCENES):
        _stay_quiet(name, build, (240, 240, 0, 1) if place % 2 else (410, 502, 115, 2))
    print("NOTE scenes of tools that draw without heap:", len(SCENES))
