"""Countdown timers and a stopwatch. A timer is a deadline: nothing runs until it is reached, whatever app is open.

They live in RAM and count ticks, which no change of the clock or of the time zone moves. A restart ends them.
"""

from micropython import const

from watch.kernel.clock import ticks_add, ticks_diff
from watch.kernel.errors import InputError, StateError
from watch.services import inputs
from watch.services.news import News
from watch.services.stopwatch import Stopwatch

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.kernel.clock import Clock

PLACES = const(8)
"""Timers that can count at once."""
MOST_S = const(359_999)
"""99:59:59, what the figures can show; well below 2^29 ms, the longest span between two ticks."""
_LABEL_BYTES = const(32)
_MS = const(1000)

FREE, RUNNING, PAUSED, OVER = const(0), const(1), const(2), const(3)
"""What a timer is doing. `OVER`: it has rung, and keeps its place until it is cancelled or started again."""


class Timer:
    """One place for a timer. Read it; change it through `Timers`."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.state = FREE
        self.label = ""
        self.total_s = 0
        """What it was set to."""
        self.due_ms = 0
        """The tick at which it rings, while running."""
        self.rest_ms = 0
        """What is left, while paused."""


class Timers(News):
    """Eight timers, numbered from 0, and `stopwatch`."""

    def __init__(self, clock: "Clock") -> None:
        """All free."""
        super().__init__()
        self._clock = clock
        self.places = tuple([Timer(number) for number in range(PLACES)])
        self.stopwatch = Stopwatch(clock)

    def __len__(self) -> int:
        """Timers that are in use."""
        return sum([timer.state != FREE for timer in self.places])

    def start(self, seconds: int, label: str = "") -> int:
        """Start a timer of 1 to `MOST_S` seconds; returns its number.

        Raises InputError, StateError if all places are in use.
        """
        if type(seconds) is not int or type(label) is not str or not 1 <= seconds <= MOST_S:
            raise InputError(f"a timer has 1 to {MOST_S} seconds, and a text")
        for timer in self.places:
            if timer.state == FREE:
                timer.label = inputs.clean(label, _LABEL_BYTES)
                timer.total_s = seconds
                self._run(timer, seconds * _MS)
                return timer.number
        raise StateError("every timer is in use")

    def pause(self, number: int) -> None:
        """Hold a running timer. Does nothing to any other. Raises InputError for a number that is none."""
        timer = self._timer(number)
        if timer.state == RUNNING:
            timer.rest_ms = self.left_ms(number)
            timer.state = PAUSED
            self._changed()

    def resume(self, number: int) -> None:
        """Let a paused timer go on. Does nothing to any other. Raises InputError."""
        timer = self._timer(number)
        if timer.state == PAUSED:
            self._run(timer, timer.rest_ms)

    def again(self, number: int) -> None:
        """Start one that is in use from its beginning. Does nothing to a free one. Raises InputError."""
        timer = self._timer(number)
        if timer.state != FREE:
            self._run(timer, timer.total_s * _MS)

    def cancel(self, number: int) -> None:
        """Free the place. Raises InputError."""
        timer = self._timer(number)
        timer.state = FREE
        timer.label = ""
        self._changed()

    def left_ms(self, number: int) -> int:
        """Milliseconds left, 0 once it is over and for a free place. Allocates nothing. Raises InputError."""
        timer = self._timer(number)
        if timer.state == PAUSED:
            return timer.rest_ms
        if timer.state != RUNNING:
            return 0
        left_ms = ticks_diff(timer.due_ms, self._clock.ticks_ms())
        return left_ms if left_ms > 0 else 0

    def take_due(self) -> "Optional[Timer]":
        """A timer that has reached its end since the last call, now `OVER`; None if none has.

        To be called at least once a day, as ticks wrap; once a second keeps it in step. Allocates nothing.
        """
        self.stopwatch.tick()
        for timer in self.places:
            if timer.state == RUNNING and self.left_ms(timer.number) == 0:
                timer.state = OVER
                self._changed()
                return timer
        return None

    def next_due_ms(self) -> int:
        """Milliseconds until the next one rings, -1 if none runs: how long the watch may sleep. Allocates nothing."""
        soonest_ms = -1
        for timer in self.places:
            if timer.state == RUNNING:
                left_ms = self.left_ms(timer.number)
                if soonest_ms < 0 or left_ms < soonest_ms:
                    soonest_ms = left_ms
        return soonest_ms

    def clear(self) -> None:
        """Free every place and put the stopwatch back to zero."""
        for timer in self.places:
            timer.state = FREE
            timer.label = ""
        self.stopwatch.reset()

    def _run(self, timer: Timer, left_ms: int) -> None:
        timer.due_ms = ticks_add(self._clock.ticks_ms(), left_ms)
        timer.state = RUNNING
        self._changed()

    def _timer(self, number: int) -> Timer:
        if type(number) is not int or not 0 <= number < PLACES:
            raise InputError(f"there is no timer {number}")
        return self.places[number]
