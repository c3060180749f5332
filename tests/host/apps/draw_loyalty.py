"""Runs inside MicroPython: draws loyalty cards as the watch does, for `test_loyalty_codes.py`.

Usage: micropython tests/host/apps/draw_loyalty.py FOLDER, with lines of JSON as input: [file, "large" or "small",
language, name, kind, text]. Each picture is a file of the panel's bytes.
"""

import json
import sys

from tests.screens.app_scenes import app
from tests.screens.panel import Panel
from tests.screens.tool_desk import ToolDesk
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

_SIZES = {"large": (410, 502, 115, 2), "small": (240, 240, 0, 1)}


def main(folder):
    """One picture for each line, drawn over what was there before: the list."""
    for request in sys.stdin:
        file, size, language, name, kind, text = json.loads(request)
        panel = Panel(*_SIZES[size])
        ui = Ui(panel, "firmware/assets", language)
        desk = ToolDesk()
        desk.known.loyalty.put(name, kind, text)
        screen = app(ui, "loyalty", desk=desk)
        renderer = Renderer(ui, panel)
        renderer.render(screen)
        screen.tap(panel.width // 2, panel.height // 3)
        renderer.render(screen)
        with open("%s/%s.rgb565" % (folder, file), "wb") as picture:
            picture.write(panel.pixels)


main(sys.argv[1])
