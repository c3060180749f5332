"""One stopwatch with laps. It counts by the difference of two ticks, so nothing runs while it runs."""

from micropython import const

from watch.kernel.clock import ticks_diff

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.kernel.clock import Clock

LAPS = const(99)
"""Laps that are kept; two digits on the screen."""
MOST_MS = const(359_999_990)
"""99:59:59.99, what the figures can show; well below 2^29 ms, the longest span between two ticks."""


class Stopwatch:
    """Starts, stops, goes on, takes laps. All of it in RAM: it ends with a restart."""

    def __init__(self, clock: "Clock") -> None:
        """At zero."""
        self._clock = clock
        self._before_ms = 0
        self._since_ms = 0
        self.running = False
        self.laps: "tuple[int, ...]" = ()
        """Time at the end of each lap, in ms since the start."""

    def start(self) -> None:
        """Count from here on. Does nothing while it runs."""
        if not self.running:
            self._since_ms = self._clock.ticks_ms()
            self.running = True

    def stop(self) -> None:
        """Hold the time; `start` goes on from there."""
        self._before_ms = self.elapsed_ms()
        self.running = False

    def lap(self) -> bool:
        """End a lap. False if it does not run or there is no place for another."""
        if not self.running or len(self.laps) == LAPS:
            return False
        self.laps += (self.elapsed_ms(),)
        return True

    def reset(self) -> None:
        """Back to zero, stopped, without laps."""
        self.running = False
        self._before_ms = 0
        self.laps = ()

    def elapsed_ms(self) -> int:
        """Milliseconds counted so far, at most `MOST_MS`. Allocates nothing."""
        if not self.running:
            return self._before_ms
        counted_ms = self._before_ms + ticks_diff(self._clock.ticks_ms(), self._since_ms)
        return counted_ms if 0 <= counted_ms < MOST_MS else MOST_MS

    def tick(self) -> None:
        """To be called now and then, at least every day: it stops by itself at `MOST_MS`."""
        if self.running and self.elapsed_ms() == MOST_MS:
            self.stop()
