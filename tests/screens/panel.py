"""A display that keeps its pixels and counts what it is sent."""


class Panel:
    """Implements `board.ports.Display` in memory."""

    def __init__(self, width: int, height: int, corner_px: int, align: int) -> None:
        self.width, self.height, self.corner_px, self.align = width, height, corner_px, align
        self.pixels = bytearray(width * height * 2)
        self.bytes = 0
        self.writes = 0

    def write(self, x: int, y: int, w: int, h: int, pixels: memoryview) -> None:
        """Copy a window; as strict as a real panel."""
        if x % self.align or y % self.align or w % self.align or h % self.align:
            raise ValueError("window is not aligned")
        if x < 0 or y < 0 or w <= 0 or h <= 0 or x + w > self.width or y + h > self.height:
            raise ValueError("window is off the panel")
        if len(pixels) != w * h * 2:
            raise ValueError("wrong number of bytes")
        self.bytes += len(pixels)
        self.writes += 1
        for row in range(h):
            start = ((y + row) * self.width + x) * 2
            self.pixels[start : start + w * 2] = pixels[row * w * 2 : (row + 1) * w * 2]
