"""The loops of watch/ui/shapes.py and arc_loop.py in plain Python over every pixel: what the fast ones must equal.

The tables are read as the loops read them; what `watch.ui.outline` puts into them is judged by the area it covers.
"""

from tests.firmware.ui.plain_pixels import inside
from watch.ui import arc_loop, shapes


def polygon(picture, table):
    """A convex polygon: the least coverage that any edge leaves."""
    edges = [_signed(table[at : at + 4]) for at in range(shapes.EDGES, table[shapes.END], shapes.EDGE_FIELDS)]
    left, top = max(table[shapes.BOX_X], picture.x), max(table[shapes.BOX_Y], picture.y)
    right, low = table[shapes.BOX_X] + table[shapes.BOX_W], table[shapes.BOX_Y] + table[shapes.BOX_H]
    for row in range(top, min(low, picture.y + picture.h)):
        for column in range(left, min(right, picture.x + picture.w)):
            x, y = column * 16 + 8, row * 16 + 8
            coverage = 32
            for across, down, px, py in edges:
                coverage = min(coverage, _side(across * (x - px) + down * (y - py)))
            picture.blend(column, row, table[shapes.INK], max(coverage, 0))


def arc(picture, table):
    """A part of a ring."""
    centre_x, centre_y = _signed(table[:2])
    outer, inner = table[arc_loop.OUTER_16], table[arc_loop.INNER_16]
    for row in range(picture.y, picture.y + picture.h):
        for column in range(picture.x, picture.x + picture.w):
            dx, dy = column * 16 + 8 - centre_x, row * 16 + 8 - centre_y
            square = dx * dx + dy * dy
            coverage = inside(outer, square)
            if inner >= 16:
                coverage = min(coverage, 32 - inside(inner, square))
            coverage = min(coverage, _between(table, dx, dy))
            picture.blend(column, row, table[arc_loop.ARC_INK], max(coverage, 0))


def _between(table, dx, dy):
    span = table[arc_loop.SPAN]
    if span == arc_loop.WHOLE:
        return 32
    start_x, start_y, stop_x, stop_y, middle_x, middle_y = _signed(table[arc_loop.START_X : arc_loop.SPAN])
    sides = _side(start_x * dy - start_y * dx), _side(stop_y * dx - stop_x * dy)
    ahead = middle_x * dx + middle_y * dy
    if span == arc_loop.NARROW and ahead < 0:
        return 0
    if span == arc_loop.WIDE and ahead > 0:
        return 32
    return min(sides) if span <= arc_loop.HALF else max(sides)


def _side(product):
    """Coverage by a half plane; `product`: distance in 1/16 px times 4096."""
    return (product >> 11) + 16


def _signed(numbers):
    return [(number ^ 0x8000) - 0x8000 for number in numbers]
