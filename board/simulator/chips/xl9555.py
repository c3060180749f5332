"""XL9555 expander: latches, directions, inputs, interrupt line.

Written down in `misuse`: what the datasheet forbids, and an output that is switched on before anybody has said what it
shall show.
"""

from micropython import const

from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x20)

_LINES = const(16)
_REGISTERS = const(8)
_INPUTS = const(0)
_LATCHES = const(2)
_INVERTED = const(4)
_DIRECTIONS = const(6)
_AFTER_POWER = b"\xff\xff\xff\xff\x00\x00\xff\xff"


class Chip:
    """One chip. Time is in milliseconds."""

    starting_ms = 0
    """From power to a chip that answers. The data sheet knows none but that of a supply that rises too slowly."""

    def __init__(self, line: "InterruptPin", misuse: "list[str]") -> None:
        """`line` is high while no input has changed."""
        self.time = Timeline()
        self.misuse = misuse
        self.line = line
        self.on_change: "Callable[[int, int], None]" = _nothing
        """Called with the number and the level of a line that changes."""
        self._outside = [1] * _LINES
        """What the board puts on each line while it is an input; nothing is pulled up."""
        self._powered = True
        self._up_ms = self.starting_ms
        self._reset()

    def _reset(self) -> None:
        self.registers = bytearray(_AFTER_POWER)
        self._told = bytearray(2)
        """Latches that somebody has set since power came, as bits."""
        self._at = 0
        self._seen = self._levels()

    def power(self, on: bool) -> None:
        """The supply comes or goes. A restart of the processor alone changes nothing."""
        self._powered = on
        self._up_ms = self.time.now + self.starting_ms
        before = self._lines()
        self._reset()
        self._tell(before)
        self._drive()

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return self._powered and self.time.now >= self._up_ms

    def level(self, number: int) -> int:
        """What is on a line."""
        port, bit = number >> 3, number & 7
        if self.registers[_DIRECTIONS + port] >> bit & 1 or not self._powered:
            return self._outside[number]
        return self.registers[_LATCHES + port] >> bit & 1

    def put(self, number: int, level: int) -> None:
        """The board's side of a line."""
        self._outside[number] = level
        self._drive()

    def take(self, data: bytes) -> None:
        """A register, and what to write; after a register comes the other of its pair."""
        self._at = data[0]
        if self._at >= _REGISTERS:
            self.misuse.append("expander: no register %02x" % self._at)
            return
        for value in data[1:]:
            self._write(self._at, value)
            self._at ^= 1

    def give(self, into: "bytearray | memoryview") -> None:
        """Registers from the address on, turn by turn with the other of the pair."""
        for index in range(len(into)):
            if self._at < _LATCHES:
                levels = self._levels()
                port = self._at
                into[index] = levels >> 8 * port & 0xFF ^ self.registers[_INVERTED + port]
                keep = 0xFF00 >> 8 * port
                self._seen = self._seen & keep | levels & ~keep
            else:
                into[index] = self.registers[self._at] if self._at < _REGISTERS else 0xFF
            self._at ^= 1
        self._drive()

    def _write(self, register: int, value: int) -> None:
        if register < _LATCHES:
            self.misuse.append("expander: inputs are read only")
            return
        before = self._lines()
        port = register & 1
        if register < _INVERTED:
            self._told[port] = 0xFF
        elif register >= _DIRECTIONS:
            now_outputs = self.registers[register] & ~value & 0xFF
            if now_outputs & ~self._told[port]:
                self.misuse.append("expander: outputs %02x of port %d before their latch" % (now_outputs, port))
        self.registers[register] = value
        self._tell(before)
        self._drive()

    def _lines(self) -> "list[int]":
        return [self.level(number) for number in range(_LINES)]

    def _levels(self) -> int:
        levels = 0
        for number in range(_LINES):
            levels |= self.level(number) << number
        return levels

    def _tell(self, before: "list[int]") -> None:
        for number in range(_LINES):
            level = self.level(number)
            if level != before[number]:
                self.on_change(number, level)

    def _drive(self) -> None:
        inputs = self.registers[_DIRECTIONS] | self.registers[_DIRECTIONS + 1] << 8
        changed = (self._levels() ^ self._seen) & inputs
        self.line.drive(0 if changed and self._powered else 1)


def _nothing(number: int, level: int) -> None:
    """Nothing hangs on the lines."""
