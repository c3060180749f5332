"""The real-time clock of the simulated watch: a clock chip, whose cell is the host."""

import struct
import time

from micropython import const

from board.parts.ticks import Ticks
from board.simulator import frames
from board.simulator.chips.pcf_counter import ADDRESS
from board.simulator.chips.spi import InterruptPin

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.ports import ClockSource
    from board.simulator.chips.pcf_counter import Counter
    from board.simulator.desk import Desk
    from board.simulator.link import Link

_STARTED_MS = const(2000)
"""The longest that the crystal needs after power: over by the time a board comes to its clock."""
_FIRST_S = 946_684_800
_END_S = 4_102_444_800
"""What the chips can show, seconds since 1970: 2000 to 2099."""


def clock(desk: "Desk", name: str, chip: "Any", driver: "Any", unix_s: "int | None") -> "ClockSource":
    """`ports.ClockSource` over a model and a driver, by their modules' classes.

    `unix_s`: what the chip has counted to while the watch was off, None if its cell was empty. Raises ValueError for a
    time that it cannot show.
    """
    model = chip(InterruptPin(1), desk.misuse)
    wind(model, unix_s)
    desk.wire(name, ADDRESS, model)
    running = driver(desk.i2c)
    started = desk.found.attempt(name, running.start)
    return Kept(desk.link, Ticks(desk.ticks_ms, desk.clock.ticks_us, running if started else None))


def wind(chip: "Counter", unix_s: "int | None") -> None:
    """Let a model's crystal swing, and its cell have kept the time; None: it was empty. Raises ValueError."""
    chip.time.advance(_STARTED_MS)
    if unix_s is not None:
        if not _FIRST_S <= unix_s < _END_S:
            raise ValueError("no clock chip shows this time")
        chip.kept(digits_of(unix_s))


def digits_of(unix_s: int) -> bytes:
    """Second, minute, hour, day, weekday, month, year as the chips keep them: two digits in a byte."""
    year, month, day, hour, minute, second, weekday = time.gmtime(unix_s)[:7]
    counters = (second, minute, hour, day, (weekday + 1) % 7, month, year % 100)  # weeks begin on Sunday
    return bytes(value // 10 << 4 | value % 10 for value in counters)


class Kept:
    """`ports.ClockSource`, whose setting the host keeps over a restart of the watch, as a cell would."""

    def __init__(self, link: "Link", source: "ClockSource") -> None:
        """Tell the host when `source` is set."""
        self.ticks_ms = source.ticks_ms
        self.ticks_us = source.ticks_us
        self.unix_s = source.unix_s
        self._source = source
        self._link = link

    def set_unix_s(self, seconds: int) -> None:
        """Set the clock to `seconds` since 1970. Raises OSError, ValueError."""
        self._source.set_unix_s(seconds)
        self._link.send(frames.CLOCK_SET, struct.pack(">q", seconds))
