"""Which apps there are, and which one runs: launcher, face, choice of a face. Nothing is loaded before it opens."""

from micropython import const

from watch.apps.app_icon import mark_of
from watch.apps.app_screen import AppScreen
from watch.apps.capabilities import TICK, Glance, Time
from watch.apps.crash import StuckScreen
from watch.apps.face import FaceScreen
from watch.apps.picker import FacePicker
from watch.apps.shelf.firmware_apps import FACES
from watch.apps.shelf.levels import REVIEWED, SYSTEM
from watch.kernel.errors import StateError, WatchError
from watch.screens import message
from watch.screens.launcher import Entry, LauncherScreen
from watch.system.apps.complications import Complications
from watch.system.apps.foreign import Foreign
from watch.system.apps.runner import Runner
from watch.ui import icons
from watch.ui.app_mark import QUIET, AppMark

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import Watchdog
    from watch.apps.shelf.bundle import Bundle
    from watch.apps.shelf.manifest import Manifest
    from watch.apps.shelf.shelved import Shelved
    from watch.kernel.log import Log
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View

PRIVATE = ("calendar", "music", "loyalty", "location")
"""Permissions for what is the wearer's own business: an app that has one opens on an unlocked watch only."""


class Apps:
    """Opens apps and the face.

    Args:
        view: where screens are shown.
        services: the shelf, and what may be granted.
        log: where failures are seen.
        on_swipe: what the wearer does on the face.
        unlocking: asks for the passcode, on the face and before what is private.
        watchdog: of the board, or None.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        log: "Log",
        on_swipe: "Callable[[str], None]",
        unlocking: "Unlocking",
        watchdog: "Optional[Watchdog]",
    ) -> None:
        self._view, self._services, self._log = view, services, log
        self._on_swipe, self._unlocking, self._watchdog = on_swipe, unlocking, watchdog
        self._face: "Optional[FaceScreen]" = None
        self._latest = ""
        self._stuck = ("", False)
        """App that has stopped the watch, and whether it is off now."""
        self.time = Time(services.clock.ticks_ms)
        """The wearer's time; the navigator sets it."""
        self.glance = Glance()
        """What faces show of the watch; the navigator sets it."""
        self.foreign = Foreign(services.guard, view, log)
        self.complications = Complications(self.glance, services, view.ui)
        """What the places of the face say."""
        shared = (self.time, self.glance)
        follow = self.complications.follow
        self.runner = Runner(view, services, log, self.foreign, watchdog, shared, self.left, follow)
        self.arrange: "Callable[[], None]" = view.home
        """Shows the settings of the face; the navigator sets it."""
        view.aside = self.foreign.step_aside

    def start(self) -> None:
        """Put the chosen face at the bottom of the screens; another one if that has stopped the watch."""
        self._take_note()
        chosen = self._services.settings.get("face")
        self._ground(_other(chosen) if chosen == self._stuck[0] else chosen)

    def _take_note(self) -> None:
        """Count it if an app has stopped the watch, and so caused this start."""
        note = b"" if self._watchdog is None else self._watchdog.note()
        if note:
            app = note.decode()
            self._services.app_log.write(app, "stopped the watch")
            self._stuck = (app, self.runner.strike(app))

    def own_up(self) -> None:
        """Say which app has stopped the watch, if one has."""
        app, off = self._stuck
        if app:
            self._stuck = ("", False)
            name, mark = self.name(app), self.mark_by_id(app)
            screen = StuckScreen(self._view.ui, name, mark, off, lambda: self._view.close(screen))
            self._view.deeper(screen)

    def launcher(self) -> None:
        """Show all apps, beginning with the page of the one that was opened last."""
        view = self._view
        entries = [self._entry(app) for app in self.all("app")]
        view.front(LauncherScreen(view.ui, entries, self.open, view.home, self._latest))

    def open(self, app: str) -> None:
        """Open an app above what is in front, or let a face be the face, unless it has failed too often.

        Asks for the passcode first if the app shows something private and the watch is locked.
        """
        view, shelf = self._view, self._services.shelf
        try:
            shelved, manifest = shelf.find(app), shelf.manifest(app)
            if shelved is not None and not shelved.off:
                shelf.expect(app)
        except WatchError as error:
            view.error(error.code)
            return
        if shelved is not None and shelved.off:
            view.error("app-off")
        elif manifest.kind == "face":
            self._choose_face(app)
        else:
            self._latest = app
            if not self._services.guard.unlocked() and any(name in PRIVATE for name in manifest.permissions):
                self._unlocking.ask(lambda: view.front(AppScreen(view.ui, manifest, self.runner)))
            else:
                view.deeper(AppScreen(view.ui, manifest, self.runner))

    def stop(self, app: str) -> None:
        """End an app that runs or waits beneath others: it is about to be replaced or removed. A face gives way."""
        if self._face is not None and self._face.manifest.id == app:
            self._ground(FACES[0])
        for screen in self._view.screens():
            if isinstance(screen, AppScreen) and screen is not self._face and screen.manifest.id == app:
                self._view.close(screen)

    def end_void(self) -> None:
        """A list of revocations or a licence has come: end what may run no longer, and say why where it was seen."""
        for one in self._services.shelf.installed():
            code, front = self._refusal(one.id), self.in_front()
            if code:
                self.stop(one.id)
                if front == one.id:
                    self._view.error(code)

    def in_front(self) -> str:
        """Id of the app in front; empty if there is none."""
        top = self._view.top
        return top.manifest.id if isinstance(top, AppScreen) else ""

    def unlock(self) -> None:
        """The wearer touches the face, or presses the button there: ask for the passcode if the watch is locked.

        A face that locks the watch whenever it is seen would lock it again at once: then say so instead.
        """
        face = self._face
        if face is not None and self.foreign.allows(face) and self.runner.level(face.manifest.id) != REVIEWED:
            self._view.result(message.stays_locked(self._view.ui, self._view.close_result))
        else:
            self._unlocking.unlock_if_locked()

    def pick_face(self) -> None:
        """Let the wearer choose a face: a finger has held the one there is, and feels that it was noticed."""
        view, shelf = self._view, self._services.shelf
        view.play(TICK)
        chosen = self._services.settings.get("face")
        faces = [one.id for one in self.all("face") if not one.off and not self._refusal(one.id)]
        if not faces:
            view.error("app-off")
            return
        place = faces.index(chosen) if chosen in faces else 0
        if self._face is not None:
            self._face.end()  # one face at a time: it starts anew when the wearer keeps it
        manifests = tuple([shelf.manifest(face) for face in faces])
        picker = FacePicker(view.ui, manifests, place, self.runner, self._choose_face, view.home, self._arrange_face)
        view.front(picker)

    def all(self, kind: str) -> "list[Shelved]":
        """The apps or faces: those of the firmware in their order, then the others by name.

        One whose bundle cannot be read is left out.
        """
        shelf, rest = self._services.shelf, []
        try:
            installed = shelf.installed()
        except WatchError as error:
            self._log.fault("apps", error)
            installed = []
        for one in installed:
            try:
                if one.kind == kind:
                    rest.append((shelf.manifest(one.id).name(self._view.ui.text.language).lower(), one))
            except WatchError as error:
                self._log.fault("apps", error)  # its file is damaged: the settings list it last
        rest.sort(key=lambda pair: pair[0])
        own = [shelf.find(app) for app in shelf.system]
        return [one for one in own if one is not None and one.kind == kind] + [one for _, one in rest]

    def mark(self, manifest: "Manifest") -> AppMark:
        """What an app is known by; a picture of its own is read when it is to be shown."""
        return self.runner.mark(manifest)

    def mark_in(self, bundle: "Bundle") -> AppMark:
        """What an app is known by whose bundle is not on the shelf yet, but checked."""
        return mark_of(bundle.manifest, lambda: bundle, self._view.ui.large)

    def mark_by_id(self, app: str) -> AppMark:
        """The same; of an app that has gone a common picture."""
        try:
            return self.mark(self._services.shelf.manifest(app))
        except WatchError:
            return AppMark(icons.TILES, QUIET)

    def left(self, screen: AppScreen) -> None:
        """Back to what was there before the app. A face that failed gives way to the first one."""
        if screen is not self._face:
            self._view.close(screen)
        else:
            self._ground(FACES[0])  # the next one if that is what has failed too often

    def face(self) -> "Manifest":
        """Of the face that is at the bottom of the screens. Raises StateError before there is one."""
        if self._face is None:
            raise StateError("there is no face yet")
        return self._face.manifest

    def places(self) -> int:
        """How many complications it shows; 0 until it has started for the first time."""
        return 0 if self._face is None else self._face.places

    def _arrange_face(self, face: str) -> None:
        """Take a face, and let the wearer say what its places show."""
        self._choose_face(face)
        if self._services.guard.unlocked():
            self.arrange()
        else:
            self._unlocking.ask(self.arrange)

    def _choose_face(self, face: str) -> None:
        view = self._view
        if not view.done(lambda: self._services.settings.set("face", face)):
            return
        self._ground(face)  # beneath the picker, so that the face before does not start again for a moment
        view.home()

    def _ground(self, face: str) -> None:
        """Put a face in the place of the present one; the first one if this cannot be read or is off."""
        view = self._view
        manifest = self._face_manifest(face)
        screen = FaceScreen(view.ui, manifest, self.runner, self._on_swipe, self.unlock, self.pick_face)
        if self._face is not None:
            self._face.end()  # before the other one starts: the same face would find its settings taken
        self._face = screen
        view.ground(screen)

    def _face_manifest(self, face: str) -> "Manifest":
        """Of this face, or of the first one that can be read. Raises AppError, StorageError if none can."""
        shelf = self._services.shelf
        for candidate in (face,) + FACES[:-1]:
            try:
                shelved = shelf.find(candidate)
                if shelved is not None and shelved.kind == "face" and not shelved.off:
                    shelf.expect(candidate)
                    return shelf.manifest(candidate)
            except WatchError as error:
                self._log.fault("app " + candidate, error)
        return shelf.manifest(FACES[-1])

    def _entry(self, shelved: "Shelved") -> Entry:
        """In the launcher; an own picture is read when its page is shown."""
        app, ui = shelved.id, self._view.ui
        manifest = self._services.shelf.manifest(app)
        name, marked = manifest.name(ui.text.language), shelved.level not in (SYSTEM, REVIEWED)
        mark = self.mark(manifest)
        return Entry(app, name, mark.icon, mark.colour, mark.picture, marked)

    def _refusal(self, app: str) -> str:
        """Why an app may run no longer: the code of an error; empty if it may."""
        try:
            self._services.shelf.expect(app)
        except WatchError as error:
            return error.code
        return ""

    def name(self, app: str) -> str:
        """What the wearer calls an app; its id if its file cannot be read."""
        try:
            return self._services.shelf.manifest(app).name(self._view.ui.text.language)
        except WatchError:
            return app


def _other(face: str) -> str:
    """The first face of the firmware that is not this one."""
    return FACES[0] if face != FACES[0] else FACES[1]
