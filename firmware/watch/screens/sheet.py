"""A question of others to the wearer: a sheet above everything that only a deliberate touch answers."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.screens.parts import add_button
from watch.ui.screen import Screen

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

READ_MS = const(500)
"""A sheet has been there this long before a finger that comes down means anything."""
_BUTTON_Y = {"large": 364, "small": 160}


class Sheet(Screen):
    """A question that stays until it is answered.

    It is modal, so nothing lies above it. A stroke means nothing, and so does a finger that came down before the sheet
    could be read.

    Args:
        ui: the shared context.
        name: of the screen, for state.json.
        ticks_ms: the watch's clock.
        on_yes, on_no: the answers; the side button is a no.
    """

    keeps_light = "question"
    read_ms = READ_MS

    def __init__(
        self,
        ui: "Ui",
        name: str,
        ticks_ms: "Callable[[], int]",
        on_yes: "Callable[[], None]",
        on_no: "Callable[[], None]",
    ) -> None:
        super().__init__(ui)
        self.name = name
        self._ticks_ms, self._on_yes, self._on_no = ticks_ms, on_yes, on_no
        self._since_ms = ticks_ms()
        self._meant = False

    def open(self) -> None:
        """The time to read begins."""
        self._since_ms = self._ticks_ms()
        self._meant = False

    def press(self, x: int, y: int) -> None:
        """Only a finger that comes down on a sheet that was there to read can answer it."""
        self._meant = self._was_read()

    def tap(self, x: int, y: int) -> None:
        """Answer, if the touch is meant."""
        meant, self._meant = self._meant, False
        if meant:
            Screen.tap(self, x, y)

    def back(self) -> None:
        """A stroke from the edge is no answer."""

    def button(self, kind: str) -> None:
        """No, once the question could be read."""
        if kind == "single" and self._was_read():
            self._on_no()

    def _was_read(self) -> bool:
        return ticks_diff(self._ticks_ms(), self._since_ms) >= self.read_ms

    def _answers(self, no: str, yes: str = "", more: "Callable[[], None] | None" = None) -> None:
        """The two buttons. Without a yes there is only one, the strong one then; with `more` yes leads there."""
        ui = self.ui
        side, gap, y = ui.metrics.margin, 2 * ui.metrics.gap, _BUTTON_Y[ui.metrics.panel]
        width = ui.width - 2 * side
        if not yes:
            add_button(self, "no", no, side, y, width, self._on_no)
            return
        half = (width - gap) // 2
        add_button(self, "no", no, side, y, half, self._on_no, False, yes)
        name, action = ("yes", self._on_yes) if more is None else ("more", more)
        add_button(self, name, yes, side + half + gap, y, half, action, True, no)
