"""Events of the AXP2101: what its interrupt line is about, in the order of the bits of 48h, 49h, 4Ah.

The line is open drain and stays low until every bit is cleared; clearing is writing 1. Whether the bit of an event that
is not enabled is set too is UNSURE-EVENT-STATUS; nothing here relies on either.
"""

from micropython import const

from drivers.axp2101_registers import EVENTS, EVENTS_ON

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from drivers.axp2101_registers import Registers

LOW = const(1 << 6)
"""The gauge has come down to the first warning level."""
EMPTY = const(1 << 7)
"""The gauge has come down to the second one."""
KEY_UP = const(1 << 8)
KEY_DOWN = const(1 << 9)
KEY_LONG = const(1 << 10)
KEY_SHORT = const(1 << 11)
BATTERY_OUT = const(1 << 12)
BATTERY_IN = const(1 << 13)
VBUS_OUT = const(1 << 14)
VBUS_IN = const(1 << 15)
CHARGE_START = const(1 << 19)
CHARGE_DONE = const(1 << 20)
ALL = const((1 << 24) - 1)

_BYTES = const(3)
_ROUNDS = const(8)
"""How often the bits are read and cleared before the line counts as stuck."""
_RISE_MS = const(1)
"""Time for the line to rise; it has a pull-up only."""


class Events:
    """The event registers and their line."""

    def __init__(
        self, registers: "Registers", delay_ms: "Callable[[int], object]", line: "Optional[Callable[[], int]]"
    ) -> None:
        """`line` reads the interrupt line, high when free; None where it is not connected."""
        self._registers = registers
        self._delay_ms = delay_ms
        self._line = line
        self._bits = bytearray(_BYTES)
        self.stuck = False
        """True if the last `take` could not free the line, or events came without end."""
        self._lost = 0
        """What was cleared by a `take` that the bus then broke off."""

    @property
    def owing(self) -> bool:
        """True if the next `take` has something to tell that the chip does not know any more."""
        return self._lost != 0

    def enable(self, mask: int) -> None:
        """Let these events pull the line, and no others. Raises OSError."""
        for index in range(_BYTES):
            self._registers.change(EVENTS_ON + index, 0xFF, mask >> 8 * index & 0xFF)

    def take(self) -> int:
        """Read and clear until no event is left and the line is free; the bits of all that there were.

        A few rounds at most; `stuck` says whether they were not enough. Raises OSError; what was cleared by then is
        told by the next call.
        """
        self.stuck = False
        for _ in range(_ROUNDS):
            if self._clear():
                continue
            if self._line is None or self._line():
                break
            self._delay_ms(_RISE_MS)
        else:
            self.stuck = True
        found, self._lost = self._lost, 0
        return found

    def _clear(self) -> bool:
        """Clear what is set; False if nothing was."""
        self._registers.read_into(EVENTS, self._bits)
        for index in range(_BYTES):
            bits = self._bits[index]
            if bits:
                self._registers.write(EVENTS + index, bits)
                self._lost |= bits << 8 * index
        return any(self._bits)
