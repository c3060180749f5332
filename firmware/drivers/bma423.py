"""Bosch BMA423 accelerometer on I2C.

Its step counter, wrist gesture and any-motion interrupt are a program of 6,144 bytes that is told to it at each start;
without that it measures and does no more. Between two writes in power save it needs 450 us; here the mode is left
before anything else is written, and entered again at the end.
Source: BST-BMA423-DS000; Bosch's `bma4.c` and `bma423.h` for the order of loading the program.
"""

import errno

from micropython import const

from drivers.motion_sensor import MOVED, RAISED, STEPS, UPRIGHT, fill_from, signed16

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from drivers.motion_sensor import Blob, I2c

ADDRESS = const(0x19)
FEATURES_BYTES = const(6144)
"""Length of the program."""

_ID, _ID_VALUE = const(0x00), const(0x13)
_STATUS, _MEASURED = const(0x03), const(0x80)
_DATA = const(0x12)
_EVENTS = const(0x1C)
_TILTED, _ANY_MOTION, _FAILED = const(0x08), const(0x40), const(0x80)
_STEPS = const(0x1E)
_INTERNAL, _READY_MASK, _READY = const(0x2A), const(0x0F), const(1)
_RATE = const(0x40)
_RATE_50_HZ = b"\x27"
"""50 Hz, each the average of four measurements, in the low-power mode: 27 uA."""
_RANGE = const(0x41)
_RANGE_4G = b"\x01"
_PIN = const(0x53)
_PIN_HIGH = b"\x0a"
"""Driven, high while there is news."""
_LATCH = const(0x55)
_LATCHED = b"\x01"
_MAP = const(0x56)
_MAPPED = b"\x48"
"""Wrist tilt and any-motion at INT1. Steps wake nobody."""
_LOADING = const(0x59)
_STOP, _BEGIN = b"\x00", b"\x01"
_PLACE = const(0x5B)
_FEATURES = const(0x5E)
_SAVING = const(0x7C)
_AWAKE, _SAVE = b"\x00", b"\x03"
_MEASURING = const(0x7D)
_OFF, _ON = b"\x00", b"\x04"
_COMMAND, _RESET = const(0x7E), b"\xb6"

_RESET_MS = const(20)
"""Data sheet: 1 ms. The vendors' libraries wait this long; half of it would do."""
_SAVING_MS = const(1)
"""Data sheet: 450 us between a write in power save and the next one."""
_LOADED_MS = const(150)
"""Data sheet, and Bosch: 140 to 150 ms until the program says whether it runs."""
_FIRST_MS = const(10)
_FIRST_TRIES = const(15)
"""Data sheet: the first measurement comes a period, 20 ms, after it was switched on. It is asked for seven times as
long: half of this would do."""
_CHUNK = const(64)
"""Even, and a divisor of the program's length."""
_PAGE = const(64)
"""Settings of the program. Any-motion is at 0, steps at 36h, wrist tilt at 3Ah, axes at 3Eh."""
_ANY_MOTION_SELECT, _NO_MOTION = const(1), const(0x08)
_ANY_MOTION_AXES, _ALL_AXES = const(3), const(0xE0)
_STEP_COUNTER, _COUNT = const(0x37), const(0x10)
_TILT, _TILT_ON = const(0x3A), const(0x01)
_AXES = const(0x3E)

# Range 4 g: 512 steps of the upper 12 bits to the g.
_TIMES, _SHIFT, _UNUSED = const(125), const(6), const(4)
_TOP_MASK = const(0x3F)
"""Of the highest byte of the step counter: what fits into a small integer; nobody walks a thousand million steps."""


