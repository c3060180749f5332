"""What the processor does between two tasks while nobody needs it: it sleeps, if the board can."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import Rest

_LEAST_MS = const(100)
"""To fall asleep and wake up takes about 5 ms of work on a board, so shorter waits are waited for awake."""
_AGAIN_MS = const(5000)
"""A board that cannot sleep now (a charger, a motor that turns) is asked again after this time."""
_LONGEST_MS = const(3_600_000)
"""An hour: then the tasks look at battery and time, whatever the chips tell or forget to tell."""


class Pause:
    """Called by the loop before it waits, when every task does."""

    def __init__(self, rest: "Optional[Rest]", quiet: "Callable[[], bool]") -> None:
        """`quiet` says whether nobody needs the processor or what stops with it; it is asked each time."""
        self._rest = rest
        self._quiet = quiet
        self.count = 0
        """How often it has slept since the start."""

    def __call__(self, delay_ms: int) -> int:
        """Sleep for as long at most; -1 is without limit. Returns how long to wait awake, as usual, after that."""
        if self._rest is None or 0 <= delay_ms < _LEAST_MS or not self._quiet():
            return delay_ms
        limit_ms = _LONGEST_MS if delay_ms < 0 else min(delay_ms, _LONGEST_MS)
        if not self._rest.light(limit_ms):
            return min(limit_ms, _AGAIN_MS)
        self.count += 1
        return 0
