"""QST QMI8658C (and QMI8658A) on I2C: its accelerometer, step counter and motion detector. The gyroscope is off.

Source: QMI8658C data sheet 13-52-27 rev A, chapters 5, 9 and 11. Sources differ: the reset value is B0h in its table 27
and 0Bh in its text, drivers that work write B0h; bits 3 and 4 of CTRL1 switch the interrupt pins on in the QMI8658A and
are reserved in the QMI8658C; bit 5 says big-endian, and everybody who sets it finds the low byte first; rev D of the
QMI8658A no longer speaks of steps, so a chip that does not take that command counts none.
"""

import errno

from micropython import const

from drivers.motion_sensor import MOVED, STEPS, STILL, signed16

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from drivers.motion_sensor import Blob, I2c

ADDRESS = const(0x6B)

_ID, _ID_VALUE = const(0x00), const(0x05)
_CTRL1 = const(0x02)
_AWAKE = b"\x68"
"""Addresses count up, low byte first, INT1 driven."""
_ASLEEP = b"\x69"
_CTRL1_BITS = const(0x61)
"""Without those that the QMI8658C reserves: nobody says that they keep what is written."""
_CTRL2 = const(0x03)
_RATE = b"\x17"
"""4 g, 62.5 Hz: QST's figures for steps are for 50 Hz. 132 uA."""
_CTRL5 = const(0x06)
_FILTER = b"\x07"
"""Accelerometer filtered at 13.37 % of the rate."""
_CTRL7 = const(0x08)
_MEASURE = b"\x21"
"""Accelerometer on, no data-ready interrupt."""
_CTRL7_BITS = const(0x01)
"""As above: bit 5 is the QMI8658A's."""
_NONE = b"\x00"
_CTRL8 = const(0x09)
_HANDSHAKE = const(0x80)
"""A finished command shows in STATUSINT and not at INT1."""
_ENGINES = const(0x46)
"""Any-motion, no-motion, both told at INT1."""
_COUNT = const(0x10)
_COMMAND = const(0x0A)
_ACKNOWLEDGE = b"\x00"
_SET_STEPS = b"\x0d"
_SET_MOTION = b"\x0e"
_ARGUMENTS = const(0x0B)
_INTERRUPTS, _DONE = const(0x2D), const(0x80)
_STATUS, _MEASURED = const(0x2E), const(0x01)
_EVENTS = const(0x2F)
_ANY_MOTION, _NO_MOTION, _NEVER = const(0x20), const(0x40), const(0x09)
_DATA = const(0x35)
_RESULT, _RESET_DONE = const(0x4D), const(0x80)
_STEP_COUNT = const(0x5A)
_RESET, _RESET_VALUE = const(0x60), b"\xb0"

_RESET_MS = const(15)
"""Data sheet: what a reset takes at most. It is asked for its end, ten times: half of this would do."""
_RESET_TRIES = const(10)
_COMMAND_MS = const(1)
_COMMAND_TRIES = const(50)
_FIRST_MS = const(20)
_FIRST_TRIES = const(15)
"""Data sheet: the first measurement comes 3 ms and three periods, 51 ms, after it was switched on. It is asked
for five times as long: half of this would do."""

# Two times eight bytes for CAL1 to CAL4. Times are in measurements, 16 ms each.
_STEPS_1 = b"\x3e\x00\xcc\x00\x66\x00\x02\x01"
"""Over 62 measurements; 200 mg from peak to peak; 100 mg over the average; part 1."""
_STEPS_2 = b"\x64\x00\x10\x0a\x00\x01\x02\x02"
"""A step takes 0.26 to 1.6 s; ten in a row begin a walk and count then; no precision; tell each; part 2."""
_MOTION_1 = b"\x02\x02\x02\x01\x01\x01\xf7\x01"
"""Any-motion from 62 mg between two measurements on, no-motion below 31 mg; any of all axes, no-motion all; part 1."""
_MOTION_2 = b"\x03\xfa\x00\x00\x00\x00\x00\x02"
"""Three measurements of motion in a row; 250, four seconds, of none; part 2."""

# Range 4 g: 8192 to the g.
_TIMES, _SHIFT = const(125), const(10)


