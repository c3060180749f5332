"""DRV2605: its registers, and a motor that says what was played on it.

Time is in milliseconds. How long most effects last is not in the data sheet: 100 ms here. Source: SLOS854. What the
chip does not allow is written down in `misuse`.
"""

from micropython import const

from board.simulator.chips.register_file import RegisterFile
from board.simulator.chips.timeline import Timeline

ADDRESS = const(0x5A)
DRV2605L = const(7)
DRV2605 = const(3)

_RESETS = (
    (0x01, 0x40),
    (0x03, 0x01),
    (0x04, 0x01),
    (0x11, 0x05),
    (0x12, 0x19),
    (0x13, 0xFF),
    (0x14, 0x19),
    (0x15, 0xFF),
    (0x16, 0x3E),
    (0x17, 0x8C),
    (0x18, 0x0C),
    (0x19, 0x6C),
    (0x1A, 0x36),
    (0x1B, 0x93),
    (0x1C, 0xF5),
    (0x1D, 0xA0),
    (0x1E, 0x20),
)
_STATUS = const(0x00)
_MODE, _STANDBY, _RESET = const(0x01), const(0x40), const(0x80)
_LIBRARY, _LAST_LIBRARY, _LINEAR_LIBRARY = const(0x03), const(7), const(6)
_SEQUENCE, _ENTRIES = const(0x04), const(8)
_GO = const(0x0C)
_FEEDBACK, _LINEAR = const(0x1A), const(0x80)
_LAST = const(0x22)
_READ_ONLY = (_STATUS, 0x21, _LAST)
_EFFECTS = const(123)
_EFFECT_MS = {15: 750, 16: 1000}
_USUAL_MS = const(100)
_WAIT = const(0x80)
_WAIT_MS = const(10)


class Chip(RegisterFile):
    """One driver with its motor."""

    resetting_ms = 1
    starting_ms = 1
    """From its supply to a chip that answers: 250 us."""
    pace_percent = 100
    """How long effects last, of what they usually do."""

    def __init__(self, misuse: "list[str]", identity: int = DRV2605L) -> None:
        """`identity`: the number of the chip."""
        self.time = Timeline()
        self.played: "list[tuple[int, ...]]" = []
        """Sequences that were begun."""
        self.stopped = 0
        """How many of them were cut short."""
        self._turn = 0
        self._up_ms = self.starting_ms
        super().__init__(misuse, _RESETS + ((_STATUS, identity << 5),))

    def lose_power(self) -> None:
        """The supply goes off and on."""
        self._turn += 1
        self._up_ms = self.time.now + self.starting_ms
        self.clear()

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return self.time.now >= self._up_ms

    @property
    def shakes(self) -> bool:
        """True while a sequence is played."""
        return bool(self.registers[_GO])

    def wrote(self, register: int, value: int) -> None:
        """One byte is written."""
        if register in _READ_ONLY or register > _LAST:
            self.misuse.append("drv2605: write to %02x" % register)
        elif self.registers[_MODE] & _RESET:
            self.misuse.append("drv2605: %02x written during the reset" % register)
        elif register == _GO:
            self._go(value & 1)
        elif register == _MODE:
            self._mode(value)
        else:
            if self.shakes and _SEQUENCE <= register < _SEQUENCE + _ENTRIES:
                self.misuse.append("drv2605: sequence written while it plays")
            self.registers[register] = value

    def _mode(self, value: int) -> None:
        self.registers[_MODE] = value
        if value & _RESET:
            self._end(True)
            self.time.at(self.resetting_ms, self.clear)
        elif value & _STANDBY:
            self._end(True)

    def _end(self, early: bool) -> None:
        if self.shakes and early:
            self.stopped += 1
        self.registers[_GO] = 0
        self._turn += 1

    def _go(self, value: int) -> None:
        if not value:
            self._end(True)
            return
        if self.registers[_MODE]:
            self.misuse.append("drv2605: GO while it is not ready")
            return
        library = self.registers[_LIBRARY]
        if bool(self.registers[_FEEDBACK] & _LINEAR) != (library == _LINEAR_LIBRARY) or not 0 < library < _LAST_LIBRARY:
            self.misuse.append("drv2605: library %d for another motor" % library)
        self._play()

    def _play(self) -> None:
        sequence: "list[int]" = []
        for entry in self.registers[_SEQUENCE : _SEQUENCE + _ENTRIES]:
            if not entry:
                break
            sequence.append(entry)
        lasts_ms = 0
        for entry in sequence:
            if entry < _WAIT and entry > _EFFECTS:
                self.misuse.append("drv2605: effect %d" % entry)
            lasts_ms += (entry & ~_WAIT) * _WAIT_MS if entry & _WAIT else _EFFECT_MS.get(entry, _USUAL_MS)
        self.played.append(tuple(sequence))
        self._end(True)
        self.registers[_GO] = 1
        turn = self._turn

        def done() -> None:
            if turn == self._turn:
                self._end(False)

        self.time.at(lasts_ms * self.pace_percent // 100, done)
