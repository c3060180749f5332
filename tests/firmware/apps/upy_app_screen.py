"""Whatever an app does, it ends on a card, its things go with it, and the watch goes on."""

import gc
import sys

import micropython

from tests.screens.app_scenes import Desk, app, face, manifest
from tests.screens.panel import Panel
from watch.apps.api import App, Box, Face, Label, Widget
from watch.apps.app_screen import MOST_TARGETS, MOST_WIDGETS, AppScreen
from watch.apps.shelf.firmware_apps import APPS, FACES
from watch.kernel.errors import InputError
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

_ANSWERS = ("open", "tick", "tap", "press", "release", "hold", "swipe", "draw", "target")


class _Quit(BaseException):
    """Not even an Exception."""


class _Bomb(Widget):
    """Raises when it is drawn."""

    def draw(self, canvas):
        raise _Quit("drawn")


class Hostile(App):
    """Raises in the answer called `where`."""

    where = ""
    closed = 0

    def _maybe(self, here):
        if self.where == here:
            raise _Quit(here)

    def open(self, watch):
        self._maybe("open")
        if self.where == "draw":
            self.add(_Bomb(0, 0, 50, 50))
        if self.where == "target":
            self.target("bad", 0, 0, 100, 100, lambda: 1 // 0)

    def close(self):
        Hostile.closed += 1
        self._maybe("close")

    def tick(self, now):
        self._maybe("tick")

    def tap(self, x, y):
        self._maybe("tap")

    def press(self, x, y):
        self._maybe("press")

    def release(self):
        self._maybe("release")

    def hold(self, x, y):
        self._maybe("hold")

    def swipe(self, direction):
        self._maybe("swipe")
        return False


class HostileFace(Face):
    """Raises on its second look at the time."""

    def open(self, watch):
        self._looks = 0

    def tick(self, now):
        self._looks += 1
        return 1 // (2 - self._looks)


class _Panel(Panel):
    """Counts and keeps nothing."""

    def write(self, x, y, w, h, pixels):
        self.bytes += len(pixels)


def _ui():
    return Ui(_Panel(240, 240, 0, 1), "firmware/assets")


def _run(where):
    """Start an app that raises at one place, and let the wearer do everything once."""
    Hostile.where, Hostile.closed = where, 0
    ui, desk = _ui(), Desk(Hostile)
    screen = app(ui, "torch", desk=desk)
    stack = Stack(ui, Renderer(ui, _Panel(240, 240, 0, 1)), screen)
    for _ in range(2):
        stack.tick(0)
    screen.press(5, 5)
    screen.release()
    screen.tap(5, 5)
    screen.hold(5, 5)
    screen.swipe("up")
    stack.tick(0)
    return desk, screen


def test_an_app_that_raises_anywhere_ends_on_a_card():
    for where in _ANSWERS:
        desk, screen = _run(where)
        assert len(desk.errors) == 1, where
        assert not screen.running and desk.withdrawn == 1, where
        texts = screen.texts()
        assert texts[0] == "Torch" and texts[2].split()[-1] in ("_Quit", "ZeroDivisionError"), (where, texts)
        assert [target[0] for target in screen.targets()] == ["ok"]
        screen.tap(120, 200)
        assert desk.leaving == 1, where


def test_an_app_that_raises_in_close_is_gone_all_the_same():
    desk, screen = _run("close")
    assert screen.running and not desk.errors
    screen.close()
    assert len(desk.errors) == 1 and desk.withdrawn == 1 and not screen.running and screen.texts() == []


def test_a_well_behaved_app_is_closed_once():
    desk, screen = _run("")
    screen.close()
    screen.close()
    assert Hostile.closed == 1 and desk.withdrawn == 1 and not desk.errors


def test_the_side_button_always_leaves_and_an_unused_swipe_to_the_right_too():
    desk, screen = _run("")
    screen.button("single")
    screen.swipe("right")
    screen.swipe("left")
    assert desk.leaving == 2


def test_ctrl_c_is_not_the_apps_error():
    _, screen = _run("")

    def stop(*_arguments):
        raise KeyboardInterrupt

    screen._app.tick = stop
    try:
        screen.tick(0)
    except KeyboardInterrupt:
        return
    raise AssertionError("Ctrl-C was taken for an error of the app")


def test_a_held_button_acts_again_and_again_until_the_finger_goes():
    class Held(App):
        tick_ms = 500

        def open(self, watch):
            self.count = 0
            self.button("more", 10, 10, 90, 90, self.more, "+", repeats=True)
            self.button("once", 10, 120, 90, 90, self.more, "1")

        def more(self):
            self.count += 1
            if self.count == 30:
                self.clear()

    screen = app(_ui(), "torch", desk=Desk(Held))
    screen.press(20, 20)
    screen.release()
    screen.hold(20, 20)
    for now in range(0, 1001, 25):
        screen.tick(now)
    assert screen._app.count == 8 and screen.tick_ms == 125, screen._app.count
    screen.release()
    screen.tick(2000)
    assert screen._app.count == 8 and screen.tick_ms == 500
    screen.hold(20, 130)
    screen.tick(3000)
    assert screen._app.count == 8, "a button that does not repeat"
    screen.hold(20, 20)
    for now in range(3125, 8000, 125):
        screen.tick(now)
    assert screen._app.count == 30 and screen.tick_ms == 500, "a page that goes lets go"


def test_floods_end_the_app_and_not_the_watch():
    class Widgets(App):
        def open(self, watch):
            while True:
                self.add(Box(0, 0, 9, 9, 0, 1))

    class Targets(App):
        def open(self, watch):
            while True:
                self.target("more", 0, 0, 9, 9, self.close)

    class Depth(App):
        def open(self, watch):
            self.open(watch)

    for kind, most in ((Widgets, MOST_WIDGETS), (Targets, MOST_TARGETS), (Depth, 0)):
        desk = Desk(kind)
        screen = app(_ui(), "torch", desk=desk)
        assert len(desk.errors) == 1 and not screen.running, kind
        assert type(desk.errors[0]) is (InputError if most else RuntimeError)


def test_what_is_drawn_outside_lands_nowhere():
    class Outside(App):
        def open(self, watch):
            ui = self.ui
            for x, y in ((-400, -400), (-20, 10), (230, 230), (9000, 9000)):
                self.add(Box(x, y, 60, 60, 20, 0xFFFF))
                self.add(Label(ui, ui.body_font, x, y, 60, "outside", 0xFFFF))

    ui, desk = Ui(Panel(240, 240, 0, 1), "firmware/assets"), Desk(Outside)
    screen = app(ui, "torch", desk=desk)
    panel = Panel(240, 240, 0, 1)
    Renderer(ui, panel).render(screen)
    assert panel.writes and not desk.errors


def test_a_permission_that_was_not_asked_for_is_not_there():
    class Curious(App):
        def open(self, watch):
            print(watch.glance.card.last_four)

    desk = Desk(Curious)
    app(_ui(), "torch", desk=desk)
    assert type(desk.errors[0]) is AttributeError


def test_a_face_that_raises_shows_the_card_and_keeps_its_swipes():
    desk = Desk(HostileFace)
    screen = face(_ui(), "digital", desk)
    screen.shown = True
    screen.open()
    screen.tick(0)
    assert len(desk.errors) == 1 and not screen.running
    assert screen.name == "face" and screen.texts()[0] == "Digital"
    went = []
    screen._on_swipe = went.append
    screen.swipe("up")
    screen.tap(120, 200)
    assert went == ["up"] and desk.leaving == 1


def test_memory_comes_back_and_no_module_stays():
    ui, desk = _ui(), Desk()
    stack = Stack(ui, Renderer(ui, _Panel(240, 240, 0, 1)), face(ui, "digital", desk))
    for name in APPS:
        start = 0
        for turn in range(50):
            stack.push(AppScreen(ui, manifest(name), desk))
            stack.tick(turn)
            stack.home()
            stack.tick(turn)
            desk.settings.values.clear()  # kept for the app, not by it
            if turn == 0:
                gc.collect()
                start = gc.mem_alloc()
        gc.collect()
        grown = gc.mem_alloc() - start
        print("NOTE apps: %s opened and closed 50 times, heap %+d bytes" % (name, grown))
        assert grown <= 0, name
        assert not [module for module in sys.modules if module.startswith("apps." + name)]
    assert not desk.errors, desk.errors


def test_a_minute_of_any_face_costs_what_changed():
    """Large figures are worth twice the bytes: five of seven strokes may change at once."""
    for name in FACES:
        for size, most in (((410, 502, 115, 2), 16_384), ((240, 240, 0, 1), 6_144)):
            desk, panel = Desk(), _Panel(*size)
            ui = Ui(panel, "firmware/assets")
            stack = Stack(ui, Renderer(ui, panel), face(ui, name, desk))
            stack.tick(0)
            worst = 0
            for _ in range(40):  # 10:10 to 10:49; where tens change, more does
                desk.time.minutes += 1
                panel.bytes = 0
                stack.tick(0)
                if desk.time.minutes % 10:
                    worst = max(worst, panel.bytes)
            print("NOTE face %s %dx%d: a minute sends at most %d bytes" % (name, size[0], size[1], worst))
            assert worst <= (2 * most + 1024 if name == "big" else most), (name, worst)


def test_a_second_of_any_face_costs_nothing():
    for name in FACES:
        desk, panel = Desk(), _Panel(240, 240, 0, 1)
        ui = Ui(panel, "firmware/assets")
        stack = Stack(ui, Renderer(ui, panel), face(ui, name, desk))
        stack.tick(0)
        stack.tick(1)
        panel.bytes = 0
        micropython.heap_lock()
        try:
            stack.tick(2)
        finally:
            micropython.heap_unlock()
        assert panel.bytes == 0, name
        assert not desk.errors


def test_an_app_may_change_its_pace_within_limits():
    screen = app(_ui(), "torch")
    assert screen.tick_ms == 1000
    for asked, given in ((100, 100), (1, 50), (60_000, 1000)):
        screen._app.pace(asked)
        assert screen.tick_ms == given, asked
