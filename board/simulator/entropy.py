"""The computer's random generator in the place of the noise of the board's radio."""

import errno
import os
import struct

from micropython import const

from board.simulator import frames

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.link import Link


class Entropy:
    """`ports.Entropy`; the host can switch the source off to show that the watch then refuses to make keys."""

    def __init__(self, link: "Link") -> None:
        self._running = True
        link.handle(frames.ENTROPY, self._on_frame)

    def running(self) -> bool:
        """True while the source runs."""
        return self._running

    def read(self, into: bytearray) -> None:
        """Fill the buffer. Raises OSError when the source is off."""
        if not self._running:
            raise OSError(errno.EIO)
        into[:] = os.urandom(len(into))

    def _on_frame(self, payload: memoryview) -> None:
        (running,) = struct.unpack(">B", payload)
        self._running = bool(running)
