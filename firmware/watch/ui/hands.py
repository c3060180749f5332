"""Hands of an analogue watch, which mark only what they sweep."""

# Viper accepts no `-> None`.
# ruff: noqa: ANN202

from array import array

import micropython
from micropython import const

from watch.ui.outline import polygon_stride, polygon_table, put_polygon
from watch.ui.turns import TURN, cosine, sine
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Tuple

    from watch.ui.canvas import Canvas

    Stations = Tuple[Tuple[int, int], ...]
    """Half the width of a hand at some distances from the centre, both in 1/16 px, from its tail to its tip."""

_MINUTE_STEP = const(12)
"""Half degrees a minute hand moves a minute; an hour hand moves one."""
HIDDEN = const(-1)
"""Angle of a hand that is not there."""
BOX = const(4)
"""Numbers of a rectangle: left, top, right and low."""
UNIT_BITS = const(12)
"""As in watch.ui.turns: viper sees constants of its own file only."""
_SLACK_PX = const(16)
"""Unchanged pixels that may be sent to spare a window. Pieces lie corner to corner, where merging wastes most."""
_RAMP_16 = const(8)
"""A smooth edge reaches half a pixel beyond the outline."""
_ROUNDING_16 = const(3)
"""What whole numbers may lose of a position."""


class Hand:
    """One hand: a convex outline, and the half of it that lies in the shade.

    Args:
        x: centre in px.
        y: the same centre.
        stations: its outline.
        piece: length of the pieces it is marked by, in px.
        ink: colour of the lit half.
        shade: colour of the other half, clockwise of the middle.
    """

    def __init__(self, x: int, y: int, stations: "Stations", piece: int, ink: int, shade: int) -> None:
        self._x_16, self._y_16, self._ink, self._shade = x * 16, y * 16, ink, shade
        self._stations = array("h", [number for station in stations for number in station])
        self._count = len(stations)
        self._points = array("h", bytes(2 * 4 * self._count))
        self._stride = polygon_stride(2 * self._count)
        self._shapes = polygon_table(2 * self._count, 2)
        self._cuts = _cuts(stations, piece)
        self.pieces = len(self._cuts) // 2 - 1
        """How many pieces it is marked by."""
        self.boxes = array("i", bytes(4 * BOX * self.pieces))
        """Left, top, right and low of each piece where the hand points, in px: the pixels that it may cover."""
        self.angle = HIDDEN

    @micropython.native
    def turn(self, angle: int) -> None:
        """Point to an angle in half degrees, or be `HIDDEN`."""
        self.angle = angle
        if angle == HIDDEN:
            _empty(self.boxes, self.pieces * BOX)
            return
        across, up = sine(angle), cosine(angle)
        x, y = self._x_16, self._y_16  # four at once would build a tuple
        points, count = self._points, self._count
        _outline(points, self._stations, count, x, y, across, up)
        put_polygon(self._shapes, 0, points, 2 * count, self._ink)
        if self._shade != self._ink:
            _shaded(points, self._stations, count, x, y, across, up)
            put_polygon(self._shapes, self._stride, points, count + 2, self._shade)
        _boxes(self.boxes, self._cuts, self.pieces, x, y, across, up)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw it where it points."""
        if self.angle != HIDDEN:
            canvas.polygons(self._shapes, 2, self._stride)

    @micropython.native
    def recolour(self, ink: int, shade: int) -> None:
        """Take other colours."""
        self._ink, self._shade = ink, shade
        self.turn(self.angle)


class Hands(Widget):
    """An hour and a minute hand on one pin, and over them a second hand if there is one.

    A changed minute marks, along each hand, small rectangles around its old and its new place; so does a second.

    Args:
        x: centre in px.
        y: the same centre.
        reach: radius of the circle that all hands stay in, in px.
        hour: the lowest hand.
        minute: the hand above it.
        pin: radius of the pin in px.
        ink: colour of the pin.
        second: the uppermost hand, hidden until `set_second`.
    """

    def __init__(
        self,
        x: int,
        y: int,
        reach: int,
        hour: Hand,
        minute: Hand,
        pin: int,
        ink: int,
        second: "Optional[Hand]" = None,
    ) -> None:
        super().__init__(x - reach, y - reach, 2 * reach, 2 * reach)
        self._hour, self._minute, self._second = hour, minute, second
        self._pin, self._pin_ink = pin, ink
        pieces = max(hour.pieces, minute.pieces, second.pieces if second else 0)
        self._old = array("i", bytes(4 * BOX * pieces))

    @micropython.native
    def set(self, minutes: int) -> None:
        """Show minutes since midnight or since noon."""
        self._turn(self._hour, minutes % TURN)
        self._turn(self._minute, minutes * _MINUTE_STEP % TURN)

    @micropython.native
    def set_second(self, second: int) -> None:
        """Show a second, 0 to 59; below 0 the hand is hidden. Without a second hand nothing happens."""
        hand = self._second
        if hand is not None:
            self._turn(hand, second * _MINUTE_STEP % TURN if second >= 0 else HIDDEN)

    def recolour(self, ink: int) -> None:
        """Change the colour of the pin and of the second hand."""
        if ink != self._pin_ink:
            self._pin_ink = ink
            x, y, pin = self.x + self.w // 2, self.y + self.h // 2, self._pin
            self.mark_part(x - pin - 1, y - pin - 1, 2 * pin + 2, 2 * pin + 2)
            hand = self._second
            if hand is not None:
                _copy(self._old, hand.boxes, hand.pieces * BOX)
                hand.recolour(ink, ink)
                self._mark(hand)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw what falls into the window."""
        self._hour.draw(canvas)
        self._minute.draw(canvas)
        if self._second is not None:
            self._second.draw(canvas)
        pin = self._pin
        x, y = self.x + self.w // 2, self.y + self.h // 2
        if canvas.touches(x - pin - 1, y - pin - 1, 2 * pin + 2, 2 * pin + 2):
            canvas.disc(x * 16, y * 16, pin * 16, self._pin_ink)
            canvas.disc(x * 16, y * 16, pin * 6, 0)

    @micropython.native
    def _turn(self, hand: Hand, angle: int) -> None:
        if angle != hand.angle:
            _copy(self._old, hand.boxes, hand.pieces * BOX)
            hand.turn(angle)
            self._mark(hand)

    @micropython.native
    def _mark(self, hand: Hand) -> None:
        """Mark where the pieces of a hand were and are now: as one rectangle where that is hardly larger."""
        screen = self.screen
        if screen is None or not screen.shown:
            return
        damage, old, new = screen.ui.damage, self._old, hand.boxes
        for at in range(0, hand.pieces * BOX, BOX):
            apart = not _joined(old, new, at)
            damage.add_box(old, at, _SLACK_PX)
            if apart:
                damage.add_box(new, at, _SLACK_PX)


