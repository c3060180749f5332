"""Apps and faces as the system runs them, with what it would hand them on an ordinary day."""

from tests.screens.known import SEEN, Known
from watch.apps import loader
from watch.apps.app_screen import AppScreen
from watch.apps.capabilities import Glance, Haptics, Light, Part, Time, watch_of
from watch.apps.crash import StuckScreen
from watch.apps.face import FaceScreen
from watch.apps.fuel import OutOfFuel
from watch.apps.limits import Limits
from watch.apps.owner import Owner
from watch.apps.shelf.bundle import Bundle
from watch.apps.shelf.firmware_apps import APPS, FACES
from watch.apps.words import Words
from watch.screens.launcher import Entry, LauncherScreen
from watch.services.timers import Timers
from watch.system.apps.makers import TIMERS
from watch.ui import icons
from watch.ui.app_mark import AppMark
from watch.ui.card_art import CardFace

CARD = CardFace("Everyday Debit", "4242", 0xFF6B4A)
MINUTES = 14137 * 1440 + 10 * 60 + 9
"""Wednesday 15 September 2038, 10:09."""


class Kept:
    """The settings of an app, in RAM."""

    def __init__(self):
        self.values = {}

    def get(self, name, default):
        return self.values.get(name, default)

    def set(self, name, value):
        self.values[name] = value


def bundle(name):
    """A built-in app as it comes with the firmware, or one of the examples."""
    return Bundle("build/%s/%s.twb" % ("apps" if name in APPS + FACES else "examples", name))


def manifest(name):
    """What a built-in app says of itself."""
    return bundle(name).manifest


class Desk(Owner):
    """Grants everything, lets everything run, and writes down what happens.

    `loads`: a class to run in the place of any app's own; `instead`: the same by the app's id.
    """

    loads = None
    given = ()
    """What else it grants, by permission."""

    def __init__(self, loads=None):
        self.now_ms = 0
        self.loads = loads or self.loads
        self.instead = {}
        self.limits, self.watchdog = Limits(self.ticks_ms, None), None
        self.open = True
        self.time = Time(self.ticks_ms)
        self.time.minutes, self.time.second = MINUTES, 36
        self.glance = Glance()
        self.glance.percent, self.glance.locked = 82, False
        self.glance.card, self.glance.upcoming = CARD, "14:30  Dentist"
        self.glance.temp_c, self.glance.sky = 18, "clouds"
        self.timers_service = Timers(self)
        self.timers = Part(self.timers_service, TIMERS)
        self.known = Known(self)
        self.settings = Kept()
        self.errors, self.withdrawn, self.leaving, self.played = [], 0, 0, []
        self.entered, self.rested, self.log = 0, 0, []
        self.bright = False

    def ticks_ms(self):
        """The clock of its timers."""
        return self.now_ms

    def grant(self, screen):
        everything = {
            "glance": self.glance,
            "haptics": Haptics(self.played.append),
            "light": Light(screen, self._shine),
            "timers": self.timers,
        }
        everything.update(self.given)
        granted = {name: everything.get(name) or SEEN[name](self.known) for name in screen.manifest.permissions}
        return self.watch(screen, granted)

    def watch(self, screen, granted):
        """What the app is handed."""
        text = Words(bundle(screen.manifest.id).words(screen.ui.text.language), screen.ui.text, screen.ui.clock_24h)
        return watch_of(self.time, self.settings, text, screen.leave, self.said, granted)

    def said(self, *things):
        """The app writes into the log."""
        self.log.append(things)

    def enter(self, screen):
        self.entered += 1

    def allows(self, screen):
        return self.open

    def rest(self, screen):
        self.rested += 1

    def load(self, screen):
        app = screen.manifest.id
        return self.instead.get(app) or self.loads or loader.load(bundle(app))

    def withdraw(self, screen):
        self.withdrawn += 1

    def failed(self, screen, error):
        self.errors.append(error)
        return len(self.errors) >= 3

    def left(self, screen):
        self.leaving += 1

    def _shine(self, on):
        self.bright = on


def nothing(*_arguments):
    """A callback that is not of interest."""


