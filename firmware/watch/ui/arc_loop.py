"""The inner loop of arcs: parts of a ring with smooth edges.

Like `watch.ui.shapes`, and proved by the same tests. Directions are unit vectors times 4096, positions are 1/16 px.
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

# Fields of an arc.
CENTRE_X_16 = const(0)
CENTRE_Y_16 = const(1)
OUTER_16 = const(2)
INNER_16 = const(3)
OUTER_SCALE = const(4)
"""65536 // OUTER_16."""
INNER_SCALE = const(5)
START_X = const(6)
START_Y = const(7)
STOP_X = const(8)
STOP_Y = const(9)
MIDDLE_X = const(10)
MIDDLE_Y = const(11)
SPAN = const(12)
ARC_INK = const(13)
ARC_FIELDS = const(14)

# Values of SPAN: how the half planes of both ends combine. Near nothing and near a whole turn the two lines are so
# close that they also meet on the far side of the centre: there the direction of the middle
# decides (odd values).
WHOLE = const(0)
NARROW = const(1)
"""At most a quarter."""
HALF = const(2)
"""At most a half."""
MORE = const(4)
WIDE = const(5)
"""Three quarters or more."""

_HALF_PIXEL = const(32768)
"""8/16 px times 4096."""
_STRIDE_PX = const(16)
"""How fast a circle is looked for in the first row of a strip."""


