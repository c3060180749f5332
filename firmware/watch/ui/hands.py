"""Hands of an analogue watch, which mark only what they sweep."""

from array import array

import micropython
from micropython import const

from watch.kernel.errors import InputError
from watch.ui import hand_loops
from watch.ui.outline import polygon_stride, polygon_table, put_polygon
from watch.ui.stamps import Stamps
from watch.ui.turns import TURN, cosine, sine
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Tuple

    from watch.ui.canvas import Canvas

    Stations = Tuple[Tuple[int, int], ...]
    """Half the width of a hand at some distances from the centre, both in 1/16 px, from its tail to its tip."""

_BOX = const(4)
"""Numbers of a rectangle: left, top, right and low. A range by a constant of this file takes no heap."""
_MINUTE_STEP = const(12)
"""Half degrees a minute hand moves a minute; an hour hand moves one."""
HIDDEN = const(-1)
"""Angle of a hand that is not there."""
_HOUR_HAND, _MINUTE_HAND, _SECOND_HAND = const(0), const(1), const(2)
_PIN, _HOLE = const(0), const(1)
"""Places of the stamps in the middle."""
_HALVES = const(2)
"""A hand is two polygons: the whole of it, and above that the half in the shade."""
_SLACK_PX = const(16)
"""Pieces lie corner to corner, where merging wastes most."""
_RAMP_16 = const(8)
"""A smooth edge reaches half a pixel beyond the outline."""


class Hand:
    """One hand: a convex outline, and the half of it that lies in the shade.

    Args:
        x: centre in px.
        y: the same centre.
        stations: its outline.
        piece: length of the pieces it is marked by, in px.
        ink: colour of the lit half.
        shade: colour of the other half, clockwise of the middle.
        slack: unchanged pixels that may be sent to spare a window.

    Raises:
        InputError: a station is not two numbers.
    """

    def __init__(
        self, x: int, y: int, stations: "Stations", piece: int, ink: int, shade: int, slack: int = _SLACK_PX
    ) -> None:
        self._x_16, self._y_16, self._ink, self._shade = x * 16, y * 16, ink, shade
        self._stations = array("h", [number for station in stations for number in station])
        self._stations_count = len(stations)
        if len(self._stations) != 2 * self._stations_count:
            raise InputError("a station of a hand is a distance and half a width")
        self._points = array("h", bytes(2 * 4 * self._stations_count))
        self.corners = max(2 * self._stations_count, self._stations_count + 2)
        """Most corners of its polygons."""
        self._cuts = _cuts(stations, piece)
        self.slack = slack
        self.pieces = len(self._cuts) // 2 - 1
        """How many pieces it is marked by."""
        self.boxes = array("i", bytes(4 * _BOX * self.pieces))
        """Left, top, right and low of each piece where the hand points, in px: the pixels that it may cover."""
        self.angle = HIDDEN

    @micropython.native
    def turn(self, angle: int, table: "array", place: int, stride: int) -> None:
        """Point to an angle in half degrees, or be `HIDDEN`; store both polygons, the first at `place`."""
        self.angle = angle
        points, count = self._points, self._stations_count
        if angle == HIDDEN:
            put_polygon(table, place, points, 0, 0)
            put_polygon(table, place + stride, points, 0, 0)
            hand_loops.empty(self.boxes, self.pieces * _BOX)
            return
        across, up = sine(angle), cosine(angle)
        x, y = self._x_16, self._y_16  # four at once would build a tuple
        hand_loops.outline(points, self._stations, count, x, y, across, up)
        put_polygon(table, place, points, 2 * count, self._ink)
        hand_loops.shaded(points, self._stations, count, x, y, across, up)
        put_polygon(table, place + stride, points, count + 2 if self._shade != self._ink else 0, self._shade)
        hand_loops.boxes(self.boxes, self._cuts, self.pieces, x, y, across, up)

    def recolour(self, ink: int, shade: int) -> None:
        """Take other colours from the next turn on."""
        self._ink, self._shade = ink, shade


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
        self._hands = (hour, minute) if second is None else (hour, minute, second)
        self._ink = ink
        self._pin = Stamps(2)
        self._pin.put(_PIN, x * 16, y * 16, 0, 0, 0, pin * 16, ink)
        self._pin.put(_HOLE, x * 16, y * 16, 0, 0, 0, pin * 6, 0)
        self._old = array("i", bytes(4 * _BOX * max(hand.pieces for hand in self._hands)))
        corners = max(hand.corners for hand in self._hands)
        self._polygons = _HALVES * len(self._hands)
        self._stride = polygon_stride(corners)
        self._edges = polygon_table(corners, self._polygons)

    @micropython.native
    def set(self, minutes: int) -> None:
        """Show minutes since midnight or since noon."""
        self._turn(_HOUR_HAND, minutes % TURN)
        self._turn(_MINUTE_HAND, minutes * _MINUTE_STEP % TURN)

    @micropython.native
    def set_second(self, second: int) -> None:
        """Show a second, 0 to 59; below 0 the hand is hidden. Without a second hand nothing happens."""
        if len(self._hands) > _SECOND_HAND:
            self._turn(_SECOND_HAND, second * _MINUTE_STEP % TURN if second >= 0 else HIDDEN)

    def recolour(self, ink: int) -> None:
        """Change the colour of the pin and of the second hand."""
        if ink != self._ink:
            self._ink = ink
            self._pin.recolour(_PIN, ink, self)
            if len(self._hands) > _SECOND_HAND:
                hand = self._hands[_SECOND_HAND]
                hand.recolour(ink, ink)
                self._place(_SECOND_HAND, hand.angle)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw what falls into the window."""
        canvas.polygons(self._edges, self._polygons, self._stride)
        self._pin.draw(canvas)

    @micropython.native
    def _turn(self, index: int, angle: int) -> None:
        if angle != self._hands[index].angle:
            self._place(index, angle)

    @micropython.native
    def _place(self, index: int, angle: int) -> None:
        hand = self._hands[index]
        hand_loops.copy(self._old, hand.boxes, hand.pieces * _BOX)
        hand.turn(angle, self._edges, index * _HALVES * self._stride, self._stride)
        self._mark(hand)

    @micropython.native
    def _mark(self, hand: Hand) -> None:
        """Mark where the pieces of a hand were and are now: as one rectangle where that is hardly larger."""
        screen = self.screen
        if screen is None or not screen.shown:
            return
        damage, old, new = screen.ui.damage, self._old, hand.boxes
        for at in range(0, hand.pieces * _BOX, _BOX):
            apart = not hand_loops.joined(old, new, at)
            damage.add_box(old, at, hand.slack)
            if apart:
                damage.add_box(new, at, hand.slack)


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
