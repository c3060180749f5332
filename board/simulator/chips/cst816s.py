"""CST816S, CST816T and CST816D touch controllers: registers, sleep of their own accord, interrupt line.

A report counts as read when its registers have been. What the chip does not allow is written down in `misuse`. Time is
in milliseconds. Sources: Hynitron, CST816S data sheet 1.1 and register declaration.
"""

from micropython import const

from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x15)
CST816S, CST816T, CST816D = const(0xB4), const(0xB5), const(0xB6)

_REPORT = const(0x02)
_ID = const(0xA7)
_SLEEP = const(3)
_SLEEP_AT = {CST816S: 0xA5, CST816T: 0xE5, CST816D: 0xE5}
_PERIOD = const(0xEE)
_AUTO_SLEEP_S = const(0xF9)
_INTERRUPTS, _ON_TOUCH, _ON_CHANGE = const(0xFA), const(0x40), const(0x20)
_NO_AUTO_SLEEP = const(0xFE)
_RESETS = ((0xED, 10), (_PERIOD, 1), (_AUTO_SLEEP_S, 2), (0xFB, 5), (0xFC, 10), (_INTERRUPTS, _ON_TOUCH))
_WRITABLE = (0xA5, 0xE5, 0xEC, 0xED, _PERIOD, 0xEF, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, _AUTO_SLEEP_S, _INTERRUPTS)
_WRITABLE_2 = (0xFB, 0xFC, 0xFD, _NO_AUTO_SLEEP)
_RESET_MS = const(5)
_STARTING_MS = const(50)
"""The makers' own code takes 5 to 10 ms and 50 to 100."""
_MS_PER_S = const(1000)


class Chip:
    """One controller with its reset line."""

    timings: "tuple[tuple[str, int, int], ...]" = (("reset_ms", _RESET_MS, 10), ("starting_ms", _STARTING_MS, 100))
    """Attributes that are times, what each is usually, and the longest that a driver has to bear."""

    def __init__(self, line: "InterruptPin", misuse: "list[str]", identity: int = CST816T) -> None:
        """`line` is high while there is nothing to say."""
        self.time = Timeline()
        self.misuse = misuse
        self.line = line
        self.identity = identity
        self.on_read: "Callable[[], None]" = _nothing
        """Called when a report has been read."""
        self.reset_ms = _RESET_MS
        """The shortest reset that is one."""
        self.starting_ms = _STARTING_MS
        """From the end of a reset to the first answer."""
        self._fell_ms = -1
        self._start()

    def _start(self) -> None:
        self.registers = bytearray(256)
        for register, value in _RESETS:
            self.registers[register] = value
        self.registers[_ID] = self.identity
        self.asleep = False
        """True until a reset, once it was told to sleep."""
        self.waits = False
        """True while a report has not been read."""
        self._at = 0
        self._ready_ms = self._touched_ms = self.time.now + self.starting_ms

    @property
    def resting(self) -> bool:
        """True while nobody is expected to ask for reports, or none are made."""
        return not self.answers()

    def reset(self, level: int) -> None:
        """The reset line."""
        if not level:
            self._fell_ms = self.time.now
        elif self._fell_ms >= 0:
            fell_ms, self._fell_ms = self._fell_ms, -1
            if self.time.now - fell_ms < self.reset_ms:
                self.misuse.append("touch: reset pulse too short")
                return
            self._start()

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return self._listens() and not self._dozes()

    def touch(self, down: int, x: int, y: int) -> None:
        """The finger: it ends a sleep of the chip's own accord, and no other."""
        if not self._listens():
            return
        self._touched_ms = self.time.now
        registers = self.registers
        before = registers[_REPORT]
        registers[_REPORT] = 1 if down else 0
        event = 1 if not down else 2 if before else 0
        registers[3] = event << 6 | x >> 8
        registers[4] = x & 0xFF
        registers[5] = y >> 8
        registers[6] = y & 0xFF
        wanted = registers[_INTERRUPTS]
        if (wanted & _ON_CHANGE and before != registers[_REPORT]) or (wanted & _ON_TOUCH and down):
            self.waits = True
            self.line.drive(0)
            self.line.drive(1)

    def take(self, data: bytes) -> None:
        """A register, and what to write from there on."""
        self._at = data[0]
        for value in data[1:]:
            if self._at not in _WRITABLE and self._at not in _WRITABLE_2:
                self.misuse.append("touch: write to %02x" % self._at)
            self.registers[self._at] = value
            if self._at == _SLEEP_AT[self.identity] and value == _SLEEP:
                self.asleep, self.waits = True, False
            self._at += 1

    def give(self, into: "bytearray | memoryview") -> None:
        """Registers from the address on."""
        first = self._at
        for index in range(len(into)):
            into[index] = self.registers[(first + index) & 0xFF]
        if first == _REPORT and self.waits:
            self.waits = False
            self.on_read()

    def _listens(self) -> bool:
        return not self.asleep and self._fell_ms < 0 and self.time.now >= self._ready_ms

    def _dozes(self) -> bool:
        limit_ms = self.registers[_AUTO_SLEEP_S] * _MS_PER_S
        return not self.registers[_NO_AUTO_SLEEP] and self.time.now - self._touched_ms >= limit_ms


def _nothing() -> None:
    """Nobody waits for it."""
