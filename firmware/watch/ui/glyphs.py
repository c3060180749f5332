"""The loop that draws glyphs, and the shades of an ink that spare it most of the blending.

Like `watch.ui.pixels`, whose `view` and `ink` it takes, and proved by tests/firmware/ui/plain_pixels.py.
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

SHADES = const(137)
"""Numbers in a table of shades: those of eight inks, and which of them is the oldest."""
_SHADES_STEP = const(17)
_SHADES_END = const(136)
_FARTHEST = const(16384)
"""As in watch.ui.pixels: a pen farther off, in px, draws nothing."""


@micropython.viper
def shades(table: ptr16, ink: int) -> int:
    """Where the table has a colour at the sixteen strengths of a glyph, on black and in the bytes of the panel.

    The table holds those of the last eight inks: each its ink and its shades; behind them, which is the oldest.
    """
    at = 0
    while at < _SHADES_END:
        if int(table[at]) == ink:
            return at + 1
        at += _SHADES_STEP
    at = int(table[_SHADES_END])
    table[_SHADES_END] = (at + _SHADES_STEP) % _SHADES_END
    table[at] = ink
    at += 1
    spread = (ink | (ink << 16)) & 0x07E0F81F
    a = 0
    while a < 16:
        part = a + a + (a >> 3)
        if a == 15:
            part = 32
        one = ((spread * part) >> 5) & 0x07E0F81F
        one = one | (one >> 16)
        table[at + a] = ((one >> 8) & 0xFF) | ((one << 8) & 0xFF00)
        a += 1
    return at


@micropython.viper
def glyph(strip: ptr16, glyph: ptr8, x: int, y: int, view: ptr32, shades: ptr16, shade: int):
    """Blend a glyph as `watch.ui.font` reads it; `x`, `y`: pen and top of the line; `shade`: from `shades`.

    Most bytes hold two empty or two full pixels: those go first, and then those on black. `first` and `behind` are the
    ends of a row in the strip.
    """
    if x < 0 - _FARTHEST or x > _FARTHEST:
        return
    w = int(glyph[2])
    row = (w + 1) >> 1
    y += int(glyph[5]) - 128
    at = 6
    low = y + int(glyph[3])
    if low > int(view[_LOW]):
        low = int(view[_LOW])
    if y < int(view[_TOP]):
        at += (int(view[_TOP]) - y) * row
        y = int(view[_TOP])
    x += int(glyph[4]) - 128
    start = (y - int(view[_Y])) * int(view[_STRIDE]) + x - int(view[_X])
    first = start
    behind = start + w
    if x < int(view[_LEFT]):
        first += int(view[_LEFT]) - x
    if x + w > int(view[_RIGHT]):
        behind -= x + w - int(view[_RIGHT])
    if y >= low or first >= behind:
        return
    skip = (first - start) >> 1
    bytes_here = ((behind - start + 1) >> 1) - skip
    cut = start + w - behind + first - start
    pad = 0
    pad_step = 0
    if w & 1:
        pad = at + row - 1
        pad_step = row
    swapped = int(shades[shade + 15])
    spread = ((swapped >> 8) | (swapped << 8)) & 0xFFFF
    spread = (spread | (spread << 16)) & 0x07E0F81F
    while y < low:
        x = at + skip
        end = x + bytes_here
        while x < end:
            a = int(glyph[x])
            if x == pad:
                a = a & 0xF0
            if a:
                i = start + ((x - at) << 1)
                if a == 255 and cut == 0:
                    strip[i] = swapped
                    i += 1
                    strip[i] = swapped
                else:
                    while a:
                        part = a >> 4
                        if part and (cut == 0 or (i >= first and i < behind)):
                            under = int(strip[i])
                            if under == 0 or part == 15:
                                strip[i] = shades[shade + part]
                            else:
                                part = part + part + (part >> 3)
                                under = ((under >> 8) | (under << 8)) & 0xFFFF
                                under = ((under | (under << 16)) & 0x07E0F81F) * (32 - part)
                                under = ((under + spread * part) >> 5) & 0x07E0F81F
                                under = under | (under >> 16)
                                strip[i] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
                        a = (a << 4) & 0xFF
                        i += 1
            x += 1
        at += row
        pad += pad_step
        start += int(view[_STRIDE])
        first += int(view[_STRIDE])
        behind += int(view[_STRIDE])
        y += 1
