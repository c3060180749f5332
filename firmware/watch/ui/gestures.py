"""Makes taps, holds, swipes and ways back of what the touch panel reports."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Touch
    from watch.ui.context import Ui
    from watch.ui.stack import Stack

HOLD_MS = const(600)
"""A finger that stays this long holds."""
_SLOP_SHARE = const(12)
"""A finger that moves more than a twelfth of the panel's width (about 3 mm) does not tap."""
_EDGE_SHARE = const(12)
"""A stroke to the right that begins within this share of the width, at the left edge of the glass, is the way back."""
_IDLE, _DOWN, _SPENT, _HELD, _FOLLOWED = const(0), const(1), const(2), const(3), const(4)


class Gestures:
    """Reads the touch panel and tells the front screen.

    A finger belongs to the screen it came down on. If another screen comes to the front meanwhile, what the finger
    does means nothing: nobody agrees by accident to a question that appears under the thumb.

    A stroke to the right from the edge of the glass is `Screen.back`, whatever else such a stroke means on the screen.
    A screen that follows the finger is told where it is, at once and without any of this.

    Args:
        stack: whose top screen gets the gestures.
        touch: the panel.
        ui: for the width of the panel, and which way up it is worn.
        ticks_ms, ticks_diff: the kernel clock.
    """

    def __init__(
        self,
        stack: "Stack",
        touch: "Touch",
        ui: "Ui",
        ticks_ms: "Callable[[], int]",
        ticks_diff: "Callable[[int, int], int]",
    ) -> None:
        self._stack, self._touch, self._ui = stack, touch, ui
        self._slop, self._edge = ui.width // _SLOP_SHARE, ui.width // _EDGE_SHARE
        self._ticks_ms, self._ticks_diff = ticks_ms, ticks_diff
        self._point = [0, 0, 0]
        self._state = _IDLE
        self._screen = stack.top
        self._x = self._y = self._since = 0

    def poll(self) -> None:
        """Handle everything that waits. Call it when the panel calls back, and while `busy` every 50 ms."""
        while self._touch.read(self._point):
            down, x, y = self._point
            if self._ui.turned:
                x, y = self._ui.width - 1 - x, self._ui.height - 1 - y
            if self._state == _FOLLOWED:
                self._follow(down, x, y)
            elif not down:
                self._lift()
            elif self._state == _IDLE:
                self._land(x, y)
            elif self._state == _DOWN:
                self._move(x - self._x, y - self._y)
        if self._state == _DOWN and self._ticks_diff(self._ticks_ms(), self._since) >= HOLD_MS:
            self._state = _HELD
            self._screen.release()
            if self._still_front():
                self._screen.hold(self._x, self._y)

    def drop(self) -> bool:
        """Read what waits and do nothing of it; True if a finger came down. It means nothing until it is lifted."""
        landed = False
        while self._touch.read(self._point):
            if not self._point[0]:
                self._let_go()
            elif self._state in (_IDLE, _DOWN):
                self._state = _SPENT
                landed = True
        return landed

    @property
    def busy(self) -> bool:
        """True while a finger is down and may still become a hold, or is followed."""
        return self._state in (_DOWN, _FOLLOWED)

    def _let_go(self) -> None:
        """The finger is up: what it held is not held any more."""
        if self._state == _HELD:
            self._screen.release()
        self._state = _IDLE

    def _still_front(self) -> bool:
        return self._stack.top is self._screen

    def _land(self, x: int, y: int) -> None:
        self._x, self._y = x, y
        self._state, self._since = _DOWN, self._ticks_ms()
        self._screen = self._stack.top
        if self._screen.follows_finger:
            self._state = _FOLLOWED
            self._screen.finger(True, x, y)
        else:
            self._screen.press(x, y)

    def _follow(self, down: int, x: int, y: int) -> None:
        """Tell the screen where the finger is; once it has stopped following, the rest of the stroke means nothing."""
        if not down:
            self._state = _IDLE
        elif not self._screen.follows_finger:
            self._state = _SPENT
        if self._still_front() and self._screen.follows_finger:
            self._screen.finger(bool(down), x, y)

    def _move(self, dx: int, dy: int) -> None:
        if abs(dx) <= self._slop and abs(dy) <= self._slop:
            return
        self._state = _SPENT
        self._screen.release()
        if not self._still_front():
            return
        if dx > abs(dy) and self._x < self._edge:
            self._screen.back()
        elif abs(dx) > abs(dy):
            self._screen.swipe("right" if dx > 0 else "left")
        else:
            self._screen.swipe("down" if dy > 0 else "up")

    def _lift(self) -> None:
        tapped = self._state == _DOWN
        self._let_go()
        if tapped:
            self._screen.release()
            if self._still_front():
                self._screen.tap(self._x, self._y)
