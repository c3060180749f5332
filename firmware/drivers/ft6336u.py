"""FT6336U and FT3168 touch controllers on I2C: one register map, two ways to tell who they are. `ports.Touch`.

Registers 02 to 06 hold the number of fingers and the place of the first. The interrupt line pulses low at each report.
Source: FocalTech's application note for FT6x36 registers.
"""

import errno

from micropython import const

from drivers.touch_panel import BAD, UP, TouchPanel

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from drivers.touch_panel import InterruptPin, Pin

    class I2c(Protocol):
        """What the driver uses of `machine.I2C`."""

        def readfrom_mem_into(self, addr: int, memaddr: int, buf: bytearray) -> object:
            """Fill the buffer from a register on. Raises OSError."""
            ...

        def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray") -> object:
            """Write registers. Raises OSError."""
            ...


ADDRESS = const(0x38)
FT6336U = (0xA3, 0x64)
FT3168 = (0xA0, 0x03)
"""Register and value that name the chip."""

_REPORT = const(0x02)
_REPORT_BYTES = const(5)
_COUNT = const(0x0F)
_FINGERS = const(2)
_EVENT_SHIFT = const(6)
_EVENT_UP = const(1)
_EVENT_RESERVED = const(3)
_HIGH = const(0x0F)

_INTERRUPTS = const(0xA4)
_PULSES = b"\x01"
_POWER = const(0xA5)
_ACTIVE = b"\x00"
_MONITOR = b"\x01"
_HIBERNATE = b"\x03"

_RESET_MS = const(5)
_STARTING_MS = const(300)
"""From the end of a reset to the first report."""


class Ft6336u(TouchPanel):
    """One controller."""

    def __init__(
        self,
        i2c: "I2c",
        interrupt: "InterruptPin",
        reset: "Optional[Pin]",
        delay_ms: "Callable[[int], object]",
        width: int,
        height: int,
        axes: int = 0,
        chip: "tuple[int, int]" = FT6336U,
    ) -> None:
        """Size of the screen in pixels; `axes` of touch_panel.py say how the glass is mounted.

        `reset` is None where the line is not connected. Then `sleep` only makes the chip look more rarely: from
        hibernation nothing but a reset brings it back.
        """
        super().__init__(interrupt, width, height, axes)
        self._i2c = i2c
        self._reset = reset
        self._delay_ms = delay_ms
        self._chip = chip
        self._data = bytearray(_REPORT_BYTES)
        self._one = bytearray(1)

    def start(self) -> None:
        """Reset the chip if that can be done, see that it is the right one, and listen. Takes 305 ms with a reset line.

        Raises OSError, ENODEV if it is another chip.
        """
        register, value = self._chip
        self._pulse()
        self._i2c.readfrom_mem_into(ADDRESS, register, self._one)
        if self._one[0] != value:
            raise OSError(errno.ENODEV)
        self._set_up()
        self._watch()

    def _report(self) -> int:
        data = self._data
        self._i2c.readfrom_mem_into(ADDRESS, _REPORT, data)
        count, event = data[0] & _COUNT, data[1] >> _EVENT_SHIFT
        if count > _FINGERS or event == _EVENT_RESERVED:
            return BAD
        if not count or event == _EVENT_UP:
            return UP
        return self._down_at((data[1] & _HIGH) << 8 | data[2], (data[3] & _HIGH) << 8 | data[4])

    def _rest(self) -> None:
        self._i2c.writeto_mem(ADDRESS, _POWER, _HIBERNATE if self._reset else _MONITOR)

    def _rouse(self) -> None:
        self._pulse()
        self._set_up()

    def _pulse(self) -> None:
        if self._reset:
            self._reset(0)
            self._delay_ms(_RESET_MS)
            self._reset(1)
            self._delay_ms(_STARTING_MS)

    def _set_up(self) -> None:
        self._i2c.writeto_mem(ADDRESS, _POWER, _ACTIVE)
        self._i2c.writeto_mem(ADDRESS, _INTERRUPTS, _PULSES)
