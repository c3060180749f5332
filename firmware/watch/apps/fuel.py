"""Counts what apps do, so that a loop without end has one (docs/bundles.md, "Fuel").

The packer puts a call of `spend` into every function and every loop of an app, and the watch lets no code in that lacks
one (`watch.apps.verifier.bytecode`). The system opens a `Tank` before it calls into an app and shuts it after that.
"""

from array import array

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable


LOOK_EVERY = const(8192)
"""Units between two calls of what `watch` was given; a power of two."""
CLOCK_EVERY = const(32)
"""Units between two looks at the clock; a power of two. So steps of 10 ms each end 0.3 s late."""
MOST_MS = const(600)
"""What a call may last, however little fuel it uses. The watchdog waits for longer: `watch.apps.limits.TIMEOUT_MS`."""
_LEFT, _DRY, _BEGAN = const(0), const(1), const(2)
_TICKS = const(0x3FFFFFFF)  # ticks wrap at 2^30 ms
_cell = array("i", (0, 0, 0))  # units that the open tank has left; 1 once a call asked for more; ticks when it began


class OutOfFuel(BaseException):
    """An app has used up what it may use in one call. No app can name it, so none catches it for long."""


def _nothing() -> None:
    """Nobody watches."""


def _standing() -> int:
    """Nobody has told what time it is: it stands still."""
    return _cell[_BEGAN]


_look = [_nothing]
_ticks = [_standing]


@micropython.viper
def spend() -> bool:
    """Use one unit; True. Raises OutOfFuel when none is left, every time from then on, and outside an open tank.

    What `watch` was given may raise too. Allocates nothing.
    """
    cell = ptr32(_cell)
    units = cell[0] - 1
    cell[0] = units
    if units > 0 and units & 31:  # CLOCK_EVERY - 1
        return True
    return bool(_rarely())


@micropython.native
def _rarely() -> bool:
    """The tank is empty, or it is time for a look."""
    left = _cell[_LEFT]
    if left <= 0:
        _dry()
    hurry()
    if not left & (LOOK_EVERY - 1):
        _look[0]()
    return True


def _dry() -> None:
    """The call has had all that it gets. Raises OutOfFuel."""
    _cell[_LEFT], _cell[_DRY] = 0, 1
    raise OutOfFuel()


@micropython.native
def hurry(ahead_ms: int = 0) -> None:
    """Raise OutOfFuel if a call is under way and will have lasted longer than it may in `ahead_ms`. Allocates nothing.

    Work of the watch whose length an app chooses looks here while it goes on (`watch.kernel.interrupt`).
    """
    if _cell[_LEFT] > 0 and ((_ticks[0]() - _cell[_BEGAN]) & _TICKS) + ahead_ms > MOST_MS:
        _dry()


def clock(ticks_ms: "Callable[[], int]") -> None:
    """What tells the time of the call that has just begun, in ticks as its `Tank.open` was given them."""
    _ticks[0] = ticks_ms


def begin_anew() -> None:
    """The time of the call under way begins now: what came before was the watch's own work."""
    _cell[_BEGAN] = _ticks[0]()


def use(units: int) -> None:
    """Count what the watch does for an app in one call as so many units. Raises OutOfFuel if that empties the tank."""
    left = _cell[_LEFT]
    if left > units:
        _cell[_LEFT] = left - units
    elif left > 0:  # 0: no app is under way, or it will hear of it at its next step
        _dry()
    hurry()


def watch(check: "Callable[[], None]") -> None:
    """Call `check` after every `LOOK_EVERY` units, inside the app that uses them. What it raises, the app raises."""
    _look[0] = check


class Tank:
    """The units of one app. They come back with time, so a call may use many at once if the calls before used few.

    One tank is open at a time; its owner counts calls inside calls. A face is called every second for as long as it is
    seen, so `open` and `shut` are a few numbers in an array.
    """

    def __init__(self, cap: int, per_s: int) -> None:
        """`cap`: most units that it holds, and that one call can use; `per_s`: how many come back in a second."""
        self._levels = array("i", (cap, cap, per_s, cap * 1000 // per_s, 0))
        # Units left, most of them, how many come back in a second, ms until it is full, ticks of the last call.

    @property
    def used(self) -> bool:
        """True if the call that is under way has used any."""
        return _cell[_LEFT] != self._levels[0]

    @micropython.viper
    def open(self, now_ms: int):  # noqa: ANN201 - viper knows no None
        """A call begins; `now_ms`: ticks of the watch's clock. Allocates nothing."""
        levels = ptr32(self._levels)
        units = levels[0]
        if units < levels[1]:
            passed = (now_ms - levels[4]) & _TICKS  # since the last call began: its own time counts too
            if passed >= levels[3]:
                units = levels[1]
            else:
                units += passed * levels[2] // 1000
                if units > levels[1]:
                    units = levels[1]
            levels[0] = units
        levels[4] = now_ms
        cell = ptr32(_cell)
        cell[0] = units
        cell[1] = 0
        cell[2] = now_ms

    @micropython.viper
    def shut(self) -> bool:
        """The call is over. True if it asked for more than there was, whatever became of that. Allocates nothing."""
        cell = ptr32(_cell)
        levels = ptr32(self._levels)
        levels[0] = cell[0]
        cell[0] = 0
        _ticks[0] = _standing
        return bool(cell[1])
