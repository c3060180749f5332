"""The inner loop of convex polygons with smooth edges.

Like `watch.ui.pixels`, whose `view` and `ink` it takes, and proved by tests/firmware/ui/plain_shapes.py. Coverage runs
from 0 to 32 over a ramp one pixel wide at every edge. Numbers of a table are 16 bits and most of them signed, so that
no product leaves 32 bits: normals are unit vectors times 4096, positions are 1/16 px.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN201

import micropython
from micropython import const

# Fields of a view, as in watch.ui.pixels: viper sees constants of its own file only.
_STRIDE = const(0)
_X = const(1)
_Y = const(2)
_LEFT = const(3)
_TOP = const(4)
_RIGHT = const(5)
_LOW = const(6)

# Fields of a polygon; behind them four numbers for each edge: inward normal, and a point on it.
BOX_X = const(0)
BOX_Y = const(1)
BOX_W = const(2)
BOX_H = const(3)
INK = const(4)
END = const(5)
"""Index behind the last edge."""
EDGES = const(6)
EDGE_FIELDS = const(4)

_HALF_PIXEL = const(32768)
"""8/16 px times 4096."""


@micropython.viper
def polygons(strip: ptr16, view: ptr32, table: ptr16, count: int, stride: int):
    """Blend convex polygons, `stride` numbers of the table each.

    Edges that lie outside of the clip are left out, or leave nothing to draw. In each row the others say where the
    polygon begins, where it is full, and where it ends.
    """
    while count > 0:
        left = int(table[BOX_X])
        y = int(table[BOX_Y])
        right = left + int(table[BOX_W])
        low = y + int(table[BOX_H])
        if left < int(view[_LEFT]):
            left = int(view[_LEFT])
        if y < int(view[_TOP]):
            y = int(view[_TOP])
        if right > int(view[_RIGHT]):
            right = int(view[_RIGHT])
        if low > int(view[_LOW]):
            low = int(view[_LOW])
        behind = EDGES
        if left < right and y < low:
            at = EDGES
            while at < int(table[END]):
                a = (int(table[at]) ^ 0x8000) - 0x8000
                b = (int(table[at + 1]) ^ 0x8000) - 0x8000
                edge = a * (((left + right) << 3) - ((int(table[at + 2]) ^ 0x8000) - 0x8000))
                edge += b * (((y + low) << 3) - ((int(table[at + 3]) ^ 0x8000) - 0x8000))
                if a < 0:
                    a = 0 - a
                if b < 0:
                    b = 0 - b
                b = ((right - left - 1) * a + (low - y - 1) * b) << 3
                if edge + b <= 0 - _HALF_PIXEL:
                    low = y
                    break
                if edge - b < _HALF_PIXEL:
                    x = at + EDGE_FIELDS
                    while at < x:
                        a = int(table[at])
                        table[at] = table[behind]
                        table[behind] = a
                        at += 1
                        behind += 1
                else:
                    at += EDGE_FIELDS
        else:
            low = y
        ink = int(table[INK])
        swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
        spread = (ink | (ink << 16)) & 0x07E0F81F
        while y < low:
            x = left
            end = right
            full = left
            full_end = right
            at = EDGES
            while at < behind:
                a = (int(table[at]) ^ 0x8000) - 0x8000
                b = ((int(table[at + 1]) ^ 0x8000) - 0x8000) * ((y << 4) + 8 - ((int(table[at + 3]) ^ 0x8000) - 0x8000))
                b += a * (8 - ((int(table[at + 2]) ^ 0x8000) - 0x8000))
                a = a << 4
                at += EDGE_FIELDS
                if a > 0:
                    edge = (0 - _HALF_PIXEL - b) // a + 1
                    if edge > x:
                        x = edge
                    edge = 0 - ((b - _HALF_PIXEL) // a)
                    if edge > full:
                        full = edge
                elif a < 0:
                    a = 0 - a
                    edge = 0 - ((0 - _HALF_PIXEL - b) // a)
                    if edge < end:
                        end = edge
                    edge = (b - _HALF_PIXEL) // a + 1
                    if edge < full_end:
                        full_end = edge
                elif b <= 0 - _HALF_PIXEL:
                    end = 0
                elif b < _HALF_PIXEL:
                    full_end = 0
            if full >= full_end:
                full = end
            row = (y - int(view[_Y])) * int(view[_STRIDE]) - int(view[_X])
            while x < end:
                if x == full:
                    x += row
                    full_end += row
                    while x < full_end:
                        strip[x] = swapped
                        x += 1
                    x -= row
                    continue
                coverage = 32
                at = EDGES
                while at < behind:
                    a = (x << 4) + 8 - ((int(table[at + 2]) ^ 0x8000) - 0x8000)
                    b = (y << 4) + 8 - ((int(table[at + 3]) ^ 0x8000) - 0x8000)
                    a *= (int(table[at]) ^ 0x8000) - 0x8000
                    b *= (int(table[at + 1]) ^ 0x8000) - 0x8000
                    a = ((a + b) >> 11) + 16
                    if a < coverage:
                        coverage = a
                    at += EDGE_FIELDS
                if coverage > 0:
                    under = int(strip[row + x])
                    if under:
                        under = ((under >> 8) | (under << 8)) & 0xFFFF
                        under = ((under | (under << 16)) & 0x07E0F81F) * (32 - coverage)
                    under = ((under + spread * coverage) >> 5) & 0x07E0F81F
                    under = under | (under >> 16)
                    strip[row + x] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
                x += 1
            y += 1
        table = ptr16(int(table) + stride + stride)
        count -= 1
