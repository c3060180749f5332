"""What the models of PCF85063 and PCF8563 share: BCD counters, STOP, the oscillator, an alarm flag that stays.

Counting is done digit by digit as the chip does it, whenever somebody looks. Time is in milliseconds.
"""

from micropython import const

from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.chips.spi import InterruptPin

ADDRESS = const(0x51)

_STOP = const(0x20)
_MARK = const(0x80)
"""Oscillator stopped, or supply too low."""
_SECOND_MS = const(1000)
_MINUTE_MS = const(60_000)
_DAY_MS = const(86_400_000)


class Counter:
    """One clock. The chips' classes say where their registers are."""

    last = 0
    """Last register; the address goes on at 0 after it."""
    time_at = 0
    alarm_at = 0
    """Register of the first of the alarms, `alarms` of them, in the order of the counters from `alarm_from`."""
    alarms = 0
    alarm_from = 0
    alarm_on = 0
    alarm_flag = 0
    flags = 0
    """Bits of control register 2 that stay when 1 is written."""
    tests = b"\0\0"
    """Bits of both control registers that nobody may set."""
    after_power = b""
    first_ms = 508
    """From the end of STOP to the first second: two stages of the divider are not reset."""
    oscillator_ms = 500
    """From power to a crystal that swings; 200 ms to 2 s by the data sheets."""
    starting_ms = 1
    """From power to a chip that answers, as far as it depends on the supply."""
    masks = b"\x7f\x7f\x3f\x3f\x07\x1f\xff"

    def __init__(self, line: "InterruptPin", misuse: "list[str]") -> None:
        """`line` is high while nothing rings. Power has just come."""
        self.time = Timeline()
        self.misuse = misuse
        self.line = line
        self.powered = True
        self._at = 0
        self._watched = False
        self.lose_power()

    def lose_power(self) -> None:
        """The supply was gone, with the cell of the clock, and has come back."""
        self.registers = bytearray(self.after_power)
        self._up_ms = self.time.now + self.starting_ms
        self._swings_ms = self.time.now + self.oscillator_ms
        self._next_ms = self._swings_ms + _SECOND_MS
        self._drive()

    def kept(self, time: bytes) -> None:
        """The cell has kept the clock running: second to year in BCD, and a second begins now."""
        self.registers[self.time_at : self.time_at + 7] = time
        self._next_ms = self.time.now + _SECOND_MS

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return self.powered and self.time.now >= self._up_ms

    def take(self, data: bytes) -> None:
        """A register, and what to write; the counters stand still meanwhile."""
        self._count()
        self._at = data[0]
        if self._at > self.last:
            self.misuse.append("clock: no register %02x" % self._at)
            self._at = 0
        for value in data[1:]:
            self._write(self._at, value)
            self._at = self._at + 1 if self._at < self.last else 0
        self._watch()
        self._drive()

    def give(self, into: "bytearray | memoryview") -> None:
        """Registers from the address on, all of one moment."""
        self._count()
        for index in range(len(into)):
            into[index] = self.registers[self._at]
            self._at = self._at + 1 if self._at < self.last else 0

    def _write(self, register: int, value: int) -> None:
        if register < 2 and value & self.tests[register]:
            self.misuse.append("clock: test bits %02x in %d" % (value, register))
        if register == 0:
            if self.registers[0] & _STOP and not value & _STOP:
                self._next_ms = max(self.time.now, self._swings_ms) + self.first_ms
        elif register == 1:
            value = value & ~self.flags | value & self.registers[1] & self.flags
        elif self.time_at <= register < self.time_at + 7:
            value = self._counter(register - self.time_at, value)
        self.registers[register] = value

    def _counter(self, index: int, value: int) -> int:
        digits = value & self.masks[index]
        if digits & 0x0F > 9 or digits >> 4 > 9:
            self.misuse.append("clock: %02x is not BCD" % value)
        if index == 0 and self.time.now < self._swings_ms:
            value |= _MARK
        return value

    # Counting.

    def _count(self) -> None:
        """Catch up with the time."""
        if self.registers[0] & _STOP:
            return
        while self._next_ms + _DAY_MS <= self.time.now and not self.registers[1] & self.alarm_on:
            self._next_ms += _DAY_MS
            self._day()
        while self._next_ms + _MINUTE_MS <= self.time.now and not self.registers[1] & self.alarm_on:
            self._next_ms += _MINUTE_MS
            self._minute()
        while self._next_ms <= self.time.now:
            self._next_ms += _SECOND_MS
            if self._step(0, 0x59, 0):
                self._minute()

    def _minute(self) -> None:
        if self._step(1, 0x59, 0) and self._step(2, 0x23, 0):
            self._day()
        self._match()

    def _day(self) -> None:
        weekday = self.time_at + 4
        self.registers[weekday] = (self.registers[weekday] + 1) % 7
        if self._step(3, self._last_day(), 1) and self._step(5, 0x12, 1) and self._step(6, 0x99, 0):
            self._century()

    def _step(self, index: int, last: int, first: int) -> bool:
        """One counter, one further; True if it began again."""
        register, mask = self.time_at + index, self.masks[index]
        value, rest = self.registers[register] & mask, self.registers[register] & ~mask
        if value >= last:
            self.registers[register] = rest | first
            return True
        self.registers[register] = rest | (value + 1 if value & 0x0F < 9 else (value & 0xF0) + 0x10)
        return False

    def _last_day(self) -> int:
        month = self.registers[self.time_at + 5] & 0x1F
        if month != 2:
            return 0x30 if month in (4, 6, 9, 0x11) else 0x31
        year = self.registers[self.time_at + 6]
        return 0x28 if ((year >> 4) * 10 + (year & 0x0F)) % 4 else 0x29

    def _century(self) -> None:
        """The years began again."""

    # Alarm.

    def _match(self) -> None:
        """A minute began: the flag is set if every alarm that counts agrees. One of the seconds can only be 0."""
        counts = False
        for index in range(self.alarms):
            alarm = self.registers[self.alarm_at + index]
            if alarm & _MARK:
                continue
            counter = self.alarm_from + index
            if alarm != self.registers[self.time_at + counter] & self.masks[counter]:
                return
            counts = True
        if counts:
            self.registers[1] |= self.alarm_flag
            self._drive()

    def _watch(self) -> None:
        """See to it that somebody looks at each new minute while an alarm may come."""
        if self.registers[1] & self.alarm_on and not self._watched and not self.registers[0] & _STOP:
            self._watched = True
            seconds = self.registers[self.time_at] & 0x7F
            left = 60 - (seconds >> 4) * 10 - (seconds & 0x0F)
            self.time.at(self._next_ms - self.time.now + (left - 1) * _SECOND_MS, self._look)

    def _look(self) -> None:
        self._watched = False
        self._count()
        if not self.registers[1] & self.alarm_flag:
            self._watch()

    def _drive(self) -> None:
        rings = self.registers[1] & self.alarm_flag and self.registers[1] & self.alarm_on
        self.line.drive(0 if rings else 1)
