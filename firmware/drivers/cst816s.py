"""CST816S, CST816T and CST816D touch controllers on I2C: one finger. `ports.Touch`.

The interrupt line pulses low at each report and whenever the finger comes or goes. Left to itself the chip sleeps two
seconds after the last touch and answers nobody; here it stays awake while the screen is lit, which takes 1.6 mA, since
an "up" that cannot be read would leave the finger on the glass. Sources: Hynitron, CST816S data sheet 1.1 and register
declaration; InfiniTime and SensorLib for the register that puts it to sleep, which is not the same in all of them.
"""

import errno

from micropython import const

from drivers.touch_panel import BAD, UP, TouchPanel

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    from drivers.touch_panel import InterruptPin, Pin

    class I2c(Protocol):
        """What the driver uses of `machine.I2C`."""

        def readfrom_mem_into(self, addr: int, memaddr: int, buf: bytearray) -> object:
            """Fill the buffer from a register on. Raises OSError."""
            ...

        def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray") -> object:
            """Write registers. Raises OSError."""
            ...


ADDRESS = const(0x15)

_REPORT = const(0x02)
_REPORT_BYTES = const(5)
_FINGERS = const(1)
_EVENT_SHIFT = const(6)
_EVENT_UP = const(1)
_EVENT_RESERVED = const(3)
_HIGH = const(0x0F)

_ID = const(0xA7)
_SLEEP_AT = {0xB4: 0xA5, 0xB5: 0xE5, 0xB6: 0xE5}
"""By what the chip says it is: CST816S, T, D (UNSURE-CST816-SLEEP)."""
_SLEEP = b"\x03"
_GESTURES = const(0xEC)
_NONE = b"\x00"
_INTERRUPTS = const(0xFA)
_TOUCH_AND_CHANGE = b"\x60"
_STAY_AWAKE = const(0xFE)
_YES = b"\x01"

_RESET_MS = const(10)
_STARTING_MS = const(100)
"""From the end of a reset to the first answer; makers' own code waits 50 ms."""


class Cst816s(TouchPanel):
    """One controller. Only a reset wakes it, so its line has to be connected."""

    def __init__(
        self,
        i2c: "I2c",
        interrupt: "InterruptPin",
        reset: "Pin",
        delay_ms: "Callable[[int], object]",
        width: int,
        height: int,
        axes: int = 0,
    ) -> None:
        """Size of the screen in pixels; `axes` of touch_panel.py say how the glass is mounted."""
        super().__init__(interrupt, width, height, axes)
        self._i2c = i2c
        self._reset = reset
        self._delay_ms = delay_ms
        self._sleep_at = 0
        self._data = bytearray(_REPORT_BYTES)
        self._one = bytearray(1)

    def start(self) -> None:
        """Reset the chip, see that it is one of these, and listen. Takes 110 ms.

        Raises OSError, ENODEV if it is another chip.
        """
        self._pulse()
        self._i2c.readfrom_mem_into(ADDRESS, _ID, self._one)
        self._sleep_at = _SLEEP_AT.get(self._one[0], 0)
        if not self._sleep_at:
            raise OSError(errno.ENODEV)
        self._set_up()
        self._watch()

    def _report(self) -> int:
        data = self._data
        self._i2c.readfrom_mem_into(ADDRESS, _REPORT, data)
        count, event = data[0], data[1] >> _EVENT_SHIFT
        if count > _FINGERS or event == _EVENT_RESERVED:
            return BAD
        if not count or event == _EVENT_UP:
            return UP
        return self._down_at((data[1] & _HIGH) << 8 | data[2], (data[3] & _HIGH) << 8 | data[4])

    def _rest(self) -> None:
        self._i2c.writeto_mem(ADDRESS, self._sleep_at, _SLEEP)

    def _rouse(self) -> None:
        self._pulse()
        self._set_up()

    def _pulse(self) -> None:
        self._reset(0)
        self._delay_ms(_RESET_MS)
        self._reset(1)
        self._delay_ms(_STARTING_MS)

    def _set_up(self) -> None:
        for register, value in ((_STAY_AWAKE, _YES), (_GESTURES, _NONE), (_INTERRUPTS, _TOUCH_AND_CHANGE)):
            self._i2c.writeto_mem(ADDRESS, register, value)
