"""Apps that loop, hoard, flood, hide their errors or leave things behind: each ends on a card, and the watch goes on.

The classes here stand for packed code: `spend` is where the packer puts it.
"""

import gc

import micropython

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from watch.apps import api
from watch.apps.api import App, Box, Label, spend
from watch.apps.app_log import LINES, AppLog
from watch.apps.limits import BALLAST_BYTES, FUEL, Limits
from watch.apps.sweep import Sweep
from watch.apps.verifier.pool import is_pool
from watch.apps.verifier.vocabulary import WRITABLE, names
from watch.ui.canvas import Canvas
from watch.ui.context import Ui

SHARE = "apps"
SLOW, MEMORY, OWN = "It took too long.", "It used too much memory.", "Error: "


def _loop():
    while True:
        spend()


class n7(ValueError):  # noqa: N801 # as the packer calls it
    """An error of an app's own."""


class OpenLoops(App):
    def open(self, watch):
        _loop()


class MakingLoops(App):
    def __init__(self, screen):
        App.__init__(self, screen)
        _loop()


class TickLoops(App):
    def tick(self, now):
        _loop()


class TouchLoops(App):
    def open(self, watch):
        self.target("here", 0, 0, 240, 240, _loop)


class CloseLoops(App):
    def close(self):
        _loop()


class _Slow(Box):
    def draw(self, canvas):
        _loop()

    def texts(self):
        _loop()


class DrawLoops(App):
    def open(self, watch):
        self.add(_Slow(0, 0, 50, 50, 0, 0))


class TextLoops(App):
    def open(self, watch):
        self.add(_Slow(0, 0, 50, 50, 0, 0))


class Swallows(App):
    """Catches what ends it, and says that all went well."""

    def tick(self, now):
        try:
            _loop()
        except BaseException:
            return


class Generates(App):
    def tick(self, now):
        for _ in self.endless():
            pass

    def endless(self):
        while spend():
            yield 1


class Sorts(App):
    def tick(self, now):
        sorted(range(30_000), key=lambda one: spend() and -one)


class Recurses(App):
    def tick(self, now):
        self.tick(spend() and now)


class Bomb(App):
    def tick(self, now):
        held = []
        while spend():
            held.append(bytearray(100_000))


class BigBomb(App):
    def tick(self, now):
        self.all = bytearray(1 << 30)


class SharedBomb(App):
    """Hoards where only the sweep finds it."""

    def tick(self, now):
        Label.n3 = []
        while spend():
            Label.n3.append(bytearray(100_000))


class Hoards(App):
    """Takes a little at a time, and leaves less than the watch needs."""

    def open(self, watch):
        self.held = []

    def tick(self, now):
        for _ in range(3000):
            spend()
        self.held.append(bytearray(400_000))


class RaisesItsOwn(App):
    def tick(self, now):
        raise n7("mine")


class RaisesMuch(App):
    def tick(self, now):
        raise ValueError("x" * 20_000 + "\u4e2d" * 9)


class RaisesKnot(App):
    """Its error holds a list that holds itself."""

    def tick(self, now):
        knot = []
        knot.append(knot)
        raise ValueError(knot)


class RaisesNumber(App):
    """As a text its error takes minutes, after the call and so beyond the watchdog."""

    def tick(self, now):
        bits = 3_000_000  # as a constant the compiler would write the number out
        raise KeyError((1, 1 << bits))


class RaisesExit(App):
    def tick(self, now):
        raise SystemExit


class Floods(App):
    def tick(self, now):
        while spend():
            self.add(Box(0, 0, 9, 9, 0, 1))


class Logs(App):
    def tick(self, now):
        for _ in range(FUEL):
            spend()
            self.watch.log("x" * 500)


HOSTILE = (
    (OpenLoops, SLOW),
    (MakingLoops, SLOW),
    (TickLoops, SLOW),
    (TouchLoops, SLOW),
    (CloseLoops, SLOW),
    (DrawLoops, SLOW),
    (TextLoops, SLOW),
    (Swallows, SLOW),
    (Generates, SLOW),
    (Sorts, SLOW),
    (Recurses, OWN + "RuntimeError"),
    (Bomb, MEMORY),
    (BigBomb, MEMORY),
    (SharedBomb, MEMORY),
    (Hoards, MEMORY),
    (RaisesItsOwn, OWN + "ValueError"),
    (RaisesMuch, OWN + "ValueError"),
    (RaisesKnot, OWN + "ValueError"),
    (RaisesNumber, OWN + "KeyError"),
    (RaisesExit, OWN + "SystemExit"),
    (Floods, OWN + "InputError"),
    (Logs, SLOW),
)
"""Class, and what the card says."""


class _Desk(Desk):
    """Keeps the log as the system does, and sweeps."""

    def __init__(self, kind):
        super().__init__(kind)
        self.app_log, self.sweep, self.swept = AppLog(), Sweep(), 0

    def said(self, *things):
        self.app_log.write("guest", " ".join([str(thing) for thing in things]))

    def failed(self, screen, error):
        self.app_log.fault("guest", error)
        return super().failed(screen, error)

    def withdraw(self, screen):
        super().withdraw(screen)
        self.swept += self.sweep.clean((getattr(screen, "watch", None), screen.ui, self.time, self.glance))


def _everything(screen, canvas, desk):
    screen.tick(0)
    screen.draw(canvas)
    screen.texts()
    screen.tap(100, 100)
    for turn in range(40):
        desk.now_ms += 1000
        screen.tick(turn)
    screen.close()


