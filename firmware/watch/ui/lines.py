"""Lines with round ends: the numbers that prepare them, and the loops that draw them.

Like `watch.ui.pixels`, whose `view` and `ink` they take, and proved by tests/firmware/ui/plain_pixels.py.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN201

from array import array

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

# Fields of a line with round ends, 16 bits each; positions and directions are signed.
BOX_X = const(0)
BOX_Y = const(1)
BOX_W = const(2)
BOX_H = const(3)
START_X_16 = const(4)
START_Y_16 = const(5)
DIRECTION_X = const(6)
"""Unit vector times 1024."""
DIRECTION_Y = const(7)
LENGTH_16 = const(8)
RADIUS_16 = const(9)
SCALE = const(10)
"""65536 // RADIUS_16."""
INK = const(11)
SEGMENT_FIELDS = const(12)

# Fields of a stamp, a line whose coverage of its pixels is known.
STAMP_X = const(0)
STAMP_Y = const(1)
STAMP_W = const(2)
STAMP_H = const(3)
STAMP_COVER = const(4)
"""Where its coverage begins: one byte a pixel, 0 to 32."""
STAMP_INK = const(5)
STAMP_FIELDS = const(6)

_RAMP = const(11)
"""Half the ramp of an edge in 1/16 px, and what rounding moves: 1 for each 512 of the length besides."""


@micropython.native
def put_segment(
    table: "array", index: int, x_16: int, y_16: int, ux: int, uy: int, length_16: int, radius_16: int, ink: int
) -> None:
    """Store a line with round ends in row `index` of an `array("H")`; arguments as in `Canvas.line`."""
    end_x, end_y = x_16 + (ux * length_16 >> 10), y_16 + (uy * length_16 >> 10)
    left, top = max(min(x_16, end_x) - radius_16 >> 4, 0), max(min(y_16, end_y) - radius_16 >> 4, 0)
    right, low = max(x_16, end_x) + radius_16 + 15 >> 4, max(y_16, end_y) + radius_16 + 15 >> 4
    at = index * SEGMENT_FIELDS
    table[at + BOX_X], table[at + BOX_Y] = left, top
    table[at + BOX_W], table[at + BOX_H] = max(right - left, 0), max(low - top, 0)
    table[at + START_X_16], table[at + START_Y_16] = x_16 & 0xFFFF, y_16 & 0xFFFF
    table[at + DIRECTION_X], table[at + DIRECTION_Y] = ux & 0xFFFF, uy & 0xFFFF
    table[at + LENGTH_16], table[at + RADIUS_16] = length_16, radius_16
    table[at + SCALE], table[at + INK] = 65536 // radius_16, ink


