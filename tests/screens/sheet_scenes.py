"""Questions of others: pairing, paying, installing, updating, with ordinary, longest and hostile names."""

from tests.screens.app_scenes import manifest
from tests.screens.settings_scenes import Shown
from tests.screens.touches import touch
from watch.apps import owner
from watch.apps.shelf.firmware_apps import APPS, FACES
from watch.apps.shelf.shelved import Shelved
from watch.screens.ask import AskSheet, grouped
from watch.screens.install import InstallSheet
from watch.screens.pairing import PairSheet
from watch.screens.permissions import PICTURES
from watch.screens.terminal_payment import TerminalPaymentSheet
from watch.screens.update import ProgressScreen, UpdateSheet, WipingScreen, ended
from watch.services.inputs import clean
from watch.services.offers import Install
from watch.system.apps.list import AppList
from watch.ui import icons
from watch.ui.app_mark import AppMark

TIDES = AppMark(icons.CLOUDS, 0x3BA7A0)
RTL = "\u202e\u0647\u0627\u062a\u0641 \u0623\u062d\u0645\u062f\x1b[2J\u202c 123 456"
LONG = "Anna-Sophie's extraordinarily long telephone of the upper floor!"


def nothing(*_arguments) -> None:
    """A callback that is not of interest."""


def _now():
    return 0


def pair(ui, name="Pixel 9", role="phone", digits="472913"):
    """A device wants to pair; the name goes through the door for texts of others."""
    return PairSheet(ui, clean(name, 192), digits, role, _now, nothing, nothing)


def install(
    ui,
    name="Tides",
    maker="Ada Meer",
    store="Harbour Store",
    permissions=("light", "weather"),
    page=0,
    before="",
    hosts=(),
    unpaid=False,
    mark=TIDES,
):
    """An app wants to be installed, or to take the place of a version before."""
    name, maker = clean(name, 72), clean(maker, 64)
    offer = Install(1, nothing, name, "1.2.0", before, maker, store, permissions, hosts, unpaid, mark)
    screen = InstallSheet(ui, offer, _now, nothing, nothing)
    for _ in range(page):
        screen.swipe("up")
    return screen


def remove(ui, name="Tides"):
    """An app shall go."""
    return AskSheet(ui, "remove", clean(name, 72), "", _now, nothing, nothing)


def enrol(ui, name="Ada Meer", step="first"):
    """A developer's key shall count."""
    key_id = bytes((0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6, 0x07, 0x18))
    return AskSheet(ui, "enrol", clean(name, 40), grouped(key_id), _now, nothing, nothing, warns=True, step=step)


def update(ui, charged=True, notes="", before="0.4.0", development=False):
    """A new version; `notes` in the place of the watch's own words."""
    if not notes:
        notes = ui.text.get("update.from", before)
    if development:
        notes += " " + ui.text.get("update.development")
    return UpdateSheet(ui, "0.5.0", 1_258_291, notes, charged, _now, nothing, nothing)


def progress(ui, percent=64):
    """On its way."""
    screen = ProgressScreen(ui, 0, nothing)
    screen.show(percent)
    return screen


def terminal(ui, name="Corner Shop", amount=1_234, currency=156, device="Till 3"):
    """A terminal asks for money by Bluetooth."""
    name, device = clean(name, 64), clean(device, 64)
    return TerminalPaymentSheet(ui, device, name, amount, currency, _now, nothing, nothing)


class Strict:
    """Stands for `watch.system.apps.care.AppCare`: the torch failed three times, the game twice; four are of others.

    Of these one was not bought, and of one the file is damaged.
    """

    levels = (("music", "reviewed"), ("weather", "developer"), ("timer", "reviewed"), ("phone", "reviewed"))

    def all(self):
        return [self.find(name) for name in APPS + FACES]

    def find(self, app):
        of = manifest(app)
        shelved = Shelved(app, of.kind, dict(self.levels).get(app, "system"), "")
        shelved.strikes = {"torch": 3, "game": 2}.get(app, 0)
        shelved.licensed = app != "timer"
        return shelved, None if app == "phone" else of

    def maker(self, shelved):
        return "Ada Meer" if shelved.level == "reviewed" else LONG

    def mark(self, of):
        return owner.Owner().mark(of)

    def size_bytes(self, app):
        return 11_432

    def kept_bytes(self, app):
        return 0 if app == "weather" else 184


