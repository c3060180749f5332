"""Model time: events in the order of their times."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable


class Timeline:
    """Counts from 0 in whatever unit its user likes."""

    def __init__(self) -> None:
        self.now = 0
        self._events: "list[tuple[int, Callable[[], object]]]" = []

    def at(self, delay: int, action: "Callable[[], object]") -> None:
        """Call `action` once `delay` has passed; those of one moment in the order in which they were asked for."""
        when = self.now + delay
        place = len(self._events)
        while place and self._events[place - 1][0] > when:
            place -= 1
        self._events.insert(place, (when, action))

    def advance(self, span: int) -> None:
        """Let time pass, and what happens meanwhile happen."""
        end = self.now + span
        while self._events and self._events[0][0] <= end:
            when, action = self._events.pop(0)
            self.now = max(self.now, when)
            action()
        self.now = max(self.now, end)

    def until_next(self) -> int:
        """How long nothing happens; -1 if nothing is to come."""
        return max(self._events[0][0] - self.now, 0) if self._events else -1

    def left(self) -> int:
        """How long until something happens; -1 if nothing is to come."""
        return max(0, self._events[0][0] - self.now) if self._events else -1

    def settle(self) -> None:
        """Let time pass until nothing more is to come."""
        while self._events:
            self.advance(self._events[-1][0] - self.now)
