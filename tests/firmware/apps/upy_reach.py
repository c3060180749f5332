"""Where an app can get: every attribute that its bytecode may name, of everything it is given, followed to the end.

The vocabulary says which names code may load. Here they are loaded from the whole API, from an app, from a `Watch` with
every permission, from a canvas and widgets; what comes back is followed likewise, and what is called without arguments
is called. No type may turn up that nobody has looked at.
"""

import builtins
import os
import sys
from array import array

import micropython
from support.world import World

from watch.access.guard import Guard
from watch.apps import api
from watch.apps.api import App, Icon, Label, Paragraph
from watch.apps.app_screen import AppScreen
from watch.apps.capabilities import Settings, watch_of
from watch.apps.owner import Place
from watch.apps.settings import AppSettings
from watch.apps.shelf.manifest import PERMISSIONS
from watch.apps.shelf.shelf import Shelf
from watch.apps.verifier import vocabulary
from watch.apps.words import Words
from watch.kernel.clock import Clock
from watch.payment.history import History
from watch.payment.vault import Vault
from watch.payment.wallet import Wallet
from watch.services.alarms import Alarms as AlarmService
from watch.services.notifications import Notifications
from watch.services.outbox import Outbox
from watch.services.phone import Phone
from watch.services.timers import Timers
from watch.services.web import Web
from watch.storage.journal import Journal
from watch.storage.settings import Settings as WearersSettings
from watch.system.apps.granting import Grantee, granted
from watch.system.apps.marks import Marks
from watch.system.apps.payments import AppPayments
from watch.system.main import build
from watch.system.navigator import Navigator
from watch.system.services import Services
from watch.system.view import View
from watch.ui.picture import Picture
from watch.ui.screen import Screen
from watch.ui.stack import Stack
from watch.ui.widget import Widget

NAMES = sorted(set(vocabulary.names(vocabulary.MEMBERS)) | set(vocabulary.names(vocabulary.OVERRIDES)))
FORBIDDEN = (Services, Guard, Journal, Vault, Wallet, Stack, Screen, Shelf, AppSettings, Clock, History, AlarmService)
FORBIDDEN += (Notifications, Outbox, Phone, Timers, Web, WearersSettings, Marks, AppPayments, Navigator, View)
MODULES = (sys, micropython, os, builtins)
UNCALLED = "close clear open build tick draw background pop popitem remove append reset cancel stop throw second_button"
"""Methods that end or change what is looked at; what they give back is nothing."""
MUTABLE = (list, dict, set, bytearray, array)
PLAIN = (int, str, bytes, bytearray, bool, float, type(None))
APPROVED = (
    # Python's own, and the module of icons.
    "array bound_method closure dict dict_view function list module property tuple",
    # What `watch.apps.api` gives, and what that is made of: classes, and widgets of the app.
    "Analogue App Arc BarCode BarPicture Bars Battery Box Button Canvas CardChip Dial Entry Face Facts Hand Hands Icon",
    "Image Label Month PageDots Paragraph QrCode QrPicture Row RowList Settings TimeChooser TimeFigures Watch Widget",
    "Words",
    # Fonts, measures, words of the watch: read by everybody, and nothing in them can be set.
    "Ui Metrics Font Catalogue Skies",
    # Every app has time; the others are permissions. Each stands before a service and keeps it under a private name.
    "Time Glance Haptics Light Alarms Calendar Weather Music FindPhone Activity Loyalty Dice Gamepad Location",
    "PhoneFiles PhoneIntents Storage Notify Deadline AppWeb Motion Sound AppPayment Complication Part",
    # Of the permission for timers: what runs is the wearer's, and an app that may set timers may look at all of them.
    "Timer Stopwatch",
)
_DEEPEST = 12
_MOST_ITEMS = 40


class Manifest:
    """Of an app that asks for everything."""

    id, icon, permissions, hosts = "reach", 0, PERMISSIONS, ("example.org",)

    def name(self, language):
        """What the wearer calls it."""
        return "Reach"


