"""Apps of third parties on a whole watch, without bundles: classes stand for code, and entries for the shelf's."""

from support.worn import Worn
from tests.screens.app_scenes import bundle
from watch.apps.api import App, Box, Face
from watch.apps.shelf.shelved import Shelved
from watch.apps.shelf.trust import Verdict

CALLS = []
"""State of the guard at each call into a guest; `radio` if a reader would have been answered besides."""


def _note(name):
    one = GuestWatch.current
    CALLS.append((name, "radio" if one.board.nfc.armed else one.services.guard.state))


def _said(name):
    def answer(self, *_arguments):
        _note(name)
        return False

    return answer


def in_order(one, where):
    """Nothing was called in a wrong state, and the state is that of who is in front. True if code of a guest runs."""
    wrong = [call for call in CALLS if call[1] != "foreign"]
    del CALLS[:]
    assert not wrong, (where, wrong)
    top, state = one.watch.stack.top, one.guard.state
    runs = getattr(top, "foreign", False) and top.running
    assert (state == "foreign") == runs, "%s: %s in front while %s" % (where, top.name, state)
    return runs


class GuestWatch(Worn):
    """A worn watch with an app `guest` and a face `stranger` of this level."""

    current = None

    def __init__(self, level="reviewed", permissions=(), kind=None, unlocked=True, files=None):
        super().__init__(unlocked, dark=False, files=files)
        GuestWatch.current = self
        self.level, self.permissions = level, permissions
        self.kinds = {"guest": kind or Guest, "stranger": Stranger}
        self.services, self.runner = self.watch.services, self.watch.navigator.apps.runner
        self.guard, self.apps = self.services.guard, self.watch.navigator.apps
        self.strikes = {"guest": 0, "stranger": 0}
        self._adopt(self.services.shelf)
        self._own_load, self.runner.load = self.runner.load, self._load
        del CALLS[:]

    def _adopt(self, shelf):
        own = {name: getattr(shelf, name) for name in ("find", "manifest", "verdict", "open", "strike", "expect")}

        def either(name, mine):
            return lambda app: mine(app) if app in self.kinds else own[name](app)

        shelf.find = either("find", self._shelved)
        shelf.manifest = either("manifest", self._manifest)
        shelf.verdict = either("verdict", lambda app: Verdict(self.level, "ada", "Ada", b"", 0))
        shelf.open = either("open", self._bundle)
        shelf.expect = either("expect", lambda app: None)
        shelf.strike = either("strike", self._strike)
        shelf.installed = lambda: [self._shelved(app) for app in sorted(self.kinds)]

    def _load(self, screen):
        app = screen.manifest.id
        if app not in self.kinds:
            return self._own_load(screen)
        self.runner._bundles[app] = self._bundle(app)
        return self.kinds[app]

    def _shelved(self, app):
        kind = "face" if app == "stranger" else "app"
        found = Shelved(app, kind, self.level, "ada")
        found.strikes = self.strikes[app]
        return found

    def _bundle(self, app):
        found = bundle("minimal" if app == "stranger" else "torch")
        found.manifest.id, found.manifest.permissions = app, self.permissions
        return found

    def _manifest(self, app):
        return self._bundle(app).manifest

    def _strike(self, app):
        self.strikes[app] += 1
        return self.strikes[app]

    def open(self, app="guest"):
        self.apps.open(app)
        self.step()
        return self

    def called(self):
        """What was called since the last time, all of it in the state *foreign*, with the radio off."""
        found = [name for name, _ in CALLS]
        wrong = [one for one in CALLS if one[1] != "foreign"]
        del CALLS[:]
        assert not wrong, wrong
        return found


class _Seen(Box):
    """A widget of the guest's own."""

    def draw(self, canvas):
        _note("draw")

    def texts(self):
        _note("texts")
        return []


class Guest(App):
    """Tells of every call."""

    def __init__(self, screen):
        App.__init__(self, screen)
        _note("init")

    def open(self, watch):
        _note("open")
        self.add(_Seen(0, 0, 50, 50, 0, 0))
        self.target("place", 0, 100, 100, 100, self.touched)

    def touched(self):
        _note("touched")


class Stranger(Face):
    """The same for a face."""

    def build(self):
        _note("build")
        self.add(_Seen(0, 0, 50, 50, 0, 0))


for _name in ("close", "tick", "tap", "press", "release", "hold", "finger", "swipe", "back"):
    setattr(Guest, _name, _said(_name))
Stranger.tick = _said("tick")
