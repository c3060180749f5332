"""Water mode: the glass is deaf, since drops are fingers to it. Holding the side button ends it; a hint says so."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import WatchError
from watch.screens import message
from watch.system.view import SUCCESS, TICK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.system.light import Light
    from watch.system.services import Services
    from watch.system.view import View
    from watch.ui.screen import Screen

_HINT_MS = const(4000)  # time to read two lines


class Water:
    """The way out of water mode, and the hint that tells of it."""

    def __init__(self, view: "View", services: "Services", light: "Light") -> None:
        self._view = view
        self._services = services
        self._light = light
        self._wet = light.wet
        self._hint: "Optional[Screen]" = None
        self._since_ms = 0
        self._told = False
        """A touch has brought the hint since it was dark: rain would bring it for ever."""

    def tick(self) -> None:
        """Say how it ends when it begins; take an old hint away. To be called about once a second."""
        was, self._wet = self._wet, self._light.wet
        if self._wet and not was:
            self._view.home()
            self._show()
        if self._light.dark:
            self._told = False
        if self._hint is not None and ticks_diff(self._services.clock.ticks_ms(), self._since_ms) >= _HINT_MS:
            self._close()

    def touched(self) -> None:
        """A finger, or a drop, was on the deaf glass."""
        if self._light.wet and not self._light.dark and not self._told and self._view.at_rest():
            self._show()
            self._told = True

    def pressed(self, kind: str) -> bool:
        """True if a press of the side button was for water mode: a long one ends it, one on the face asks for the hint.

        Two presses pay, but not from a locked watch, whose passcode nobody could enter.
        """
        if not self._light.wet:
            return False
        if kind == "long":
            self._end()
        elif kind == "double" and self._services.guard.unlocked():
            self._close()
            return False
        elif kind == "double":
            self._show()
        elif self._hint is not None and self._view.top is self._hint:
            self._close()
        elif self._view.name == "face":
            self._show()
        else:
            return False
        return True

    def _end(self) -> None:
        self._close()
        try:
            self._services.settings.set("water_mode", False)
        except WatchError as error:
            self._view.error(error.code)
            return
        self._wet = False
        self._view.play(SUCCESS)

    def _show(self) -> None:
        if self._hint is None:
            self._hint = message.water(self._view.ui)
            self._view.play(TICK)
            self._view.deeper(self._hint)
        self._since_ms = self._services.clock.ticks_ms()

    def _close(self) -> None:
        if self._hint is not None:
            self._view.close(self._hint)
            self._hint = None