class Qmi8658:
    """One chip."""

    def __init__(self, i2c: "I2c", delay_ms: "Callable[[int], object]") -> None:
        self._i2c = i2c
        self._delay_ms = delay_ms
        self._one = bytearray(1)
        self._three = bytearray(3)
        self._six = bytearray(6)
        self._measured = False
        self.finding = ""
        """What is wrong with a chip that has started, empty if nothing."""
        self.abilities = 0
        """What the chip tells by itself, bits of motion_sensor.py; it only measures if it does not take the command for
        motion, which every one should: `finding` says so. Not MOVED: it feels jerks and no slow turns."""

    def start(self, blob: "Optional[Blob]" = None, length: int = 0) -> None:
        """Reset the chip and let it measure. Needs no program; the arguments are there as its sisters have them.

        Takes about 80 ms. Raises OSError: ENODEV if it is another chip, EIO if it does not take a setting, ETIMEDOUT if
        it does not come back or does not measure.
        """
        self.abilities = 0
        self.finding = ""
        self._measured = False
        if self._read(_ID) != _ID_VALUE:
            raise OSError(errno.ENODEV)
        self._reset()
        self._set(_CTRL1, _AWAKE, _CTRL1_BITS)
        self._set(_CTRL2, _RATE)
        self._set(_CTRL5, _FILTER)
        self._write(_CTRL7, _NONE)
        self._write(_CTRL8, bytes((_HANDSHAKE,)))
        engines = 0
        if self._command(_SET_MOTION, _MOTION_1) and self._command(_SET_MOTION, _MOTION_2):
            engines |= _ENGINES
            self.abilities |= STILL
            if self._command(_SET_STEPS, _STEPS_1) and self._command(_SET_STEPS, _STEPS_2):
                engines |= _COUNT
                self.abilities |= STEPS
        else:
            self.finding = "takes no commands"
        self._set(_CTRL8, bytes((_HANDSHAKE | engines,)))
        self._set(_CTRL7, _MEASURE, _CTRL7_BITS)
        self._first()

    def acceleration(self, into: "list[int]") -> bool:
        """Store x, y, z in milli-g; False before the first measurement. Allocates nothing. Raises OSError."""
        if not self._measured:
            self._measured = bool(self._read(_STATUS) & _MEASURED)
            if not self._measured:
                return False
        data = self._six
        self._i2c.readfrom_mem_into(ADDRESS, _DATA, data)
        into[0] = signed16(data, 0) * _TIMES >> _SHIFT
        into[1] = signed16(data, 2) * _TIMES >> _SHIFT
        into[2] = signed16(data, 4) * _TIMES >> _SHIFT
        return True

    def steps(self) -> int:
        """Steps since `start`, 0 if the chip counts none. Allocates nothing. Raises OSError."""
        if not self.abilities & STEPS:
            return 0
        data = self._three
        self._i2c.readfrom_mem_into(ADDRESS, _STEP_COUNT, data)
        return data[0] | data[1] << 8 | data[2] << 16

    def events(self) -> int:
        """What is going on now: MOVED, STILL. Allocates nothing. Raises OSError."""
        told = self._read(_EVENTS)
        if told & _NEVER:  # a bus that is stuck, and no movement: the watch would stay open
            return 0
        return (MOVED if told & _ANY_MOTION else 0) | (STILL if told & _NO_MOTION else 0)

    def rest(self, on: bool) -> None:
        """Power down, 6 uA with all settings kept, or go on. Asking again is safe. Raises OSError."""
        self._measured = False
        if on:
            self._write(_CTRL7, _NONE)
        self._write(_CTRL1, _ASLEEP if on else _AWAKE)
        if not on:
            self._write(_CTRL7, _MEASURE)

    def _reset(self) -> None:
        self._write(_RESET, _RESET_VALUE)
        for _ in range(_RESET_TRIES):
            self._delay_ms(_RESET_MS)
            try:
                if self._read(_RESULT) == _RESET_DONE:
                    return
            except OSError:
                pass  # it need not answer while it resets; one that never does is told by the time-out
        raise OSError(errno.ETIMEDOUT)

    def _first(self) -> None:
        for _ in range(_FIRST_TRIES):
            if self._read(_STATUS) & _MEASURED:
                return
            self._delay_ms(_FIRST_MS)
        raise OSError(errno.ETIMEDOUT)

    def _command(self, command: bytes, arguments: bytes) -> bool:
        """Give a command by the protocol of CTRL9; False if the chip does not answer to it."""
        self._write(_ARGUMENTS, arguments)
        self._write(_COMMAND, command)
        if not self._wait(_DONE):
            self._write(_COMMAND, _ACKNOWLEDGE)  # else it may take the next one for a part of this
            return False
        self._write(_COMMAND, _ACKNOWLEDGE)
        return self._wait(0)

    def _wait(self, wanted: int) -> bool:
        for _ in range(_COMMAND_TRIES):
            if self._read(_INTERRUPTS) & _DONE == wanted:
                return True
            self._delay_ms(_COMMAND_MS)
        return False

    def _read(self, register: int) -> int:
        self._i2c.readfrom_mem_into(ADDRESS, register, self._one)
        return self._one[0]

    def _set(self, register: int, value: bytes, bits: int = 0xFF) -> None:
        """Write, and read back the bits that every one of these chips has."""
        self._write(register, value)
        if (self._read(register) ^ value[0]) & bits:
            raise OSError(errno.EIO)

    def _write(self, register: int, value: bytes) -> None:
        self._i2c.writeto_mem(ADDRESS, register, value)
