"""The inner loops that set pixels. The plain versions that prove them are in tests/firmware/ui/plain_pixels.py.

A strip is a buffer of 16-bit pixels in the byte order of the panel (big-endian RGB565, so bytes are swapped for the
CPU). `ink` is a colour in ordinary RGB565. Lengths and positions with the suffix `_16` are in 1/16 px. Callers clip first:
nothing here checks bounds. Every product stays within 32 bits; coverage runs from 0 to 32.

Blending works on all three channels at once: 0x07E0F81F spreads red, green and blue so far apart that a
multiplication by up to 32 cannot make one run into the next.
"""

import micropython

TYPE_CHECKING = micropython.const(0)
if TYPE_CHECKING:
    from micropython import ptr8, ptr16, ptr32


@micropython.viper
def clear(strip: ptr32, pairs: int):
    """Make `2 * pairs` pixels black."""
    i = 0
    while i < pairs:
        strip[i] = 0
        i += 1


@micropython.viper
def fill(strip: ptr16, start: int, stride: int, w: int, h: int, ink: int):
    """Fill a rectangle whose first pixel is `start`, in a strip `stride` pixels wide."""
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    while h > 0:
        i = start
        end = start + w
        while i < end:
            strip[i] = swapped
            i += 1
        start += stride
        h -= 1


@micropython.viper
def glyph(strip: ptr16, start: int, stride: int, alpha: ptr8, first: int, row: int, skip: int, w: int, h: int, ink: int):
    """Blend a part of a 4-bit alpha picture.

    `first` is the byte where the first row to draw begins, `row` the bytes in a row, `skip` the pixels left out on the
    left of each row.
    """
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    spread = (ink | (ink << 16)) & 0x07E0F81F
    while h > 0:
        i = 0
        while i < w:
            at = skip + i
            a = int(alpha[first + (at >> 1)])
            if at & 1:
                a = a & 15
            elif a == 0:
                i += 2
                continue
            else:
                a = a >> 4
            if a == 15:
                strip[start + i] = swapped
            elif a:
                a = a + a + (a >> 3)
                under = int(strip[start + i])
                under = ((under >> 8) | (under << 8)) & 0xFFFF
                under = (under | (under << 16)) & 0x07E0F81F
                under = ((under * (32 - a) + spread * a) >> 5) & 0x07E0F81F
                under = under | (under >> 16)
                strip[start + i] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
            i += 1
        first += row
        start += stride
        h -= 1


@micropython.viper
def segment(
    strip: ptr16, start: int, stride: int, w: int, h: int, dx: int, dy: int,
    ux: int, uy: int, length: int, radius: int, scale: int, ink: int,
):
    """Blend a line with round ends, seen from its first end.

    `dx`, `dy`: centre of the first pixel relative to that end; `ux`, `uy`: direction, unit vector times 1024; `length` of
    the line and `radius` of its ends, all in 1/16 px; `scale` is 65536 // radius.
    """
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    spread = (ink | (ink << 16)) & 0x07E0F81F
    outside = (radius + 8) * (radius + 8)
    solid = radius << 5
    while h > 0:
        x = dx
        i = start
        end = start + w
        while i < end:
            along = (x * ux + dy * uy) >> 10
            if along < 0:
                along = 0
            elif along > length:
                along = length
            ex = x - ((along * ux) >> 10)
            ey = dy - ((along * uy) >> 10)
            a = outside - ex * ex - ey * ey
            if a >= solid:
                strip[i] = swapped
            elif a > 0:
                a = (a * scale) >> 16
                under = int(strip[i])
                under = ((under >> 8) | (under << 8)) & 0xFFFF
                under = (under | (under << 16)) & 0x07E0F81F
                under = ((under * (32 - a) + spread * a) >> 5) & 0x07E0F81F
                under = under | (under >> 16)
                strip[i] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
            x += 16
            i += 1
        dy += 16
        start += stride
        h -= 1


@micropython.viper
def ring(
    strip: ptr16, start: int, stride: int, w: int, h: int, dx: int, dy: int,
    outer: int, outer_scale: int, inner: int, inner_scale: int, ink: int,
):
    """Blend what lies between two circles around one centre.

    `dx`, `dy`: centre of the first pixel relative to the centre of the circles; `outer`, `inner`: radii in 1/16 px, each
    with its scale 65536 // radius.
    """
    swapped = ((ink >> 8) | (ink << 8)) & 0xFFFF
    spread = (ink | (ink << 16)) & 0x07E0F81F
    far = (outer + 8) * (outer + 8)
    near = (inner + 8) * (inner + 8)
    while h > 0:
        x = dx
        i = start
        end = start + w
        while i < end:
            square = x * x + dy * dy
            a = far - square
            hole = near - square
            if a > 0 and hole < (inner << 5):
                if a >= (outer << 5):
                    a = 32
                else:
                    a = (a * outer_scale) >> 16
                if hole > 0:
                    hole = 32 - ((hole * inner_scale) >> 16)
                    if hole < a:
                        a = hole
                if a >= 32:
                    strip[i] = swapped
                else:
                    under = int(strip[i])
                    under = ((under >> 8) | (under << 8)) & 0xFFFF
                    under = (under | (under << 16)) & 0x07E0F81F
                    under = ((under * (32 - a) + spread * a) >> 5) & 0x07E0F81F
                    under = under | (under >> 16)
                    strip[i] = ((under >> 8) & 0xFF) | ((under << 8) & 0xFF00)
            x += 16
            i += 1
        dy += 16
        start += stride
        h -= 1
