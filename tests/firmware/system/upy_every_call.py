"""Every call of the API from where there is no screen, from a face, from an app in front: an answer or a clear error.

Each method of `App`, each class and function of `watch.apps.api`, each method of everything that permissions give, with
arguments that make sense and with some that make none.
"""

import gc

from support import scrubbing
from support.guests import GuestWatch

from watch.apps import api
from watch.apps.api import App, Box, Face
from watch.apps.shelf.manifest import PERMISSIONS
from watch.kernel.errors import AppError, WatchError
from watch.system.apps.background import HiddenApp, _HiddenOwner

scrubbing.leave_out()
SHARE = "mutants"
NEEDS_A_SCREEN = ("add", "target", "button", "image")
ARGUMENTS = ((), (1,), ("x",), (None,), (1, "x"), ("x", b"x"), ("x", 1), (1, 2, "x"), ("x", 10, 10, 50, 50, None))
CLEAR = (WatchError, TypeError, ValueError, AttributeError, IndexError, KeyError, OverflowError, ZeroDivisionError)
"""What a developer can make something of, from classes that draw; capabilities give the first two and ValueError."""
CLEAR_OF_THINGS = (WatchError, TypeError, ValueError, OverflowError)
_CALLS = type(App.add), type(GuestWatch().called)


class Tried:
    """What came of every call."""

    def __init__(self):
        self.calls, self.refused, self.wrong = 0, {}, []

    def call(self, name, allowed, call, arguments):
        self.calls += 1
        try:
            call(*arguments)
        except Exception as error:
            if not isinstance(error, allowed):
                self.wrong.append((name, arguments, repr(error)))
            self.refused[name] = error

    def all(self, app):
        """Everything that code of an app can call."""
        ui = app.ui
        self.call("add", CLEAR, app.add, (Box(0, 0, 9, 9, 1, 0),))
        self.call("target", CLEAR, app.target, ("here", 0, 0, 60, 60, self.all))
        self.call("button", CLEAR, app.button, ("key", 0, 0, 60, 60, self.all, "OK"))
        for name, arguments in (("image", ("icon",)), ("pace", (200,)), ("follow_finger", ()), ("clear", ())):
            self.call(name, CLEAR, getattr(app, name), arguments)
        for name in api.__all__:
            one = getattr(api, name)
            if callable(one) and name not in ("App", "Face", "Watch"):
                for arguments in ARGUMENTS:
                    self.call(name, CLEAR, one, arguments)
                    self.call(name, CLEAR, one, (ui,) + arguments)
        for field in dir(app.watch):
            if field[0] != "_" and field != "close":
                self._thing(field, getattr(app.watch, field))

    def _thing(self, field, thing):
        for name in dir(thing):
            if name[0] != "_" and type(getattr(thing, name)) in _CALLS:
                for arguments in ARGUMENTS:
                    self.call("%s.%s" % (field, name), CLEAR_OF_THINGS, getattr(thing, name), arguments)


def _all(app):
    tried = Tried()
    GuestWatch.current.tried = tried
    tried.all(app)


class InFront(App):
    """Tries everything when it opens."""

    def open(self, watch):
        _all(self)
        self.add(Box(0, 0, 50, 50, 0, 0))

    def background(self):
        _all(self)
        self.watch.complication.show("7 km", api.icons.STORE)


class Seen(Face):
    """Tries everything whenever it is built."""

    def build(self):
        _all(self)
        self.add(Box(0, 0, 50, 50, 0, 0))


def _watch():
    one = GuestWatch(permissions=PERMISSIONS, kind=InFront)
    one.kinds["stranger"] = Seen
    one.runner.limits.short = lambda: False
    return one


def _front(app):
    one = _watch()
    one.open(app)
    return one


def _hidden():
    one = _watch()
    services = one.services
    services.app_marks.set_deadline("guest", services.app_marks.now() + 1)
    one.wait(61)
    return one


def test_every_call_from_everywhere():
    """One watch after the other: each has a flash and a screen, and everything that was tried in it holds more."""
    told = []
    for place, made in (
        ("background", _hidden),
        ("face", lambda: _front("stranger")),
        ("app", lambda: _front("guest")),
    ):
        one = GuestWatch.current = None
        gc.collect()
        one = made()
        tried = one.tried
        assert not tried.wrong, (place, tried.wrong[:8])
        assert one.strikes == {"guest": 0, "stranger": 0}, (place, one.watch.log.lines())
        refused = [name for name in NEEDS_A_SCREEN if isinstance(tried.refused.get(name), AppError)]
        assert refused == (list(NEEDS_A_SCREEN) if place == "background" else []), (place, refused)
        told.append("%d from the %s" % (tried.calls, place))
    print("NOTE every call: %s; a clear error or an answer" % ", ".join(told))


def test_a_word_on_faces_is_left_from_the_background():
    one = _hidden()
    assert [(app, text) for app, _, text in one.services.app_marks.complications] == [("guest", "7 km")]


def test_what_needs_a_screen_says_so():
    """Also what an `AppScreen` asks of its owner: none of it is left out."""
    one = _watch()
    door = _HiddenOwner(one.runner)
    hidden = HiddenApp(one.watch._ui, one.services.shelf.manifest("guest"), door)
    door.enter(hidden)
    door.rest(hidden)
    for call in (lambda: door.picture(hidden, "icon"), lambda: hidden.picture("icon"), lambda: hidden.add(None)):
        try:
            call()
        except AppError as error:
            assert "no screen" in str(error)
            continue
        raise AssertionError("it has a screen")
