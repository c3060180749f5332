"""What touch controllers share: one finger, reports on an interrupt line, the way from the glass to the screen.

A report that makes no sense, or that the bus lost, is asked for again and never shown. If it stays bad it is kept in
mind, so that the next `read` asks once more: else the finger of a lost "up" would stay on the glass.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class InterruptPin(Protocol):
        """What the drivers use of `machine.Pin`."""

        def irq(self, handler: "Callable[[object], None]", trigger: int) -> object:
            """Call the handler, softly, at edges."""
            ...

    Pin = Callable[[int], object]
    """Sets an output, as `machine.Pin` does when called."""


_FALLING = const(2)
"""`machine.Pin.IRQ_FALLING` on the ESP32."""
_TRIES = const(3)
"""How often one report is asked for."""

SWAP = const(1)
"""What the chip calls x is down the screen."""
FLIP_X = const(2)
"""Screen x counts from the right, after a swap."""
FLIP_Y = const(4)
"""Screen y counts from below, after a swap."""

BAD = const(0)
"""A report that is none."""
NONE = const(1)
"""Nothing to tell."""
UP = const(2)
"""No finger."""
DOWN = const(3)
"""A finger on the glass."""


class TouchPanel:
    """`ports.Touch`. A chip's own class says how to `_report`, `_rest` and `_rouse`."""

    def __init__(self, interrupt: "InterruptPin", width: int, height: int, axes: int) -> None:
        """Size of the screen in pixels; `axes` is a sum of SWAP, FLIP_X and FLIP_Y."""
        self._line = interrupt
        self._width = width
        self._height = height
        self._axes = axes
        self._callback: "Optional[Callable[[], None]]" = None
        self._news = False
        self._asleep = False
        self._down = 0
        self._x = self._y = 0
        self._place = [0, 0]
        """x and y on the screen of the last DOWN."""

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when `read` has news."""
        self._callback = callback

    def _watch(self) -> None:
        """Begin to hear interrupts."""
        self._line.irq(self._interrupt, _FALLING)

    def _interrupt(self, pin: object) -> None:
        if self._asleep:
            return
        self._news = True
        if self._callback:
            self._callback()

    def read(self, point: "list[int]") -> bool:
        """Store [down (0 or 1), x, y] of the next event into `point`; False when there is none. Allocates nothing."""
        tries = _TRIES
        while self._news and tries:
            self._news = False
            found = self._ask()
            if found == BAD:
                self._news = True
                tries -= 1
            elif self._changed(found):
                point[0] = self._down
                point[1] = self._x
                point[2] = self._y
                return True
        return False

    def sleep(self, on: bool) -> None:
        """Put the controller to sleep or wake it; asleep it reports nothing. Raises OSError; asking again is safe."""
        if on == self._asleep:
            return
        if on:
            self._asleep = True  # first: what it reports while it falls asleep is nobody's touch
            self._news = False
            self._down = 0
            self._doze()
        else:
            self._rouse()
            self._asleep = False

    def _doze(self) -> None:
        try:
            self._rest()
        except OSError:
            self._asleep = False
            raise

    def _ask(self) -> int:
        """One report: BAD, NONE, UP or DOWN with a place on the screen."""
        try:
            return self._report()
        except OSError:  # the bus was disturbed or the chip is busy: `read` asks again
            return BAD

    def _down_at(self, x: int, y: int) -> int:
        """DOWN, after turning a place from the chip's axes to the screen's; BAD if it is not on the glass."""
        axes = self._axes
        if axes & SWAP:
            x, y = y, x
        if x >= self._width or y >= self._height:
            return BAD
        self._place[0] = self._width - 1 - x if axes & FLIP_X else x
        self._place[1] = self._height - 1 - y if axes & FLIP_Y else y
        return DOWN

    def _changed(self, found: int) -> bool:
        """Take what was found over; False if it is nothing new. An "up" is where the finger was last."""
        if found == DOWN:
            x, y = self._place[0], self._place[1]
            if self._down and x == self._x and y == self._y:
                return False
            self._down, self._x, self._y = 1, x, y
            return True
        if found == UP and self._down:
            self._down = 0
            return True
        return False

    def _report(self) -> int:
        """Read one report: BAD, NONE, UP, or what `_down_at` says. Raises OSError. Allocates nothing."""
        raise NotImplementedError

    def _rest(self) -> None:
        """Fall asleep. Raises OSError."""
        raise NotImplementedError

    def _rouse(self) -> None:
        """Wake up. Raises OSError."""
        raise NotImplementedError
