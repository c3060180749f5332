"""CST9217 touch controller: its registers as far as a driver uses them, its modes, its interrupt line.

A report is kept until it is acknowledged or another one takes its place. What the chip does not allow is written down
in `misuse`. Time is in milliseconds.
"""

from micropython import const

from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x1A)

_REPORT = const(0xD000)
_REPORT_BYTES = const(15)
_MARK = const(0xAB)
_MARK_AT = const(6)
_DOWN = const(6)

_COMMANDS = const(0xD101)
_SLEEP = const(0xD105)
_NORMAL = const(0xD109)
_ENTER = const(0xD11E)
_ENTERED = const(0x0002)
_ENTERED_MARK = const(0x1E)
_RESET_MS = const(10)
_STARTING_MS = const(50)
_COMMANDS_MS = const(5)
_ENTERING_MS = const(5)
"""No data sheet has them. The makers' own code keeps the line low for 10 to 20 ms, waits 50 to 60 after it and 10 after
a change of mode: half of that is taken as usual, all of it as the longest."""


class Chip:
    """One controller with its reset line."""

    timings: "tuple[tuple[str, int, int], ...]" = (
        ("reset_ms", _RESET_MS, 20),
        ("starting_ms", _STARTING_MS, 60),
        ("commands_ms", _COMMANDS_MS, 10),
        ("entering_ms", _ENTERING_MS, 90),
    )
    """Attributes that are times, what each is usually, and the longest that a driver has to bear."""

    def __init__(self, line: "InterruptPin", width: int, height: int, misuse: "list[str]") -> None:
        """A glass of `width` by `height` pixels; `line` is high while there is nothing to say."""
        self.time = Timeline()
        self.misuse = misuse
        self.line = line
        self.on_read: "Callable[[], None]" = _nothing
        """Called when a report has been acknowledged."""
        self.identity = {
            0xD1FC: b"\x00\x00\xca\xca",
            0xD1F8: bytes((width & 0xFF, width >> 8, height & 0xFF, height >> 8)),
            0xD204: b"\x00\x00\x17\x92",
            0xD208: b"\x01\x00\x00\x00",
        }
        self.stubborn = False
        """True: a report that waits is in the way of the next ones."""
        self.pulse_ms = 0
        """How long the line is low for a report; with 0 nobody but an interrupt at an edge sees it."""
        self.reset_ms = _RESET_MS
        """The shortest reset that is one."""
        self.starting_ms = _STARTING_MS
        """From the end of a reset to the first answer."""
        self.commands_ms = _COMMANDS_MS
        """From the change to commands until it knows who it is; before that it reads as FF."""
        self.entering_ms = _ENTERING_MS
        """From the request for commands, made twice, until it says that it has understood."""
        self._fell_ms = -1
        self._reset()

    def _reset(self) -> None:
        self.asleep = False
        self.waits = False
        """True while a report has not been acknowledged."""
        self.report = bytearray(_REPORT_BYTES)
        self._commands = False
        self._entering = 0
        self._entered_ms = self._commands_at_ms = 0
        self._at = 0
        self._ready_ms = self.time.now + self.starting_ms

    @property
    def resting(self) -> bool:
        """True while a finger is not reported."""
        return self.asleep or self._commands or not self.answers()

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

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return not self.asleep and self._fell_ms < 0 and self.time.now >= self._ready_ms

    def touch(self, down: int, x: int, y: int) -> None:
        """The finger. Nobody hears of it while the chip rests."""
        if self.resting or (self.waits and self.stubborn):
            return
        report = self.report
        report[0] = _DOWN if down else 0
        report[1] = x >> 4
        report[2] = y >> 4
        report[3] = (x & 0x0F) << 4 | y & 0x0F
        report[4] = 0
        report[5] = 1 if down else 0
        report[_MARK_AT] = _MARK
        self.waits = True
        self.line.drive(0)
        if self.pulse_ms:
            self.time.at(self.pulse_ms, lambda: self.line.drive(1))
        else:
            self.line.drive(1)

    def take(self, data: bytes) -> None:
        """A register address, and perhaps what to write there."""
        self._at = data[0] << 8 | data[1]
        if len(data) > 2 and self._at == _REPORT:
            self._acknowledge(data[2])
        elif len(data) > 2:
            self.misuse.append("touch: write to %04x" % self._at)
        else:
            self._command(self._at)

    def give(self, into: "bytearray | memoryview") -> None:
        """What stands at the address."""
        if self._at == _REPORT:
            if self._commands:
                self.misuse.append("touch: report read among commands")
            found = bytes(self.report)
        elif self._at == _ENTERED:
            entered = self._entering > 1 and self.time.now >= self._entered_ms
            found = bytes((0, _ENTERED_MARK if entered else 0, 0, 0))  # the makers' own code looks at the second byte
        else:
            if not self._commands:
                self.misuse.append("touch: %04x read outside of commands" % self._at)
            found = self.identity.get(self._at, b"") if self.time.now >= self._commands_at_ms else b""
        for index in range(len(into)):
            into[index] = found[index] if index < len(found) else 0xFF

    def _command(self, code: int) -> None:
        if code == _COMMANDS:
            self._commands = True
            self._commands_at_ms = self.time.now + self.commands_ms
        elif code == _NORMAL:
            self._commands = False
        elif code == _ENTER:
            self._entering += 1
            if self._entering == 2:
                self._entered_ms = self.time.now + self.entering_ms
        elif code == _SLEEP:
            if not self._commands or self.time.now < self._commands_at_ms:
                self.misuse.append("touch: sleep outside of commands")
            self.asleep = True
            self.waits = False

    def _acknowledge(self, mark: int) -> None:
        if mark != _MARK:
            self.misuse.append("touch: acknowledged with %02x" % mark)
        self.report[0] = _MARK
        waited, self.waits = self.waits, False
        if waited:
            self.on_read()


def _nothing() -> None:
    """Nobody waits for it."""
