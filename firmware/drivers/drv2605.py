"""TI DRV2605 and DRV2605L on I2C: plays effects of its own library on a vibration motor.

The bit GO starts a sequence and goes out by itself at its end. Source: SLOS854
(DRV2605L), register map and list of effects. Copies without a licence answer as 5; they are refused.
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from drivers.motion_sensor import I2c

ADDRESS = const(0x5A)

STRONG_CLICK = const(1)
DOUBLE_CLICK = const(10)
STRONG_BUZZ = const(14)
ALERT_750_MS = const(15)
ALERT_1000_MS = const(16)
SHARP_TICK = const(24)
"""Effects of the libraries for motors with a spinning weight; there are 123."""
EFFECTS = const(123)
WAIT = const(0x80)
"""An entry that waits: this and tens of milliseconds, at most 127."""
LONGEST = const(8)
"""Entries of a sequence."""

_STATUS, _ID_SHIFT = const(0x00), const(5)
_IDS = (3, 7)
_MODE = const(0x01)
_READY, _STANDBY, _RESET = const(0x00), const(0x40), const(0x80)
_LIBRARY = const(0x03)
_SPINNING, _LINEAR = const(1), const(6)
_SEQUENCE = const(0x04)
_GO = const(0x0C)
_FEEDBACK, _IS_LINEAR = const(0x1A), const(0x80)
_CONTROL3, _OPEN_LOOP = const(0x1D), const(0x20)

_RESET_MS = const(1)
_RESET_TRIES = const(10)
"""The chip says itself when its reset is over; the data sheet gives no time."""


class Drv2605:
    """One motor and its driver."""

    def __init__(self, i2c: "I2c", delay_ms: "Callable[[int], object]", linear: bool = False) -> None:
        """`linear`: the motor is a linear resonant one, not a spinning weight."""
        self._i2c = i2c
        self._delay_ms = delay_ms
        self._linear = linear
        self._one = bytearray(1)
        self._sequence = bytearray(LONGEST)

    def start(self) -> None:
        """Reset the chip, tell it which motor it has, let it stand by. Raises OSError, ENODEV if it is another one."""
        if self._read(_STATUS) >> _ID_SHIFT not in _IDS:
            raise OSError(errno.ENODEV)
        self._write(_MODE, _RESET)
        for _ in range(_RESET_TRIES):
            self._delay_ms(_RESET_MS)
            if not self._read(_MODE) & _RESET:
                break
        else:
            raise OSError(errno.ETIMEDOUT)
        self._write(_MODE, _READY)
        self._write(_LIBRARY, _LINEAR if self._linear else _SPINNING)
        feedback = self._read(_FEEDBACK) & ~_IS_LINEAR
        self._write(_FEEDBACK, feedback | _IS_LINEAR if self._linear else feedback)
        control = self._read(_CONTROL3)
        self._write(_CONTROL3, control & ~_OPEN_LOOP if self._linear else control | _OPEN_LOOP)
        self.standby()

    def play(self, effects: bytes) -> None:
        """Play effects and waits, at most LONGEST, in the place of what plays. Returns at once; allocates nothing.

        Raises OSError, and ValueError for a sequence that is none.
        """
        if not 0 < len(effects) <= LONGEST:
            raise ValueError("a sequence has 1 to 8 entries")
        sequence = self._sequence
        for place in range(LONGEST):
            entry = effects[place] if place < len(effects) else 0
            if place < len(effects) and not (0 < entry <= EFFECTS or entry > WAIT):
                raise ValueError("there is no such effect")
            sequence[place] = entry
        self._write(_MODE, _READY)
        self._write(_GO, 0)
        self._i2c.writeto_mem(ADDRESS, _SEQUENCE, sequence)
        self._write(_GO, 1)

    def playing(self) -> bool:
        """True until the sequence has come to its end. Allocates nothing. Raises OSError."""
        return bool(self._read(_GO) & 1)

    def standby(self) -> None:
        """Stop, and take 2 uA until `play`. Asking again is safe. Allocates nothing. Raises OSError."""
        self._write(_GO, 0)
        self._write(_MODE, _STANDBY)

    def _read(self, register: int) -> int:
        self._i2c.readfrom_mem_into(ADDRESS, register, self._one)
        return self._one[0]

    def _write(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(ADDRESS, register, self._one)
