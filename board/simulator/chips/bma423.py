"""BMA423 accelerometer: its registers, its power save, and the program that it is told at each start.

Time is in milliseconds. What stands for the checksum of the real program: its bytes add up to a multiple of 256.
Source: BST-BMA423-DS000. What the chip does not allow is written down in `misuse`, and does not happen.
"""

from micropython import const

from board.simulator.chips.register_file import RegisterFile
from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x19)
PROGRAM_BYTES = const(6144)

_RESETS = ((0x00, 0x13), (0x40, 0xA8), (0x41, 0x01), (0x48, 0x02), (0x49, 0x10), (0x59, 0x90), (0x7C, 0x03))
_WRITABLE = (0x40, 0x41, 0x48, 0x49, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5B, 0x5C, 0x5E, 0x7C, 0x7D, 0x7E)
_STATUS = const(0x03)
_DATA = const(0x12)
_DATA_END = const(0x18)
_EVENTS = const(0x1C)
_STEPS = const(0x1E)
_STATE, _RUNS, _REFUSED = const(0x2A), const(1), const(2)
_RATE, _RANGE = const(0x40), const(0x41)
_PIN, _PIN_ON, _PIN_HIGH = const(0x53), const(0x08), const(0x02)
_LATCH, _MAP = const(0x55), const(0x56)
_LOADING = const(0x59)
_LOW, _HIGH = const(0x5B), const(0x5C)
_FEATURES = const(0x5E)
_SAVING = const(0x7C)
_MEASURING, _ON = const(0x7D), const(0x04)
_COMMAND, _RESET = const(0x7E), const(0xB6)

_TILT, _MOTION, _FAILED = const(0x08), const(0x40), const(0x80)
_PAGE_BYTES = const(64)
_PAGE = ((0, 0xAA), (2, 0x05), (0x3E, 0x88))
"""Settings of the program that are not 0 at first."""
_US_PER_MS = const(1000)
_FACING = (0, 400, 916)


