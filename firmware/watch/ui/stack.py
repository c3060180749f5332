"""Which screen is in front."""

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Display
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.renderer import Renderer
    from watch.ui.screen import Screen


class Stack:
    """Screens on top of each other; only the top one is drawn and gets input.

    Modal screens (errors, questions) stay above all others until they are closed: a screen pushed meanwhile waits
    beneath them. The lowest screen is never closed.
    """

    def __init__(self, ui: "Ui", renderer: "Renderer", home: "Screen") -> None:
        self._ui, self._renderer = ui, renderer
        self._screens = [home]
        self._modal: "list[Screen]" = []
        self._front: "Screen | None" = None
        self._listener: "Callable[[], None] | None" = None
        self._asleep = False
        self._show()

    def listen(self, listener: "Callable[[], None]") -> None:
        """Call back whenever another screen comes to the front: it has to be drawn soon."""
        self._listener = listener

    def interrupt_by(self, urgent: "Callable[[], bool]") -> None:
        """What is asked between two strips while `tick` draws; see `Renderer.urgent`."""
        self._renderer.urgent = urgent

    def breathe(self) -> None:
        """Ask the same in the middle of long work that draws nothing, where everything may change."""
        urgent = self._renderer.urgent
        if urgent is not None:
            urgent()

    @property
    @micropython.native
    def top(self) -> "Screen":
        """The screen in front."""
        return self._modal[-1] if self._modal else self._screens[-1]

    def push(self, screen: "Screen") -> None:
        """Put a screen in front of the others, beneath modal ones."""
        self._screens.append(screen)
        self._show()

    def replace(self, screen: "Screen") -> None:
        """Put a screen in place of the highest that is not modal."""
        self._screens[-1] = screen
        self._show()

    def ground(self, screen: "Screen") -> None:
        """Put a screen in place of the lowest, whatever lies above it."""
        self._screens[0] = screen
        self._show()

    def pop(self) -> None:
        """Close the highest screen that is not modal; home stays."""
        if len(self._screens) > 1:
            self._screens.pop()
            self._show()

    def home(self) -> None:
        """Close every screen but the lowest and the modal ones."""
        del self._screens[1:]
        self._show()

    def modal(self, screen: "Screen") -> None:
        """Put a screen above everything, until `close` is called with it."""
        self._modal.append(screen)
        self._show()

    def front(self, screen: "Screen") -> None:
        """Put a screen directly above the lowest, in place of all between; the lowest is not shown for a moment."""
        self._screens[1:] = [screen]
        self._show()

    def close(self, screen: "Screen") -> None:
        """Take a screen away, wherever it is; home stays, and nothing happens if it is gone already."""
        if screen in self._modal:
            self._modal.remove(screen)
        elif screen in self._screens[1:]:
            self._screens.remove(screen)
        self._show()

    @micropython.native
    def tick(self, now: int) -> None:
        """Let the front screen look at the time, then draw what changed. Allocates nothing while nothing changes.

        Does nothing while the panel sleeps.
        """
        if self._front is None:
            self._show()  # the screen before could not be closed in good order
        if not self._asleep:
            self.top.tick(now)
            if self._ui.damage.count:
                self.render(True)

    @property
    def canvas(self) -> "Canvas":
        """What the screens are drawn on."""
        return self._renderer.canvas

    def render(self, can_wait: bool = False) -> None:
        """Draw what changed; nothing while the panel sleeps. `can_wait`: what is urgent may interrupt."""
        if self._asleep:
            return
        if not self._renderer.render(self.top, can_wait) and self._listener is not None:
            self._listener()
        self.top.frame_done()

    def copy(self, display: "Display") -> None:
        """Draw the screen in front to another display of the same measures, whether the panel sleeps or not."""
        self._renderer.copy(self.top, display)

    def screens(self) -> "list[Screen]":
        """All screens, the lowest first."""
        return self._screens + self._modal

    def holds(self, screen: "Screen") -> bool:
        """True while a screen is open, whatever lies above it."""
        return screen in self._screens or screen in self._modal

    def sleep(self, on: bool) -> None:
        """Nobody sees the panel from now on; or somebody does, and everything has to be drawn again."""
        self._asleep = on
        if not on:
            self.refresh()

    def is_lowest(self, screen: "Screen") -> bool:
        """True for home."""
        return self._screens[0] is screen

    def refresh(self) -> None:
        """Draw everything again, after the panel has slept."""
        self._ui.damage.everything()

    def _show(self) -> None:
        """Open the screen that has come to the front, after closing the one that was there."""
        front, before = self.top, self._front
        if front is before:
            return
        self._front = None  # until the next one is open, whatever the one before raises
        if before is not None:
            before.shown = False
            before.close()
            if self._front is not None:
                return  # what happened at its end has brought another screen to the front
        self._front = front
        front.shown = True
        self._ui.damage.everything()
        front.open()
        if self._listener is not None:
            self._listener()
