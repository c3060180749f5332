"""The glass: what can be seen goes to the host as frames."""

import struct

from micropython import const

from board.simulator import frames

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.link import Link


class Glass:
    """What the wearer sees; the pixels live in the host process."""

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._window = bytearray(8)
        self._byte = bytearray(1)

    def show(self, x: int, y: int, w: int, h: int, pixels: "bytes | bytearray | memoryview") -> None:
        """A rectangle of big-endian RGB565 that reached the panel's memory. Allocates nothing."""
        struct.pack_into(">HHHH", self._window, 0, x, y, w, h)
        self._link.send(frames.DISPLAY_WRITE, self._window, pixels, len(pixels))

    def light(self, level: int) -> None:
        """The light has changed, 0 (dark) to 255."""
        self._byte[0] = level
        self._link.send(frames.DISPLAY_BRIGHTNESS, self._byte)

    def dark(self, on: bool) -> None:
        """The picture went or came."""
        self._byte[0] = 1 if on else 0
        self._link.send(frames.DISPLAY_SLEEP, self._byte)
