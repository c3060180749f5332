"""Display and vibration motor: what the watch shows goes to the host as frames."""

import struct

from micropython import const

from board.simulator import frames

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.link import Link


class Display:
    """`ports.Display`; the pixels live in the host process."""

    def __init__(self, link: "Link", width: int, height: int, corner_px: int, align: int) -> None:
        """A dark panel of `width` x `height` pixels."""
        self.width = width
        self.height = height
        self.corner_px = corner_px
        self.align = align
        self._link = link
        self._window = bytearray(8)
        self._byte = bytearray(1)

    def write(self, x: int, y: int, w: int, h: int, pixels: memoryview) -> None:
        """Show `w * h * 2` bytes of big-endian RGB565. Raises ValueError for a window off the panel or not aligned."""
        if x < 0 or y < 0 or w <= 0 or h <= 0 or x + w > self.width or y + h > self.height:
            raise ValueError("window off the panel")
        if (x | y | w | h) % self.align:
            raise ValueError("window not aligned")
        if len(pixels) < w * h * 2:
            raise ValueError("too few pixels")
        struct.pack_into(">HHHH", self._window, 0, x, y, w, h)
        self._link.send(frames.DISPLAY_WRITE, self._window, pixels, w * h * 2)

    def brightness(self, level: int) -> None:
        """Set the light, 0 (dark) to 255. Raises ValueError."""
        if not 0 <= level <= 255:
            raise ValueError("brightness")
        self._byte[0] = level
        self._link.send(frames.DISPLAY_BRIGHTNESS, self._byte)

    def sleep(self, on: bool) -> None:
        """Put the panel to sleep or wake it."""
        self._byte[0] = 1 if on else 0
        self._link.send(frames.DISPLAY_SLEEP, self._byte)


class Haptics:
    """`ports.Haptics`."""

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._byte = bytearray(1)

    def play(self, pattern: int) -> None:
        """Play pattern 0 to 3. Raises ValueError."""
        if not 0 <= pattern <= 3:
            raise ValueError("haptic pattern")
        self._byte[0] = pattern
        self._link.send(frames.HAPTICS, self._byte)
