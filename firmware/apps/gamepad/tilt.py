"""How the watch is held, as two axes, measured from how it was held when the game began."""

from micropython import const

from .stick import FULL, root

_MOST = const(4000)
"""Milli-g. No wrist turns by more than this; a sensor may say more when the watch is struck."""
_DEAD = const(50)
"""Milli-g around the middle that mean nothing: 3 degrees, more than the noise of the sensor and of a calm hand."""
_FULL_AT = (650, 450, 300)
"""Milli-g at which an axis is at its end, by feel: 40, 27 and 17 degrees."""
_STILL = const(2)
"""A change by less is noise."""
_ONE = const(1000)
"""Milli-g of gravity."""


class Tilt:
    """Gravity turned about two axes of the watch; the sine of the angle is enough. Allocates nothing."""

    def __init__(self) -> None:
        self.gravity = [0, 0, _ONE]
        """What the sensor says: x right, y up, z to the wearer, in milli-g."""
        self._middle = [0, 0, _ONE]
        self.feel = 1
        """0 calm, 1 normal, 2 quick."""
        self.across = self.down = 0
        """-127 to 127; to the right and towards the wearer are positive."""

    def centre(self) -> None:
        """As it is held now is the middle."""
        for place in range(3):
            self._middle[place] = self.gravity[place]
        self.across = self.down = 0

    def measure(self) -> bool:
        """Look at `gravity`. True if an axis has moved."""
        now, middle = self.gravity, self._middle
        for place in range(3):
            now[place] = max(min(now[place], _MOST), -_MOST)
        upright = root(middle[1] * middle[1] + middle[2] * middle[2] + 1)
        # Seen from the side, gravity has turned from the middle by this much; a flat watch and an upright one alike.
        away = (now[1] * middle[2] - now[2] * middle[1]) // upright
        across, down = self._axis(now[0] - middle[0]), self._axis(away)
        moved = abs(across - self.across) >= _STILL or abs(down - self.down) >= _STILL
        if moved or (across == 0 and self.across) or (down == 0 and self.down):
            self.across, self.down = across, down
            return True
        return False

    def _axis(self, milli_g: int) -> int:
        size = abs(milli_g) - _DEAD
        if size <= 0:
            return 0
        size = min(size * FULL // (_FULL_AT[self.feel] - _DEAD), FULL)
        return size if milli_g > 0 else -size
