"""What the devices of the simulated watch share: host link, bus, time, and what was found wrong at the start."""

from micropython import const

from board.parts.findings import Findings
from board.simulator.chip_time import ChipTime, Timers, Wires
from board.simulator.strict import Strict

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from board.ports import ClockSource
    from board.simulator.chips.i2c import Chip
    from board.simulator.chips.timeline import Timeline
    from board.simulator.link import Link

    class TimedChip(Chip, Protocol):
        """A chip that knows the time."""

        time: Timeline


class Desk:
    """Where the chips of one watch are put."""

    def __init__(self, link: "Link", clock: "ClockSource", without: "list[str]") -> None:
        """`without`: names of chips that have been taken off the board, in small letters."""
        self.link = link
        self.clock = clock
        self.ticks_ms: "Callable[[], int]" = clock.ticks_ms
        self.misuse = Strict()
        self.time = ChipTime(clock.ticks_ms)
        self.timers = Timers(clock.ticks_ms)
        self.i2c = Wires(self.time)
        self.found = Findings()
        self._without = without

    def has(self, name: str) -> bool:
        """True unless this chip has been taken off the board."""
        return name.lower() not in self._without

    def wire(self, name: str, address: int, chip: "TimedChip") -> None:
        """Put a chip on the bus, if there is one."""
        self.time.join(chip.time)
        if self.has(name):
            self.i2c.attach(address, chip)
