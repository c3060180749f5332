"""The app of docs/apps.md works as it stands there. `tests/host/apps/test_page_example.py` packs it."""

from tests.screens.app_scenes import Desk
from tests.screens.panel import Panel
from watch.apps.app_screen import AppScreen
from watch.apps.capabilities import TICK, Haptics, watch_of
from watch.apps.words import Words
from watch.ui.context import Ui

_PANELS = ((410, 502, 96, 2), (240, 240, 0, 1))
_CLASS = "Tally"


def _block(kind, place=0):
    """A block of the page, by its language and place."""
    with open("docs/apps.md") as page:
        return page.read().split("```%s\n" % kind)[1 + place].split("```\n")[0]


def _words():
    """The texts by language: the second block of TOML has a table for each, of plain lines."""
    texts, table = {}, None
    for line in _block("toml", 1).split("\n"):
        if line.startswith("["):
            table = texts[line[1:-1]] = {}
        elif line:
            key, _, text = line.partition(" = ")
            table[key] = text[1:-1]
    return texts


class Manifest:
    """As much of the example's as a screen asks for."""

    id = "tally"
    icon, colour = -1, 0

    def __init__(self, permissions):
        self.permissions = permissions

    def name(self, language):
        """What the wearer calls it."""
        return "Tally"


class PageDesk(Desk):
    """Runs the class of the page, with its words and what its description asks for."""

    def load(self, screen):
        """The class."""
        names = {}
        exec(_block("python"), names)  # noqa: S102 # our own page
        return names[_CLASS]

    def grant(self, screen):
        """The motor, if it is asked for."""
        granted = {"haptics": Haptics(self.played.append)} if "haptics" in screen.manifest.permissions else {}
        words = Words(_words()[screen.ui.text.language], screen.ui.text)
        return watch_of(self.time, self.settings, words, screen.leave, self.said, granted)


def _open(panel, desk, *taps, language="en", permissions=("haptics",)):
    ui = Ui(Panel(*panel), "firmware/assets")
    ui.set_language(language)
    screen = AppScreen(ui, Manifest(permissions), desk)
    screen.shown = True
    screen.open()
    for name in taps:
        x, y = next((one[1], one[2]) for one in screen.targets() if one[0] == name)
        screen.tap(x + 2, y + 2)
    return screen


def test_the_example_counts_and_remembers():
    for panel in _PANELS:
        desk = PageDesk()
        screen = _open(panel, desk, "more", "more")
        assert screen.texts() == ["2", "One more"], (screen.texts(), desk.errors)
        assert desk.played == [TICK, TICK]
        screen.end()
        again = _open(panel, desk)
        assert again.texts()[0] == "2", "the number is gone"
        again.end()
        assert desk.errors == []


def test_the_example_speaks_chinese():
    screen = _open(_PANELS[1], PageDesk(), language="zh")
    assert screen.texts() == ["0", "加一"], screen.texts()
    screen.end()


def test_the_example_needs_what_it_asks_for():
    """A guard: an app that uses what its manifest lacks ends with an error, so the desk sees what a mistake does."""
    desk = PageDesk()
    _open(_PANELS[1], desk, "more", permissions=())
    assert type(desk.errors[0]) is AttributeError, desk.errors
