"""The steps of each hour of a day, as bars side by side."""

from micropython import const

from watch.apps.api import FAINT, Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence

    from watch.apps.api import Canvas

HOURS = const(24)
_BASE_PX = const(2)
"""Height of an hour without steps."""
_FULL_STEPS = const(600)
"""Steps of an hour that fill the height, unless there was a livelier one: five or six minutes of walking."""


class HourBars(Widget):
    """Twenty-four bars that stand on one line; a bar that changes is the only thing that is drawn again.

    Args:
        x, y: upper left corner in px.
        wide: of a bar in px.
        gap: between two bars in px.
        h: of the highest bar in px.
        ink: colour of the bars.
        now_ink: colour of the present hour.
    """

    def __init__(self, x: int, y: int, wide: int, gap: int, h: int, ink: int, now_ink: int) -> None:
        Widget.__init__(self, x, y, HOURS * (wide + gap) - gap, h)
        self._wide, self._step, self._ink, self._now_ink = wide, wide + gap, ink, now_ink
        self._heights = bytearray(HOURS)
        self._hour = -1

    def set(self, steps: "Sequence[int]", hour: int) -> None:
        """Show the steps of each hour; `hour` is the present one."""
        most = _FULL_STEPS
        for of_hour in steps:
            most = max(most, of_hour)
        for i in range(HOURS):
            self._put(i, _BASE_PX + (self.h - _BASE_PX) * steps[i] // most)
        if hour != self._hour:
            self._mark(self._hour)
            self._hour = hour
            self._mark(hour)

    def draw(self, canvas: "Canvas") -> None:
        """Draw them."""
        for hour in range(HOURS):
            height = self._heights[hour]
            x, y = self.x + hour * self._step, self.y + self.h - height
            canvas.fill_rect(x, y, self._wide, height, self._colour(hour, height))

    def _colour(self, hour: int, height: int) -> int:
        if hour == self._hour:
            return self._now_ink
        return FAINT if height <= _BASE_PX else self._ink

    def _put(self, hour: int, height: int) -> None:
        if height != self._heights[hour]:
            self._heights[hour] = height
            self._mark(hour)

    def _mark(self, hour: int) -> None:
        if hour >= 0:
            self.mark_part(self.x + hour * self._step, self.y, self._wide, self.h)
