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

    Only the first three arguments live in registers, so `x` is used again as the place in the glyph. Most bytes hold
    two empty or two full pixels: those go first. `first` and `behind` are the ends of a row in the strip.
    """
    w = int(glyph[2])
    row = (w + 1) >> 1
    y += int(glyph[5]) - 128
    at = 6
    low = y + int(glyph[3])
    if low > int(view[LOW]):
        low = int(view[LOW])
    if y < int(view[TOP]):
        at += (int(view[TOP]) - y) * row
        y = int(view[TOP])
    x += int(glyph[4]) - 128
    start = (y - int(view[Y])) * int(view[STRIDE]) + x - int(view[X])
    first = start
    behind = start + w
    if x < int(view[LEFT]):
        first += int(view[LEFT]) - x
    if x + w > int(view[RIGHT]):
        behind -= x + w - int(view[RIGHT])
    if first >= behind:
        return
    skip = (first - start) >> 1
    bytes_here = ((behind - start + 1) >> 1) - skip
    cut = start + w - behind + first - start
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    spread = (ink | (ink << 16)) & 0x07E0F81F
    while y < low:
        x = at + skip
        end = x + bytes_here
        while x < end:
            a = int(glyph[x])
            if a:
                i = start + ((x - at) << 1)
                if a == 255 and cut == 0:
                    strip[i] = swapped
                    i += 1
                    strip[i] = swapped
                else:
                    while a:
                        if a >= 0xF0 and i >= first and i < behind:
                            strip[i] = swapped
                        elif a >= 0x10 and i >= first and i < behind:
                            part = a >> 4
                            part = part + part + (part >> 3)
                            under = int(strip[i])
                            if under:
                                under = ((under >> 8) | (under << 8)) & 0xFFFF
                                under = ((under | (under << 16)) & 0x07E0F81F) * (32 - part)
                            under = ((under + spread * part) >> 5) & 0x07E0F81F
                            under = under | (under >> 16)
                            strip[i] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
                        a = (a << 4) & 0xFF
                        i += 1
            x += 1
        at += row
        start += int(view[STRIDE])
        first += int(view[STRIDE])
        behind += int(view[STRIDE])
        y += 1
