"""Runs inside MicroPython: draws every scene of one panel and language in every theme, and prints what came out.

Usage: micropython tests/screens/gallery.py large|small en|zh [FOLDER [SCENE...]]

The line of JSON at the end has for each scene its class, its app, the hash of its picture in each theme and what is
wrong with it, and the keys of all texts that were asked for. With a folder, the pixels of each picture go to
`HASH.rgb565` there, as the panel holds them. With scenes, only those are drawn.
"""

import io
import json
import os
import sys

from tests.screens import scenes
from tests.screens.studio import THEMES, Studio
from watch.apps.shelf.bundle import Bundle
from watch.ui import text

ODD = getattr(scenes, "ODD", ())
"""Scenes with characters that no font has."""


class Keys:
    """Stands for a table of texts and remembers which were asked for."""

    def __init__(self, table, asked, prefix=""):
        self._table, self._asked, self._prefix = table, asked, prefix

    def __getitem__(self, key):
        text = self._table[key]
        self._asked.add(self._prefix + key)
        return text

    def __contains__(self, key):
        return key in self._table


class Language:
    """Stands for the module of a language."""

    def __init__(self, module, asked):
        self._module = module
        self.TEXT = Keys(module.TEXT, asked)

    def __getattr__(self, name):
        return getattr(self._module, name)


def listen(language):
    """A set that fills with the keys of the texts asked for; those of an app begin with its name and a stroke."""
    asked, words = set(), Bundle.words
    table = text._table
    text._table = lambda name: Language(table(name), asked) if name == language else table(name)

    def overheard(bundle, language):
        return Keys(words(bundle, language), asked, bundle.manifest.id + "/")

    Bundle.words = overheard
    return asked


def keep(folder, name, pixels):
    """Write a picture, unless it is there."""
    try:
        os.stat("%s/%s.rgb565" % (folder, name))
    except OSError:
        with open("%s/%s.rgb565" % (folder, name), "wb") as file:
            file.write(pixels)


def scene(studio, name, build, folder):
    """All themes of one scene. One that cannot be built has no pictures and that as its fault."""
    told = {"screen": "", "app": "", "pictures": [], "faults": [], "targets": 0, "lines": 0}
    try:
        for theme, switches in THEMES:
            if all(hasattr(studio.ui, switch) for switch in switches):
                _theme(studio.draw(build, switches, name in ODD), theme, told)
                if folder:
                    keep(folder, told["pictures"][-1][1], studio.panel.pixels)
    except Exception as error:
        trace = io.StringIO()
        sys.print_exception(error, trace)
        told["faults"].append(trace.getvalue())
    return told


def _theme(picture, theme, told):
    manifest = getattr(picture.screen, "manifest", None)
    told["screen"], told["app"] = type(picture.screen).__name__, manifest.id if manifest else ""
    told["pictures"].append((theme, picture.digest))
    told["faults"] += ["%s: %s" % (theme, fault) for fault in picture.faults]
    told["targets"] += len(picture.screen.targets())
    told["lines"] += len(picture.lines)


def main(size, language, folder="", *wanted):
    """Draw them."""
    asked = listen(language)
    studio = Studio(size, language)
    chosen = [one for one in scenes.SCENES if not wanted or one[0] in wanted]
    drawn = [(name, scene(studio, name, build, folder)) for name, build in chosen]
    json.dump({"scenes": drawn, "texts": sorted(asked)}, sys.stdout)
    print()


main(*sys.argv[1:])
