"""The loops of watch/ui/pixels.py once more, in plain Python and channel by channel: what the fast ones must equal."""


class Picture:
    """A window of the screen as a list of (red, green, blue) in 5, 6 and 5 bits, with a clip."""

    def __init__(self, x, y, w, h, left, top, right, low):
        self.x, self.y, self.w, self.h = x, y, w, h
        self.left, self.top, self.right, self.low = left, top, right, low
        self.pixels = [(0, 0, 0)] * (w * h)

    def view(self):
        """The same as `pixels` wants it."""
        return [self.w, self.x, self.y, self.left, self.top, self.right, self.low]

    def blend(self, x, y, ink, coverage):
        """Mix a colour into one pixel of the screen; coverage 0 to 32."""
        if self.left <= x < self.right and self.top <= y < self.low:
            at = (y - self.y) * self.w + x - self.x
            new = (ink >> 11, ink >> 5 & 63, ink & 31)
            old = self.pixels[at]
            self.pixels[at] = tuple((old[i] * (32 - coverage) + new[i] * coverage) >> 5 for i in range(3))

    def bytes(self):
        """The strip: big-endian RGB565."""
        out = bytearray()
        for red, green, blue in self.pixels:
            value = red << 11 | green << 5 | blue
            out.append(value >> 8)
            out.append(value & 0xFF)
        return bytes(out)


def fill(picture, x, y, right, low, ink):
    """A rectangle."""
    for row in range(y, low):
        for column in range(x, right):
            picture.blend(column, row, ink, 32)


def runs(picture, data, palette, at, x, y, right):
    """One row of a picture, run by run; the palette has its bytes in the order of the panel."""
    while x < right:
        swapped = palette[data[at] >> 4]
        for _ in range((data[at] & 15) + 1):
            picture.blend(x, y, (swapped >> 8 | swapped << 8) & 0xFFFF, 32)
            x += 1
        at += 1


def glyph(picture, data, x, y, ink):
    """A glyph."""
    width, height, row_bytes = data[2], data[3], (data[2] + 1) // 2
    for row in range(height):
        for column in range(width):
            pair = data[6 + row * row_bytes + column // 2]
            alpha = pair & 15 if column % 2 else pair >> 4
            coverage = 32 if alpha == 15 else 2 * alpha + alpha // 8
            picture.blend(x + data[4] - 128 + column, y + data[5] - 128 + row, ink, coverage)


def segment(picture, x_16, y_16, ux, uy, length_16, radius_16, ink):
    """A line with round ends, over the whole picture."""
    for row in range(picture.y, picture.y + picture.h):
        for column in range(picture.x, picture.x + picture.w):
            dx, dy = column * 16 + 8 - x_16, row * 16 + 8 - y_16
            along = min(max((dx * ux + dy * uy) >> 10, 0), length_16)
            ex, ey = dx - (along * ux >> 10), dy - (along * uy >> 10)
            picture.blend(column, row, ink, inside(radius_16, ex * ex + ey * ey))


def rounded(picture, x, y, w, h, radius, ink, outside):
    """A rectangle with round corners, or what lies outside of these corners."""
    for row in range(y, y + h):
        for column in range(x, x + w):
            part = 32
            if min(column - x, x + w - 1 - column) < radius and min(row - y, y + h - 1 - row) < radius:
                centre_x = x + radius if column < x + radius else x + w - radius
                centre_y = y + radius if row < y + radius else y + h - radius
                dx, dy = (column - centre_x) * 16 + 8, (row - centre_y) * 16 + 8
                part = inside(radius * 16, dx * dx + dy * dy)
            picture.blend(column, row, ink, 32 - part if outside else part)


def inside(radius_16, square):
    """Coverage of a pixel at a squared distance from the middle of a disc: a ramp one pixel wide at its edge."""
    over = (radius_16 + 8) * (radius_16 + 8) - square
    if over <= 0:
        return 0
    return 32 if over >= radius_16 * 32 else over * (65536 // radius_16) >> 16
