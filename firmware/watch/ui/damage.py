"""The parts of the screen that have to be sent again: a short list of rectangles that never grows."""

from array import array

import micropython
from micropython import const

CAPACITY = const(40)
"""Rectangles kept apart: the hands of a watch need that many. More are merged where it costs least."""
MERGE_SLACK_PX = const(512)
"""Sending this many unchanged pixels costs less than the commands of another window."""
_SIZE = const(4)


class Damage:
    """Rectangles as left, top, right, bottom (right and bottom exclusive)."""

    def __init__(self, width: int, height: int, align: int) -> None:
        self._width, self._height, self._align = width, height, align
        self._edges = array("h", bytes(2 * _SIZE * (CAPACITY + 1)))
        self.count = 0

    def everything(self) -> None:
        """The whole screen."""
        self.count = 0
        self.add(0, 0, self._width, self._height)

    @micropython.native
    def add(self, x: int, y: int, w: int, h: int, slack: int = MERGE_SLACK_PX) -> None:
        """Mark a rectangle; it is cut to the screen and widened to what the panel can address.

        It becomes one with another if that sends at most `slack` pixels more.
        """
        align = self._align
        left, top = max(x, 0) // align * align, max(y, 0) // align * align
        right = min((x + w + align - 1) // align * align, self._width)
        low = min((y + h + align - 1) // align * align, self._height)
        if left < right and top < low:
            self._put(self.count, left, top, right, low)
            self.count += 1
            self._merge_last(slack)
            if self.count > CAPACITY:
                self._merge_cheapest()

    def clear(self) -> None:
        """Nothing is left to send."""
        self.count = 0

    def left(self, index: int) -> int:
        """Left edge of a rectangle."""
        return self._edges[index * _SIZE]

    def top(self, index: int) -> int:
        """Top edge of a rectangle."""
        return self._edges[index * _SIZE + 1]

    def width(self, index: int) -> int:
        """Width of a rectangle."""
        return self._edges[index * _SIZE + 2] - self._edges[index * _SIZE]

    def height(self, index: int) -> int:
        """Height of a rectangle."""
        return self._edges[index * _SIZE + 3] - self._edges[index * _SIZE + 1]

    def _put(self, index: int, left: int, top: int, right: int, low: int) -> None:
        edges, at = self._edges, index * _SIZE
        edges[at], edges[at + 1] = left, top
        edges[at + 2], edges[at + 3] = right, low  # four at once would build a tuple

    def _merge_last(self, slack: int) -> None:
        """Join the newest rectangle with any other where that sends hardly more, until nothing changes."""
        index = _partner(self._edges, self.count - 1, slack)
        while index >= 0:
            self._join(self.count - 1, index)
            self._remove(index)
            index = _partner(self._edges, self.count - 1, slack)

    def _merge_cheapest(self) -> None:
        best = -1
        one = other = 0
        for i in range(self.count):
            for j in range(i + 1, self.count):
                cost = self._cost(i, j)
                if best < 0 or cost < best:
                    best, one, other = cost, i, j
        self._join(one, other)
        self._remove(other)

    @micropython.native
    def _cost(self, one: int, other: int) -> int:
        """Pixels sent for nothing if two rectangles become one; below zero if they overlap."""
        edges, a, b = self._edges, one * _SIZE, other * _SIZE
        width = max(edges[a + 2], edges[b + 2]) - min(edges[a], edges[b])
        height = max(edges[a + 3], edges[b + 3]) - min(edges[a + 1], edges[b + 1])
        first = (edges[a + 2] - edges[a]) * (edges[a + 3] - edges[a + 1])
        return width * height - first - (edges[b + 2] - edges[b]) * (edges[b + 3] - edges[b + 1])

    def _join(self, one: int, other: int) -> None:
        """Let rectangle `one` cover both."""
        edges, a, b = self._edges, one * _SIZE, other * _SIZE
        for side in range(2):
            edges[a + side] = min(edges[a + side], edges[b + side])
            edges[a + 2 + side] = max(edges[a + 2 + side], edges[b + 2 + side])

    def _remove(self, index: int) -> None:
        """Take a rectangle out; those behind it move up."""
        self.count -= 1
        for i in range(index * _SIZE, self.count * _SIZE):
            self._edges[i] = self._edges[i + _SIZE]


@micropython.viper
def _partner(edges: ptr16, last: int, slack: int) -> int:
    """The first rectangle before the one at `last` that may become one with it, or -1. Edges are never negative."""
    newest = last * _SIZE
    at = 0
    while at < newest:
        left = int(edges[at])
        top = int(edges[at + 1])
        right = int(edges[at + 2])
        low = int(edges[at + 3])
        waste = 0 - (right - left) * (low - top)
        if left > int(edges[newest]):
            left = int(edges[newest])
        if top > int(edges[newest + 1]):
            top = int(edges[newest + 1])
        if right < int(edges[newest + 2]):
            right = int(edges[newest + 2])
        if low < int(edges[newest + 3]):
            low = int(edges[newest + 3])
        waste += (right - left) * (low - top)
        waste -= (int(edges[newest + 2]) - int(edges[newest])) * (int(edges[newest + 3]) - int(edges[newest + 1]))
        if waste <= slack:
            return at >> 2
        at += _SIZE
    return -1