class Bma423:
    """One accelerometer."""

    def __init__(self, i2c: "I2c", delay_ms: "Callable[[int], object]", axes: "tuple[int, int, int]" = UPRIGHT) -> None:
        """`axes` as `motion_sensor.UPRIGHT`: the wrist gesture depends on it, what `acceleration` stores does not."""
        self._i2c = i2c
        self._delay_ms = delay_ms
        self._axes = axes
        self._one = bytearray(1)
        self._four = bytearray(4)
        self._six = bytearray(6)
        self._measured = False
        self.abilities = 0
        """What the chip tells by itself, bits of motion_sensor.py. Its program may die: then they go."""

    def start(self, blob: "Optional[Blob]" = None, length: int = 0) -> None:
        """Reset the chip and let it measure; with its program, `length` bytes of it, also let it count and watch.

        Takes 50 ms, with the program 0.4 s. Raises OSError: ENODEV if it is another chip, EIO if it does not take a
        setting, ETIMEDOUT if it does not measure; ValueError if it does not take the program. After that it measures
        all the same.
        """
        self._begin()
        try:
            if blob is not None:
                self._load(blob, length)
        except ValueError:
            self._begin()
            self._measure()
            raise
        self._measure()

    def acceleration(self, into: "list[int]") -> bool:
        """Store x, y, z in milli-g; False before the first measurement. Allocates nothing. Raises OSError."""
        if not self._measured:
            self._measured = bool(self._read(_STATUS) & _MEASURED)
            if not self._measured:
                return False
        data = self._six
        self._i2c.readfrom_mem_into(ADDRESS, _DATA, data)
        into[0] = (signed16(data, 0) >> _UNUSED) * _TIMES >> _SHIFT
        into[1] = (signed16(data, 2) >> _UNUSED) * _TIMES >> _SHIFT
        into[2] = (signed16(data, 4) >> _UNUSED) * _TIMES >> _SHIFT
        return True

    def steps(self) -> int:
        """Steps since `start`, 0 without the program. Allocates nothing. Raises OSError."""
        if not self.abilities & STEPS:
            return 0
        data = self._four
        self._i2c.readfrom_mem_into(ADDRESS, _STEPS, data)
        return data[0] | data[1] << 8 | data[2] << 16 | (data[3] & _TOP_MASK) << 24

    def events(self) -> int:
        """What has happened since the last call: MOVED, RAISED. Allocates nothing. Raises OSError."""
        if not self.abilities:
            return 0
        told = self._read(_EVENTS)
        if told & _FAILED:
            self.abilities = 0  # its program has stopped; what it told last is not to be believed
            return 0
        return (MOVED if told & _ANY_MOTION else 0) | (RAISED if told & _TILTED else 0)

    def rest(self, on: bool) -> None:
        """Stop measuring and counting, 3.5 uA, or go on. Asking again is safe. Raises OSError, EIO if it does not."""
        self._measured = False
        try:
            self._set(_MEASURING, _OFF if on else _ON)
        finally:
            self._delay_ms(_SAVING_MS)  # after a bus error too: the chip may have taken it

    def _begin(self) -> None:
        self.abilities = 0
        self._measured = False
        self._check()
        self._write(_COMMAND, _RESET)
        self._delay_ms(_RESET_MS)
        self._check()
        self._set(_SAVING, _AWAKE)
        self._delay_ms(_SAVING_MS)

    def _check(self) -> None:
        if self._read(_ID) != _ID_VALUE:
            raise OSError(errno.ENODEV)

    def _measure(self) -> None:
        self._set(_RATE, _RATE_50_HZ)
        self._set(_RANGE, _RANGE_4G)
        self._set(_MEASURING, _ON)
        self._set(_SAVING, _SAVE)
        for _ in range(_FIRST_TRIES):
            self._delay_ms(_FIRST_MS)
            if self._read(_STATUS) & _MEASURED:
                return
        raise OSError(errno.ETIMEDOUT)

    def _load(self, blob: "Blob", length: int) -> None:
        if length != FEATURES_BYTES:
            raise ValueError("the program of the BMA423 has %d bytes" % FEATURES_BYTES)
        self._write(_LOADING, _STOP)
        base = bytearray(2)
        self._i2c.readfrom_mem_into(ADDRESS, _PLACE, base)
        chunk = memoryview(bytearray(_CHUNK))
        for at in range(0, FEATURES_BYTES, _CHUNK):
            fill_from(blob, chunk)
            self._at(at)
            self._i2c.writeto_mem(ADDRESS, _FEATURES, chunk)
        self._write(_LOADING, _BEGIN)
        self._delay_ms(_LOADED_MS)
        if self._read(_INTERNAL) & _READY_MASK != _READY:
            raise ValueError("the BMA423 does not take its program")
        self._set_up(base)

    def _at(self, offset: int) -> None:
        """Where the next chunk goes, in words."""
        word = offset // 2
        self._i2c.writeto_mem(ADDRESS, _PLACE, bytes((word & 0x0F, word >> 4)))

    def _set_up(self, base: bytearray) -> None:
        """Tell the program what to do. Its settings are one block, read and written as a whole."""
        page = bytearray(_PAGE)
        self._i2c.writeto_mem(ADDRESS, _PLACE, base)
        self._i2c.readfrom_mem_into(ADDRESS, _FEATURES, page)
        page[_ANY_MOTION_SELECT] &= ~_NO_MOTION
        page[_ANY_MOTION_AXES] |= _ALL_AXES
        page[_STEP_COUNTER] |= _COUNT
        page[_TILT] |= _TILT_ON
        remap = _remap(self._axes)
        page[_AXES], page[_AXES + 1] = remap & 0xFF, remap >> 8
        self._i2c.writeto_mem(ADDRESS, _PLACE, base)
        self._i2c.writeto_mem(ADDRESS, _FEATURES, page)
        self._set(_PIN, _PIN_HIGH)
        self._set(_LATCH, _LATCHED)
        self._set(_MAP, _MAPPED)
        self.abilities = MOVED | RAISED | STEPS

    def _read(self, register: int) -> int:
        self._i2c.readfrom_mem_into(ADDRESS, register, self._one)
        return self._one[0]

    def _set(self, register: int, value: bytes) -> None:
        """Write, and read back: a chip that is still busy with the last write loses this one."""
        self._write(register, value)
        if self._read(register) != value[0]:
            raise OSError(errno.EIO)

    def _write(self, register: int, value: bytes) -> None:
        self._i2c.writeto_mem(ADDRESS, register, value)


def _remap(axes: "tuple[int, int, int]") -> int:
    """The axes as the program wants them: for each two bits of its number and one of its sign."""
    value = 0
    for place, axis in enumerate(axes):
        value |= (abs(axis) - 1 | (4 if axis < 0 else 0)) << 3 * place
    return value
