"""What a manufacturer calls the watch: on the start screen, in the settings, and as the first language and colour."""

from board.counting.board import Board
from board.parts.info import Info
from watch.kernel.errors import InputError
from watch.screens.boot import BootScreen
from watch.storage.settings import Settings
from watch.system.main import build
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

SIZES = ("410x502", "240x240")
LONGEST = ("WWWWWWWWWWWW", "一二三四五六七八九十百千", "Example One")
"""12 characters: what `tapwatch build` lets pass."""


class Facts:
    """Of an image with a branding."""

    BOARD, VERSION, BUILT_S, POSTURE = "counting", "1.2.3", 1_795_305_600, "release"
    MAKER, PRODUCT, ACCENT, LANGUAGE = "Example Watches", "Example One", 0xFF8800, "zh"


class Plain:
    """Of an image without."""

    BOARD, VERSION, BUILT_S, POSTURE = "counting", "1.2.3", 1_795_305_600, "release"


class Journal:
    """Keeps one record."""

    def __init__(self):
        self.facts = {}

    def get(self, key):
        return self.facts.get(key)

    def commit(self, facts):
        self.facts.update(facts)


def test_the_name_fits_the_start_screen():
    """The longest name in both scripts, on both panels."""
    for size in SIZES:
        for product in LONGEST:
            board = Board(size)
            ui = Ui(board.display, board.info.assets)
            ui.product = product
            Stack(ui, Renderer(ui, board.display), BootScreen(ui)).render()
            assert not ui.clipped and not ui.missing, (size, product, ui.clipped, ui.missing)


def test_an_image_with_a_branding_says_so_and_one_without_does_not():
    brand = Info(Facts, "", "power", bytes(6)).brand
    assert (brand.maker, brand.product, brand.accent, brand.language) == (
        "Example Watches",
        "Example One",
        0xFF8800,
        "zh",
    )
    assert Info(Plain, "", "power", bytes(6)).brand is None


def test_a_branded_watch_starts_with_its_name_colour_and_language():
    board = Board(SIZES[1])
    plain = build(Board(SIZES[1]))
    board.info.brand = Info(Facts, "", "power", bytes(6)).brand
    try:
        watch = build(board)
        assert watch._ui.product == "Example One" and watch._ui.accent != plain._ui.accent
        assert watch._ui.text.language == "zh" and plain._ui.text.language == "en"
    finally:
        board.info.brand = None


def test_another_default_counts_until_the_wearer_has_chosen():
    journal = Journal()
    settings = Settings(journal)
    settings.prefer("language", "zh")
    assert settings.get("language") == "zh" and not journal.facts, "a default is not stored"
    settings.set("language", "en")
    again = Settings(journal)
    again.load()
    again.prefer("language", "zh")
    assert again.get("language") == "en", "what the wearer has chosen stays, though it is the default elsewhere"
    again.set("language", "zh")
    later = Settings(journal)
    later.load()
    later.prefer("language", "zh")
    assert later.get("language") == "zh"
    try:
        later.prefer("language", "fr")
        raise AssertionError("there are no words for that")
    except InputError:
        assert later.get("language") == "zh"