def apps(ui, *touched, page=0):
    """The list of apps in the settings after some touches, turned to a page."""
    shown = Shown(ui)
    AppList(shown, Strict()).open()
    for key in touched:
        touch(shown.screen, key)
    for _ in range(page):
        shown.screen.swipe("up")
    return shown.screen


ALL = tuple(sorted(PICTURES))
HOSTS = ("api.tides.example.org", "bank.example.com." + "a" * 40 + ".evil.example")

SCENES = (
    ("pairing", pair),
    ("pairing-loader", lambda ui: pair(ui, LONG, "loader", "000000")),
    ("pairing-terminal", lambda ui: pair(ui, RTL, "terminal")),
    ("pairing-tv", lambda ui: pair(ui, "客厅的电视", "tv")),
    ("pairing-unnamed", lambda ui: pair(ui, "\u200b\u202e\x00", "phone")),
    ("pairing-wide", lambda ui: pair(ui, "W" * 64, "phone")),
    ("terminal-payment", terminal),
    ("terminal-payment-zh", lambda ui: terminal(ui, "街角小店", 98_765_00, 392, "三号收银台")),
    ("terminal-payment-long", lambda ui: terminal(ui, LONG[:40], 999_999_999_999, 978, LONG)),
    ("terminal-payment-han", lambda ui: terminal(ui, "北京街角便利商店股份公司", 999_999_999_999, 156, "W" * 64)),
    ("terminal-payment-hostile", lambda ui: terminal(ui, RTL[:9], 0, 999, RTL)),
    ("terminal-payment-unnamed", lambda ui: terminal(ui, "", 1, 840, "")),
    ("install", install),
    ("install-unreviewed", lambda ui: install(ui, "潮汐", "", "", ALL)),
    ("install-2", lambda ui: install(ui, "W" * 24, LONG, "", ALL, 1)),
    ("install-last", lambda ui: install(ui, "Tides", "Ada Meer", "", ALL, 12)),
    ("install-none", lambda ui: install(ui, "Big clock", "W" * 64, "W" * 64, ())),
    ("install-update", lambda ui: install(ui, before="1.1.0", permissions=("web",), hosts=HOSTS)),
    ("install-same", lambda ui: install(ui, before="9999.9999.9999", permissions=())),
    ("install-unpaid", lambda ui: install(ui, unpaid=True)),
    ("install-hostile", lambda ui: install(ui, RTL[:20], RTL, "", ("web",), 0, "", HOSTS)),
    ("remove", remove),
    ("remove-long", lambda ui: remove(ui, "W" * 24)),
    ("enrol", enrol),
    ("enrol-again", lambda ui: enrol(ui, "W" * 40, "")),
    ("enrol-hostile", lambda ui: enrol(ui, RTL)),
    ("apps", apps),
    ("apps-end", lambda ui: apps(ui, page=8)),
    ("app-torch-off", lambda ui: apps(ui, "torch")),
    ("app-reviewed", lambda ui: apps(ui, "music")),
    ("app-unreviewed", lambda ui: apps(ui, "weather")),
    ("app-damaged", lambda ui: apps(ui, "phone")),
    ("app-game-failed", lambda ui: apps(ui, "game")),
    ("app-weather-uses", lambda ui: apps(ui, "weather", "uses")),
    ("app-forget", lambda ui: apps(ui, "alarms", "forget")),
    ("update", update),
    ("update-development", lambda ui: update(ui, before="9999.9999.9999", development=True)),
    ("update-charge", lambda ui: update(ui, False)),
    ("update-bare", lambda ui: update(ui, True, "W" * 240)),
    ("updating", progress),
    ("wiping", lambda ui: WipingScreen(ui, 37, nothing)),
    ("update-done", lambda ui: ended(ui, "done", "0.5.0", nothing)),
    ("update-failed", lambda ui: ended(ui, "failed", "0.5.0", nothing)),
    ("update-undone", lambda ui: ended(ui, "rolled-back", "0.5.0", nothing)),
)
"""Name and builder of every picture."""
ODD = ("terminal-payment-hostile", "install-hostile", "enrol-hostile")
"""Scenes with characters that no font has."""
