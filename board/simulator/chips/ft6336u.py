"""FT6336U and FT3168 touch controllers: their register map, power modes and interrupt line.

A report counts as read when its registers have been. What the chip does not allow is written down in `misuse`. Time is
in milliseconds.
"""

from micropython import const

from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x38)

_REPORT = const(0x02)
_INTERRUPTS = const(0xA4)
_PULSES = const(1)
_POWER = const(0xA5)
_ACTIVE = const(0)
_HIBERNATE = const(3)
_WRITABLE = (0x00, 0x80, 0x88, _INTERRUPTS, _POWER)
_RESET_MS = const(5)
_STARTING_MS = const(300)

FT6336U = ((0xA3, 0x64), (0xA8, 0x11))
FT3168 = ((0xA0, 0x03), (0xA8, 0x11))
"""What tells the chips apart: register and value."""


class Chip:
    """One controller with its reset line, which need not be connected."""

    timings: "tuple[tuple[str, int, int], ...]" = (
        ("reset_ms", _RESET_MS, _RESET_MS),
        ("starting_ms", _STARTING_MS, _STARTING_MS),
    )
    """Attributes that are times, what each is usually, and the longest that a driver has to bear."""

    def __init__(
        self, line: "InterruptPin", misuse: "list[str]", identity: "tuple[tuple[int, int], ...]" = FT6336U
    ) -> None:
        """`line` is high while there is nothing to say."""
        self.time = Timeline()
        self.misuse = misuse
        self.line = line
        self.on_read: "Callable[[], None]" = _nothing
        """Called when a report has been read."""
        self._identity = identity
        self.reset_ms = _RESET_MS
        """The shortest reset that is one."""
        self.starting_ms = _STARTING_MS
        """From the end of a reset, or from power-up, to the first answer."""
        self._fell_ms = -1
        self._reset()

    def _reset(self) -> None:
        self.registers = bytearray(256)
        for register, value in self._identity:
            self.registers[register] = value
        self.waits = False
        """True while a report has not been read."""
        self._at = 0
        self._ready_ms = self.time.now + self.starting_ms

    @property
    def resting(self) -> bool:
        """True while nobody is expected to ask for reports, or none are made."""
        return self.registers[_POWER] != _ACTIVE or not self.answers()

    def reset(self, level: int) -> None:
        """The reset line."""
        if not level:
            self._fell_ms = self.time.now
        elif self._fell_ms >= 0:
            fell_ms, self._fell_ms = self._fell_ms, -1
            if self.time.now - fell_ms < self.reset_ms:
                self.misuse.append("touch: reset pulse too short")
                return
            self._reset()

    def lose_power(self) -> None:
        """The supply goes off and on."""
        self._reset()

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        awake = self.registers[_POWER] != _HIBERNATE
        return awake and self._fell_ms < 0 and self.time.now >= self._ready_ms

    def touch(self, down: int, x: int, y: int) -> None:
        """The finger. Nobody hears of it in hibernation."""
        if not self.answers():
            return
        registers = self.registers
        registers[_REPORT] = 1 if down else 0
        event = 1 if not down else 2 if self.line.level == 0 else 0
        registers[3] = event << 6 | x >> 8
        registers[4] = x & 0xFF
        registers[5] = y >> 8
        registers[6] = y & 0xFF
        self.waits = True
        self.line.drive(0)
        if registers[_INTERRUPTS] & _PULSES or not down:
            self.line.drive(1)

    def take(self, data: bytes) -> None:
        """A register, and what to write from there on."""
        self._at = data[0]
        for value in data[1:]:
            if self._at not in _WRITABLE:
                self.misuse.append("touch: write to %02x" % self._at)
            self.registers[self._at] = value
            if self._at == _POWER:
                self.waits = False
            self._at += 1

    def give(self, into: "bytearray | memoryview") -> None:
        """Registers from the address on."""
        first = self._at
        for index in range(len(into)):
            into[index] = self.registers[(first + index) & 0xFF]
        if first == _REPORT and self.waits:
            self.waits = False
            self.on_read()


def _nothing() -> None:
    """Nobody waits for it."""