def _cuts(stations: "Stations", piece: int) -> "array":
    """Distance and half the width in 1/16 px, smooth edges included, wherever the pieces of a hand meet."""
    cuts = array("h")
    first, last = stations[0][0] - _RAMP_16, stations[-1][0] + _RAMP_16
    count = max((last - first) // (piece * 16), 1)
    for i in range(count + 1):
        distance = first + (last - first) * i // count
        cuts.append(distance)
        cuts.append(_half_at(stations, distance) + _RAMP_16)
    return cuts


def _half_at(stations: "Stations", distance: int) -> int:
    """Half the width of a hand at a distance between its ends."""
    if distance <= stations[0][0]:
        return stations[0][1]
    for (near, narrow), (far, wide) in zip(stations, stations[1:]):
        if distance <= far:
            return narrow + (wide - narrow) * (distance - near) // (far - near)
    return stations[-1][1]


@micropython.viper
def _outline(points: ptr16, stations: ptr16, count: int, x: int, y: int, across: int, up: int):
    """Points of a whole hand, clockwise from its tail: one side there, the other side back."""
    i = 0
    while i < count:
        along = (int(stations[2 * i]) ^ 0x8000) - 0x8000
        half = int(stations[2 * i + 1])
        ahead = (across * along - up * half) >> UNIT_BITS
        points[2 * i] = x + ahead
        ahead = (0 - across * half - up * along) >> UNIT_BITS
        points[2 * i + 1] = y + ahead
        other = 2 * (2 * count - 1 - i)
        ahead = (across * along + up * half) >> UNIT_BITS
        points[other] = x + ahead
        ahead = (across * half - up * along) >> UNIT_BITS
        points[other + 1] = y + ahead
        i += 1


@micropython.viper
def _shaded(points: ptr16, stations: ptr16, count: int, x: int, y: int, across: int, up: int):
    """Points of the half in the shade: along the middle to the tip, and back along one side."""
    i = 0
    while i < count:
        along = (int(stations[2 * i]) ^ 0x8000) - 0x8000
        half = int(stations[2 * i + 1])
        if i == 0 or i == count - 1:
            at = 0
            if i:
                at = 2
            points[at] = x + ((across * along) >> UNIT_BITS)
            points[at + 1] = y + ((0 - up * along) >> UNIT_BITS)
        at = 2 * (count + 1 - i)
        points[at] = x + ((across * along + up * half) >> UNIT_BITS)
        points[at + 1] = y + ((across * half - up * along) >> UNIT_BITS)
        i += 1


@micropython.viper
def _boxes(boxes: ptr32, cuts: ptr16, pieces: int, x: int, y: int, across: int, up: int):
    """The pixels whose centre may lie in each piece, or on its edge. None of them lies off the panel."""
    wide = up
    high = across
    if wide < 0:
        wide = 0 - wide
    if high < 0:
        high = 0 - high
    at = 0
    while pieces > 0:
        near = (int(cuts[0]) ^ 0x8000) - 0x8000
        far = (int(cuts[2]) ^ 0x8000) - 0x8000
        half = int(cuts[1])
        if half < int(cuts[3]):
            half = int(cuts[3])
        cuts = ptr16(int(cuts) + 4)
        left = (across * near) >> UNIT_BITS
        right = (across * far) >> UNIT_BITS
        top = 0 - ((up * near) >> UNIT_BITS)
        low = 0 - ((up * far) >> UNIT_BITS)
        if left > right:
            left, right = right, left
        if top > low:
            top, low = low, top
        near = ((wide * half) >> UNIT_BITS) + _ROUNDING_16
        far = ((high * half) >> UNIT_BITS) + _ROUNDING_16
        boxes[at] = (x + left - near + 7) >> 4
        boxes[at + 1] = (y + top - far + 7) >> 4
        boxes[at + 2] = (x + right + near + 8) >> 4
        boxes[at + 3] = (y + low + far + 8) >> 4
        at += BOX
        pieces -= 1


@micropython.viper
def _copy(to: ptr32, boxes: ptr32, count: int):
    """Keep numbers."""
    while count > 0:
        count -= 1
        to[count] = boxes[count]


@micropython.viper
def _empty(boxes: ptr32, count: int):
    """Boxes of nothing."""
    while count > 0:
        count -= 1
        boxes[count] = 0


@micropython.viper
def _joined(old: ptr32, new: ptr32, at: int) -> bool:
    """Let the old box hold the new one too, if that is no larger than both. False, and no change, if it is."""
    left = int(old[at])
    top = int(old[at + 1])
    right = int(old[at + 2])
    low = int(old[at + 3])
    both = (right - left) * (low - top)
    both += (int(new[at + 2]) - int(new[at])) * (int(new[at + 3]) - int(new[at + 1]))
    if left > int(new[at]):
        left = int(new[at])
    if top > int(new[at + 1]):
        top = int(new[at + 1])
    if right < int(new[at + 2]):
        right = int(new[at + 2])
    if low < int(new[at + 3]):
        low = int(new[at + 3])
    if (right - left) * (low - top) > both:
        return False
    old[at] = left
    old[at + 1] = top
    old[at + 2] = right
    old[at + 3] = low
    return True
