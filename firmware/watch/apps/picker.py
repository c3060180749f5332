"""The choice of a watch face: every face as it really is, one beside the other, with its name on a plate."""

import micropython
from micropython import const

from watch.apps.face import FaceScreen
from watch.ui.pages import PageDots
from watch.ui.screen import Screen
from watch.ui.theme import FAINT, WHITE
from watch.ui.widget import Box, Label

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.host import Owner
    from watch.apps.manifest import Manifest
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.widget import Widget

_PLATE = {
    # y, width, height of the plate; from its top to the name and to the dots
    "large": (398, 240, 80, 6, 56),
    "small": (184, 156, 50, 3, 36),
}


class FacePicker(FaceScreen):
    """Runs one face after the other, never two at a time. A touch takes the one that is shown, the button none.

    Args:
        ui: the shared context.
        manifests: of all faces, in their order.
        place: which one to show first.
        owner: as of any app.
        choose: called with the id of the face that was touched.
        cancel: the wearer keeps the face there was.
    """

    def __init__(
        self,
        ui: "Ui",
        manifests: "tuple[Manifest, ...]",
        place: int,
        owner: "Owner",
        choose: "Callable[[str], None]",
        cancel: "Callable[[], None]",
    ) -> None:
        super().__init__(ui, manifests[place], owner, self._turn, self._choose, cancel)
        self.name = "faces"
        self._manifests, self._place = manifests, place
        self._chosen, self._cancel = choose, cancel
        self._plate: "list[Widget]" = []
        self._show_name()

    def close(self) -> None:
        """Another screen is in front: end the face."""
        self.end()

    def button(self, kind: str) -> None:
        """Keep the face there was."""
        if kind == "single":
            self._cancel()

    def back(self) -> None:
        """As the button."""
        self._cancel()

    def hold(self, x: int, y: int) -> None:
        """A hold has brought the wearer here; another one means nothing."""

    @micropython.native  # as bytecode its frame would come from the heap
    def draw(self, canvas: "Canvas") -> None:
        """Draw the face, and the plate above it; a crash card is shown whole."""
        FaceScreen.draw(self, canvas)
        if self.running:
            for widget in self._plate:
                widget.draw(canvas)

    def texts(self) -> "list[str]":
        """The texts of the face, and its name."""
        found = Screen.texts(self)
        if self.running:
            for widget in self._plate:
                found += widget.texts()
        return found

    def _turn(self, direction: str) -> None:
        """Left and right lead to the neighbours, in a circle; up and down out of here."""
        if direction not in ("left", "right"):
            self._cancel()
            return
        step = 1 if direction == "left" else -1
        self.end()
        self.clear()  # also a crash card
        self._crashed = False
        self._place = (self._place + step) % len(self._manifests)
        self.manifest = self._manifests[self._place]
        self._show_name()
        self.open()

    def _choose(self) -> None:
        self._chosen(self.manifest.id)

    def _show_name(self) -> None:
        ui = self.ui
        y, width, height, name, dots = _PLATE[ui.metrics.panel]
        x = (ui.width - width) // 2
        plate = Box(x, y, width, height, height // 2, FAINT)
        inside = width - height // 2
        label = Label(ui, ui.body_font, x + height // 4, y + name, inside, self.manifest.name(ui.text.language), WHITE)
        self._plate = [plate, label, PageDots(ui, y + dots, len(self._manifests), self._place)]
