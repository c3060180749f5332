"""Fills the tables that `watch.ui.shapes` draws: edges of a polygon, directions of an arc. Allocates nothing.

Positions are 1/16 px in signed 16 bits: 2,047 px to each side of the first pixel, far off every panel.
"""

from array import array

import micropython
from micropython import const

from watch.ui import shapes
from watch.ui.turns import TURN, cosine, sine

MOST_OUTER_16 = const(16368)
"""Radius of 1,023 px: its square stays within 31 bits."""
_FARTHEST_16 = const(32767)
_FINE = const(4096)
"""An edge is stretched until one side is at least this long, which keeps its direction exact to 1/4096 ..."""
_COARSE = const(8192)
"""... and shrunk until both are shorter than this: the sum of the squares then fits 27 bits."""
_UNIT = const(4096)


def polygon_table(points: int) -> "array":
    """An empty table for a polygon of at most this many points: drawing it draws nothing."""
    table = array("H", bytes(2 * (shapes.EDGES + shapes.EDGE_FIELDS * points)))
    table[shapes.END] = shapes.EDGES
    return table


@micropython.native
def put_polygon(table: "array", points: "array", count: int, ink: int) -> None:
    """Store a convex polygon.

    Args:
        table: made by `polygon_table` for at least `count` points.
        points: `array("h")` of x, y, x, y ... in 1/16 px, clockwise as seen on the screen. Points may coincide.
        count: how many points; fewer than three draw nothing.
        ink: colour.
    """
    left = right = points[0]
    top = low = points[1]
    at = shapes.EDGES
    x, y = points[2 * count - 2], points[2 * count - 1]
    for i in range(0, 2 * count, 2):
        to_x, to_y = points[i], points[i + 1]
        left, right = min(left, to_x), max(right, to_x)
        top, low = min(top, to_y), max(low, to_y)
        if to_x != x or to_y != y:
            _edge(table, at, x, y, to_x - x, to_y - y)
            at += shapes.EDGE_FIELDS
        x, y = to_x, to_y
    left, top = max((left >> 4) - 1, 0), max((top >> 4) - 1, 0)
    table[shapes.BOX_X], table[shapes.BOX_Y] = left, top
    table[shapes.BOX_W] = max((right >> 4) + 2 - left, 0) if count > 2 else 0
    table[shapes.BOX_H] = max((low >> 4) + 2 - top, 0)
    table[shapes.INK], table[shapes.END] = ink, at


@micropython.native
def put_arc(
    table: "array", x_16: int, y_16: int, outer_16: int, inner_16: int, start: int, sweep: int, ink: int
) -> bool:
    """Store a part of a ring; arguments as in `Canvas.arc`. False if there is nothing to draw."""
    if not max(inner_16, 16) < outer_16 <= MOST_OUTER_16 or inner_16 < 0 or sweep <= 0:
        return False
    if not (-_FARTHEST_16 <= x_16 <= _FARTHEST_16 and -_FARTHEST_16 <= y_16 <= _FARTHEST_16):
        return False
    table[shapes.CENTRE_X_16], table[shapes.CENTRE_Y_16] = x_16 & 0xFFFF, y_16 & 0xFFFF
    table[shapes.OUTER_16], table[shapes.INNER_16] = outer_16, inner_16
    table[shapes.OUTER_SCALE], table[shapes.INNER_SCALE] = 65536 // outer_16, 65536 // max(inner_16, 16)
    table[shapes.ARC_INK], table[shapes.SPAN] = ink, _span(sweep)
    if sweep < TURN:
        _direction(table, shapes.START_X, start)
        _direction(table, shapes.STOP_X, start + sweep)
        _direction(table, shapes.MIDDLE_X, start + sweep // 2)
    return True


def _span(sweep: int) -> int:
    """Which rule joins the half planes of two ends that lie this far apart."""
    if sweep >= TURN:
        return shapes.WHOLE
    if sweep >= TURN * 3 // 4:
        return shapes.WIDE
    if sweep > TURN // 2:
        return shapes.MORE
    return shapes.HALF if sweep > TURN // 4 else shapes.NARROW


def _direction(table: "array", at: int, angle: int) -> None:
    table[at], table[at + 1] = sine(angle) & 0xFFFF, -cosine(angle) & 0xFFFF


@micropython.viper
def _edge(table: ptr16, at: int, x: int, y: int, dx: int, dy: int):  # noqa: ANN202
    """Store the edge that leads from `x`, `y` by `dx`, `dy`: its inward normal and its start."""
    a = dx
    b = dy
    if a < 0:
        a = 0 - a
    if b < 0:
        b = 0 - b
    if a < b:
        a = b
    while a < _FINE:
        a = a << 1
        dx = dx << 1
        dy = dy << 1
    while a >= _COARSE:
        a = a >> 1
        dx = dx >> 1
        dy = dy >> 1
    square = dx * dx + dy * dy
    length = a
    while length * length < square:
        length += 64
    while length * length > square:
        length -= 1
    table[at] = 0 - dy * _UNIT // length
    table[at + 1] = dx * _UNIT // length
    table[at + 2] = x
    table[at + 3] = y
