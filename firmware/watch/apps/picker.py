"""The choice of a watch face: every face as it really is, one beside the other, with its name."""

import micropython
from micropython import const

from watch.apps.app_screen import AppScreen
from watch.apps.face import FaceScreen
from watch.ui import icons
from watch.ui.pages import PageDots
from watch.ui.screen import Screen
from watch.ui.theme import BLACK, GREY, HOUR, WHITE
from watch.ui.widget import Icon, Label, Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.apps.owner import Owner
    from watch.apps.shelf.manifest import Manifest
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.screen import AnyWidget

_LAYOUT = {
    # y, width, height of the plate; from its top to the name and to the dots; y of the strip
    "large": (402, 248, 86, 8, 60, 390),
    "small": (184, 150, 50, 4, 36, 178),
}
_EDGE_PX = const(2)


class _Plate(Widget):
    """A black plate with an edge, on a black strip down to the end of the panel: beneath it the face shows nothing."""

    def __init__(self, ui: "Ui", y: int, w: int, h: int, strip_y: int) -> None:
        super().__init__((ui.width - w) // 2, y, w, h)
        self._strip_y, self._wide, self._low = strip_y, ui.width, ui.height

    @micropython.native  # as bytecode its frame would come from the heap
    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        strip_y = self._strip_y
        canvas.fill_rect(0, strip_y, self._wide, self._low - strip_y, BLACK)
        x, y = self.x, self.y
        w, h = self.w, self.h  # four at once would build a tuple
        canvas.round_rect(x, y, w, h, h // 2, HOUR)
        canvas.round_rect(x + _EDGE_PX, y + _EDGE_PX, w - 2 * _EDGE_PX, h - 2 * _EDGE_PX, h // 2 - _EDGE_PX, BLACK)


class FacePicker(FaceScreen):
    """Runs one face after the other, never two at a time. A touch takes the one that is shown, the button none.

    What the strip with the name would cut in two is left out; a dial, a ring or large figures end there.

    Args:
        ui: the shared context.
        manifests: of all faces, in their order.
        place: which one to show first.
        owner: as of any app.
        choose: called with the id of the face that was touched.
        cancel: the wearer keeps the face there was.
        arrange: called with the id of the face whose complications the wearer wants to choose.
    """

    def __init__(
        self,
        ui: "Ui",
        manifests: "tuple[Manifest, ...]",
        place: int,
        owner: "Owner",
        choose: "Callable[[str], None]",
        cancel: "Callable[[], None]",
        arrange: "Callable[[str], None]",
    ) -> None:
        super().__init__(ui, manifests[place], owner, self._page, self._choose, cancel)
        self.name = "faces"
        self._manifests, self._place = manifests, place
        self._chosen, self._cancel, self._arrange = choose, cancel, arrange
        self._over: "tuple[Widget, ...]" = ()
        plate = _LAYOUT[ui.metrics.panel]
        self._small, self._strip_y = plate[2], plate[5]
        self._show_name()

    def add(self, widget: "AnyWidget") -> "AnyWidget":
        """As `AppScreen.add`; what is no higher than the plate and reaches into the strip is not shown."""
        if self.running and widget.h <= self._small and widget.y + widget.h > self._strip_y:
            return widget
        return FaceScreen.add(self, widget)

    def open(self) -> None:
        """Start the face; then it is known whether there is something to choose for it."""
        FaceScreen.open(self)
        self._show_name()

    def close(self) -> None:
        """Another screen is in front: end the face."""
        AppScreen.close(self)

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
        """Draw the face, and its name above it; a crash card is shown whole."""
        FaceScreen.draw(self, canvas)
        if self.running:
            for widget in self._over:
                widget.draw(canvas)

    def texts(self) -> "list[str]":
        """The texts of the face, and its name."""
        found = FaceScreen.texts(self)
        if self.running:
            for widget in self._over:
                found += widget.texts()
        return found

    def _page(self, direction: str) -> None:
        """Left and right lead to the neighbours, in a circle; up and down out of here."""
        if direction not in ("left", "right"):
            self._cancel()
            return
        step = 1 if direction == "left" else -1
        AppScreen.close(self)
        self.clear()  # also a crash card
        self._crashed = False
        self._place = (self._place + step) % len(self._manifests)
        self.manifest = self._manifests[self._place]
        self.open()

    def _choose(self) -> None:
        self._chosen(self.manifest.id)

    def _show_name(self) -> None:
        ui = self.ui
        y, width, height, name, dots, strip_y = _LAYOUT[ui.metrics.panel]
        plate = _Plate(ui, y, width, height, strip_y)
        inside = width - height // 2
        text = self.manifest.name(ui.text.language)
        start, end = (ui.width - inside) // 2, (ui.width + inside) // 2
        gear = Icon(ui, icons.SMALL + icons.SETTINGS, 0, 0, GREY)
        gear.x, gear.y = plate.x + width - gear.w - height // 4, y + (height - gear.h) // 2
        if self.places:
            end = gear.x
        label = Label(ui, ui.body_font, start, y + name, end - start, text, WHITE)
        over = (plate, label, PageDots(ui, y + dots, len(self._manifests), self._place))
        self._over = over + (gear,) if self.places else over

    def _add_targets(self) -> None:
        """Beside the name, if there is something to choose, is a place of its own."""
        ui = self.ui
        if self.places:
            y, width, height, _, _, _ = _LAYOUT[ui.metrics.panel]
            side, right = ui.metrics.target, min((ui.width + width) // 2 + height // 4, ui.width)
            top = min(y + (height - side) // 2, ui.height - side)
            Screen.target(self, "arrange", right - side, top, side, side, lambda: self._arrange(self.manifest.id))
        FaceScreen._add_targets(self)
