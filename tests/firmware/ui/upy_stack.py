"""Which screen is in front."""

from tests.screens.panel import Panel
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.screen import Screen
from watch.ui.stack import Stack


class Named(Screen):
    """A screen that remembers being opened and closed."""

    def __init__(self, ui, name):
        super().__init__(ui)
        self.name = name
        self.heard = []

    def open(self):
        self.heard.append("open")

    def close(self):
        self.heard.append("close")


def _stack():
    panel = Panel(240, 240, 0, 1)
    ui = Ui(panel, "firmware/assets")
    home = Named(ui, "home")
    return ui, home, Stack(ui, Renderer(ui, panel), home)


def test_push_pop_and_home():
    ui, home, stack = _stack()
    one, two = Named(ui, "one"), Named(ui, "two")
    stack.push(one)
    stack.push(two)
    assert stack.top is two and one.heard == ["open", "close"] and not one.shown and two.shown
    stack.pop()
    assert stack.top is one and one.heard == ["open", "close", "open"]
    stack.home()
    stack.pop()
    assert stack.top is home


def test_a_modal_screen_stays_above_what_comes_later():
    ui, home, stack = _stack()
    question, later = Named(ui, "question"), Named(ui, "later")
    stack.modal(question)
    stack.push(later)
    stack.pop()
    stack.push(later)
    stack.home()
    stack.push(later)
    assert stack.top is question and later.heard == []
    stack.close(question)
    stack.close(question)
    assert stack.top is later and later.heard == ["open"]
    stack.close(home)
    stack.close(later)
    assert stack.top is home


def test_only_the_front_screen_marks_damage():
    ui, home, stack = _stack()
    stack.push(Named(ui, "front"))
    stack.render()
    from watch.ui.widget import Box

    box = home.add(Box(10, 10, 20, 20, 4, 0xFFFF))
    box.recolour(0xF800)
    assert ui.damage.count == 0
    stack.pop()
    stack.render()
    box.recolour(0x001F)
    assert ui.damage.count == 1


def test_a_screen_that_cannot_be_closed_keeps_no_other_from_opening():
    ui, _, stack = _stack()
    one, two = Named(ui, "one"), Named(ui, "two")
    stack.push(one)

    def fails():
        raise MemoryError

    one.close = fails
    try:
        stack.push(two)
    except MemoryError:
        stack.tick(0)
    assert stack.top is two and two.shown and two.heard == ["open"] and not one.shown


def test_what_closing_brings_to_the_front_is_opened_once():
    ui, _, stack = _stack()
    one, two, three = Named(ui, "one"), Named(ui, "two"), Named(ui, "three")
    stack.push(one)
    one.close = lambda: stack.push(three)
    stack.push(two)
    assert stack.top is three and three.heard == ["open"] and two.heard == [] and not two.shown
