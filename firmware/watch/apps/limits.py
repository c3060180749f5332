"""What a call into an app may cost: fuel, time without end, memory. All apps share `Limits`; each has a `Turn`."""

import gc

import micropython
from micropython import const

from watch.apps import fuel
from watch.apps.fuel import Tank
from watch.kernel import interrupt
from watch.kernel.clock import ticks_diff

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, TypeVar

    from board.ports import Watchdog

    Result = TypeVar("Result")

FUEL = const(20_000)
"""Units that a call may use: docs/bundles.md, "Fuel". A short loop of them is 23 M instructions, 0.2 s on the board,
estimated; five times as much between two calls of `spend` is still one second. Our own apps use at most 177."""
FUEL_PER_S = const(10_000)
"""So an app that never rests has a tenth of the processor in short loops, half of it in long ones."""
BACKGROUND_FUEL = const(5_000)
"""Of an app that nobody sees and nobody waits for: what it does must not be noticed."""
TIMEOUT_MS = const(1000)
"""What spends its time inside one C function is ended after this. Looks at the clock end all else before, at
`fuel.MOST_MS`: no work of the API is 400 ms long between two of them (`make bench`, `app.slow.*`)."""
BALLAST_BYTES = const(65_536)
"""Put aside while code of a third party is in memory, and given back when it fails, so that the watch can say so even
if all memory is used up; as much as a tap wants."""
ROOM_WORDS = const(8192)
"""What must be free after each call into code of a third party, before anything else of the watch runs: in C one
expression takes all there is, and no fuel. 32 KB, in one piece if the heap has one; on 64 bits a word is twice as
large."""
MOST_PIECES = const(8)
"""Of 4 KB, a sector of the flash: what the room may be in where no larger piece is free."""
RESERVE = const(8)
"""Part of the heap, an eighth, that apps leave to the watch: 256 KB of 2 MB. A tap wants 64 KB free, opening a token
package and a frame of the screen as much again; the rest is for what comes in pieces. On 64 bits objects are twice as
large, and so is the heap that stands for the board's."""
_LOOK_MS = const(5000)
"""`mem_free` walks the whole heap, 40 instructions a block (callgrind): some 45 ms on the board for 2 MB, estimated. So
never at the start of the watch, and a hundredth of the time at most while an app of a third party runs."""


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
        interrupt.watch(fuel.hurry)

    def take_ballast(self) -> None:
        """Put memory aside before code of a third party runs. Raises MemoryError."""
        if self._ballast is None:
            self._ballast = bytearray(BALLAST_BYTES)

    def drop_ballast(self) -> None:
        """It has ended, or has used up everything: what was put aside is needed now."""
        self._ballast = None

    def unhurried(self, app: str, work: "Callable[[], Result]") -> "Result":
        """Do work of the watch's own inside a call into an app: neither watchdog nor clock counts its time."""
        if self.watchdog is not None:
            self.watchdog.end()
        try:
            return work()
        finally:
            if self.watchdog is not None:
                self.watchdog.begin(app.encode(), TIMEOUT_MS)
            fuel.begin_anew()

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

    def late(self) -> bool:
        """True if nobody has looked at the memory for a while. Allocates nothing."""
        return ticks_diff(self.ticks_ms(), self.looked) >= _LOOK_MS

    def _look(self) -> None:
        """Inside a call that uses much fuel. Raises MemoryError, in the app, if it has left too little memory."""
        if self.short():
            raise MemoryError("an app must leave memory to the watch")


def roomy(pieces: int = 1) -> bool:
    """True if `ROOM_WORDS` are free in that many pieces. Collects if it looks as if not; leaves nothing behind."""
    return _free(ROOM_WORDS // pieces, pieces)


def _free(words: int, pieces: int) -> bool:
    try:
        piece = [None] * words
    except MemoryError:
        return False
    found = pieces == 1 or _free(words, pieces - 1)
    piece.clear()  # gives its memory back at once, other than to let go of it
    return found


class Turn:
    """The calls into one app: each begins with `begin` and ends with `end`, whatever happens between them.

    It has no property: where a class has one, each attribute that is set costs 1,000 instructions more.
    """

    def __init__(self, limits: Limits, app: str, units: int = FUEL) -> None:
        """`units`: most that one call may use."""
        self._limits, self._tank, self._note = limits, Tank(units, FUEL_PER_S), app.encode()
        self._ticks_ms, self._watchdog = limits.ticks_ms, limits.watchdog
        self._depth = 0
        self.guarded = False
        """True for code of a third party: `look` has something to look at."""
        self._used, self._pieces = False, 1

    def under_way(self) -> bool:
        """True while a call is under way."""
        return self._depth > 0

    def guard(self) -> None:
        """Code of a third party is about to be loaded: each call must leave room from now on. Raises MemoryError."""
        self._limits.take_ballast()
        self.guarded = True

    @micropython.native  # as bytecode its frame would come from the heap
    def begin(self) -> None:
        """A call begins. One inside another is part of it. Allocates nothing."""
        depth = self._depth
        self._depth = depth + 1
        if depth == 0:
            ticks_ms = self._ticks_ms
            self._tank.open(ticks_ms())
            fuel.clock(ticks_ms)
            watchdog = self._watchdog
            if watchdog is not None:
                watchdog.begin(self._note, TIMEOUT_MS)

    @micropython.native  # as bytecode its frame would come from the heap
    def end(self) -> bool:
        """The call is over. True if it used more fuel than it had, even if the app went on. Allocates nothing."""
        depth = self._depth - 1
        self._depth = depth
        if depth:
            return False
        watchdog = self._watchdog
        if watchdog is not None:
            watchdog.end()
        if self.guarded and self._tank.used:
            self._used = True
        return self._tank.shut()

    @micropython.native  # as bytecode its frame would come from the heap
    def look(self) -> "Optional[MemoryError]":
        """After a call: what an app of a third party fails with if it has left too little memory; None for our own.

        Nothing has changed if it has used no fuel: then no code of it has run. Our own apps are not looked at: that
        walks the heap, which costs more than all else that a face does in the same time.
        """
        if self._depth or not self._used:
            return None
        self._used = False
        limits = self._limits
        short = not (roomy(self._pieces) or self._in_pieces()) or (limits.late() and limits.short())
        return MemoryError("an app must leave memory to the watch") if short else None

    def _in_pieces(self) -> bool:
        """True if there is room in more pieces than so far, and as much in all as apps must leave.

        Names that stay lie here and there in a heap that was in use for long: that is nobody's fault.
        """
        pieces = self._pieces
        while pieces < MOST_PIECES:
            pieces *= 2
            if roomy(pieces):
                self._pieces = pieces  # the larger ones are not looked for again: each time would cost a collection
                return not self._limits.short()
        return False