@micropython.viper
def arc(strip: ptr16, view: ptr32, table: ptr16):
    """Blend what lies between two circles around one centre, and between two directions clockwise.

    `reach` and `gap` are half the widths of the outer circle and of the hole in this row, in whole pixels: they follow
    the circles from row to row, so that only pixels of the ring are visited. `brim` and `rim` do the same for what both
    circles cover whole: where both ends of such a run lie on the same side of the two directions, it is filled, or
    left out, without a look at its pixels.
    """
    x_16 = ((int(table[CENTRE_X_16]) ^ 0x8000) - 0x8000) - 8
    outer = int(table[OUTER_16])
    inner = int(table[INNER_16])
    far = (outer + 8) * (outer + 8)
    near = (inner + 8) * (inner + 8)
    ink = int(table[ARC_INK])
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    spread = (ink | (ink << 16)) & 0x07E0F81F
    span = int(table[SPAN])
    start_y = (int(table[START_Y]) ^ 0x8000) - 0x8000
    stop_y = (int(table[STOP_Y]) ^ 0x8000) - 0x8000
    reach = 0
    gap = 0
    brim = 0
    rim = 0
    y = int(view[_TOP])
    while y < int(view[_LOW]):
        dy = (y << 4) + 8 - ((int(table[CENTRE_Y_16]) ^ 0x8000) - 0x8000)
        far_here = far - dy * dy
        if far_here > 0:
            while ((reach + _STRIDE_PX) * (reach + _STRIDE_PX)) << 8 < far_here:
                reach += _STRIDE_PX
            while (reach * reach) << 8 < far_here:
                reach += 1
            while reach > 0 and ((reach - 1) * (reach - 1)) << 8 >= far_here:
                reach -= 1
            hollow = near - (inner << 5) - dy * dy
            if inner < 16:
                hollow = 0
            while ((gap + _STRIDE_PX) * (gap + _STRIDE_PX)) << 8 <= hollow:
                gap += _STRIDE_PX
            while ((gap + 1) * (gap + 1)) << 8 <= hollow:
                gap += 1
            while gap > 0 and (gap * gap) << 8 > hollow:
                gap -= 1
            if brim == 0:
                brim = reach
            if rim == 0:
                rim = gap
            whole = far_here - (outer << 5)
            while ((brim + 1) * (brim + 1)) << 8 <= whole:
                brim += 1
            while brim > 0 and (brim * brim) << 8 > whole:
                brim -= 1
            whole = near - dy * dy
            if inner < 16:
                whole = 0
            while (rim * rim) << 8 < whole:
                rim += 1
            while rim > 0 and ((rim - 1) * (rim - 1)) << 8 >= whole:
                rim -= 1
            row = (y - int(view[_Y])) * int(view[_STRIDE]) - int(view[_X])
            start_here = ((int(table[START_X]) ^ 0x8000) - 0x8000) * dy
            stop_here = ((int(table[STOP_X]) ^ 0x8000) - 0x8000) * dy
            side = 0
            while side < 2:
                if side:
                    x = (x_16 >> 4) + gap + 1
                    end = (x_16 >> 4) + reach + 2
                    full = (x_16 >> 4) + rim + 1
                    full_end = (x_16 >> 4) + brim + 1
                else:
                    x = (x_16 >> 4) - reach
                    end = (x_16 >> 4) - gap + 1
                    full = (x_16 >> 4) - brim + 1
                    full_end = (x_16 >> 4) - rim + 1
                side += 1
                if x < int(view[_LEFT]):
                    x = int(view[_LEFT])
                if end > int(view[_RIGHT]):
                    end = int(view[_RIGHT])
                if full < x:
                    full = x
                if full_end > end:
                    full_end = end
                fills = 1
                if full >= full_end:
                    full = end
                elif span:
                    dx = (full << 4) - x_16
                    start = start_here - start_y * dx
                    stop = stop_y * dx - stop_here
                    dx = ((full_end - 1) << 4) - x_16
                    low = start_here - start_y * dx
                    high = low
                    if start < low:
                        low = start
                    else:
                        high = start
                    start = stop_y * dx - stop_here
                    far_low = start
                    far_high = start
                    if stop < start:
                        far_low = stop
                    else:
                        far_high = stop
                    if span <= HALF:
                        if low > far_low:
                            low = far_low
                        if high > far_high:
                            high = far_high
                    else:
                        if low < far_low:
                            low = far_low
                        if high < far_high:
                            high = far_high
                    if low >= _HALF_PIXEL and span != NARROW:
                        fills = 1
                    elif high <= 0 - _HALF_PIXEL and span != WIDE:
                        fills = 0
                    else:
                        full = end
                while x < end:
                    if x == full:
                        x += row
                        full_end += row
                        if fills:
                            while x < full_end:
                                strip[x] = swapped
                                x += 1
                        x = full_end - row
                        continue
                    dx = (x << 4) - x_16
                    a = far_here - dx * dx
                    cover = 0
                    if a > 0:
                        cover = 32
                        if span:
                            start = start_here - start_y * dx
                            stop = stop_y * dx - stop_here
                            if span <= HALF:
                                if start < stop:
                                    stop = start
                            elif start > stop:
                                stop = start
                            cover = (stop >> 11) + 16
                            if span & 1:
                                start = ((int(table[MIDDLE_X]) ^ 0x8000) - 0x8000) * dx
                                start += ((int(table[MIDDLE_Y]) ^ 0x8000) - 0x8000) * dy
                                if start < 0 and span == NARROW:
                                    cover = 0
                                elif start > 0 and span == WIDE:
                                    cover = 32
                    if cover > 0:
                        hole = a + near - far
                        if a < outer << 5:
                            a = (a * int(table[OUTER_SCALE])) >> 16
                            if a < cover:
                                cover = a
                        if hole > 0 and inner >= 16:
                            if hole >= inner << 5:
                                cover = 0
                            else:
                                hole = 32 - ((hole * int(table[INNER_SCALE])) >> 16)
                                if hole < cover:
                                    cover = hole
                        if cover >= 32:
                            strip[row + x] = swapped
                        elif cover > 0:
                            under = int(strip[row + x])
                            if under:
                                under = ((under >> 8) | (under << 8)) & 0xFFFF
                                under = ((under | (under << 16)) & 0x07E0F81F) * (32 - cover)
                            under = ((under + spread * cover) >> 5) & 0x07E0F81F
                            under = under | (under >> 16)
                            strip[row + x] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
                    x += 1
        y += 1
