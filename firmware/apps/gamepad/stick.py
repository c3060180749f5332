"""A round pad with a thumb on it: what a finger does, or how the watch is held."""

from micropython import const

from watch.apps.api import FAINT, PRESSED, Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Canvas

FULL = const(127)
"""Of an axis."""
_RIM = const(3)  # px
_BALL_SHARE = const(3)  # the thumb's radius is a third of the pad's


def root(value: int) -> int:
    """The whole part of the square root of a number below 2^28. Allocates nothing."""
    guess = 1 << 14
    while True:
        better = (guess + value // guess) >> 1
        if better >= guess:
            return guess
        guess = better


class Stick(Widget):
    """Draws the pad, and turns a place on it into two axes.

    Args:
        x: middle in px.
        y: the same middle.
        radius: of the pad in px.
        ink: colour of the thumb.
    """

    def __init__(self, x: int, y: int, radius: int, ink: int) -> None:
        Widget.__init__(self, x - radius, y - radius, 2 * radius, 2 * radius)
        self._middle_x, self._middle_y, self._radius, self._ink = x, y, radius, ink
        self._ball = radius // _BALL_SHARE
        self._reach = radius - self._ball - _RIM
        self.across = self.down = 0
        """Where the thumb is, -127 to 127; right and down are positive."""

    def holds(self, x: int, y: int) -> bool:
        """True if a point lies in the square of the pad. Allocates nothing."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h

    def point(self, x: int, y: int) -> None:
        """A finger is there; beyond the rim it counts as on the rim. Allocates nothing."""
        dx, dy, reach = x - self._middle_x, y - self._middle_y, self._reach
        square = dx * dx + dy * dy
        if square > reach * reach:
            distance = root(square)
            dx, dy = dx * reach // distance, dy * reach // distance
        self.move(dx * FULL // reach, dy * FULL // reach)

    def move(self, across: int, down: int) -> None:
        """Put the thumb there. Allocates nothing."""
        if across != self.across or down != self.down:
            self._mark_ball()
            self.across, self.down = across, down
            self._mark_ball()

    def direction(self) -> int:
        """The nearest of eight directions, clockwise from 1, which is up; 0 near the middle. Allocates nothing."""
        x, y = self.across, self.down
        wide, high = abs(x), abs(y)
        if wide * wide + high * high < FULL * FULL // 6:  # 40 % of the way
            return 0
        if 5 * high < 2 * wide:  # below 22 degrees
            return 3 if x > 0 else 7
        if 5 * wide < 2 * high:
            return 5 if y > 0 else 1
        if x > 0:
            return 4 if y > 0 else 2
        return 6 if y > 0 else 8

    def draw(self, canvas: "Canvas") -> None:
        """Draw pad and thumb."""
        x, y, radius = self._middle_x << 4, self._middle_y << 4, self._radius << 4
        canvas.disc(x, y, radius, PRESSED)
        canvas.disc(x, y, radius - (_RIM << 4), FAINT)
        across, down = self.across * self._reach * 16 // FULL, self.down * self._reach * 16 // FULL
        canvas.disc(x + across, y + down, self._ball << 4, self._ink)

    def _mark_ball(self) -> None:
        ball = self._ball + 1
        x = self._middle_x + self.across * self._reach // FULL
        y = self._middle_y + self.down * self._reach // FULL
        self.mark_part(x - ball, y - ball, 2 * ball + 1, 2 * ball + 1)
