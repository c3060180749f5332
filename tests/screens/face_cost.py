"""Runs inside MicroPython: draws a face again and again, to be counted from outside.

Usage: micropython tests/screens/face_cost.py large|small full|minute|second REPETITIONS [FACE]
   or: micropython tests/screens/face_cost.py large|small each [FACE]

Prints the bytes sent to the panel by the last repetition: pixels, and the commands of the panel's real driver. With
`each` it draws every kind, with a cut of callgrind (`tests/bench/measure.py`) before and behind, and prints
[kind, repetitions, bytes] of each as JSON.
"""

import json
import sys
import time

from board.counting.panel import Display
from tests.screens.app_scenes import MINUTES, Desk, face
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

SIZES = {"large": "410x502", "small": "240x240"}
_EACH = (("full", 3), ("minute", 15), ("second", 50))


class Watch:
    """A face on a panel."""

    def __init__(self, size: str, name: str = "digital") -> None:
        self._display = Display(SIZES[size])
        ui = Ui(self._display, "firmware/assets")
        self._desk = Desk()
        self._stack = Stack(ui, Renderer(ui, self._display), face(ui, name, self._desk))
        self._stack.tick(0)

    def draw(self, kind: str, repetitions: int) -> int:
        """Draw one kind of frame; returns the bytes of the last one."""
        before = 0
        for repetition in range(repetitions):
            before = self._display.bytes
            if kind == "minute":
                self._desk.time.minutes = MINUTES + 1 + repetition % 50
            elif kind == "full":
                self._stack.refresh()
            self._stack.tick(1000 * repetition)
        return self._display.bytes - before


def each(size: str, name: str = "digital") -> None:
    """Every kind, between cuts."""
    watch = Watch(size, name)
    told = []
    for kind, repetitions in _EACH:
        watch.draw(kind, 2)  # what is made once is there
        time.ticks_cpu()
        sent = watch.draw(kind, repetitions)
        time.ticks_cpu()
        told.append((kind, repetitions, sent))
    print(json.dumps(told))


if sys.argv[2] == "each":
    each(sys.argv[1], *sys.argv[3:])
else:
    print(Watch(sys.argv[1], *sys.argv[4:]).draw(sys.argv[2], int(sys.argv[3])))
