"""Runs inside MicroPython: draws a face again and again, to be counted from outside.

Usage: micropython tests/screens/face_cost.py large|small full|minute|second REPETITIONS [FACE]

Prints the bytes sent to the panel by the last repetition: pixels, and the commands of the panel's real driver.
"""

import sys

from board.counting.panel import Display
from tests.screens.app_scenes import MINUTES, Desk, face
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

SIZES = {"large": "410x502", "small": "240x240"}


def main(size: str, kind: str, repetitions: int, name: str = "digital") -> None:
    """Repeat one kind of frame."""
    display = Display(SIZES[size])
    ui = Ui(display, "firmware/assets")
    desk = Desk()
    stack = Stack(ui, Renderer(ui, display), face(ui, name, desk))
    stack.tick(0)
    before = display.bytes
    for repetition in range(repetitions):
        before = display.bytes
        if kind == "minute":
            desk.time.minutes = MINUTES + 1 + repetition % 50
        elif kind == "full":
            stack.refresh()
        stack.tick(1000 * repetition)
    print(display.bytes - before)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
