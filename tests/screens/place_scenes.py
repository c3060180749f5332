"""The settings of the watch face: which one it is, and what its places say."""

from tests.screens.app_scenes import Desk, manifest, nothing
from tests.screens.example_scenes import mark
from tests.screens.face_scenes import busy
from tests.screens.settings_scenes import Shown, Thing
from tests.screens.touches import touch
from watch.system.apps.complications import Complications
from watch.system.apps.face_settings import FaceSettings
from watch.ui import icons


class Faces:
    """Stands for `watch.system.apps.apps.Apps`: a face with three places, of which two are chosen."""

    def __init__(self, ui):
        self.large = ui.large
        self.language = ui.text.language
        self.runner = Thing(settings=lambda face: Thing(places=["water", ".battery"], end=nothing))
        desk = Desk()
        busy(desk)
        words = {"water": (icons.DROP, "5/8")}
        kept = Thing(complications=(), word=words.get, apps=lambda: ["water"])
        services = Thing(app_marks=kept, shelf=Thing(find=lambda app: app))
        self.complications = Complications(desk.glance, services, ui)

    def face(self):
        return manifest("beacon")

    def places(self):
        return 3

    def mark(self, of):
        return mark(of.id, self.large)

    def mark_by_id(self, app):
        return mark(app, self.large)

    def name(self, app):
        return manifest(app).name(self.language)

    def all(self, kind):
        return [Thing(id="alarms"), Thing(id="water"), Thing(id="tips")]


def face_settings(ui, *touched, page=0):
    """The settings of the face after some touches, turned to a page."""
    shown = Shown(ui)
    FaceSettings(shown, Thing(shelf=Thing(manifest=manifest)), Faces(ui), True).open()
    for key in touched:
        touch(shown.screen, key)
    for _ in range(page):
        shown.screen.swipe("up")
    return shown.screen


SCENES = (
    ("face-settings", face_settings),
    ("face-settings-2", lambda ui: face_settings(ui, page=1)),
    ("face-place", lambda ui: face_settings(ui, "0")),
    ("face-place-auto", lambda ui: face_settings(ui, "2")),
    ("face-place-2", lambda ui: face_settings(ui, "2", page=1)),
    ("face-place-3", lambda ui: face_settings(ui, "2", page=2)),
)
"""Name and builder of every picture."""
