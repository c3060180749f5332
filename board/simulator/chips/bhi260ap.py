"""BHI260AP sensor hub: its registers and channels, its start, and the virtual sensors of a firmware.

Time is in milliseconds. What stands for the signature of the real firmware: its bytes add up to a multiple of 256.
Source: BST-BHI260AP-DS000. What the chip does not allow is written down in `misuse`. What fills its FIFOs is in
bhi260ap_fifo.py.
"""

from micropython import const

from board.simulator.chips.bhi260ap_fifo import Fifo, event_of
from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x28)
PRODUCT = const(0x89)

_COMMANDS, _WAKE, _QUIET, _ANSWERS = const(0), const(1), const(2), const(3)
_WRITABLE = (0x05, 0x06, 0x07, 0x14, 0x15, 0x16)
_INTERFACE = const(0x06)
_LINE, _MUTE_WAKE, _MUTE_QUIET, _ACTIVE_LOW = const(0x07), const(0x01), const(0x02), const(0x20)
_RESET, _PRODUCT = const(0x14), const(0x1C)
_KERNEL, _BOOT, _CHIP = const(0x20), const(0x25), const(0x2B)
_READY, _VERIFIED, _REFUSED, _IDLE = const(0x10), const(0x20), const(0x40), const(0x80)
_PENDING, _ANSWER_WAITS = const(0x2D), const(0x20)
_MAGIC = const(0x662B)
_UPLOAD, _RUN, _CONFIGURE, _FLUSH = const(0x02), const(0x03), const(0x0D), const(0x09)
_PARAMETER, _PRESENT, _MOUNTED = const(0x1000), const(0x011F), const(0x0121)
_UPRIGHT = b"\x01\x00\x01\x00\x01\x00\x00\x00"
_HEADER, _WORD = const(4), const(4)
_META_WAKE, _META, _INITIALIZED = const(248), const(254), const(16)
SENSORS = (4, 53, 67, 75, 139, 143)
"""Virtual sensors that this firmware has."""
_ONCE = (57, 59, 61, 75, 77, 143)
_FACING = (0, 400, 916)
_TO_G = const(4096)


