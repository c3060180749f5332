"""QMI8658C: accelerometer, step counter, motion detector, and the protocol of its commands.

Time is in milliseconds. Source: QMI8658C data sheet 13-52-27 rev A. What the chip does not allow is written down in
`misuse`.
"""

from micropython import const

from board.simulator.chips.register_file import RegisterFile
from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x6B)

_RESETS = ((0x00, 0x05), (0x01, 0x7C), (0x02, 0x20))
_CTRL1, _COUNTS_UP, _ASLEEP = const(0x02), const(0x40), const(0x01)
_CTRL2 = const(0x03)
_CTRL7, _SENSORS = const(0x08), const(0x03)
_CTRL8, _HANDSHAKE, _TO_INT1 = const(0x09), const(0x80), const(0x40)
_ENGINE_STEPS, _ENGINE_NO_MOTION, _ENGINE_MOTION = const(0x10), const(0x04), const(0x02)
_COMMAND, _STEPS, _MOTION = const(0x0A), const(0x0D), const(0x0E)
_ARGUMENTS, _ARGUMENTS_END = const(0x0B), const(0x13)
_DONE_AT, _DONE = const(0x2D), const(0x80)
_STATUS = const(0x2E)
_EVENTS, _MOVED, _STILL = const(0x2F), const(0x20), const(0x40)
_DATA, _DATA_END = const(0x35), const(0x3B)
_RESULT = const(0x4D)
_COUNT = const(0x5A)
_RESET, _RESET_VALUE = const(0x60), const(0xB0)
_READ_ONLY = ((0x00, 0x02), (0x2D, 0x5D))
_RATE_62 = const(7)
_FACING = (0, 400, 916)


