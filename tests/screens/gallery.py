"""Runs inside MicroPython: draws every screen of one panel and language, and writes what was drawn.

Usage: micropython tests/screens/gallery.py large|small en|zh FOLDER

For each screen a file `NAME.rgb565` (the panel's bytes), and one `index.json` with texts, targets and counters.
"""

import json
import sys

from tests.screens.panel import Panel
from tests.screens.scenes import SCENES
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

_SIZES = {"large": (410, 502, 115, 2), "small": (240, 240, 0, 1)}


def main(size: str, language: str, folder: str) -> None:
    """Draw all scenes."""
    panel = Panel(*_SIZES[size])
    index = {}
    for name, build in SCENES:
        ui = Ui(panel, "firmware/assets", language, test_mark=True)
        renderer = Renderer(ui, panel)
        renderer.canvas.log = []
        screen = build(ui)
        screen.shown = True
        ui.damage.everything()
        screen.open()
        renderer.render(screen)
        with open("%s/%s.rgb565" % (folder, name), "wb") as file:
            file.write(panel.pixels)
        index[name] = {
            "texts": screen.texts(),
            "targets": screen.targets(),
            "drawn": sorted(set(renderer.canvas.log)),
            "clipped": ui.clipped,
            "missing": ui.missing,
        }
    with open(folder + "/index.json", "w") as file:
        json.dump({"width": panel.width, "height": panel.height, "corner": panel.corner_px, "screens": index}, file)


main(*sys.argv[1:4])