def face(ui, name="digital", desk=None):
    """A face as home screen."""
    return FaceScreen(ui, manifest(name), desk or Desk(), nothing, nothing, nothing)


def app(ui, name, *taps, desk=None, foreign=False):
    """An app after some touches, each a target's name; `foreign`: as if a third party had made it."""
    screen = AppScreen(ui, manifest(name), desk or Desk())
    screen.foreign = foreign
    screen.shown = True
    screen.open()
    for tap in taps:
        _touch(screen, tap)
    return screen


def _touch(screen, name):
    x, y = next((one[1], one[2]) for one in screen.targets() if one[0] == name)
    screen.tap(x + 2, y + 2)


def launcher(ui, first=""):
    """All apps, on the page of one of them."""
    language = ui.text.language
    entries = [Entry(one.id, one.name(language), one.icon, one.colour) for one in map(manifest, APPS)]
    return LauncherScreen(ui, entries, nothing, nothing, first)


def guests(ui):
    """Apps of others: reviewed or not, with the longest names."""
    entries = [Entry("tides", "Tides", icons.CLOUDS, 0x3BA7A0), Entry("w", "W" * 24, icons.TILES, 0xB36BFF, None, True)]
    entries.append(Entry("tea", "潮汐与茶园的守望者潮汐与茶园的守望者", icons.BOOK, 0xFF6B4A, None, True))
    return LauncherScreen(ui, entries, nothing, nothing)


def ended(ui, error, name="torch"):
    """An app that cost too much, or has a long name."""
    screen = app(ui, name, desk=Desk())
    if name == "game":
        screen.manifest.name = lambda _language: "W" * 24
    screen._fail(error)
    return screen


def stopwatch(ui, laps=(), now_ms=0, running=True):
    """The stopwatch, some laps in."""
    desk = Desk()
    watch = desk.timers_service.stopwatch
    watch.start()
    for lap_ms in laps:
        desk.now_ms = lap_ms
        watch.lap()
    desk.now_ms = now_ms
    if not running:
        watch.stop()
    return app(ui, "stopwatch", desk=desk)


def timer(ui, after_ms, *taps):
    """Five minutes, some time later."""
    desk = Desk()
    screen = app(ui, "timer", "start", desk=desk)
    desk.now_ms = after_ms
    desk.timers_service.take_due()
    screen.tick(0)
    for tap in taps:
        _touch(screen, tap)
    return screen


def crashed(ui, times=1):
    """An app that failed."""
    desk = Desk()
    for _ in range(times):
        screen = app(ui, "torch", desk=desk)
        screen._fail(ZeroDivisionError("divide by zero"))
    return screen


SCENES = (
    ("launcher", launcher),
    ("timer-set", lambda ui: app(ui, "timer")),
    ("timer-long", lambda ui: app(ui, "timer", *["more"] * 21)),
    ("timer-running", lambda ui: timer(ui, 117_000)),
    ("timer-paused", lambda ui: timer(ui, 117_000, "pause")),
    ("timer-over", lambda ui: timer(ui, 300_000)),
    ("torch", lambda ui: app(ui, "torch")),
    ("torch-warm", lambda ui: app(ui, "torch", "lamp")),
    ("torch-red", lambda ui: app(ui, "torch", "lamp", "lamp")),
    ("stopwatch", lambda ui: stopwatch(ui, (), 0, False)),
    ("stopwatch-laps", lambda ui: stopwatch(ui, (12_340, 23_710, 36_020, 47_950), 65_480)),
    ("stopwatch-long", lambda ui: stopwatch(ui, (), 4_545_480)),
    ("app-crashed", crashed),
    ("app-off", lambda ui: crashed(ui, 3)),
    ("app-slow", lambda ui: ended(ui, OutOfFuel())),
    ("app-memory", lambda ui: ended(ui, MemoryError())),
    ("app-crashed-long", lambda ui: ended(ui, NotImplementedError(), "game")),
    ("app-stuck", lambda ui: StuckScreen(ui, "W" * 24, AppMark(icons.TILES, 0xB36BFF), False, nothing)),
    ("launcher-guests", guests),
)
"""Name and builder of every picture of apps."""
