"""One time for all chips of a board, whatever unit each of their models counts in."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.chips.timeline import Timeline

_US_PER_MS = const(1000)


class SharedTime:
    """Microseconds since power-up. A model that runs ahead by itself, as a radio does on its bus, takes all along."""

    def __init__(self) -> None:
        self._us = 0
        self._members: "list[tuple[Timeline, int, int]]" = []

    def join(self, timeline: "Timeline", per_ms: int) -> None:
        """Let `timeline`, which counts `per_ms` units in a millisecond, go with the others from now on."""
        now_us = self.now_us
        self._members.append((timeline, now_us - timeline.now * _US_PER_MS // per_ms, per_ms))

    def leave(self, timeline: "Timeline") -> None:
        """The chip has lost its supply: its time stands still."""
        now_us = self.now_us
        self._members = [member for member in self._members if member[0] is not timeline]
        self._us = max(self._us, now_us)

    @property
    def now_us(self) -> int:
        """Where the one that is furthest is."""
        now_us = self._us
        for timeline, born_us, per_ms in self._members:
            now_us = max(now_us, born_us + timeline.now * _US_PER_MS // per_ms)
        return now_us

    def until_next_us(self, most_us: int) -> int:
        """How long nothing happens to anyone, `most_us` at most; a microsecond at least."""
        now_us = self.now_us
        for timeline, born_us, per_ms in self._members:
            wait = timeline.until_next()
            if wait >= 0:
                due_us = born_us + -(-(timeline.now + wait) * _US_PER_MS // per_ms)
                most_us = min(most_us, due_us - now_us)
        return max(most_us, 1)

    def left_us(self) -> int:
        """How long until something happens to anybody; -1 if nothing is to come."""
        least_us, now_us = -1, self.now_us
        for timeline, born_us, per_ms in self._members:
            left = timeline.left()
            if left >= 0:
                left_us = max(0, born_us + (timeline.now + left) * _US_PER_MS // per_ms - now_us)
                least_us = left_us if least_us < 0 else min(least_us, left_us)
        return least_us

    def advance_us(self, span_us: int) -> None:
        """Let time pass for everyone, and what happens meanwhile happen."""
        end_us = self.now_us + span_us
        for timeline, born_us, per_ms in tuple(self._members):
            missing = (end_us - born_us) * per_ms // _US_PER_MS - timeline.now
            if missing > 0:
                timeline.advance(missing)
        self._us = max(self._us, end_us)
