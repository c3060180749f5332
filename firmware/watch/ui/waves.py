"""Three waves that spread to the right, as on every contactless reader; they light up one after the other."""

import micropython
from micropython import const

from watch.ui.canvas import Canvas
from watch.ui.stamps import Stamps
from watch.ui.theme import FAINT, WHITE
from watch.ui.turns import UNIT_BITS, cosine, sine
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.context import Ui

STEP_MS = const(180)
"""Between two pictures; a whole round takes less than a second."""
WAVES = const(3)
_LIT = b"\x03\x03\x00\x01\x02"
"""How many shine in each step of a round: all of them for two."""
_SHAPE = {"large": (20, 14, 7), "small": (11, 8, 4)}
"""Outer radius of the first wave, from one to the next, thickness, in px."""
_RIGHT = const(180)
"""Three o'clock, in half degrees."""
_HALF = const(84)
"""Half of a wave, in half degrees."""


class Waves(Widget):
    """Stand around a point, all lit until they are told the time. A step sends one wave, or all three: 6 KB at most.

    Args:
        ui: the shared context.
        x: middle of the picture in px.
        y: the same.
        ink: colour of those that shine.
    """

    def __init__(self, ui: "Ui", x: int, y: int, ink: int) -> None:
        first, step, thick = _SHAPE[ui.metrics.panel]
        last = first + (WAVES - 1) * step
        left, high = _ends(first, thick)[0], _ends(last, thick)[1]
        super().__init__(x - (last - left) // 2, y - high, last - left + 1, 2 * high)
        self._ink, self._lit = ink, WAVES
        self._waves = Stamps(WAVES)
        canvas = Canvas()  # for this once: what it shows is kept as how it covers its pixels
        for at in range(WAVES):
            self._make(canvas, at, self.x - left, first + at * step, thick)

    def step(self, now: int) -> None:
        """Show what belongs to a time in ticks of a millisecond. Allocates nothing."""
        lit = _LIT[now // STEP_MS % len(_LIT)]
        if lit != self._lit:
            self._lit = lit
            for at in range(WAVES):
                self._waves.recolour(at, self._ink if at < lit else FAINT, self)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw the waves, those that do not shine in grey."""
        self._waves.draw(canvas)

    def _make(self, canvas: Canvas, at: int, centre: int, radius: int, thick: int) -> None:
        """Draw a wave where it will stand, and keep it."""
        left, high = _ends(radius, thick)
        x, y, w, h = centre + left, self.y + self.h // 2 - high, radius - left + 1, 2 * high
        canvas.window(x, y, w, h)
        inner_16 = (radius - thick) * 16
        canvas.arc(centre * 16, (y + high) * 16, radius * 16, inner_16, _RIGHT - _HALF, 2 * _HALF, WHITE, True)
        self._waves.put_drawn(at, x, y, w, h, canvas.memory, self._ink)


def _ends(radius: int, thick: int) -> "tuple[int, int]":
    """How far from its centre the round ends of a wave begin to the right, and how far up they reach, in px."""
    middle, room = radius - thick // 2, thick // 2 + 1
    return (middle * cosine(_HALF) >> UNIT_BITS) - room, (middle * sine(_HALF) >> UNIT_BITS) + room
