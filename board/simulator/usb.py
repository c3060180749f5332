"""The USB byte stream, carried over the host link."""

from micropython import const

from board.simulator import frames

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.simulator.link import Link

_BUFFER_BYTES = const(16384)
"""Four of the longest messages of docs/formats.md."""


class Usb:
    """`ports.Stream`."""

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._bytes = bytearray(_BUFFER_BYTES)
        self._count = 0
        self._callback = None
        link.handle(frames.USB, self._on_frame)

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when bytes wait."""
        self._callback = callback

    def read(self, into: bytearray) -> int:
        """Read what waits, at most the buffer's length; 0 when nothing does."""
        count = min(len(into), self._count)
        into[:count] = memoryview(self._bytes)[:count]
        self._bytes[: self._count - count] = self._bytes[count : self._count]
        self._count -= count
        return count

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises OSError."""
        self._link.send(frames.USB, data)

    def _on_frame(self, payload: memoryview) -> None:
        room = _BUFFER_BYTES - self._count
        if len(payload) > room:
            raise ValueError("host link: the watch does not read its USB stream")
        self._bytes[self._count : self._count + len(payload)] = payload
        self._count += len(payload)
        if self._callback:
            self._callback()
