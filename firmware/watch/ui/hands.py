"""Hands of an analogue watch, which mark only what they sweep."""

from array import array

import micropython
from micropython import const

from watch.ui.outline import polygon_table, put_polygon
from watch.ui.turns import TURN, UNIT_BITS, cosine, sine
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Tuple

    from watch.ui.canvas import Canvas

    Stations = Tuple[Tuple[int, int], ...]
    """Half the width of a hand at some distances from the centre, both in 1/16 px, from its tail to its tip."""

_MINUTE_STEP = const(12)
"""Half degrees a minute hand moves a minute; an hour hand moves one."""
_EDGES_OF_BOX = const(4)
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
        self.whole, self.half = polygon_table(2 * self._count), polygon_table(self._count + 2)
        self._cuts = _cuts(stations, piece)
        self.pieces = len(self._cuts) // 2 - 1
        """How many pieces it is marked by."""
        self.angle = -1

    @micropython.native
    def turn(self, angle: int) -> None:
        """Point to an angle in half degrees."""
        self.angle = angle
        stations, points, count = self._stations, self._points, self._count
        for i in range(count):
            self._put(i, angle, stations[2 * i], -stations[2 * i + 1])
            self._put(2 * count - 1 - i, angle, stations[2 * i], stations[2 * i + 1])
        put_polygon(self.whole, points, 2 * count, self._ink)
        self._put(0, angle, stations[0], 0)
        self._put(1, angle, stations[2 * count - 2], 0)
        for i in range(count):
            self._put(count + 1 - i, angle, stations[2 * i], stations[2 * i + 1])
        put_polygon(self.half, points, count + 2, self._shade)

    def draw(self, canvas: "Canvas") -> None:
        """Draw it where it points."""
        canvas.polygon(self.whole)
        canvas.polygon(self.half)

    @micropython.native
    def box(self, box: "array", piece: int, angle: int) -> None:
        """The pixels whose centre may lie in a piece at an angle, or on its edge: left, top, right and low."""
        cuts, across, up = self._cuts, sine(angle), cosine(angle)
        near, far = cuts[2 * piece], cuts[2 * piece + 2]
        half = max(cuts[2 * piece + 1], cuts[2 * piece + 3])
        x, to_x = across * near >> UNIT_BITS, across * far >> UNIT_BITS
        y, to_y = -(up * near >> UNIT_BITS), -(up * far >> UNIT_BITS)
        wide = (abs(up) * half >> UNIT_BITS) + _ROUNDING_16
        high = (abs(across) * half >> UNIT_BITS) + _ROUNDING_16
        box[0] = self._x_16 + min(x, to_x) - wide + 7 >> 4
        box[1] = self._y_16 + min(y, to_y) - high + 7 >> 4
        box[2] = self._x_16 + max(x, to_x) + wide + 8 >> 4
        box[3] = self._y_16 + max(y, to_y) + high + 8 >> 4

    @micropython.native
    def _put(self, index: int, angle: int, along: int, across: int) -> None:
        """Store a point of the outline, given in the hand's own directions."""
        x, y = sine(angle), cosine(angle)
        self._points[2 * index] = self._x_16 + (x * along + y * across >> UNIT_BITS)
        self._points[2 * index + 1] = self._y_16 + (x * across - y * along >> UNIT_BITS)


class Hands(Widget):
    """An hour and a minute hand on one pin.

    A changed minute marks, along each hand, small rectangles around its old and its new place.

    Args:
        x: centre in px.
        y: the same centre.
        reach: radius of the circle that both hands stay in, in px.
        hour: the lower hand.
        minute: the upper hand.
        pin: radius of the pin in px.
        ink: colour of the pin.
    """

    def __init__(self, x: int, y: int, reach: int, hour: Hand, minute: Hand, pin: int, ink: int) -> None:
        super().__init__(x - reach, y - reach, 2 * reach, 2 * reach)
        self._hour, self._minute = hour, minute
        self._pin, self._pin_ink = pin, ink
        self._old = array("h", bytes(2 * _EDGES_OF_BOX))
        self._new = array("h", bytes(2 * _EDGES_OF_BOX))

    def set(self, minutes: int) -> None:
        """Show minutes since midnight or since noon."""
        self._turn(self._hour, minutes % TURN)
        self._turn(self._minute, minutes * _MINUTE_STEP % TURN)

    def recolour(self, ink: int) -> None:
        """Change the colour of the pin."""
        if ink != self._pin_ink:
            self._pin_ink = ink
            x, y, pin = self.x + self.w // 2, self.y + self.h // 2, self._pin
            self.mark_part(x - pin - 1, y - pin - 1, 2 * pin + 2, 2 * pin + 2)

    def draw(self, canvas: "Canvas") -> None:
        """Draw what falls into the window."""
        self._hour.draw(canvas)
        self._minute.draw(canvas)
        x_16, y_16 = self.x * 16 + self.w * 8, self.y * 16 + self.h * 8
        canvas.disc(x_16, y_16, self._pin * 16, self._pin_ink)
        canvas.disc(x_16, y_16, self._pin * 6, 0)

    def _turn(self, hand: Hand, angle: int) -> None:
        if angle != hand.angle:
            for piece in range(hand.pieces):
                self._mark(hand, piece, angle)
            hand.turn(angle)

    @micropython.native
    def _mark(self, hand: Hand, piece: int, angle: int) -> None:
        """Mark a piece at its old and its new place: as one rectangle where that is hardly larger."""
        old, new = self._old, self._new
        hand.box(new, piece, angle)
        hand.box(old, piece, hand.angle if hand.angle >= 0 else angle)
        left, top = min(old[0], new[0]), min(old[1], new[1])
        width, height = max(old[2], new[2]) - left, max(old[3], new[3]) - top
        both = (old[2] - old[0]) * (old[3] - old[1]) + (new[2] - new[0]) * (new[3] - new[1])
        if width * height <= both:
            self.mark_part(left, top, width, height, _SLACK_PX)
        else:
            self.mark_part(old[0], old[1], old[2] - old[0], old[3] - old[1], _SLACK_PX)
            self.mark_part(new[0], new[1], new[2] - new[0], new[3] - new[1], _SLACK_PX)


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
