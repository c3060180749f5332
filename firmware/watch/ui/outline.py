"""Fills the tables that `watch.ui.shapes` and `watch.ui.arc_loop` draw: edges of a polygon, directions of an arc.

Allocates nothing. Positions are 1/16 px in signed 16 bits: 2,047 px to each side of the first pixel, off every panel.
"""

from array import array

import micropython
from micropython import const

from watch.ui import arc_loop, shapes
from watch.ui.turns import TURN, cosine, sine

MOST_OUTER_16 = const(16368)
"""Radius of 1,023 px: its square stays within 31 bits."""
# Fields of a polygon, as in watch.ui.shapes: viper sees constants of its own file only.
_BOX_X = const(0)
_BOX_Y = const(1)
_BOX_W = const(2)
_BOX_H = const(3)
_INK = const(4)
_END = const(5)
_EDGES = const(6)
_EDGE_FIELDS = const(4)
_FARTHEST_16 = const(32767)
_FINE = const(4096)
"""An edge is stretched until one side is at least this long, which keeps its direction exact to 1/4096 ..."""
_COARSE = const(8192)
"""... and shrunk until both are shorter than this: the sum of the squares then fits 27 bits."""
_UNIT = const(4096)


def polygon_stride(points: int) -> int:
    """Numbers of a table that a polygon of at most this many points takes."""
    return shapes.EDGES + shapes.EDGE_FIELDS * points


def polygon_table(points: int, count: int = 1) -> "array":
    """An empty table for polygons of at most this many points: drawing it draws nothing."""
    stride = polygon_stride(points)
    table = array("H", bytes(2 * stride * count))
    for at in range(0, stride * count, stride):
        table[at + shapes.END] = shapes.EDGES
    return table


@micropython.viper
def put_polygon(table: ptr16, place: int, points: ptr16, count: int, ink: int):  # noqa: ANN201
    """Store a convex polygon: for each edge its inward normal and its start.

    Args:
        table: made by `polygon_table` for at least `count` points.
        place: where in the table the polygon begins.
        points: `array("h")` of x, y, x, y ... in 1/16 px, clockwise as seen on the screen. Points may coincide.
        count: how many points; fewer than three draw nothing.
        ink: colour.
    """
    table = ptr16(int(table) + place + place)
    at = _EDGES
    i = 2 * count - 2
    x = (int(points[i]) ^ 0x8000) - 0x8000
    y = (int(points[i + 1]) ^ 0x8000) - 0x8000
    left = x
    right = x
    top = y
    low = y
    i = 0
    while i < 2 * count:
        to_x = (int(points[i]) ^ 0x8000) - 0x8000
        to_y = (int(points[i + 1]) ^ 0x8000) - 0x8000
        i += 2
        if left > to_x:
            left = to_x
        if right < to_x:
            right = to_x
        if top > to_y:
            top = to_y
        if low < to_y:
            low = to_y
        dx = to_x - x
        dy = to_y - y
        if dx | dy:
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
            b = dx * dx + dy * dy
            while a * a < b:
                a += 64
            while a * a > b:
                a -= 1
            table[at] = 0 - dy * _UNIT // a
            table[at + 1] = dx * _UNIT // a
            table[at + 2] = x
            table[at + 3] = y
            at += _EDGE_FIELDS
        x = to_x
        y = to_y
    left = (left >> 4) - 1
    top = (top >> 4) - 1
    if left < 0:
        left = 0
    if top < 0:
        top = 0
    right = (right >> 4) + 2 - left
    low = (low >> 4) + 2 - top
    if right < 0 or count < 3:
        right = 0
    if low < 0:
        low = 0
    table[_BOX_X] = left
    table[_BOX_Y] = top
    table[_BOX_W] = right
    table[_BOX_H] = low
    table[_INK] = ink
    table[_END] = at


@micropython.native
def put_arc(
    table: "array", x_16: int, y_16: int, outer_16: int, inner_16: int, start: int, sweep: int, ink: int
) -> bool:
    """Store a part of a ring; arguments as in `Canvas.arc`. False if there is nothing to draw."""
    if not max(inner_16, 16) < outer_16 <= MOST_OUTER_16 or inner_16 < 0 or sweep <= 0:
        return False
    if not (-_FARTHEST_16 <= x_16 <= _FARTHEST_16 and -_FARTHEST_16 <= y_16 <= _FARTHEST_16):
        return False
    table[arc_loop.CENTRE_X_16], table[arc_loop.CENTRE_Y_16] = x_16 & 0xFFFF, y_16 & 0xFFFF
    table[arc_loop.OUTER_16], table[arc_loop.INNER_16] = outer_16, inner_16
    table[arc_loop.OUTER_SCALE], table[arc_loop.INNER_SCALE] = 65536 // outer_16, 65536 // max(inner_16, 16)
    table[arc_loop.ARC_INK], table[arc_loop.SPAN] = ink, _span(sweep)
    if sweep < TURN:
        _direction(table, arc_loop.START_X, start)
        _direction(table, arc_loop.STOP_X, start + sweep)
        _direction(table, arc_loop.MIDDLE_X, start + sweep // 2)
    return True


def _span(sweep: int) -> int:
    """Which rule joins the half planes of two ends that lie this far apart."""
    if sweep >= TURN:
        return arc_loop.WHOLE
    if sweep >= TURN * 3 // 4:
        return arc_loop.WIDE
    if sweep > TURN // 2:
        return arc_loop.MORE
    return arc_loop.HALF if sweep > TURN // 4 else arc_loop.NARROW


def _direction(table: "array", at: int, angle: int) -> None:
    table[at], table[at + 1] = sine(angle) & 0xFFFF, -cosine(angle) & 0xFFFF
