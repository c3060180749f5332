"""The chips of the simulated watch and its time: models follow it, and devices are called back by it.

A model is brought up to the time of the watch whenever somebody looks at it: at each transfer on its bus, and when
something happens to it. Between these, models cost nothing, so a watch that rests wakes nobody. What a driver waits for
at the start passes for its chip alone.
"""

import asyncio

from micropython import const

from board.simulator.chips.i2c import I2c

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.chips.i2c import Chip
    from board.simulator.chips.timeline import Timeline


class ChipTime:
    """Model time in milliseconds, for all chips of one watch."""

    def __init__(self, ticks_ms: "Callable[[], int]") -> None:
        """`ticks_ms` is the watch's time, which does not wrap here (watch/kernel/virtual.py)."""
        self._ticks_ms = ticks_ms
        self._seen_ms = ticks_ms()
        self._members: "list[Timeline]" = []

    def join(self, timeline: "Timeline") -> None:
        """Let this one go with the watch from now on."""
        self.follow()
        self._members.append(timeline)

    def follow(self) -> None:
        """Let pass for every model what has passed for the watch."""
        now_ms = self._ticks_ms()
        passed_ms = now_ms - self._seen_ms
        if passed_ms:
            self._seen_ms = now_ms
            for timeline in self._members:
                timeline.advance(passed_ms)


class Wires(I2c):
    """The I2C bus of the watch."""

    def __init__(self, time: ChipTime) -> None:
        super().__init__()
        self._time = time

    def _chip(self, address: int) -> "Chip":
        self._time.follow()
        return super()._chip(address)


class Timers:
    """Calls back later, in a task of its own: outside of everything that a driver is in the middle of."""

    def __init__(self, ticks_ms: "Callable[[], int]") -> None:
        self._ticks_ms = ticks_ms
        self._due: "list[tuple[int, Callable[[], object]]]" = []
        self._news = asyncio.Event()

    def after_ms(self, delay_ms: int, callback: "Callable[[], object]") -> None:
        """Call back once, `delay_ms` from now. What is asked for before `run` waits for it."""
        self._due.append((self._ticks_ms() + delay_ms, callback))
        self._news.set()

    async def run(self) -> None:
        """Serve them, without end."""
        while True:
            self._news.clear()
            left_ms = self._ring()
            if left_ms < 0:
                await self._news.wait()
                continue
            try:
                await asyncio.wait_for_ms(self._news.wait(), left_ms)  # type: ignore[attr-defined] # MicroPython's own
            except asyncio.TimeoutError:  # noqa: UP041 # another one in MicroPython
                pass  # the next one is due

    def _ring(self) -> int:
        """Call what is due; milliseconds until the next one, -1 if there is none."""
        now_ms = self._ticks_ms()
        due = [entry for entry in self._due if entry[0] <= now_ms]
        self._due = [entry for entry in self._due if entry[0] > now_ms]
        for _, callback in due:
            callback()
        return min([entry[0] - now_ms for entry in self._due] or [-1])
