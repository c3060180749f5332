"""One listener that hears of changes. It is called inside the caller's work, so it only sets a flag."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable


def _nobody() -> None:
    """Nobody listens."""


class News:
    """What every service here has: `listen`, and `changes` for a screen that looks once a second."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._listener: "Callable[[], None]" = _nobody
        self.changes = 0
        """Counts up with every change; a screen that has seen this number has nothing to draw."""

    def listen(self, listener: "Callable[[], None]") -> None:
        """Call `listener()` when something is new, in place of the listener before. It must only set a flag."""
        self._listener = listener

    def _changed(self) -> None:
        self.changes += 1
        self._listener()
