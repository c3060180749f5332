"""Pages of keys, on both panels: what a key changes is drawn as if all were drawn anew, and nothing else is."""

from tests.screens.panel import Panel
from watch.screens.amount_entry import AmountEntryScreen
from watch.screens.passcode import UnlockScreen
from watch.ui.context import Ui
from watch.ui.renderer import Renderer

SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))


def nothing(*_arguments):
    """A callback that is not of interest."""


class Glass:
    """A screen of keys on a panel."""

    def __init__(self, size, make):
        self.panel = Panel(*size)
        self.ui = Ui(self.panel, "firmware/assets")
        self.renderer = Renderer(self.ui, self.panel)
        self.screen = make(self.ui)
        self.screen.shown = True
        self.screen.open()
        self.ui.damage.everything()
        self.renderer.render(self.screen)

    def same(self):
        """True if what has changed was drawn."""
        self.renderer.render(self.screen)
        before = bytes(self.panel.pixels)
        self.ui.damage.everything()
        self.renderer.render(self.screen)
        return before == bytes(self.panel.pixels)

    def middle(self, label):
        """Of a key; None where it is not on this page."""
        for name, x, y, w, h in self.screen.targets():
            if name == label:
                return x + w // 2, y + h // 2
        return None

    def touch(self, label):
        x, y = self.middle(label)
        self.screen.press(x, y)
        assert self.same(), ("pressed", label)
        self.screen.tap(x, y)
        self.screen.release()
        assert self.same(), ("touched", label)


def screens():
    """A new one of each kind, on each panel."""
    for size in SIZES:
        yield Glass(size, lambda ui: UnlockScreen(ui, nothing, nothing, lambda: 0))
        yield Glass(size, lambda ui: AmountEntryScreen(ui, "Green Tea House", 156, nothing, nothing))


def test_what_a_key_changes_is_drawn():
    count = 0
    for glass in screens():
        for label in ("1", "turn", "6", "turn", "2", "delete", "delete", "turn", "8", "turn", "5"):
            if glass.middle(label) is not None:
                glass.touch(label)
                count += 1
    print("NOTE keys: %d touches on four screens, each drawn as if all were drawn anew" % count)
    assert count >= 40, count


def test_a_key_under_a_finger_goes_out_when_the_page_turns_or_the_screen_goes():
    for glass in screens():
        screen = glass.screen
        if glass.middle("turn") is None:
            continue
        x, y = glass.middle("1")
        screen.press(x, y)
        screen._turn()
        screen._turn()
        assert glass.same() and not any(key._pressed for key in screen._keys)
        screen.press(x, y)
        screen.close()
        assert not any(key._pressed for key in screen._keys)