class Chip(RegisterFile):
    """One chip. `counts_steps` is false for one whose maker took that out."""

    resetting_ms = 15
    deaf_ms = 0
    """How long it does not answer at all after a reset."""
    command_ms = 1
    starting_ms = 3
    """From switching on to the first measurement, besides three periods."""
    counts_steps = True
    reserved: "dict[int, int]" = {}
    """Bits by register that keep nothing: those of the QMI8658A in a QMI8658C, by the strict reading."""

    def __init__(self, line: "InterruptPin", misuse: "list[str]") -> None:
        """`line` is INT1."""
        self.time = Timeline()
        self.line = line
        self.held = (0, 0, 1000)
        """Acceleration in milli-g along the axes of the chip."""
        self._turn = 0
        """Commands and resets: what was to come of an earlier one does not."""
        super().__init__(misuse, _RESETS)

    def clear(self) -> None:
        """As after a loss of power: the result of a reset is not there."""
        super().clear()
        self.told: "dict[tuple[int, int], bytes]" = {}
        """Arguments of the commands, by command and part."""
        self._busy_ms = self._deaf_ms = 0
        self._measured_ms = 0
        self._waits = False
        """True while a command has not been acknowledged."""
        self._turn += 1
        self.line.drive(0)

    def move(self, x: int, y: int, z: int) -> None:
        """The watch is held, or shaken, another way: milli-g along the axes of the chip."""
        before, self.held = self.held, (x, y, z)
        told = self.told.get((_MOTION, 1))
        if told and self._engine(_ENGINE_MOTION):
            slopes = [abs(self.held[axis] - before[axis]) > told[axis] * 1000 // 32 for axis in range(3)]
            if any(told[6] >> axis & 1 and slopes[axis] for axis in range(3)):
                self._tell(_MOVED)

    def stop(self) -> None:
        """The watch has not moved for a while."""
        if (_MOTION, 2) in self.told and self._engine(_ENGINE_NO_MOTION):
            self._tell(_STILL)

    def walk(self, steps: int) -> None:
        """The wearer makes steps in a row; the first ones count once there are enough of them."""
        told = self.told.get((_STEPS, 2))
        if not told or not self._engine(_ENGINE_STEPS) or steps < told[3]:
            return
        data = self.registers
        count = (data[_COUNT] | data[_COUNT + 1] << 8 | data[_COUNT + 2] << 16) + steps
        for place in range(3):
            data[_COUNT + place] = count >> 8 * place & 0xFF

    def raise_wrist(self) -> None:
        """The wearer looks at the watch. The chip knows only that it moves."""
        self.move(*_FACING)

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return self.time.now >= self._deaf_ms

    def after(self, register: int) -> int:
        """Addresses count up only where that was asked for."""
        return super().after(register) if self.registers[_CTRL1] & _COUNTS_UP else register

    def wrote(self, register: int, value: int) -> None:
        """One byte is written."""
        if self.time.now < self._busy_ms:
            self.misuse.append("qmi8658: %02x written during the reset" % register)
            return
        if any(first <= register < end for first, end in _READ_ONLY):
            self.misuse.append("qmi8658: write to %02x" % register)
            return
        if register == _RESET:
            self._reset(value)
        elif register == _COMMAND:
            self._command(value)
        else:
            self.registers[register] = value & ~self.reserved.get(register, 0)
            if register == _CTRL7:
                self._measured_ms = self.time.now + self.starting_ms + 3 * self._period_ms()

    def asked(self, register: int) -> int:
        """One byte is read. Events are over once they have been."""
        if self.time.now < self._busy_ms:
            return 0
        if register == _STATUS:
            return 1 if self._measures() else 0
        if _DATA <= register < _DATA_END:
            return self._measurement(register - _DATA) if self._measures() else 0
        value = self.registers[register]
        if register == _EVENTS:
            self.registers[register] = 0
            self.line.drive(0)
        return value

    def _engine(self, bit: int) -> bool:
        return bool(self.registers[_CTRL8] & bit) and self._on()

    def _on(self) -> bool:
        return bool(self.registers[_CTRL7] & 1) and not self.registers[_CTRL1] & _ASLEEP

    def _measures(self) -> bool:
        return self._on() and self.time.now >= self._measured_ms

    def _period_ms(self) -> int:
        rate = self.registers[_CTRL2] & 0x0F
        return 16 << (rate - _RATE_62) if rate >= _RATE_62 else 16 >> (_RATE_62 - rate)

    def _measurement(self, place: int) -> int:
        to_g = 16384 >> (self.registers[_CTRL2] >> 4 & 3)
        value = max(-32768, min(32767, self.held[place >> 1] * to_g // 1000))
        return value >> 8 & 0xFF if place & 1 else value & 0xFF

    def _tell(self, event: int) -> None:
        self.registers[_EVENTS] |= event
        if self.registers[_CTRL8] & _TO_INT1:
            self.line.drive(1)

    def _reset(self, value: int) -> None:
        if value != _RESET_VALUE:
            self.misuse.append("qmi8658: reset with %02x" % value)
            return
        self.clear()
        self.registers[_RESULT] = 0x80
        self._busy_ms = self.time.now + self.resetting_ms
        self._deaf_ms = self.time.now + self.deaf_ms

    def _command(self, value: int) -> None:
        if not value:
            self._waits = False
            self.registers[_DONE_AT] &= ~_DONE
            return
        if self._waits:
            self.misuse.append("qmi8658: command %02x before the last one was acknowledged" % value)
        if value not in (_STEPS, _MOTION):
            self.misuse.append("qmi8658: command %02x" % value)
        elif self.registers[_CTRL7] & _SENSORS:
            self.misuse.append("qmi8658: command %02x while it measures" % value)
        elif self.counts_steps or value != _STEPS:
            self._waits = True
            arguments = bytes(self.registers[_ARGUMENTS:_ARGUMENTS_END])
            self.told[(value, arguments[7])] = arguments
            self._turn += 1
            turn = self._turn
            self.time.at(self.command_ms, lambda: self._command_done(turn))

    def _command_done(self, turn: int) -> None:
        if turn == self._turn and self._waits and self.registers[_CTRL8] & _HANDSHAKE:
            self.registers[_DONE_AT] |= _DONE