@micropython.viper
def segments(strip: ptr16, i: int, across: int, view: ptr32, table: ptr16, count: int):
    """Blend `count` lines with round ends, each `SEGMENT_FIELDS` numbers of the table.

    `i` and `across` may be anything: only the first three arguments live in registers, so the loop uses them again, as
    the place in the strip and as the distance from the line, in 1/16384 px and growing to the right. It says which
    pixels are surely outside or surely full; the distance proper is worked out for those between, and round the ends.
    """
    at = 0
    bottom = int(view[_LOW])
    while count > 0:
        y = int(table[at + BOX_Y])
        low = y + int(table[at + BOX_H])
        left = 0
        right = 0
        if y < bottom and low > int(view[_TOP]):
            left = int(table[at + BOX_X])
            right = left + int(table[at + BOX_W])
            if left < int(view[_LEFT]):
                left = int(view[_LEFT])
            if right > int(view[_RIGHT]):
                right = int(view[_RIGHT])
            if y < int(view[_TOP]):
                y = int(view[_TOP])
            if low > bottom:
                low = bottom
        if left < right and y < low:
            ux = (int(table[at + DIRECTION_X]) ^ 0x8000) - 0x8000
            uy = (int(table[at + DIRECTION_Y]) ^ 0x8000) - 0x8000
            dx = (left << 4) + 8 - ((int(table[at + START_X_16]) ^ 0x8000) - 0x8000)
            dy = (y << 4) + 8 - ((int(table[at + START_Y_16]) ^ 0x8000) - 0x8000)
            length = int(table[at + LENGTH_16])
            radius = int(table[at + RADIUS_16])
            outside = (radius + 8) * (radius + 8)
            reach = (radius + _RAMP + (length >> 9)) << 10
            core = (radius - _RAMP - (length >> 9)) << 10
            if ux | uy == 0:
                core = -1
            along_row = dx * ux + dy * uy
            across_row = dx * uy - dy * ux
            step = uy << 4
            down = 0 - (ux << 4)
            if uy < 0:
                across_row = 0 - across_row
                step = 0 - step
                down = 0 - down
            ink = int(table[at + INK])
            swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
            ink = (ink | (ink << 16)) & 0x07E0F81F
            row = (y - int(view[_Y])) * int(view[_STRIDE]) + left - int(view[_X])
            while y < low:
                i = row
                end = row + right - left
                across = across_row
                along = along_row
                if across < 0 - reach:
                    if step == 0:
                        end = i
                    else:
                        a = (0 - reach - across) // step
                        i += a
                        across += a * step
                        along += a * (ux << 4)
                while i < end:
                    if across > reach:
                        break
                    if across <= core and across >= 0 - core and along >= 0 and along <= length << 10:
                        strip[i] = swapped
                    else:
                        a = along >> 10
                        if a < 0:
                            a = 0
                        elif a > length:
                            a = length
                        ex = dx + ((i - row) << 4) - ((a * ux) >> 10)
                        ey = dy - ((a * uy) >> 10)
                        a = outside - ex * ex - ey * ey
                        if a > 0:
                            if a >= radius << 5:
                                strip[i] = swapped
                            else:
                                a = (a * int(table[at + SCALE])) >> 16
                                under = int(strip[i])
                                if under:
                                    under = ((under >> 8) | (under << 8)) & 0xFFFF
                                    under = ((under | (under << 16)) & 0x07E0F81F) * (32 - a)
                                under = ((under + ink * a) >> 5) & 0x07E0F81F
                                under = under | (under >> 16)
                                strip[i] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
                    across += step
                    along += ux << 4
                    i += 1
                along_row += uy << 4
                across_row += down
                row += int(view[_STRIDE])
                dy += 16
                y += 1
        at += SEGMENT_FIELDS
        count -= 1


@micropython.viper
def stamps(strip: ptr16, i: int, cover: ptr8, view: ptr32, table: ptr16, count: int):
    """Blend `count` lines by their coverage; `i` may be anything, as in `segments`."""
    top = int(view[_TOP])
    bottom = int(view[_LOW])
    at = 0
    while count > 0:
        y = int(table[at + STAMP_Y])
        low = y + int(table[at + STAMP_H])
        if y < bottom and low > top:
            x = int(table[at + STAMP_X])
            w = int(table[at + STAMP_W])
            right = x + w
            place = int(table[at + STAMP_COVER])
            if y < top:
                place += (top - y) * w
                y = top
            if low > bottom:
                low = bottom
            if x < int(view[_LEFT]):
                place += int(view[_LEFT]) - x
                x = int(view[_LEFT])
            if right > int(view[_RIGHT]):
                right = int(view[_RIGHT])
            ink = int(table[at + STAMP_INK])
            swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
            ink = (ink | (ink << 16)) & 0x07E0F81F
            row = (y - int(view[_Y])) * int(view[_STRIDE]) - int(view[_X])
            while y < low:
                i = row + x
                end = row + right
                here = place
                while i < end:
                    a = int(cover[here])
                    if a == 32:
                        strip[i] = swapped
                    elif a:
                        under = int(strip[i])
                        if under:
                            under = ((under >> 8) | (under << 8)) & 0xFFFF
                            under = ((under | (under << 16)) & 0x07E0F81F) * (32 - a)
                        under = ((under + ink * a) >> 5) & 0x07E0F81F
                        under = under | (under >> 16)
                        strip[i] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
                    here += 1
                    i += 1
                place += w
                row += int(view[_STRIDE])
                y += 1
        at += STAMP_FIELDS
        count -= 1
