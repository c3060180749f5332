"""The inner loops that set pixels. The plain versions that prove them are in tests/firmware/ui/plain_pixels.py.

A strip is a buffer of 16-bit pixels in the byte order of the panel (big-endian RGB565, so bytes are swapped for the
CPU). `view` says which part of the screen it shows: the fields `STRIDE` .. `LOW` below, never negative. Every loop
clips to it. `ink` is ordinary RGB565. Names ending in `_16` are in 1/16 px. Products stay within 32 bits; coverage runs
from 0 to 32.

Blending works on all three channels at once: 0x07E0F81F spreads red, green and blue so far apart that a
multiplication by up to 32 cannot make one run into the next.
"""

# Viper accepts no `-> None`.
# ruff: noqa: ANN201

import micropython
from micropython import const

# Fields of a view.
STRIDE = const(0)
X = const(1)
Y = const(2)
LEFT = const(3)
TOP = const(4)
RIGHT = const(5)
LOW = const(6)
"""LEFT to LOW: the clip, which lies inside the window."""
WINDOW_W = const(7)
WINDOW_H = const(8)
VIEW_FIELDS = const(9)

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

_RAMP = const(11)
"""Half the ramp of an edge in 1/16 px, and what rounding moves: 1 for each 512 of the length besides."""


@micropython.viper
def clip(view: ptr32, x: int, y: int, w: int, h: int) -> bool:
    """Let the clip be what the window shows of a rectangle. False, and no change, if that is nothing."""
    w += x
    h += y
    if x < int(view[X]):
        x = int(view[X])
    if y < int(view[Y]):
        y = int(view[Y])
    if w > int(view[X]) + int(view[WINDOW_W]):
        w = int(view[X]) + int(view[WINDOW_W])
    if h > int(view[Y]) + int(view[WINDOW_H]):
        h = int(view[Y]) + int(view[WINDOW_H])
    if x >= w or y >= h:
        return False
    view[LEFT] = x
    view[TOP] = y
    view[RIGHT] = w
    view[LOW] = h
    return True


@micropython.viper
def unclip(view: ptr32):
    """Let the clip be the whole window."""
    view[LEFT] = view[X]
    view[TOP] = view[Y]
    view[RIGHT] = int(view[X]) + int(view[WINDOW_W])
    view[LOW] = int(view[Y]) + int(view[WINDOW_H])


@micropython.viper
def touches(view: ptr32, x: int, y: int, w: int, h: int) -> bool:
    """True if a rectangle reaches into the window."""
    if y >= int(view[Y]) + int(view[WINDOW_H]) or y + h <= int(view[Y]):
        return False
    return x < int(view[X]) + int(view[WINDOW_W]) and x + w > int(view[X])


@micropython.viper
def fill(strip: ptr16, view: ptr32, x: int, y: int, right: int, low: int, ink: int):
    """Fill a rectangle; `right` and `low` are exclusive."""
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    if x < view[LEFT]:
        x = int(view[LEFT])
    if y < view[TOP]:
        y = int(view[TOP])
    if right > view[RIGHT]:
        right = int(view[RIGHT])
    if low > view[LOW]:
        low = int(view[LOW])
    width = right - x
    while y < low:
        i = (y - int(view[Y])) * int(view[STRIDE]) + x - int(view[X])
        end = i + width
        while i < end:
            strip[i] = swapped
            i += 1
        y += 1


@micropython.viper
def runs(strip: ptr16, view: ptr32, runs: ptr8, palette: ptr16, at: int, x: int, y: int, right: int):
    """Draw one row of a picture, from column `x` to `right`, exclusive: run by run, beginning with `runs[at]`.

    A run is one byte: colour in the high four bits, length less one in the low four. `palette` has the bytes of a
    colour in the order of the panel.
    """
    if y < view[TOP] or y >= view[LOW]:
        return
    row = (y - int(view[Y])) * int(view[STRIDE]) - int(view[X])
    while x < right:
        run = int(runs[at])
        at += 1
        i = x
        x += (run & 15) + 1
        end = x
        if i < view[LEFT]:
            i = int(view[LEFT])
        if end > view[RIGHT]:
            end = int(view[RIGHT])
        ink = palette[run >> 4]
        i += row
        end += row
        while i < end:
            strip[i] = ink
            i += 1


@micropython.viper
def glyph(strip: ptr16, glyph: ptr8, x: int, y: int, view: ptr32, ink: int):
    """Blend a glyph as `watch.ui.font` reads it; `x`, `y`: pen and top of the line.

    Only the first three arguments live in registers, so `x` is used again as the column, counted from the left of the
    glyph. Most bytes hold two empty or two full pixels: those go first.
    """
    w = int(glyph[2])
    row = (w + 1) >> 1
    y += int(glyph[5]) - 128
    first = 6
    low = y + int(glyph[3])
    if low > int(view[LOW]):
        low = int(view[LOW])
    if y < int(view[TOP]):
        first += (int(view[TOP]) - y) * row
        y = int(view[TOP])
    x += int(glyph[4]) - 128
    start = (y - int(view[Y])) * int(view[STRIDE]) + x - int(view[X])
    skip = 0
    if x < int(view[LEFT]):
        skip = int(view[LEFT]) - x
    if x + w > int(view[RIGHT]):
        w = int(view[RIGHT]) - x
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    spread = (ink | (ink << 16)) & 0x07E0F81F
    while y < low:
        x = skip
        while x < w:
            a = int(glyph[first + (x >> 1)])
            if x & 1:
                a = a & 15
            elif a == 0:
                x += 2
                continue
            elif a == 255 and x + 1 < w:
                strip[start + x] = swapped
                x += 1
                strip[start + x] = swapped
                x += 1
                continue
            else:
                a = a >> 4
            if a == 15:
                strip[start + x] = swapped
            elif a:
                a = a + a + (a >> 3)
                under = int(strip[start + x])
                if under:
                    under = ((under >> 8) | (under << 8)) & 0xFFFF
                    under = ((under | (under << 16)) & 0x07E0F81F) * (32 - a)
                under = ((under + spread * a) >> 5) & 0x07E0F81F
                under = under | (under >> 16)
                strip[start + x] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
            x += 1
        first += row
        start += int(view[STRIDE])
        y += 1


@micropython.viper
def segments(strip: ptr16, i: int, across: int, view: ptr32, table: ptr16, count: int):
    """Blend `count` lines with round ends, each `SEGMENT_FIELDS` numbers of the table.

    `i` and `across` may be anything: only the first three arguments live in registers, so the loop uses them again, as
    the place in the strip and as the distance from the line, in 1/16384 px and growing to the right. It says which
    pixels are surely outside or surely full; the distance proper is worked out for those between, and round the ends.
    """
    at = 0
    bottom = int(view[LOW])
    while count > 0:
        y = int(table[at + BOX_Y])
        low = y + int(table[at + BOX_H])
        left = 0
        right = 0
        if y < bottom and low > int(view[TOP]):
            left = int(table[at + BOX_X])
            right = left + int(table[at + BOX_W])
            if left < int(view[LEFT]):
                left = int(view[LEFT])
            if right > int(view[RIGHT]):
                right = int(view[RIGHT])
            if y < int(view[TOP]):
                y = int(view[TOP])
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
            row = (y - int(view[Y])) * int(view[STRIDE]) + left - int(view[X])
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
                row += int(view[STRIDE])
                dy += 16
                y += 1
        at += SEGMENT_FIELDS
        count -= 1
