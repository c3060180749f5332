"""What a call into an app may cost: fuel, time without end, memory. All apps share `Limits`; each has a `Turn`."""

import gc

import micropython
from micropython import const

from watch.apps import fuel
from watch.apps.fuel import Tank
from watch.kernel.clock import ticks_diff

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import Watchdog

FUEL = const(20_000)
"""Units that a call may use: docs/bundles.md, "Fuel". A short loop of them is 23 M instructions, 0.2 s on the board,
estimated; five times as much between two calls of `spend` is still one second. Our own apps use at most 177."""
FUEL_PER_S = const(10_000)
"""So an app that never rests has a tenth of the processor in short loops, half of it in long ones."""
BACKGROUND_FUEL = const(5_000)
"""Of an app that nobody sees and nobody waits for: what it does must not be noticed."""
TIMEOUT_MS = const(1000)
"""What spends its time inside one C function is ended after this; all fuel is used up in a tenth of it."""
BALLAST_BYTES = const(65_536)
"""Given back when an app has used up all memory, so that the watch can say so; as much as a tap wants free."""
RESERVE = const(8)
"""Part of the heap, an eighth, that apps leave to the watch: 256 KB of 2 MB. A tap wants 64 KB free, opening a token
package and a frame of the screen as much again; the rest is for what comes in pieces. On 64 bits objects are twice as
large, and so is the heap that stands for the board's."""
_LOOK_MS = const(5000)
"""`mem_free` walks the whole heap, 40 instructions a block (callgrind): some 45 ms on the board for 2 MB, estimated. So
never at the start of the watch, and a hundredth of the time at most while an app runs."""


class Limits:
    """The clock, the watchdog and the memory that apps leave alone."""

    def __init__(self, ticks_ms: "Callable[[], int]", watchdog: "Optional[Watchdog]") -> None:
        """`watchdog`: the port, or None on a board without one."""
        self.ticks_ms, self.watchdog = ticks_ms, watchdog
        self._reserve = 0  # known with the first look
        self._ballast: "Optional[bytearray]" = None
        self.looked = ticks_ms()
        """When the memory was looked at last."""
        fuel.watch(self._look)

    def take_ballast(self) -> None:
        """Put memory aside before code of a third party runs. Raises MemoryError."""
        if self._ballast is None:
            self._ballast = bytearray(BALLAST_BYTES)

    def drop_ballast(self) -> None:
        """An app has used up everything: what was put aside is needed now."""
        self._ballast = None

    def short(self) -> bool:
        """True if less is free than apps must leave. Collects only if it looks so."""
        self.looked = self.ticks_ms()
        free = gc.mem_free()
        if not self._reserve:
            self._reserve = (free + gc.mem_alloc()) // RESERVE
        if free >= self._reserve:
            return False
        gc.collect()
        return gc.mem_free() < self._reserve

    def _look(self) -> None:
        """Inside a call that uses much fuel. Raises MemoryError, in the app, if it has left too little memory."""
        if self.short():
            raise MemoryError("an app must leave memory to the watch")


class Turn:
    """The calls into one app: each begins with `begin` and ends with `end`, whatever happens between them."""

    def __init__(self, limits: Limits, app: str, units: int = FUEL) -> None:
        """`units`: most that one call may use."""
        self._limits, self._tank, self._note = limits, Tank(units, FUEL_PER_S), app.encode()
        self._depth = 0
        self.wants_look = False
        """True after a call if nobody has looked at the memory for a while."""

    @property
    def open(self) -> bool:
        """True while a call is under way."""
        return self._depth > 0

    @micropython.native  # as bytecode its frame would come from the heap
    def begin(self) -> None:
        """A call begins. One inside another is part of it. Allocates nothing."""
        self._depth += 1
        if self._depth == 1:
            limits = self._limits
            watchdog = limits.watchdog
            self._tank.open(limits.ticks_ms())
            if watchdog is not None:
                watchdog.begin(self._note, TIMEOUT_MS)

    @micropython.native  # as bytecode its frame would come from the heap
    def end(self) -> bool:
        """The call is over. True if it used more fuel than it had, even if the app went on. Allocates nothing."""
        self._depth -= 1
        if self._depth:
            return False
        limits = self._limits
        watchdog = limits.watchdog
        if watchdog is not None:
            watchdog.end()
        now = limits.ticks_ms()
        self.wants_look = ticks_diff(now, limits.looked) >= _LOOK_MS
        return self._tank.shut(now)
