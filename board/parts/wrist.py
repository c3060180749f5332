"""Whether the wearer raises the wrist to look at the watch, from its acceleration at 25 Hz.

Axes are those of `ports.Motion.acceleration`. An arm that hangs has the screen on its side, and x along the arm: x is
near 1 g on either wrist. To look at the watch means to turn the screen up, which takes less than a second from the
edge of the one place to that of the other, and to hold it there.
The figures are ours; the tests say what they make of walking, typing and tables.
"""

from micropython import const

_AWAY_Z = const(500)
_AWAY_X = const(750)
_AWAY_Y = const(-500)
"""Milli-g: the screen is turned away below the first (60 degrees), the arm hangs above the second, or is over the head
below the third."""
_FACING_Z = const(600)
_FACING_X = const(450)
_FACING_Y = const(-250)
"""Milli-g: turned up by less than 53 degrees, the arm level within 27, and not over its upper edge."""
_CALM = const(160)
"""Milli-g between two measurements: held, and not swung through."""

_AWAY_LEAST = const(8)
_TURN_MOST = const(25)
_HOLD = const(6)
"""Measurements: 0.3 s away before, 1 s for the turn, 0.25 s held."""


class WristRaise:
    """Follows one wrist."""

    def __init__(self) -> None:
        self._away = 0
        """Measurements that the screen was turned away, as far as it matters."""
        self._turning = 0
        """Measurements since it was not any more."""
        self._held = 0
        self._last = [0, 0, 0]

    def look(self, held: "list[int]") -> bool:
        """Take x, y, z in milli-g, 25 times a second; True once for each time that the wrist is raised.

        Allocates nothing.
        """
        x, z = held[0], held[2]
        calm = self._calm(held)
        if z < _AWAY_Z or x > _AWAY_X or x < -_AWAY_X or held[1] < _AWAY_Y:
            self._away = min(self._away + 1, _AWAY_LEAST)
            self._turning = self._held = 0
            return False
        if self._away < _AWAY_LEAST:
            self._away = 0
            return False
        self._turning += 1
        facing = calm and z > _FACING_Z and held[1] > _FACING_Y and -_FACING_X < x < _FACING_X
        self._held = self._held + 1 if facing else 0
        if self._held >= _HOLD:
            self._away = 0
            return True
        if self._turning > _TURN_MOST + _HOLD:
            self._away = 0
        return False

    def _calm(self, held: "list[int]") -> bool:
        last = self._last
        calm = abs(held[0] - last[0]) < _CALM and abs(held[1] - last[1]) < _CALM and abs(held[2] - last[2]) < _CALM
        last[0], last[1], last[2] = held[0], held[1], held[2]
        return calm
