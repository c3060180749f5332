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

_BYTES_PER_PIXEL = const(2)
_VIEWS = const(48)
"""Lengths of strips remembered; a screen in use has about a dozen."""


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
        urgent = self.urgent if can_wait else None
        for index in range(damage.count):
            x, y = damage.left(index), damage.top(index)
            if not self._rectangle(screen, x, y, damage.width(index), damage.height(index), urgent):
                damage.everything()
                return False
        damage.clear()
        return True

    @micropython.native
    def _rectangle(
        self, screen: "Screen", x: int, y: int, w: int, h: int, urgent: "Optional[Callable[[], bool]]"
    ) -> bool:
        """Draw and send one rectangle; False if something urgent has interrupted."""
        align = self._display.align
        rows = STRIP_BYTES // (_BYTES_PER_PIXEL * w) // align * align
        low = y + h
        while y < low:
            height = min(rows, low - y)
            self.canvas.window(x, y, w, height)
            screen.draw(self.canvas)
            self._show(x, y, w, height)
            y += height
            if urgent is not None and urgent():
                return False
        return True

    @micropython.native
    def _show(self, x: int, y: int, w: int, h: int) -> None:
        """Send the strip that has been drawn, turned if the watch is worn that way."""
        display = self._display
        if self._ui.turned:
            turn(self.canvas.strip, w * h)
            x = display.width - x - w
            y = display.height - y - h
        display.write(x, y, w, h, self._view(w * h * _BYTES_PER_PIXEL))

    @micropython.native
    def _view(self, length: int) -> memoryview:
        view = self._views.get(length)
        if view is None:
            if len(self._views) == _VIEWS:
                self._views.clear()
            view = self._views[length] = memoryview(self.canvas.strip)[:length]
        return view
