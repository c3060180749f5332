"""A page of keys and perhaps a pad. A finger that slides from one key to another lets go of the first."""

from micropython import const

from watch.apps.api import GREY, TICK, Icon, icons, rgb

from .layouts import FACES, GRIDS, LETTERS, PICTURES, layout, pad_box
from .stick import Stick

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.apps.api import App, Button

_NOBODY = ("-", "pad")
_OWN = ("ways", "centre")
"""Keys of the app itself; they act when the finger leaves them."""


class Key:
    """One key and where it may be touched."""

    def __init__(self, name: str, x: int, y: int, w: int, h: int, button: "Button") -> None:
        self.control, self.x, self.y, self.w, self.h, self.widget = name, x, y, w, h, button
        self.sends = name not in _OWN

    def holds(self, x: int, y: int) -> bool:
        """True if a point lies on it. Allocates nothing."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h


class Controls:
    """Builds the page and follows the finger.

    Args:
        app: whose page it is; it has `watch` with a gamepad and haptics.
        way: one of `layouts.WAYS`.
        own: what the keys that are not the television's do.
    """

    def __init__(self, app: "App", way: str, own: "Callable[[str], None]") -> None:
        self._app, self._own, self._way = app, own, way
        self._gamepad, self._haptics = app.watch.gamepad, app.watch.haptics
        self._keys: "list[Key]" = []
        self._held: "Optional[Key]" = None
        self._steered: "Optional[Stick]" = None
        self.knob: "Optional[Stick]" = None
        app.clear()
        app.follow_finger()
        panel = app.ui.metrics.panel
        rows = layout(way, panel)
        self._add_pad(rows, panel)
        for row, names in enumerate(rows):
            for column, name in enumerate(names.split(" ")):
                if name not in _NOBODY:
                    self._add_key(name, column, row, panel)

    def finger(self, down: bool, x: int, y: int) -> None:
        """The finger is here, or was lifted. Allocates nothing unless the app's own key is left."""
        if self._steered is not None:
            self._steer(self._steered, down, x, y)
        elif not down:
            self._leave(True)
        elif self._held is None or not self._held.holds(x, y):
            self._leave(False)
            self._press(x, y)

    def _press(self, x: int, y: int) -> None:
        stick = self.knob
        if stick is not None and self._way != "tilt" and stick.holds(x, y):
            self._steered = stick
            self._steer(stick, True, x, y)
            return
        for key in self._keys:
            if key.holds(x, y):
                self._held = key
                if key.sends:
                    self._gamepad.press(key.control, True)  # first of all: the television is quicker than our light
                    self._haptics.play(TICK)
                key.widget.press(True)
                return

    def _leave(self, lifted: bool) -> None:
        """Let go of the key under the finger; one of our own acts if the finger was lifted there."""
        key, self._held = self._held, None
        if key is None:
            return
        if key.sends:
            self._gamepad.press(key.control, False)
        key.widget.press(False)
        if lifted and not key.sends:
            self._own(key.control)

    def _steer(self, stick: Stick, down: bool, x: int, y: int) -> None:
        """The thumb is on the pad, or gone."""
        if down:
            stick.point(x, y)
        else:
            self._steered = None
            stick.move(0, 0)
        if self._way == "cross":
            self._gamepad.hat(stick.direction())
        else:
            self._gamepad.stick(stick.across, stick.down)

    def _add_pad(self, rows: "tuple[str, ...]", panel: str) -> None:
        x, y, radius = pad_box(rows, panel)
        if radius:
            self.knob = self._app.add(Stick(x, y, radius, self._app.ui.accent))
        if radius and self._way != "tilt":
            self._app.target("pad", x - radius, y - radius, 2 * radius, 2 * radius, _nothing)
        if self._way == "cross":
            self._add_arrows(x, y, radius)

    def _add_arrows(self, x: int, y: int, radius: int) -> None:
        """The four directions at the rim of the pad."""
        for picture, across, down in ((icons.UP, 0, -1), (icons.RIGHT, 1, 0), (icons.DOWN, 0, 1), (icons.LEFT, -1, 0)):
            arrow = self._app.add(Icon(self._app.ui, icons.MEDIUM + picture, 0, 0, GREY))
            reach = radius - arrow.w * 5 // 8
            arrow.x, arrow.y = x + across * reach - arrow.w // 2, y + down * reach - arrow.h // 2

    def _add_key(self, name: str, column: int, row: int, panel: str) -> None:
        _, left, wide, top, high, side = GRIDS[panel]
        x, y = left + wide * column, top + high * row
        picture = icons.MEDIUM + PICTURES[name] if name in PICTURES else 0
        text = "" if picture else LETTERS.get(name) or self._app.watch.text.get(name)
        face = rgb(FACES[name]) if name in FACES else -1
        place = (x + (wide - side) // 2, y + (high - side) // 2, side, side)
        button = self._app.button(name, *place, _nothing, text, picture, face)
        self._keys.append(Key(name, x, y, wide, high, button))


def _nothing() -> None:
    """Targets are names here: the finger is followed instead."""
