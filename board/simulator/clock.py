"""The real-time clock of the simulator: any clock source, whose setting the host keeps over a restart of the watch."""

import struct

from micropython import const

from board.simulator import frames

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import ClockSource
    from board.simulator.link import Link


class Rtc:
    """`ports.ClockSource` over another one."""

    def __init__(self, link: "Link", source: "ClockSource") -> None:
        """Read `source`, and tell the host when it is set."""
        self.ticks_ms = source.ticks_ms
        self.ticks_us = source.ticks_us
        self.unix_s = source.unix_s
        self._source = source
        self._link = link

    def set_unix_s(self, seconds: int) -> None:
        """Set the real-time clock to `seconds` since 1970."""
        self._source.set_unix_s(seconds)
        self._link.send(frames.CLOCK_SET, struct.pack(">q", seconds))
