"""The inner loops that set pixels. The plain versions that prove them are in tests/firmware/ui/plain_pixels.py.

A strip is a buffer of 16-bit pixels in the byte order of the panel (big-endian RGB565, so bytes are swapped for the
CPU). `view` says which part of the screen it shows: the fields `STRIDE` .. `LOW` below, never negative. Every loop
clips to it, whatever numbers an app gives: where a sum could run over 32 bits, the ends are compared before anything is
added, or positions far off every panel draw nothing. `ink` is ordinary RGB565. Names ending in `_16` are in 1/16 px.
Products stay within 32 bits; coverage runs from 0 to 32.

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

_FARTHEST = const(16384)
"""No position is farther off, in px: beyond it nothing is drawn, and up to it no sum runs over."""
_MOST_RADIUS = const(1023)
"""Its square in 1/16 px stays within 31 bits."""


@micropython.viper
def window(view: ptr32, x: int, y: int, w: int, h: int):
    """Let the view show a rectangle of the screen, and the clip be all of it."""
    view[STRIDE] = w
    view[X] = x
    view[Y] = y
    view[LEFT] = x
    view[TOP] = y
    view[RIGHT] = x + w
    view[LOW] = y + h
    view[WINDOW_W] = w
    view[WINDOW_H] = h


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
    if x >= right:
        return
    width = right - x
    pair = swapped | (swapped << 16)
    while y < low:
        i = (y - int(view[Y])) * int(view[STRIDE]) + x - int(view[X])
        end = i + width
        if i & 1 and i < end:
            strip[i] = swapped
            i += 1
        while i + 8 <= end:
            words = ptr32(int(strip) + i + i)
            words[0] = pair
            words[1] = pair
            words[2] = pair
            words[3] = pair
            i += 8
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
    if y < view[TOP] or y >= view[LOW] or x < 0 - _FARTHEST or x > _FARTHEST:
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
def rounded(strip: ptr16, view: ptr32, x: int, y: int, size: int, radius: int, ink: int, outside: bool):
    """Blend a rectangle with round corners, or what lies outside of these corners.

    `size` is width | height << 16; `radius` in px, 1 to half of either. In each row the corners are full up to `core`
    pixels from their centre and empty from `reach` on: both follow the circle from row to row.
    """
    if radius < 1 or radius > _MOST_RADIUS or x < 0 - _FARTHEST or x > _FARTHEST or y < 0 - _FARTHEST or y > _FARTHEST:
        return
    centre_x = x + radius
    other_x = x + (size & 0xFFFF) - radius
    low = y + (size >> 16)
    other_y = low - radius
    round_16 = radius << 4
    far = (round_16 + 8) * (round_16 + 8)
    scale = 65536 // round_16
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    pair = swapped | (swapped << 16)
    spread = (ink | (ink << 16)) & 0x07E0F81F
    reach = 0
    core = 0
    row = y
    if row < int(view[TOP]):
        row = int(view[TOP])
    if low > int(view[LOW]):
        low = int(view[LOW])
    while row < low:
        room = far
        if row < y + radius:
            room = ((y + radius - row) << 4) - 8
            room = far - room * room
        elif row >= other_y:
            room = ((row - other_y) << 4) + 8
            room = far - room * room
        if row >= y + radius and row < other_y:
            reach = radius
            core = radius
        else:
            while reach < radius and (16 * reach + 8) * (16 * reach + 8) < room:
                reach += 1
            while reach > 0 and (16 * reach - 8) * (16 * reach - 8) >= room:
                reach -= 1
            full = room - (round_16 << 5)
            while core < radius and (16 * core + 8) * (16 * core + 8) <= full:
                core += 1
            while core > 0 and (16 * core - 8) * (16 * core - 8) > full:
                core -= 1
        base = (row - int(view[Y])) * int(view[STRIDE]) - int(view[X])
        side = 0
        while side < 2:
            left = centre_x - core
            right = other_x + core
            if outside:
                left = x
                right = centre_x - reach
                if side:
                    left = other_x + reach
                    right = other_x + radius
            if left < int(view[LEFT]):
                left = int(view[LEFT])
            if right > int(view[RIGHT]):
                right = int(view[RIGHT])
            i = base + left
            end = base + right
            if i & 1 and i < end:
                strip[i] = swapped
                i += 1
            while i + 8 <= end:
                words = ptr32(int(strip) + i + i)
                words[0] = pair
                words[1] = pair
                words[2] = pair
                words[3] = pair
                i += 8
            while i < end:
                strip[i] = swapped
                i += 1
            side += 1
            if not outside:
                side = 2
        k = core
        while k < reach:
            a = ((room - (16 * k + 8) * (16 * k + 8)) * scale) >> 16
            if outside:
                a = 32 - a
            i = centre_x - 1 - k
            side = 0
            while side < 2:
                if a and i >= int(view[LEFT]) and i < int(view[RIGHT]):
                    under = int(strip[base + i])
                    if under:
                        under = ((under >> 8) | (under << 8)) & 0xFFFF
                        under = ((under | (under << 16)) & 0x07E0F81F) * (32 - a)
                    under = ((under + spread * a) >> 5) & 0x07E0F81F
                    under = under | (under >> 16)
                    strip[base + i] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
                i = other_x + k
                side += 1
            k += 1
        row += 1