def test_every_hostile_app_ends_with_its_reason_and_gives_back_its_memory():
    ui, canvas = Ui(Panel(240, 240, 0, 1), "firmware/assets"), Canvas()
    canvas.window(0, 0, 240, 30)
    Label(ui, ui.body_font, 0, 0, 90, "warm", 1)
    for kind, reason in HOSTILE:
        free = 0
        for turn in range(3):
            desk = _Desk(kind)
            screen = app(ui, "torch", desk=desk)
            _everything(screen, canvas, desk)
            assert len(desk.errors) == 1 and not screen.running, (kind.__name__, desk.errors)
            if kind is not CloseLoops:
                assert screen.texts()[2] == reason, (kind.__name__, screen.texts())
            assert len(desk.app_log._lines) <= LINES
            del desk, screen
            gc.collect()
            if turn == 0:
                free = gc.mem_free()
        assert gc.mem_free() >= free, (kind.__name__, free - gc.mem_free())
    print("NOTE guards: %d hostile behaviours ended, memory as after the first run" % len(HOSTILE))


def test_what_an_app_leaves_on_what_outlives_it_is_swept():
    class Leaves(App):
        def open(self, watch):
            Label.n1 = api.n2 = api.icons.n3 = App.n4 = bytearray(1000)
            self.ui.n5 = self.ui.metrics.n6 = watch.time.n7 = watch.log
            type(watch.settings).n8 = self
            Label.set = lambda *_: None
            api.Label = Box
            App.tick_ms = 50
            self.ui.x = self.ui.body_font.h = watch.time.tick_ms = bytearray(1000)

    ui, desk = Ui(Panel(240, 240, 0, 1), "firmware/assets"), _Desk(Leaves)
    label, method, pace = api.Label, Label.set, App.tick_ms
    shared, settable = (Label, api, api.icons, App, ui, ui.metrics, ui.body_font, desk.time), names(WRITABLE)
    before = [[name for name in one.__dict__ if name in settable] for one in shared]
    assert before == [[], [], [], ["tick_ms"]] + [[]] * 4, before
    app(ui, "torch", desk=desk).close()
    print("NOTE guards: %d attributes swept" % desk.swept)
    assert desk.swept == 14, desk.swept
    assert api.Label is label and Label.set is method and App.tick_ms == pace
    assert not [name for one in shared for name in one.__dict__ if is_pool(name)]
    assert [[name for name in one.__dict__ if name in settable] for one in shared] == before
    assert not desk.errors
    app(ui, "torch", desk=desk).close()
    assert desk.swept == 28, "and again"


def test_fuel_comes_back_with_time():
    class Works(App):
        def tick(self, now):
            for _ in range(9000):
                spend()

    ui, desk = Ui(Panel(240, 240, 0, 1), "firmware/assets"), Desk(Works)
    screen = app(ui, "torch", desk=desk)
    for turn in range(20):
        desk.now_ms += 1000
        screen.tick(turn)
    assert screen.running, "9,000 units a second are allowed for good"
    for turn in range(3):
        screen.tick(turn)
    assert not screen.running, "and 27,000 at once are not"


def test_the_ballast_is_there_while_an_app_runs_and_a_card_needs_it():
    ui, desk = Ui(Panel(240, 240, 0, 1), "firmware/assets"), Desk(BigBomb)
    assert app(ui, "torch", desk=desk).running and desk.limits._ballast is None, "our own apps do without"
    screen = app(ui, "torch", desk=desk, foreign=True)
    assert len(desk.limits._ballast) == BALLAST_BYTES
    screen.tick(0)
    assert desk.limits._ballast is None and not screen.running
    screen._crashed = False
    screen.open()
    assert len(desk.limits._ballast) == BALLAST_BYTES, "taken again"


def test_the_watchdog_watches_every_call_and_nothing_else():
    class Dog:
        began, ended, notes = 0, 0, set()

        def begin(self, note, timeout_ms):
            self.began += 1
            self.notes.add((note, timeout_ms))

        def end(self):
            self.ended += 1

    desk, dog = Desk(), Dog()
    desk.limits = Limits(desk.ticks_ms, dog)
    screen = app(Ui(Panel(240, 240, 0, 1), "firmware/assets"), "torch", desk=desk)
    began = dog.began
    assert began and dog.ended == began
    screen.tick(0)
    screen.press(5, 5)
    screen.release()
    assert dog.began == dog.ended == began + 3 and dog.notes == {(b"torch", 1000)}
    screen.close()
    screen.tick(1)
    assert dog.ended == dog.began


def test_what_an_app_wants_of_the_system_waits_until_its_call_is_over():
    done = []

    class Leaves(App):
        def tick(self, now):
            self.watch.close()
            done.append("after")

    desk = Desk(Leaves)
    desk.left = lambda screen: done.append("left")
    screen = app(Ui(Panel(240, 240, 0, 1), "firmware/assets"), "torch", desk=desk)
    screen.tick(0)
    assert done == ["after", "left"], done


def test_an_app_that_may_not_run_is_not_asked():
    desk = Desk()
    desk.open = False
    screen = app(Ui(Panel(240, 240, 0, 1), "firmware/assets"), "torch", desk=desk)
    assert not screen.running and screen.texts() == []
    desk.open = True
    screen.tick(0)
    assert screen.running, "it starts as soon as it may"


def test_brackets_allocate_nothing():
    desk = Desk()
    screen = app(Ui(Panel(240, 240, 0, 1), "firmware/assets"), "torch", desk=desk)
    turn = screen._turn
    micropython.heap_lock()
    try:
        for _ in range(3):
            turn.begin()
            turn.end()
    finally:
        micropython.heap_unlock()
    assert not desk.errors
