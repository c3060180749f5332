"""Makes single, double and long presses of what the side button reports; the second button is just down or up."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Buttons

DOUBLE_MS = const(350)
"""The second press of a double press begins within this time of the end of the first."""
LONG_MS = const(900)
HOLD_MS = const(550)
"""A button that is held this long may mean that its wearer wants to speak."""
HELD_MS = const(3000)
"""What was taken for that is a long press after all."""
_SIDE, _SECOND = const(1), const(2)  # bits of ports.Buttons
_IDLE, _DOWN, _WAITING, _SPENT, _HELD = const(0), const(1), const(2), const(3), const(4)


class Presses:
    """Reads the buttons and reports the side button.

    Args:
        buttons: the buttons of the board.
        report: called with `single`, `double` or `long`. A double press is reported as soon as the button goes down a
            second time, so arming never waits.
        ticks_ms, ticks_diff: the kernel clock.
        second: called with whether the second button went down, on a board that has one.
        hold: called once `HOLD_MS` are over. True if it has taken the press: it is a long one only after `HELD_MS`
            then, and nothing if the button is up before. False, and it goes on as without.
    """

    def __init__(
        self,
        buttons: "Buttons",
        report: "Callable[[str], None]",
        ticks_ms: "Callable[[], int]",
        ticks_diff: "Callable[[int, int], int]",
        second: "Callable[[bool], None] | None" = None,
        hold: "Callable[[], bool] | None" = None,
    ) -> None:
        self._buttons, self._report = buttons, report
        self._ticks_ms, self._ticks_diff = ticks_ms, ticks_diff
        self._state, self._since = _IDLE, 0
        self._second, self._second_down = second, False
        self._hold, self._asked = hold, False

    def poll(self) -> None:
        """Handle everything that waits. Call it when a button calls back, and while `busy` every 50 ms."""
        bits = self._buttons.read()
        while bits >= 0:
            self._change(bits & _SIDE != 0)
            self._change_second(bits & _SECOND != 0)
            bits = self._buttons.read()
        self._expire()

    @property
    def busy(self) -> bool:
        """True while a press may still become a double or a long one."""
        return self._state == _DOWN or self._state == _WAITING or self._state == _HELD

    def _change(self, down: bool) -> None:
        self._expire()
        if down and self._state == _IDLE:
            self._enter(_DOWN)
        elif down and self._state == _WAITING:
            self._enter(_SPENT)
            self._report("double")
        elif not down and self._state == _DOWN:
            self._enter(_WAITING)
        elif not down and (self._state == _SPENT or self._state == _HELD):
            self._state = _IDLE

    def _change_second(self, down: bool) -> None:
        if down != self._second_down:
            self._second_down = down
            if self._second is not None:
                self._second(down)

    def _expire(self) -> None:
        """Decide what time alone decides."""
        waited = self._ticks_diff(self._ticks_ms(), self._since)
        if self._state == _WAITING and waited > DOUBLE_MS:
            self._state = _IDLE
            self._report("single")
        elif self._state == _DOWN and waited >= HOLD_MS and not self._asked:
            self._asked = True
            if self._hold is not None and self._hold():
                self._state = _HELD
            else:
                self._expire()
        elif (self._state == _DOWN and waited >= LONG_MS) or (self._state == _HELD and waited >= HELD_MS):
            self._state = _SPENT
            self._report("long")

    def _enter(self, state: int) -> None:
        self._state, self._since, self._asked = state, self._ticks_ms(), False