class Walk:
    """Everything that was found, and how."""

    def __init__(self):
        self.seen = {}
        self.types = {}
        self.leaks = []
        self.shared = set()
        """What can be changed in place and is not the app's own."""
        self._queue = []

    def start(self, way, thing):
        """From here."""
        self._note(way, thing, 0)
        if isinstance(thing, MUTABLE):
            self.shared.add(way)

    def run(self):
        """Follow all there is."""
        while self._queue:
            way, thing, depth = self._queue.pop(0)
            if depth < _DEEPEST:
                self._follow(way, thing, depth + 1)

    def _note(self, way, thing, depth):
        if isinstance(thing, PLAIN) or id(thing) in self.seen:
            return
        self.seen[id(thing)] = thing  # kept, so that its number stays its own
        name = thing.__name__ if isinstance(thing, type) else type(thing).__name__
        self.types.setdefault(name, way)
        if isinstance(thing, FORBIDDEN) or thing in MODULES:
            self.leaks.append((way, name))
        self._queue.append((way, thing, depth))

    def _follow(self, way, thing, depth):
        if isinstance(thing, dict):
            for key in list(thing)[:_MOST_ITEMS]:
                self._note("%s[%r]" % (way, key), thing[key], depth)
                self._note("key of " + way, key, depth)
        elif isinstance(thing, (list, tuple, set, frozenset)):
            for place, item in enumerate(list(thing)[:_MOST_ITEMS]):
                self._note("%s[%d]" % (way, place), item, depth)
        for name in [name for name in NAMES if _has(thing, name)]:
            value = getattr(thing, name)
            self._note("%s.%s" % (way, name), value, depth)
            if isinstance(value, MUTABLE) and getattr(thing, name) is value:
                self.shared.add("%s.%s" % (way, name))
            if callable(value) and not isinstance(value, type) and name not in UNCALLED.split():
                self._call("%s.%s()" % (way, name), value, depth)

    def _call(self, way, call, depth):
        try:
            result = call()
        except Exception:
            return
        self._note(way, result, depth)


class Everything:
    """A whole watch, and an app on it that was granted all there is."""

    def __init__(self):
        self.watch = build(World().provision().set_passcode().add_card().board)
        services, navigator = self.watch.services, self.watch.navigator
        manifest, runner = Manifest(), navigator.apps.runner
        screen = AppScreen(self.watch.stack.top.ui, manifest, runner)
        settings = AppSettings(services.journal, manifest.id)
        who = Grantee(manifest, navigator._view, navigator.apps.glance, screen, settings, {4: 156})
        words = Words({}, screen.ui.text)
        things = granted(services, who)
        screen.watch = watch_of(navigator.apps.time, Settings(settings), words, screen.leave, nothing, things)
        self.screen, self.app = screen, App(Place(screen))

    def walk(self):
        """Follow everything that an app begins with."""
        walk, app = Walk(), self.app
        for name in api.__all__:
            walk.start(name, getattr(api, name))
        walk.start("self", app)
        walk.start("watch", self.screen.watch)
        walk.start("canvas", self.watch.stack._renderer.canvas)
        ui = self.screen.ui
        walk.start("button", app.button("x", 0, 0, 9, 9, nothing, "x"))
        walk.start("label", app.add(Label(ui, ui.body_font, 0, 0, 99, "text", 0)))
        walk.start("paragraph", app.add(Paragraph(ui, (ui.body_font,), 0, 0, 99, 99, "text", 0)))
        walk.start("icon", app.add(Icon(ui, 0xE000, 0, 0, 0)))
        walk.run()
        return walk


def nothing(*values):
    """What a button does, and what is logged."""


def _has(thing, name):
    """True if an attribute can be read; a property may raise whatever it likes."""
    try:
        getattr(thing, name)
    except Exception:
        return False
    return True


def test_an_app_reaches_only_what_was_meant_for_it():
    """And names that it may set are of its own things: what outlives it has none of them.

    An app could change what has one, and the sweep after the app would take it away.
    """
    everything = Everything()
    walk = everything.walk()
    print("NOTE reach: %d objects of %d types by %d names" % (len(walk.seen), len(walk.types), len(NAMES)))
    unknown = sorted([(name, way) for name, way in walk.types.items() if name not in vocabulary.names(APPROVED)])
    assert not walk.leaks, walk.leaks
    assert not unknown, unknown
    assert not walk.shared, walk.shared
    others = [thing for thing in walk.seen.values() if not isinstance(thing, (type, Widget, App))]
    assert everything.watch.stack.canvas in others
    set_by_apps = vocabulary.names(vocabulary.WRITABLE)
    for thing in others + [Picture(0, 0, array("H"), b"")]:
        found = [name for name in getattr(thing, "__dict__", ()) if name in set_by_apps]
        assert not found, (type(thing).__name__, found)


def test_a_leak_is_found():
    """An attribute of the vocabulary that leads to a service, what a method gives back, and a table that all share."""
    everything = Everything()
    services, watch = everything.watch.services, everything.screen.watch
    watch.storage.post, watch.text.months = services.journal, ["January"]
    watch.storage.read = lambda: (1, [services.wallet])
    walk = everything.walk()
    assert sorted([way for way, _ in walk.leaks]) == ["watch.storage.post", "watch.storage.read()[1][0]"], walk.leaks
    assert "watch.text.months" in walk.shared
