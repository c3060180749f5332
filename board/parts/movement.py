"""Whether a watch moves, from its acceleration."""

from micropython import const

_BEGIN = const(80)
"""Milli-g. Bosch wakes the BMA423 from 83 mg on; it is 5 degrees of a turn. Noise is below 10 mg."""
_GO_ON = const(40)
"""Milli-g, while it moves already: 2 degrees."""
_REST = const(25)
"""So many looks without any, and it does not move any more."""


class Movement:
    """Compares with where the watch was when it moved last, so a slow turn is a movement too."""

    def __init__(self) -> None:
        self._from = [0, 0, 0]
        self._known = False
        self._left = 0

    def look(self, held: "list[int]") -> bool:
        """Take x, y, z in milli-g; True if that is a movement. The first look is none. Allocates nothing."""
        limit = _GO_ON if self._left else _BEGIN
        before = self._from
        moved = abs(held[0] - before[0]) > limit or abs(held[1] - before[1]) > limit or abs(held[2] - before[2]) > limit
        if self._known and not moved:
            if self._left:
                self._left -= 1
            return False
        before[0], before[1], before[2] = held[0], held[1], held[2]
        known, self._known = self._known, True
        self._left = _REST if known else 0
        return known
