"""What the glass of a panel shows, kept as pixels."""

from micropython import const

_PIXEL_BYTES = const(2)


class Picture:
    """Takes what a panel model shows."""

    def __init__(self, width: int, height: int) -> None:
        self._row_bytes = width * _PIXEL_BYTES
        self.pixels = bytearray(self._row_bytes * height)
        """Big-endian RGB565, row by row."""
        self.level = 0
        """The light, 0 to 255."""
        self.is_dark = True

    def show(self, x: int, y: int, w: int, h: int, pixels: "bytes | bytearray | memoryview") -> None:
        """A rectangle."""
        count = w * _PIXEL_BYTES
        for row in range(h):
            at = (y + row) * self._row_bytes + x * _PIXEL_BYTES
            self.pixels[at : at + count] = memoryview(pixels)[row * count : (row + 1) * count]

    def light(self, level: int) -> None:
        """The light has changed."""
        self.level = level

    def dark(self, on: bool) -> None:
        """The picture went or came."""
        self.is_dark = on
