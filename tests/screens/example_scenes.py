"""The examples and the templates as somebody's wrist shows them; their own icons wherever an app is named."""

from tests.screens.app_scenes import MINUTES, Desk, bundle, manifest, nothing
from tests.screens.face_scenes import WIDE_DAY, busy, minutes_of
from tests.screens.settings_scenes import Thing
from tests.screens.touches import touch
from watch.apps.app_icon import mark_of
from watch.apps.app_screen import AppScreen
from watch.apps.face import FaceScreen
from watch.apps.picker import FacePicker
from watch.screens.install import InstallSheet
from watch.screens.launcher import Entry, LauncherScreen
from watch.screens.merchant_code import Asker, MerchantCodeScreen
from watch.screens.news import NewsScreen
from watch.screens.rows import Row, RowsScreen
from watch.services.offers import Install
from watch.ui import icons

STOP = {
    "en": """{"stop": "Harbour Square", "next": [{"line": "4", "to": "Airport", "min": 0},
{"line": "X12", "to": "University Hospital", "min": 7}, {"line": "1", "to": "Old Town", "min": 11},
{"line": "27", "to": "Zürich Flughafen", "min": 26}, {"line": "4", "to": "Airport", "min": 118},
{"line": "9", "to": "Zoo", "min": 121}]}""",
    "zh": """{"stop": "西湖大道", "next": [{"line": "4", "to": "火车东站", "min": 0},
{"line": "B1", "to": "下沙高教园区", "min": 7}, {"line": "1", "to": "湘湖", "min": 11},
{"line": "27", "to": "龙井茶室", "min": 26}]}""",
}
"""What a stop answers on an ordinary day."""
SAID = (("alarms", icons.ALARM, "6:45"), ("water", icons.DROP, "5/8"), ("tides", icons.UP, "14:52"))
WEEK = (3, 6, 8, 5, 9, 7, 4)
_DAY_BYTES = 4


