"""Runs inside MicroPython: draws the face again and again, to be counted from outside.

Usage: micropython tests/screens/face_cost.py large|small full|minute|second REPETITIONS

Prints the bytes sent to the panel by the last repetition.
"""

import sys

from tests.screens.app_scenes import MINUTES, Desk, face
from tests.screens.panel import Panel
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

SIZES = {"large": (410, 502, 115, 2), "small": (240, 240, 0, 1)}


class Counter(Panel):
    """A panel that counts and keeps nothing, so that only our own work is measured."""

    def write(self, x: int, y: int, w: int, h: int, pixels: memoryview) -> None:
        """Count."""
        self.bytes += len(pixels)
        self.writes += 1


def main(size: str, kind: str, repetitions: int) -> None:
    """Repeat one kind of frame."""
    panel = Counter(*SIZES[size])
    ui = Ui(panel, "firmware/assets")
    desk = Desk()
    stack = Stack(ui, Renderer(ui, panel), face(ui, "digital", desk))
    stack.tick(0)
    for repetition in range(repetitions):
        panel.bytes = 0
        if kind == "minute":
            desk.time.minutes = MINUTES + 1 + repetition % 50
        elif kind == "full":
            stack.refresh()
        stack.tick(1000 * repetition)
    print(panel.bytes)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
