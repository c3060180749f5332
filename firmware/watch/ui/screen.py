"""What every screen is: a list of widgets, a list of touch targets, and a few answers to input."""

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, TypeVar

    from watch.ui.button import Button
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.widget import Widget

    AnyWidget = TypeVar("AnyWidget", bound=Widget)


class Target:
    """A place to touch."""

    def __init__(self, name: str, x: int, y: int, w: int, h: int, action: "Callable[[], None]") -> None:
        self.name, self.x, self.y, self.w, self.h = name, x, y, w, h
        self.action = action
        self.button: "Button | None" = None
        """What shows that a finger is on it."""
        self.repeats = False
        """Held, it acts again and again. Apps alone have such targets."""

    def holds(self, x: int, y: int) -> bool:
        """True if a point lies in the target."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h


class Screen:
    """Base of all screens.

    A screen builds its widgets in its constructor and changes them when data changes; widgets mark what has to be drawn
    again, but only while the screen is shown. Subclasses override the empty answers they care about.
    """

    name = "screen"
    """How state.json and tests call it."""
    tick_ms = 1000
    """How often `tick` has to be called while shown."""
    follows_finger = False
    """True if it wants to know where the finger is, each time the panel tells, instead of taps, holds and swipes."""
    keeps_light = ""
    """Owner of the wake lock that keeps the light on while the screen is in front; empty if it may go dark."""
    listens = False
    """True while a microphone is open for it: what rings beneath it waits, since the motor would be heard."""

    def __init__(self, ui: "Ui") -> None:
        self.ui = ui
        self.shown = False
        self.widgets: "list[Widget]" = []
        self._targets: "list[Target]" = []

    def add(self, widget: "AnyWidget") -> "AnyWidget":
        """Put a widget on top of the others and return it."""
        widget.screen = self
        self.widgets.append(widget)
        return widget

    def target(self, name: str, x: int, y: int, w: int, h: int, action: "Callable[[], None]") -> Target:
        """Make a rectangle touchable."""
        target = Target(name, x, y, w, h, action)
        self._targets.append(target)
        return target

    def clear_targets(self) -> None:
        """Make nothing touchable."""
        del self._targets[:]

    def clear(self) -> None:
        """Take every widget and target away, to build another page."""
        del self.widgets[:]
        self.clear_targets()
        if self.shown:
            self.ui.damage.everything()

    def targets(self) -> "list[tuple[str, int, int, int, int]]":
        """Name, x, y, width and height of everything that can be touched now."""
        return [(one.name, one.x, one.y, one.w, one.h) for one in self._targets]

    def find(self, x: int, y: int) -> "Target | None":
        """The target at a point."""
        for target in self._targets:
            if target.holds(x, y):
                return target
        return None

    def open(self) -> None:
        """The screen is in front now."""

    def close(self) -> None:
        """The screen is no longer in front."""

    def dim(self, on: bool) -> None:
        """Show less, for a watch that nobody is meant to look at, or everything again. Saying it twice is harmless."""

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw what falls into the canvas's window. Allocates nothing."""
        left, top = canvas.left, canvas.top
        right, low = left + canvas.width, top + canvas.height
        for widget in self.widgets:
            y = widget.y
            if y < low and y + widget.h > top:
                x = widget.x
                if x < right and x + widget.w > left:
                    widget.draw(canvas)

    def frame_done(self) -> None:
        """What changed has been drawn. Should allocate nothing."""

    def finger(self, down: bool, x: int, y: int) -> None:
        """The finger is here, or was lifted here: for a screen that follows it. Should allocate nothing."""

    def tap(self, x: int, y: int) -> None:
        """A finger touched and left one place."""
        target = self.find(x, y)
        if target is not None:
            target.action()

    def press(self, x: int, y: int) -> None:
        """A finger came down: the moment to show that it was noticed."""

    def release(self) -> None:
        """The finger that came down is up again, became a swipe, or holds. After a hold once more when it is up."""

    def hold(self, x: int, y: int) -> None:
        """A finger stays on one place."""

    def swipe(self, direction: str) -> None:
        """A finger moved `left`, `right`, `up` or `down`."""

    def back(self) -> None:
        """A finger moved in from the left edge of the glass: the way back of every screen, as the side button is."""
        self.button("single")

    def button(self, kind: str) -> None:
        """The side button was pressed: `single`, `double` or `long`."""

    def second_button(self, down: bool) -> None:
        """The second button of a watch that has one went down, or up: apps alone have a use for it."""

    def tick(self, now: int) -> None:
        """Called at least once a second while shown; `now` in ticks of a millisecond. Allocates nothing."""

    def texts(self) -> "list[str]":
        """Every text on the screen, in drawing order: what a screen reader would say, and what tests compare."""
        found = []
        for widget in self.widgets:
            found += widget.texts()
        return found
