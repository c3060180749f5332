"""Steps from acceleration at 25 Hz, for chips that count none.

The length of the acceleration, freed of gravity by a slow average and of shaking by a short one, goes up and down once
a step. A step is a peak high enough and a valley after it, 0.24 to 1.2 s after the last one. Eight in a row are a walk;
fewer are not counted. The figures are ours, after what QST and Bosch recommend for their own counters; the tests say
how well they count.
"""

from micropython import const

_SLOW_SHIFT = const(5)
_QUICK_SHIFT = const(1)
"""Averages: of about 32 measurements, and of about 2."""
_LEAST = const(50)
"""Milli-g above the average that a peak has at least, and half of it below that a valley has."""
_PART_SHIFT = const(2)
"""A peak has at least a quarter of the height of those before."""
_FADE_SHIFT = const(5)
_SOONEST, _LATEST = const(6), const(30)
"""Measurements between two steps."""
_WALK = const(8)
_NEWTON = const(3)
_SHORTEST, _LONGEST = const(250), const(8000)
"""Milli-g: nothing outside of this is a step, and it would spoil the averages."""
_FINER = const(4)
"""Bits of a fraction that the averages have."""


class Pedometer:
    """Counts the steps of one wearer."""

    def __init__(self) -> None:
        self.steps = 0
        """Steps since the start."""
        self._root = 1000
        self._slow = self._quick = 1000 << _FINER
        self._height = 0
        self._since = _LATEST
        self._row = 0
        self._up = False

    def look(self, held: "list[int]") -> None:
        """Take x, y, z in milli-g, 25 times a second. Allocates nothing."""
        length = self._length(held) << _FINER
        self._slow += length - self._slow >> _SLOW_SHIFT
        self._quick += length - self._quick >> _QUICK_SHIFT
        wave = self._quick - self._slow >> _FINER
        self._since += 1
        if self._since > _LATEST:
            self._row = 0
        self._height -= self._height >> _FADE_SHIFT
        least = max(_LEAST, self._height >> _PART_SHIFT)
        if wave > least:
            self._up = True
            self._height = max(self._height, wave)
        elif self._up and wave < -(least >> 1):
            self._up = False
            self._step()

    def _step(self) -> None:
        if self._since < _SOONEST:
            return
        self._since = 0
        self._row += 1
        if self._row == _WALK:
            self.steps += _WALK
        elif self._row > _WALK:
            self.steps += 1

    def _length(self, held: "list[int]") -> int:
        """The square root, from the last one on: a few of Newton's steps are near enough at 25 Hz."""
        square = held[0] * held[0] + held[1] * held[1] + held[2] * held[2]
        root = self._root
        for _ in range(_NEWTON):
            root = max(_SHORTEST, min(_LONGEST, root + square // root >> 1))
        self._root = root
        return root