class Chip:
    """One hub."""

    resetting_ms = 5
    deaf_ms = 0
    """How long it does not answer at all after a reset."""
    verifying_ms = 40
    running_ms = 30
    answering_ms = 2
    """From a question about a parameter to the answer."""

    def __init__(self, line: "InterruptPin", misuse: "list[str]", sensors: "tuple[int, ...]" = SENSORS) -> None:
        """`sensors`: what the firmware has that is told to it."""
        self.time = Timeline()
        self.line = line
        self.misuse = misuse
        self.sensors = sensors
        self.held = (0, 0, 1000)
        """Acceleration in milli-g along the axes of the chip."""
        self._count = 0
        self._turn = 0
        self.lose_power()

    def lose_power(self) -> None:
        """The supply goes off and on. The firmware is gone."""
        self.registers = bytearray(256)
        self.registers[_PRODUCT], self.registers[_CHIP] = PRODUCT, 0x70
        self.firmware = bytearray()
        self.rates: "dict[int, bytes]" = {}
        """Virtual sensors that run, and at which rate: a float as it was told."""
        self.matrix = _UPRIGHT
        """How the accelerometer is mounted, as it was told."""
        self.fifos = {_WAKE: Fifo(_META_WAKE), _QUIET: Fifo(_META)}
        self._deaf_until_ms = self.time.now + self.deaf_ms
        self._command = bytearray()
        self._answer = bytearray()
        self._at = 0
        self._count = 0
        self._later(self.resetting_ms, lambda: self._set_boot(_READY | _IDLE))
        self.line.drive(0)

    @property
    def runs(self) -> bool:
        """True while it runs a firmware."""
        return bool(self.registers[_KERNEL])

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return self.time.now >= self._deaf_until_ms

    def take(self, data: bytes) -> None:
        """A register, and what to write from there on; channel 0 takes all of it."""
        self._at = data[0]
        if len(data) == 1:
            return
        if self._at == _COMMANDS:
            self._hear(data[1:])
            return
        for value in data[1:]:
            self._write(self._at, value)
            self._at += 1

    def give(self, into: "bytearray | memoryview") -> None:
        """Registers from the address on, or what waits in a channel."""
        if self._at in self.fifos:
            self.fifos[self._at].give(into)
            self._drive()
        elif self._at == _ANSWERS:
            for place in range(len(into)):
                into[place] = self._answer[place] if place < len(self._answer) else 0
            self._answer = self._answer[len(into) :]
            if not self._answer:
                self.registers[_PENDING] &= ~_ANSWER_WAITS
        else:
            for place in range(len(into)):
                into[place] = self.registers[(self._at + place) & 0xFF]

    def move(self, x: int, y: int, z: int) -> None:
        """The watch is held, or shaken, another way: milli-g along the axes of the chip."""
        moved = sum(abs(new - old) for new, old in zip((x, y, z), self.held)) > 80
        self.held = (x, y, z)
        if moved:
            self.event(143)

    def stop(self) -> None:
        """The watch has not moved for a while."""
        self.event(75)

    def walk(self, steps: int) -> None:
        """The wearer makes steps."""
        self._count += steps
        for number in (53, 139):
            self.event(number, self._count.to_bytes(4, "little"))

    def raise_wrist(self) -> None:
        """The wearer looks at the watch."""
        self.move(*_FACING)
        self.event(67)

    def measure(self) -> None:
        """One measurement goes where it is wanted."""
        data = bytearray()
        for row in range(3):
            raw = sum(self._cell(3 * row + axis) * self.held[axis] for axis in range(3)) * _TO_G // 1000
            data += bytes((raw & 0xFF, raw >> 8 & 0xFF))
        self.event(4, bytes(data))

    def _cell(self, place: int) -> int:
        """One number of the matrix."""
        half = self.matrix[place >> 1] >> (4 if place & 1 else 0) & 0x0F
        return half - 16 if half & 8 else half

    def event(self, number: int, data: bytes = b"") -> None:
        """A virtual sensor has something to tell, if it runs."""
        if number not in self.rates:
            return
        if number in _ONCE:
            del self.rates[number]
        channel, told = event_of(number, data)
        self.fifos[channel].put(told)
        self._drive()

    def crash(self) -> None:
        """The hub starts its firmware anew: nothing is configured any more."""
        self.rates = {}
        self.fifos[_WAKE].put(bytes((_META_WAKE, _INITIALIZED, 0, 0)))
        self._drive()

    def _write(self, register: int, value: int) -> None:
        if register not in _WRITABLE:
            self.misuse.append("bhi260ap: write to %02x" % register)
            return
        self.registers[register] = value
        if register == _RESET and value & 1:
            self.lose_power()
        elif register == _INTERFACE:
            for channel, bit in ((_WAKE, 0x02), (_QUIET, 0x04)):
                if value & bit:
                    self.fifos[channel].abort()

    def _hear(self, data: bytes) -> None:
        """A part of a command."""
        if not self.registers[_BOOT] & _READY:
            self.misuse.append("bhi260ap: command before it listens")
            return
        if len(data) % _WORD:
            self.misuse.append("bhi260ap: part of a command of %d bytes" % len(data))
        self._command += data
        while len(self._command) >= _HEADER:
            number = self._command[0] | self._command[1] << 8
            length = (self._command[2] | self._command[3] << 8) * (_WORD if number == _UPLOAD else 1)
            if len(self._command) < _HEADER + length:
                return
            arguments = self._command[_HEADER : _HEADER + length]
            self._command = self._command[_HEADER + length :]
            self._obey(number, arguments)

    def _obey(self, number: int, arguments: bytearray) -> None:
        if number == _UPLOAD:
            self._verify(arguments)
        elif number == _RUN and self.registers[_BOOT] & _VERIFIED:
            self._set_boot(0)
            self._later(self.running_ms, self._started)
        elif number == _PARAMETER | _PRESENT and self.runs:
            self.time.at(self.answering_ms, self._answer_present)
            self.time.advance(0)
        elif number == _MOUNTED and self.runs and len(arguments) == 8:
            self.matrix = bytes(arguments)
        elif number == _CONFIGURE and self.runs and len(arguments) == 8:
            self._configure(arguments)
        elif number != _FLUSH or not self.runs:
            self.misuse.append("bhi260ap: command %04x of %d bytes" % (number, len(arguments)))

    def _verify(self, firmware: bytearray) -> None:
        good = firmware[0] | firmware[1] << 8 == _MAGIC and not sum(firmware) & 0xFF
        self.firmware = firmware
        self._set_boot(_READY | _IDLE)
        self._later(self.verifying_ms, lambda: self._set_boot(_READY | _IDLE | (_VERIFIED if good else _REFUSED)))

    def _started(self) -> None:
        self._set_boot(_READY | _VERIFIED)
        self.registers[_KERNEL] = 0x5A
        for channel, number in ((_WAKE, _META_WAKE), (_QUIET, _META)):
            self.fifos[channel].put(bytes((number, _INITIALIZED, 0, 0)))
        self._drive()

    def _answer_present(self) -> None:
        """Unless it has been reset meanwhile."""
        if self.runs:
            self._tell_present()

    def _tell_present(self) -> None:
        bits = bytearray(32)
        for number in self.sensors:
            bits[number >> 3] |= 1 << (number & 7)
        self._answer = bytearray((_PRESENT & 0xFF, _PRESENT >> 8, len(bits), 0)) + bits
        self.registers[_PENDING] |= _ANSWER_WAITS

    def _configure(self, arguments: bytearray) -> None:
        number, rate = arguments[0], bytes(arguments[1:5])
        if number not in self.sensors:
            self.misuse.append("bhi260ap: there is no sensor %d" % number)
        elif rate == bytes(4):
            self.rates.pop(number, None)
        else:
            self.rates[number] = rate

    def _set_boot(self, value: int) -> None:
        self.registers[_BOOT] = value

    def _later(self, delay_ms: int, action: "Callable[[], object]") -> None:
        """Do it then, unless the chip starts anew before."""
        self._turn += 1
        turn = self._turn

        def due() -> None:
            if turn == self._turn:
                action()

        self.time.at(delay_ms, due)

    def _drive(self) -> None:
        mute = self.registers[_LINE]
        news = (self.fifos[_WAKE].waits() and not mute & _MUTE_WAKE) or (
            self.fifos[_QUIET].waits() and not mute & _MUTE_QUIET
        )
        self.line.drive(int(bool(news)) ^ (1 if mute & _ACTIVE_LOW else 0))
