"""What screens do when they are touched, and how they keep out of the round corners."""

from tests.screens.panel import Panel
from tests.screens.scenes import CARD, SCENES, nothing
from tests.screens.studio import Studio
from watch.screens import message
from watch.screens.armed import ArmedScreen
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.screen import Screen
from watch.ui.theme import WHITE
from watch.ui.widget import Box, Label, Paragraph

_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))
_PAYING = ("armed", "confirm", "sent", "approved", "declined")
FAULTS = (
    (
        "clipped",
        lambda screen: screen.add(Paragraph(screen.ui, (screen.ui.body_font,), 60, 60, 90, 60, "W" * 99, WHITE)),
    ),
    (
        "2 characters are missing",
        lambda screen: screen.add(Label(screen.ui, screen.ui.body_font, 60, 100, 90, "\x07\u9f98", WHITE)),
    ),
    (
        "leaves the glass",
        lambda screen: screen.add(Label(screen.ui, screen.ui.body_font, -20, 100, 90, "Away", WHITE, 0)),
    ),
    ("target small is", lambda screen: screen.target("small", 100, 100, 77, 200, nothing)),
    ("target off leaves", lambda screen: screen.target("off", screen.ui.width - 112, 10, 113, 113, nothing)),
    ("round corners", lambda screen: screen.add(Box(2, 2, 3, 3, 1, WHITE))),
)
"""What the gallery says of a fault, and how a screen comes by it."""


class Spoilt(Screen):
    """Nothing is wrong with it."""

    @staticmethod
    def with_fault(fault):
        """A builder of one with a fault."""

        def build(ui):
            screen = Spoilt(ui)
            fault[1](screen)
            return screen

        return build


def _ui(size):
    return Ui(Panel(*size), "firmware/assets")


def _touch(screen, name):
    for label, x, y, w, h in screen.targets():
        if label == name:
            screen.tap(x + w // 2, y + h // 2)
            return
    raise AssertionError("no target " + name)


def test_messages_close_by_button_and_by_touch():
    heard = []
    screen = message.error(_ui(_SIZES[0]), "no-keys", lambda: heard.append(1))
    _touch(screen, "ok")
    screen.button("single")
    assert heard == [1, 1]
    final = message.wiped(_ui(_SIZES[0]), "asked", None)
    final.button("single")
    assert final.targets() == []


def test_armed_counts_down_tick_by_tick():
    for size in _SIZES:
        panel, left = Panel(*size), [60]
        ui = Ui(panel, "firmware/assets")
        screen = ArmedScreen(ui, CARD, lambda: left[0], nothing, nothing)
        renderer = Renderer(ui, panel)
        screen.shown = True
        screen.open()
        ui.damage.everything()
        renderer.render(screen)
        most = 0
        for left[0] in range(59, -1, -1):
            panel.bytes = 0
            screen.tick(0)
            renderer.render(screen)
            most = max(most, panel.bytes)
        print("NOTE armed second %dx%d: at most %d bytes" % (size[0], size[1], most))
        assert 0 < most <= 1200, most


def test_what_is_wrong_with_a_picture_is_told():
    """A screen with one fault of each kind, for the gallery's eyes."""
    for size in ("large", "small"):
        studio = Studio(size, "en")
        assert studio.draw(Spoilt).faults == [], "nothing wrong yet"
        told = [" ".join(studio.draw(Spoilt.with_fault(fault)).faults) for fault in FAULTS]
        for (words, _), found in zip(FAULTS, told):
            assert words in found or (size == "small" and "corner" in words), (size, words, found)
        odd = studio.draw(Spoilt.with_fault(FAULTS[0]), (), True)
        assert odd.faults == [], "hostile scenes may clip"


def test_the_test_mark_is_on_every_payment_screen():
    checked = 0
    for size in _SIZES:
        for marked in (True, False):
            ui = Ui(Panel(*size), "firmware/assets", "en", marked)
            for name, build in SCENES:
                if name.split("-")[0] in _PAYING:
                    shown = " · ".join(build(ui).texts()).split(" · ")  # beside it may stand what else marks a watch
                    assert ("TEST" in shown) == marked, (name, size)
                    checked += 1
    assert checked >= 4 * len(_PAYING)
