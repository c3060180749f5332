"""An analogue watch face, made of widgets that take plain values.

Whoever shows it adds its widgets to a screen, in order, and then only calls the setters; each marks what changed:

    face = Analogue(ui, accent)          # accent: RGB565; a third argument True: with a second hand
    for widget in face.widgets: screen.add(widget)
    face.set_time(minutes)               # since midnight; a minute costs at most 16 KB, on the small panel 6 KB
    face.set_second(second)              # 0 to 59, or -1 to hide the hand; a second costs 8 KB, on the small panel 4 KB
    face.set_day(day)                    # of the month
    face.set_battery(percent, charging)
    face.recolour(accent)

None of the setters allocates, except `set_day` and `set_battery` when their figures change. The second hand is thin and
marks only where it was and where it is; it jumps once a second, when the face ticks anyway. Who shows it should hide it
while the screen is dimmed or nothing shall move (`ui.reduced_motion`).
"""

import micropython
from micropython import const

from watch.ui.arcs import Arc
from watch.ui.canvas import rgb
from watch.ui.hands import Hand, Hands
from watch.ui.stamps import Stamps
from watch.ui.theme import AMBER, FAINT, GREEN, GREY, RED, WHITE
from watch.ui.turns import TURN, cosine, sine
from watch.ui.widget import Box, Label, Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.hands import Stations

_MARKS = const(60)
_TO_1024 = const(2)
"""From sines of 4096 to the unit vectors of a line."""
_HOUR_MARK = rgb(0xD0D0D6)
_MINUTE_MARK = rgb(0x5A5A63)
_SHADE = rgb(0xA4A4AE)
"""The half of a hand that turns away from the light."""
_SECOND_PIECE, _SECOND_SLACK = const(16), const(80)
"""Every second: fewer windows and a few more bytes than the other hands."""
_DATE_MARK = const(15)
"""The mark at three o'clock gives way to the day."""
_LOW_PERCENT = const(10)
_MEDIUM_PERCENT = const(20)


class _Plan:
    """Pixels of one panel class."""

    def __init__(
        self,
        marks: "tuple[int, ...]",
        hour: "Stations",
        minute: "Stations",
        second: "Stations",
        piece: int,
        pin: int,
        battery: "tuple[int, int, int]",
        date: "tuple[int, int, int]",
    ) -> None:
        self.marks = marks
        """Outer radius; length and half thickness in 1/16 px of an hour mark, then of a minute mark."""
        self.hour, self.minute, self.second = hour, minute, second
        self.piece = piece
        """Length of the pieces that hands are marked by."""
        self.pin = pin
        self.battery = battery
        """Ring below the centre: distance, radius, thickness."""
        self.date = date
        """Window right of the centre: distance of its middle, width, height."""


_LARGE = _Plan(
    (194, 20, 36, 7, 16),
    ((-22 * 16, 40), (0, 92), (104 * 16, 20)),
    ((-22 * 16, 32), (0, 74), (164 * 16, 16)),
    ((-34 * 16, 20), (176 * 16, 12)),
    8,
    7,
    (92, 36, 5),
    (168, 40, 32),
)
_SMALL = _Plan(
    (117, 11, 24, 4, 11),
    ((-15 * 16, 24), (0, 60), (60 * 16, 16)),
    ((-15 * 16, 20), (0, 48), (97 * 16, 12)),
    ((-22 * 16, 14), (104 * 16, 9)),
    8,
    4,
    (54, 21, 3),
    (100, 26, 22),
)