class Visitor(Desk):
    """Grants what apps of others ask for. `answer`: what the web says; `outcome`: of the last payment."""

    def __init__(self, answer=None, outcome=None, currency=978):
        super().__init__()
        today = (MINUTES // 1440).to_bytes(_DAY_BYTES, "big")
        files = {"week": today + bytes(WEEK)}
        answers = [answer]  # each is given once
        self.given = {
            "storage": Thing(read=files.get, write=nothing),
            "background": Thing(due=1, after=nothing),
            "notify": Thing(post=nothing),
            "complication": Thing(show=nothing),
            "web": Thing(
                get=lambda url: True,
                answer=lambda: answers.pop() if answers else None,
                waiting=answer is None,
                failed=False,
            ),
            "payment": Thing(currency=currency, request=nothing, outcome=lambda: outcome),
            "motion": Thing(acceleration=lambda into: True),
            "sound": Thing(tone=nothing),
            "dice": Thing(below=lambda count: count // 3),
        }

    def picture(self, screen, name):
        return bundle(screen.manifest.id).read(name + ".img")

    def mark(self, of):
        return mark(of.id, self.large)

    large = True


def mark(app, large):
    """What an example is known by."""
    return mark_of(manifest(app), lambda: bundle(app), large)


def example(ui, name, *touched, desk=None):
    """One of the apps, after some touches."""
    desk = desk or Visitor()
    desk.large = ui.large
    screen = AppScreen(ui, manifest(name), desk)
    screen.shown = True
    screen.open()
    for key in touched:
        touch(screen, key)
    screen.tick(0)
    return screen


def face(ui, name, dark=False, **looks):
    """One of the faces on a busy day."""
    desk = Visitor()
    desk.large = ui.large
    desk.time.minutes = minutes_of(WIDE_DAY, 10, 9)
    busy(desk)
    for field, value in looks.items():
        setattr(desk.glance, field, value)
    screen = FaceScreen(ui, manifest(name), desk, nothing, nothing, nothing)
    screen.shown = True
    screen.open()
    if dark:
        screen.dim(True)
    return screen


def fallen(ui, name):
    """An app with an icon of its own has failed."""
    screen = example(ui, name)
    screen._fail(KeyError("line"))
    return screen


def listed(ui):
    """Their own icon in a list, beside one of the watch's."""
    rows = []
    for name in ("beacon", "water", "departures"):
        row = Row(name, manifest(name).name(ui.text.language), ui.text.get("apps.version", "1.0.0"))
        row.bear(mark(name, ui.large))
        rows.append(row)
    return RowsScreen(ui, "apps", ui.text.get("settings.apps"), rows, nothing, nothing)


def install(ui, name, store="Tapwatch test store"):
    """An example would come."""
    of, large = manifest(name), ui.large
    named = (of.name(ui.text.language), "1.0.0", "", "Ada Meer", store)
    offer = Install(1, nothing, *named, of.permissions, of.hosts, of.paid, mark(name, large))
    return InstallSheet(ui, offer, lambda: 0, nothing, nothing)


def launcher(ui):
    """Examples among the apps; the face stands for an app that brings an icon."""
    entries = []
    for name in ("beacon", "water", "departures", "marble", "tips", "my_app"):
        of, known = manifest(name), mark(name, ui.large)
        looks = (known.icon, known.colour, known.picture)
        entries.append(Entry(name, of.name(ui.text.language), *looks, name == "my_app"))
    return LauncherScreen(ui, entries, nothing, nothing)


def asks(ui):
    """The jar asks."""
    words = ui.text.get("merchant-code.app", manifest("tips").name(ui.text.language)) + "Tip"
    asker = Asker(words, mark("beacon", ui.large))
    return MerchantCodeScreen(ui, "Harbour Band", 1000, 978, Desk().glance.card, nothing, asker)


def news(ui):
    """A message of an app with an icon of its own."""
    known = mark("beacon", ui.large)
    return NewsScreen(ui, "Beacon", "Fog", "The lamp is lit.", 0, nothing, nothing, (), known)


def picker(ui):
    """The choice of a face that has places to choose for."""
    desk = Visitor()
    desk.large = ui.large
    busy(desk)
    return FacePicker(ui, (manifest("beacon"), manifest("my_face")), 0, desk, nothing, nothing, nothing)


def _paid(state):
    return Thing(state=state, amount_minor=1000, currency=978, purpose="Tip")


SCENES = (
    ("example-water", lambda ui: example(ui, "water")),
    ("example-water-more", lambda ui: example(ui, "water", "more", "more", "more", "more")),
    ("example-marble", lambda ui: example(ui, "marble")),
    ("example-departures", lambda ui: example(ui, "departures", desk=Visitor(STOP[ui.text.language]))),
    ("example-departures-asking", lambda ui: example(ui, "departures")),
    ("example-departures-strange", lambda ui: example(ui, "departures", desk=Visitor("<html>"))),
    ("example-tips", lambda ui: example(ui, "tips")),
    ("example-tips-sent", lambda ui: example(ui, "tips", desk=Visitor(outcome=_paid("sent")))),
    ("example-tips-approved", lambda ui: example(ui, "tips", desk=Visitor(outcome=_paid("approved")))),
    ("example-tips-closed", lambda ui: example(ui, "tips", desk=Visitor(currency=0))),
    ("example-beacon", lambda ui: face(ui, "beacon", complications=SAID)),
    ("example-beacon-dark", lambda ui: face(ui, "beacon", dark=True)),
    ("template-app", lambda ui: example(ui, "my_app", "more")),
    ("template-face", lambda ui: face(ui, "my_face")),
    ("own-icon-crashed", lambda ui: fallen(ui, "beacon")),
    ("own-icon-listed", listed),
    ("own-icon-install", lambda ui: install(ui, "beacon")),
    ("own-icon-unreviewed", lambda ui: install(ui, "beacon", "")),
    ("own-icon-launcher", launcher),
    ("own-icon-pays", asks),
    ("own-icon-news", news),
    ("faces-choice", picker),
    ("install-water", lambda ui: install(ui, "water")),
    ("install-marble", lambda ui: install(ui, "marble")),
    ("install-departures", lambda ui: install(ui, "departures")),
)
"""Name and builder of every picture."""
