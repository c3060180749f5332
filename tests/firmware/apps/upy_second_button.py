"""The second button is the app's in front, as any other call into it."""

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from watch.apps.api import App
from watch.ui.context import Ui


class Switch(App):
    """Writes down what it hears."""

    heard = []

    def second_button(self, down):
        """Down or up."""
        Switch.heard.append(down)
        if len(Switch.heard) == 3:
            raise ValueError("enough")


def test_the_app_hears_it_and_what_it_raises_ends_it():
    del Switch.heard[:]
    desk = Desk(Switch)
    screen = app(Ui(Panel(240, 240, 0, 1), "firmware/assets"), "torch", desk=desk)
    for down in (True, False, True, False):
        screen.second_button(down)
    assert Switch.heard == [True, False, True] and not screen.running and len(desk.errors) == 1