class Analogue:
    """The widgets of the face, lowest first.

    Args:
        ui: the shared context.
        accent: colour of the mark at twelve, the pin, the second hand and the charge, RGB565.
        seconds: have a second hand; it is hidden until `set_second`.
    """

    def __init__(self, ui: "Ui", accent: int, seconds: bool = False) -> None:
        plan = _LARGE if ui.large else _SMALL
        x, y = ui.width // 2, ui.height // 2
        self._accent, self._percent, self._charging = accent, -1, False
        self._marks = _Marks(x, y, plan.marks, accent)
        distance, radius, thickness = plan.battery
        self._arc = Arc(x, y + distance, radius, thickness, accent, FAINT)
        font = ui.caption_font
        top = y + distance - font.line_height // 2
        self._figures = Label(ui, font, x - radius, top, 2 * radius, "", GREY)
        distance, width, height = plan.date
        left, radius = x + distance - width // 2, ui.metrics.gap
        window = Box(left, y - height // 2, width, height, radius, FAINT)
        self._day = Label(ui, font, left, y - font.line_height // 2, width, "", WHITE)
        hour = Hand(x, y, plan.hour, plan.piece, WHITE, _SHADE)
        minute = Hand(x, y, plan.minute, plan.piece, WHITE, _SHADE)
        second = Hand(x, y, plan.second, _SECOND_PIECE, accent, accent, _SECOND_SLACK) if seconds else None
        self._hands = Hands(x, y, plan.marks[0], hour, minute, plan.pin, accent, second)
        self.widgets: "list[Widget]" = [self._marks, self._arc, self._figures, window, self._day, self._hands]
        self.set_time(0)

    def set_time(self, minutes: int) -> None:
        """Show minutes since midnight."""
        self._hands.set(minutes)

    @micropython.native
    def set_second(self, second: int) -> None:
        """Let the second hand show 0 to 59, or hide it: -1. Without one nothing happens."""
        self._hands.set_second(second)

    def set_day(self, day: int) -> None:
        """Show a day of the month."""
        self._day.set(str(day))

    def set_battery(self, percent: int, charging: bool) -> None:
        """Show a charge of 0 to 100."""
        if percent != self._percent or charging != self._charging:
            self._percent, self._charging = percent, charging
            self._arc.set(percent)
            self._arc.recolour(self._charge_colour())
            self._figures.set(str(percent))

    def recolour(self, accent: int) -> None:
        """Take the colour of another card."""
        self._accent = accent
        self._marks.recolour(accent)
        self._hands.recolour(accent)
        self._arc.recolour(self._charge_colour())

    def _charge_colour(self) -> int:
        if self._charging:
            return GREEN
        if self._percent <= _LOW_PERCENT:
            return RED
        return AMBER if self._percent <= _MEDIUM_PERCENT else self._accent


class _Marks(Widget):
    """The marks of the hours and minutes around the dial; the one at twelve has the accent."""

    def __init__(self, x: int, y: int, sizes: "tuple[int, ...]", accent: int) -> None:
        radius, hour, hour_half_16, minute, minute_half_16 = sizes
        super().__init__(x - radius - 1, y - radius - 1, 2 * radius + 2, 2 * radius + 2)
        self._inner = radius - hour - 1
        self._stamps = Stamps(_MARKS)
        for i in range(_MARKS):
            if i % 5:
                self._put(i, radius, minute, minute_half_16, _MINUTE_MARK)
            elif i != _DATE_MARK:
                self._put(i, radius, hour, hour_half_16, _HOUR_MARK if i else accent)

    def recolour(self, accent: int) -> None:
        """Change the colour of the mark at twelve."""
        self._stamps.recolour(0, accent, self)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw those in the window, if it does not lie within the circle that the marks leave free."""
        x, y = self.x + self.w // 2 - canvas.left, self.y + self.h // 2 - canvas.top
        if not _is_inside(self._inner, x, y, canvas.width, canvas.height):
            self._stamps.draw(canvas)

    def _put(self, i: int, radius: int, length: int, half_16: int, ink: int) -> None:
        angle = i * TURN // _MARKS
        across, up = sine(angle), cosine(angle)
        distance_16 = radius * 16 - half_16
        x_16 = (self.x + self.w // 2) * 16 + (across * distance_16 >> 12)
        y_16 = (self.y + self.h // 2) * 16 - (up * distance_16 >> 12)
        length_16 = length * 16 - 2 * half_16
        self._stamps.put(i, x_16, y_16, -across >> _TO_1024, up >> _TO_1024, length_16, half_16, ink)


@micropython.viper
def _is_inside(radius: int, x: int, y: int, w: int, h: int) -> bool:
    """True if a rectangle lies within a circle; `x`, `y`: the centre, seen from the upper left of the rectangle."""
    if x < w - x:
        x = w - x
    if y < h - y:
        y = h - y
    return x * x + y * y < radius * radius
