"""Brings what changed to the panel, strip by strip."""

import micropython
from micropython import const

from watch.ui.canvas import STRIP_BYTES, Canvas
from watch.ui.turned import turn

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import Display
    from watch.ui.context import Ui
    from watch.ui.screen import Screen

_BOX = const(4)
"""Numbers of a rectangle: left, top, right and low. A range by a constant of this file takes no heap."""
_BYTES_PER_PIXEL = const(2)
_VIEWS = const(256)
"""Lengths of strips remembered, 32 bytes each; a screen has about a dozen, the hands of half a day two hundred."""


class Renderer:
    """Draws the damaged parts of a screen and writes them to the display.

    Once each strip length has been seen, rendering allocates nothing: the view of a length is made once and kept.
    """

    urgent: "Optional[Callable[[], bool]]" = None
    """Asked between two strips of a frame that can wait; True if something was done that may have changed the screen.
    Then the frame is given up, and all of it is to be drawn again."""

    def __init__(self, ui: "Ui", display: "Display") -> None:
        self._ui, self._display = ui, display
        self.canvas = Canvas()
        self._views = {}

    @micropython.native
    def render(self, screen: "Screen", can_wait: bool = False) -> bool:
        """Send every damaged rectangle. Raises what the display raises; the damage is kept then.

        `can_wait`: `urgent` may interrupt; False if it did.
        """
        damage = self._ui.damage
        edges = damage.edges
        for at in range(0, damage.count * _BOX, _BOX):
            x, y = edges[at], edges[at + 1]
            if not self._rectangle(screen, x, y, edges[at + 2] - x, edges[at + 3], can_wait):
                damage.everything()
                return False
        damage.clear()
        return True

    def copy(self, screen: "Screen", display: "Display") -> None:
        """Draw all of a screen to another display of the same measures; then everything is to be drawn again here."""
        own, self._display = self._display, display
        self._ui.damage.everything()
        try:
            self.render(screen)
        finally:
            self._display = own
            self._ui.damage.everything()

    @micropython.native
    def _rectangle(self, screen: "Screen", x: int, y: int, w: int, low: int, can_wait: bool) -> bool:
        """Draw and send one rectangle; False if something urgent has interrupted."""
        canvas, display, urgent = self.canvas, self._display, self.urgent
        rows = STRIP_BYTES // (_BYTES_PER_PIXEL * w)
        rows -= rows % display.align
        while y < low:
            h = low - y
            if h > rows:
                h = rows
            canvas.window(x, y, w, h)
            screen.draw(canvas)
            view = self._view(w * h * _BYTES_PER_PIXEL)
            if self._ui.turned:
                turn(canvas.memory, w * h)
                display.write(display.width - x - w, display.height - y - h, w, h, view)
            else:
                display.write(x, y, w, h, view)
            y += h
            if can_wait and urgent is not None and urgent():
                return False
        return True

    @micropython.native
    def _view(self, length: int) -> memoryview:
        view = self._views.get(length)
        if view is None:
            if len(self._views) == _VIEWS:
                self._views.clear()
            view = self._views[length] = memoryview(self.canvas.memory)[:length]
        return view
