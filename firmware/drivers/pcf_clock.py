"""What the clocks PCF85063 and PCF8563 share: BCD time, STOP, the oscillator's mark, an alarm that stays.

All is read in one transfer: the chips hold their counters still meanwhile and count what they missed afterwards, so a
time that was read while a second ended is whole, and need not be read twice (NXP, PCF85063A section 7.4; PCF8563
section 8.4).
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Protocol

    class I2c(Protocol):
        """What the driver uses of `machine.I2C`."""

        def readfrom_mem_into(self, addr: int, memaddr: int, buf: "bytearray") -> object:
            """Fill the buffer from a register on. Raises OSError."""
            ...

        def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray | memoryview") -> object:
            """Write registers. Raises OSError."""
            ...


ADDRESS = const(0x51)
FIRST_S = 946_684_800
"""2000-01-01, the first second a chip can show; seconds since 1970."""
END_S = 4_102_444_800
"""2100-01-01, the first one that it cannot. The chips take 2100 for a leap year."""

STOP = const(0x20)
"""In control register 1 of both chips."""
_BROKEN = const(0x80)
"""In the seconds: the oscillator has stopped, or the supply was too low, since they were set."""
_IGNORED = const(0x80)
"""In an alarm register: does not count."""
_ALARMS = const(4)
"""Minute, hour, day, weekday."""
_WEEKDAY = const(3)
_DAY_S = const(86400)
_HOUR_S = const(3600)
_MINUTE_S = const(60)
_SPAN = const(7)
"""Second, minute, hour, day, weekday, month, year."""
_MASKS = b"\x7f\x7f\x3f\x3f\x07\x1f\xff"
_MOST = b"\x3b\x3b\x17\x1f\x06\x0c\x63"
_MONTH_DAYS = b"\x1f\x1c\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"
_FEBRUARY = const(2)
_SATURDAY = const(6)
"""Weekday of 2000-01-01; Sunday is 0."""
_FOUR_YEARS = const(1461)


class PcfClock:
    """One clock. Classes of the chips say where the registers are and what must be 0 in them."""

    time_at = 0
    """Register of the seconds."""
    alarm_at = 0
    """Register of the minute of the alarm."""
    hours_12 = 0
    """Bit in control register 1: hours count to 12."""
    later_century = 0
    """Bit in the months: the year is not of this century."""
    control_1 = 0
    """Control register 1 of a clock that runs."""
    alarm_on = 0
    alarm_rang = 0
    """Bits in control register 2."""
    quiet = 0
    """Control register 2 with alarm and other interrupts off, flags as they are (a flag stays when 1 is written)."""

    def __init__(self, i2c: "I2c", address: int = ADDRESS) -> None:
        self._i2c = i2c
        self._address = address
        self._one = bytearray(1)
        self._all = bytearray(self.time_at + _SPAN)
        self._view = memoryview(self._all)[self.time_at :]

    def start(self) -> None:
        """Switch off what nobody uses: clock output, timer, alarm. The time stays as it is. Raises OSError."""
        raise NotImplementedError

    def read(self) -> "Optional[int]":
        """Seconds since 1970; None if the clock has stopped since it was set, was never set, or shows no time.

        Raises OSError.
        """
        data, time = self._all, self._view
        self._i2c.readfrom_mem_into(self._address, 0, data)
        if data[0] & (STOP | self.hours_12) or time[0] & _BROKEN or time[5] & self.later_century:
            return None
        for index in range(_SPAN):
            value = time[index] & _MASKS[index]
            if value & 0x0F > 9 or value >> 4 > 9:
                return None
            time[index] = (value >> 4) * 10 + (value & 0x0F)
            if time[index] > _MOST[index]:
                return None
        return _seconds(time)

    def set(self, unix_s: int) -> None:
        """Set the time: stop the clock, write, let it go; the second begins when it goes. Reads back.

        A set that breaks off leaves the clock stopped, and `read` says None. Raises OSError, EIO if the oscillator
        does not run (it needs up to 2 s after power has come); ValueError outside 2000 to 2099.
        """
        if not FIRST_S <= unix_s < END_S:
            raise ValueError("time")
        self._write(0, self.control_1 | STOP)
        _fill(self._view, unix_s)
        self._i2c.writeto_mem(self._address, self.time_at, self._view)
        self._write(0, self.control_1)
        found = self.read()
        if found is None or not 0 <= found - unix_s <= 1:
            raise OSError(errno.EIO)

    def alarm(self, unix_s: "Optional[int]") -> None:
        """Pull the interrupt line at the first full minute not before this time, at most 27 days ahead; None: never.

        What rang before is forgotten. Raises OSError, ValueError outside 2000 to 2099.
        """
        minute_s = 0 if unix_s is None else -(-unix_s // _MINUTE_S) * _MINUTE_S
        if unix_s is not None and not FIRST_S <= minute_s < END_S:
            raise ValueError("alarm")
        self._write(1, self.quiet)
        if minute_s:
            _fill(self._view, minute_s)
        for index in range(_ALARMS):
            counts = minute_s and index < _WEEKDAY
            self._write(self.alarm_at + index, self._view[1 + index] if counts else _IGNORED)
        self._write(1, self.quiet & ~self.alarm_rang)
        if minute_s:
            self._write(1, self.quiet & ~self.alarm_rang | self.alarm_on)

    def rang(self) -> bool:
        """True if the alarm has come since the last call; frees the interrupt line. Raises OSError."""
        self._i2c.readfrom_mem_into(self._address, 1, self._one)
        control = self._one[0]
        if not control & self.alarm_rang:
            return False
        self._write(1, (self.quiet | control & self.alarm_on) & ~self.alarm_rang)
        return True

    def _write(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(self._address, register, self._one)


def _days_of(month: int, year: int) -> int:
    """Days of a month of 2000 to 2099, where every fourth year is a leap year."""
    return _MONTH_DAYS[month - 1] + (month == _FEBRUARY and not year & 3)


def _seconds(time: memoryview) -> "Optional[int]":
    """Seconds since 1970 of second, minute, hour, day, weekday, month, year; None for a day that there is not."""
    day, month, year = time[3], time[5], time[6]
    if not 0 < month <= 12 or not 0 < day <= _days_of(month, year):
        return None
    days = year * 365 + (year + 3) // 4 + day - 1
    for earlier in range(1, month):
        days += _days_of(earlier, year)
    return FIRST_S + days * _DAY_S + time[2] * _HOUR_S + time[1] * _MINUTE_S + time[0]


def _fill(time: memoryview, unix_s: int) -> None:
    """Second to year in BCD."""
    days, second = divmod(unix_s - FIRST_S, _DAY_S)
    time[4] = (days + _SATURDAY) % 7
    year = days // _FOUR_YEARS * 4
    days %= _FOUR_YEARS
    while days >= 365 + (not year & 3):
        days -= 365 + (not year & 3)
        year += 1
    month = 1
    while days >= _days_of(month, year):
        days -= _days_of(month, year)
        month += 1
    time[6] = _bcd(year)
    time[5] = _bcd(month)
    time[3] = _bcd(days + 1)
    time[2] = _bcd(second // _HOUR_S)
    time[1] = _bcd(second % _HOUR_S // _MINUTE_S)
    time[0] = _bcd(second % _MINUTE_S)


def _bcd(value: int) -> int:
    return value // 10 << 4 | value % 10
