"""Looking for each other: the watch lets the phone ring, and the phone lets the watch buzz."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.kernel.clock import Clock
    from watch.services.outbox import Outbox

LONGEST_MS = const(60_000)
"""After this both are quiet again, whatever the other side does."""


class FindPhone(News):
    """`ringing`: the phone rings. `wanted`: the watch should buzz, because somebody looks for it."""

    def __init__(self, clock: "Clock", outbox: "Outbox") -> None:
        """Nobody looks for anything."""
        super().__init__()
        self._clock = clock
        self._outbox = outbox
        self._since_ms = 0
        self._wanted_ms = 0
        self.ringing = False
        self.wanted = False

    def start(self) -> bool:
        """Let the phone ring. False if the outbox is full."""
        if not self._outbox.send({"t": "findPhone", "n": True}):
            return False
        self.ringing = True
        self._since_ms = self._clock.ticks_ms()
        self._changed()
        return True

    def stop(self) -> None:
        """Let the phone be quiet."""
        if self.ringing:
            self.ringing = False
            self._outbox.send({"t": "findPhone", "n": False})
            self._changed()

    def left_ms(self) -> int:
        """How long the phone still rings; 0 if it does not. Allocates nothing."""
        passed_ms = ticks_diff(self._clock.ticks_ms(), self._since_ms)
        return LONGEST_MS - passed_ms if self.ringing and 0 <= passed_ms < LONGEST_MS else 0

    def take(self, on: bool) -> None:
        """The phone looks for the watch (`find`), or has found it."""
        self.wanted = on
        self._wanted_ms = self._clock.ticks_ms()
        self._changed()

    def found(self) -> None:
        """The wearer has the watch in hand."""
        if self.wanted:
            self.wanted = False
            self._changed()

    def tick(self) -> None:
        """To be called about once a second: ends what has gone on for long enough."""
        now_ms = self._clock.ticks_ms()
        if self.ringing and _over(now_ms, self._since_ms):
            self.stop()
        if self.wanted and _over(now_ms, self._wanted_ms):
            self.found()

    def clear(self) -> None:
        """Nobody looks for anything any more; the phone is not told."""
        self.ringing = self.wanted = False
        self.changes += 1


def _over(now_ms: int, since_ms: int) -> bool:
    return not 0 <= ticks_diff(now_ms, since_ms) < LONGEST_MS
