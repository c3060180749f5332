"""The screen that holds the watch face: home. What the wearer does there belongs to the system, not to the face."""

from micropython import const

from watch.apps.app_screen import AppScreen
from watch.apps.settings import MOST_PLACES
from watch.ui.screen import Screen

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.api import Face
    from watch.apps.owner import Owner
    from watch.apps.shelf.manifest import Manifest
    from watch.ui.context import Ui


class FaceScreen(AppScreen):
    """Runs one face for as long as it is the chosen one; covered by another screen it rests.

    Args:
        ui: the shared context.
        manifest: of the face.
        owner: who is asked and told.
        on_swipe: called with `left`, `right`, `up` or `down`.
        on_tap: a finger touched.
        on_hold: a finger stays: the wearer wants another face.
    """

    def __init__(
        self,
        ui: "Ui",
        manifest: "Manifest",
        owner: "Owner",
        on_swipe: "Callable[[str], None]",
        on_tap: "Callable[[], None]",
        on_hold: "Callable[[], None]",
    ) -> None:
        super().__init__(ui, manifest, owner)
        self.name = "face"
        self._on_swipe, self._on_tap, self._on_hold = on_swipe, on_tap, on_hold
        self._dimmed = self._dark = False
        self.places = 0
        """How many complications it shows, as it said when it started last."""

    def open(self) -> None:
        """Start the face, or let it show what has changed meanwhile."""
        if not self.running:
            self._dimmed = False
        AppScreen.open(self)
        if self._app is not None and self._owner.allows(self):
            places = self._answer(_places, self._app)
            self.places = places if type(places) is int else 0  # True if it has failed at that
        self._follow_light()
        self._ready()

    def close(self) -> None:
        """Another screen is in front: rest."""
        self._owner.rest(self)

    def dim(self, on: bool) -> None:
        """Have the face built anew, for the always-on picture or for the usual one."""
        self._dark = on
        if self._follow_light():
            self._ready()

    def press(self, x: int, y: int) -> None:
        """Nothing on a face can be pressed."""

    def release(self) -> None:
        """Nothing on a face can be pressed."""

    def tap(self, x: int, y: int) -> None:
        """Not the face's business: what it has made touchable itself is never asked."""
        if self.running:
            self._on_tap()
        else:
            AppScreen.tap(self, x, y)

    def hold(self, x: int, y: int) -> None:
        """Not the face's business."""
        self._on_hold()

    def swipe(self, direction: str) -> None:
        """Not the face's business."""
        self._on_swipe(direction)

    def back(self) -> None:
        """There is nothing behind a face: a swipe like any other."""
        self._on_swipe("right")

    def button(self, kind: str) -> None:
        """Not the face's business."""

    def _follow_light(self) -> bool:
        """Have the picture built that belongs to the light. False if it was there, or if the face may not run now."""
        app, on = self._app, self._dark
        if on == self._dimmed or app is None or not self._owner.allows(self):
            return False
        self._dimmed = on
        self._answer(_dim, app, on)
        return True

    def _ready(self) -> None:
        """The face has built its widgets: let it fill them, and let the whole glass be touched."""
        if self.running and self._owner.allows(self):
            self.clear_targets()
            self._add_targets()
            self.tick(0)

    def _add_targets(self) -> None:
        Screen.target(self, "face", 0, 0, self.ui.width, self.ui.height, self._on_tap)


def _dim(face: "Face", on: bool) -> None:
    """As a function of its own what is no face fails where `AppScreen` expects an app to fail."""
    face.dim(on)


def _places(face: "Face") -> int:
    """As many as there can be of those that it wants."""
    wanted = getattr(face, "complications", 0)
    return min(max(wanted, 0), MOST_PLACES) if type(wanted) is int else 0
