"""The app of docs/apps.md works as it stands there."""

import os
import sys

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from watch.apps.capabilities import TICK
from watch.ui.context import Ui

_FOLDER = "build/example"
_FILES = ("__init__.py", "words.py", "app.py")
_PANELS = ((410, 502, 96, 2), (240, 240, 0, 1))


def _blocks():
    """The Python blocks of the page, in their order."""
    with open("docs/apps.md") as page:
        parts = page.read().split("```python\n")[1:]
    return [part.split("```\n")[0] for part in parts]


def _make_folder(path):
    made = ""
    for name in path.split("/"):
        made += name
        try:
            os.mkdir(made)
        except OSError:
            pass  # it is there from an earlier run
        made += "/"


class _Example:
    """The example as the folder `apps/tally`, for as long as the block lasts."""

    def __enter__(self):
        _make_folder(_FOLDER + "/apps/tally")
        blocks = _blocks()
        assert len(blocks) == len(_FILES), "the page has another number of files"
        for name, text in zip(_FILES, blocks):
            with open(_FOLDER + "/apps/tally/" + name, "w") as file:
                file.write(text)
        self._apps = sys.modules.pop("apps", None)
        sys.path.insert(0, _FOLDER)

    def __exit__(self, *_error):
        sys.path.remove(_FOLDER)
        sys.modules.pop("apps", None)
        if self._apps is not None:
            sys.modules["apps"] = self._apps


def _touch(screen, name):
    x, y = next((one[1], one[2]) for one in screen.targets() if one[0] == name)
    screen.tap(x + 2, y + 2)


def test_the_example_counts_and_remembers():
    for panel in _PANELS:
        with _Example():
            desk = Desk()
            ui = Ui(Panel(*panel), "firmware/assets")
            screen = app(ui, "tally", "more", "more", desk=desk)
            assert screen.texts() == ["2", "One more"], screen.texts()
            assert desk.played == [TICK, TICK]
            screen.end()
            again = app(ui, "tally", desk=desk)
            assert again.texts()[0] == "2", "the number is gone"
            again.end()
            assert desk.errors == []


def test_the_example_speaks_chinese():
    with _Example():
        ui = Ui(Panel(*_PANELS[1]), "firmware/assets")
        ui.set_language("zh")
        screen = app(ui, "tally")
        assert screen.texts() == ["0", "加一"], screen.texts()
        screen.end()


def test_the_example_needs_what_it_asks_for():
    """A guard: an app that uses what its manifest lacks ends with an error, so the desk sees what a mistake does."""
    with _Example():
        path = _FOLDER + "/apps/tally/__init__.py"
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace('("haptics",)', "()"))
        desk = Desk()
        app(Ui(Panel(*_PANELS[1]), "firmware/assets"), "tally", "more", desk=desk)
        assert type(desk.errors[0]) is AttributeError, desk.errors
