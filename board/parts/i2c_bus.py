"""An I2C bus that frees itself: one lost transfer is made again, a chip that holds SDA low is clocked out.

A chip that is dead stays an error: the second try is the last one. Making a transfer again is harmless for registers.
An event that comes between two clearings of the same bit is lost with the first one, which the drivers bear.
Source for freeing a bus: NXP UM10204, section 3.1.16.
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class I2c(Protocol):
        """What is used of `machine.I2C`."""

        def writeto(self, addr: int, buf: "bytes | bytearray | memoryview") -> object:
            """Send bytes. Raises OSError."""
            ...

        def readfrom_into(self, addr: int, buf: "bytearray | memoryview") -> object:
            """Fill the buffer. Raises OSError."""
            ...

        def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray | memoryview") -> object:
            """Write registers. Raises OSError."""
            ...

        def readfrom_mem_into(self, addr: int, memaddr: int, buf: "bytearray | memoryview") -> object:
            """Read registers. Raises OSError."""
            ...

    class Pin(Protocol):
        """What is used of an open-drain `machine.Pin`."""

        def __call__(self, level: "Optional[int]" = None) -> "Optional[int]":
            """Let go or pull low; read the line without a level."""
            ...


_CLOCKS = const(9)
"""The rest of a byte and its acknowledgement, whatever the chip was at."""
_TRIES = const(3)
_HALF_US = const(5)
"""Half a clock at 100 kHz, which every chip follows."""


class I2cBus:
    """What drivers use of `machine.I2C`."""

    def __init__(
        self,
        make: "Callable[[], I2c]",
        lines: "Callable[[], tuple[Pin, Pin]]",
        delay_us: "Callable[[int], object]",
    ) -> None:
        """`make` builds the bus on its pins; `lines` takes the pins away from it: SCL, SDA, open drain, let go."""
        self._make = make
        self._lines = lines
        self._delay_us = delay_us
        self._i2c = make()
        self.retries = 0
        """Transfers that were made again."""
        self.freed = 0
        """How often a chip was clocked out."""
        self.finding = ""
        """What is wrong with the wires, empty if nothing."""

    def writeto(self, addr: int, buf: "bytes | bytearray | memoryview") -> None:
        """Send bytes. Raises OSError."""
        try:
            self._i2c.writeto(addr, buf)
        except OSError as error:
            self._mend(error)
            self._i2c.writeto(addr, buf)

    def readfrom_into(self, addr: int, buf: "bytearray | memoryview") -> None:
        """Fill the buffer. Raises OSError."""
        try:
            self._i2c.readfrom_into(addr, buf)
        except OSError as error:
            self._mend(error)
            self._i2c.readfrom_into(addr, buf)

    def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray | memoryview") -> None:
        """Write registers. Raises OSError."""
        try:
            self._i2c.writeto_mem(addr, memaddr, buf)
        except OSError as error:
            self._mend(error)
            self._i2c.writeto_mem(addr, memaddr, buf)

    def readfrom_mem_into(self, addr: int, memaddr: int, buf: "bytearray | memoryview") -> None:
        """Read registers. Raises OSError."""
        try:
            self._i2c.readfrom_mem_into(addr, memaddr, buf)
        except OSError as error:
            self._mend(error)
            self._i2c.readfrom_mem_into(addr, memaddr, buf)

    def free(self) -> None:
        """Clock out a chip that holds SDA, build the bus anew. Raises OSError, ETIMEDOUT if a wire stays low."""
        self.finding = self._free_wires()
        self._i2c = self._make()
        if self.finding:
            raise OSError(errno.ETIMEDOUT)

    def _mend(self, error: OSError) -> None:
        """Before the second try. Where nobody answered, the wires work."""
        self.retries += 1
        if error.errno != errno.ENODEV:
            self.free()

    def _free_wires(self) -> str:
        scl, sda = self._lines()
        for _ in range(_TRIES):
            if not scl():
                return "SCL is held low"
            if sda():
                return ""
            self._clock_out(scl, sda)
        return "" if sda() else "SDA is held low"

    def _clock_out(self, scl: "Pin", sda: "Pin") -> None:
        """Nine clocks, then a stop."""
        self.freed += 1
        for _ in range(_CLOCKS):
            self._set(scl, 0)
            self._set(scl, 1)
        self._set(scl, 0)
        self._set(sda, 0)
        self._set(scl, 1)
        self._set(sda, 1)

    def _set(self, line: "Pin", level: int) -> None:
        line(level)
        self._delay_us(_HALF_US)
