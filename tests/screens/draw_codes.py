"""Runs inside MicroPython: draws screens with payment codes as the watch does, for `test_codes.py`.

Usage: micropython tests/screens/draw_codes.py FOLDER, with lines of JSON as input: [file, "large" or "small", language,
mark, kind, text], kind "digits", "bars" (the second page) or "presented". Each picture is a file of the panel's bytes.
"""

import json
import sys

from tests.screens.code_scenes import CARD, nothing
from tests.screens.panel import Panel
from watch.screens.payment_code import PaymentCodeScreen, PresentedCodeScreen
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

_SIZES = {"large": (410, 502, 115, 2), "small": (240, 240, 0, 1)}


def build(ui, kind, text):
    """The screen. It shows another code first, so that nothing is read from what was there before."""
    if kind == "presented":
        return PresentedCodeScreen(ui, CARD, text, 0, nothing, nothing)
    screen = PaymentCodeScreen(ui, CARD, "0" * 18, 0, nothing, nothing, nothing)
    if kind == "bars":
        screen.swipe("left")
    screen.show(text, 0)
    return screen


def main(folder):
    """One picture for each line."""
    for request in sys.stdin:
        name, size, language, mark, kind, text = json.loads(request)
        panel = Panel(*_SIZES[size])
        ui = Ui(panel, "firmware/assets", language, mark)
        screen = build(ui, kind, text)
        screen.shown = True
        ui.damage.everything()
        screen.open()
        Renderer(ui, panel).render(screen)
        with open("%s/%s.rgb565" % (folder, name), "wb") as file:
            file.write(panel.pixels)


main(sys.argv[1])