class Chip(RegisterFile):
    """One accelerometer."""

    starting_ms = 1
    saving_us = 450
    """Between two writes in power save; counted in whole milliseconds here, rounded up."""
    loading_ms = 150
    measuring_ms = 0
    """What the first measurement takes besides a period."""
    base = (0, 0)
    """What the address of the settings is before anything is loaded."""

    def __init__(self, line: "InterruptPin", misuse: "list[str]") -> None:
        """`line` is INT1."""
        self.time = Timeline()
        self.line = line
        self.held = (0, 0, 1000)
        """Acceleration in milli-g along the axes of the chip."""
        self._loads = 0
        """Programs that were begun, and resets: what was to come of an earlier one does not."""
        super().__init__(misuse, _RESETS)

    def clear(self) -> None:
        """As after a loss of power, or a reset."""
        super().clear()
        self.registers[_LOW], self.registers[_HIGH] = self.base
        self.page = bytearray(_PAGE_BYTES)
        for place, value in _PAGE:
            self.page[place] = value
        self.program = bytearray(PROGRAM_BYTES)
        self._told = 0
        self._loads += 1
        self._up_ms = self.time.now + self.starting_ms
        self._free_ms = self._measured_ms = 0
        self._in_page = 0
        self.line.drive(0)

    @property
    def runs(self) -> bool:
        """True while its program runs."""
        return self.registers[_STATE] == _RUNS

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return self.time.now >= self._up_ms

    def move(self, x: int, y: int, z: int) -> None:
        """The watch is held, or shaken, another way: milli-g along the axes of the chip."""
        before, self.held = self.held, (x, y, z)
        threshold = (self.page[0] | (self.page[1] & 0x07) << 8) * 1000 // 2048
        axes = self.page[3] >> 5
        far = [axes >> axis & 1 and abs(self.held[axis] - before[axis]) > threshold for axis in range(3)]
        if any(far) and not self.page[1] & 0x08:
            self._tell(_MOTION)

    def walk(self, steps: int) -> None:
        """The wearer makes steps."""
        if self._works() and self.page[0x37] & 0x10:
            data = self.registers
            count = data[_STEPS] | data[_STEPS + 1] << 8 | data[_STEPS + 2] << 16 | data[_STEPS + 3] << 24
            for place in range(4):
                data[_STEPS + place] = count + steps >> 8 * place & 0xFF

    def raise_wrist(self) -> None:
        """The wearer looks at the watch."""
        self.move(*_FACING)
        if self.page[0x3A] & 0x01:
            self._tell(_TILT)

    def fail(self) -> None:
        """Its program stops."""
        self._tell(_FAILED)
        self.registers[_STATE] = 0

    def take(self, data: bytes) -> None:
        """A register, and what to write from there on. A part of the program is taken as a whole."""
        if data[0] != _FEATURES or self.registers[_LOADING] or self.registers[_SAVING] & 1:
            super().take(data)
            return
        at = self._word() * 2
        if at + len(data) - 1 > PROGRAM_BYTES:
            self.misuse.append("bma423: program longer than it may be")
            return
        self.program[at : at + len(data) - 1] = data[1:]
        self._told += len(data) - 1

    def wrote(self, register: int, value: int) -> None:
        """One byte is written; a loss if the chip saves power and was written to just before."""
        if self.time.now < self._free_ms:
            self.misuse.append("bma423: %02x written too early" % register)
            return
        if register not in _WRITABLE:
            self.misuse.append("bma423: write to %02x" % register)
            return
        if self.registers[_SAVING] & 1:
            self._free_ms = self.time.now - -self.saving_us // _US_PER_MS
        if register == _FEATURES:
            self._store(value)
            return
        self.registers[register] = value
        if register == _COMMAND and value == _RESET:
            self.clear()
        elif register == _LOADING:
            self._load(value)
        elif register == _MEASURING:
            self._measured_ms = self.time.now + self._period_ms() + self.measuring_ms
        elif register in (_LOW, _HIGH):
            self._in_page = 0

    def asked(self, register: int) -> int:
        """One byte is read. Events are over once they have been."""
        value = self.registers[register]
        if register == _STATUS:
            return 0x80 if self._measures() else 0
        if _DATA <= register < _DATA_END:
            return self._measurement(register - _DATA) if self._measures() else 0
        if register == _EVENTS:
            self.registers[register] = 0
            self.line.drive(0)
        if register == _FEATURES:
            value = self.page[self._in_page] if self._page_open("read") else 0
            self._in_page += 1
        return value

    def after(self, register: int) -> int:
        """Settings and program come through one address."""
        return register if register == _FEATURES else super().after(register)

    def _works(self) -> bool:
        return self.runs and bool(self.registers[_MEASURING] & _ON)

    def _period_ms(self) -> int:
        return 1600 >> (self.registers[_RATE] & 0x0F)

    def _measures(self) -> bool:
        return bool(self.registers[_MEASURING] & _ON) and self.time.now >= self._measured_ms

    def _measurement(self, place: int) -> int:
        """12 bits at the top of 16."""
        to_g = 1024 >> (self.registers[_RANGE] & 3)
        value = max(-2048, min(2047, self.held[place >> 1] * to_g // 1000)) << 4
        return value >> 8 & 0xFF if place & 1 else value & 0xFF

    def _tell(self, event: int) -> None:
        if not self._works():
            return
        self.registers[_EVENTS] |= event
        pin = self.registers[_PIN]
        if self.registers[_MAP] & event and pin & _PIN_ON and pin & _PIN_HIGH:
            self.line.drive(1)
            if not self.registers[_LATCH] & 1:
                self.line.drive(0)

    def _load(self, value: int) -> None:
        if not value:
            self._told = 0
            self.registers[_STATE] = 0
            return
        self._loads += 1
        turn = self._loads

        def done() -> None:
            if turn == self._loads and self.registers[_LOADING]:
                good = self._told == PROGRAM_BYTES and not sum(self.program) & 0xFF and any(self.program)
                self.registers[_STATE] = _RUNS if good else _REFUSED

        self.time.at(self.loading_ms, done)

    def _word(self) -> int:
        """Where the next part of the program goes."""
        return self.registers[_LOW] | self.registers[_HIGH] << 4

    def _store(self, value: int) -> None:
        """A byte of the settings."""
        if self._page_open("written"):
            self.page[self._in_page] = value
        self._in_page += 1

    def _page_open(self, what: str) -> bool:
        if not self.runs:
            self.misuse.append("bma423: settings %s before its program runs" % what)
            return False
        if (self.registers[_LOW], self.registers[_HIGH]) != self.base:
            self.misuse.append("bma423: settings %s at another address" % what)
            return False
        if self._in_page >= _PAGE_BYTES:
            self.misuse.append("bma423: settings %s past their end" % what)
            return False
        return True
