"""XL9555 expander: sixteen lines on I2C, each an input or an output. The register map is that of the PCA9555.

The chip has no reset line: after a restart of the processor its lines are as they were. `start` reads what they are
and changes none. Source: XINLUDA, XL9555 datasheet; NXP, PCA9555 datasheet.
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Protocol

    class I2c(Protocol):
        """What the driver uses of `machine.I2C`."""

        def readfrom_mem_into(self, addr: int, memaddr: int, buf: bytearray) -> object:
            """Fill the buffer from a register on. Raises OSError."""
            ...

        def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray") -> object:
            """Write registers. Raises OSError."""
            ...


ADDRESS = const(0x20)
LINES = const(16)

_INPUTS = const(0x00)
_LATCHES = const(0x02)
_INVERTED = const(0x04)
_DIRECTIONS = const(0x06)
"""First register of each pair; a 1 in a direction is an input."""


class Xl9555:
    """One chip. Allocates nothing once it has started and its lines are made."""

    def __init__(self, i2c: "I2c", address: int = ADDRESS) -> None:
        self._i2c = i2c
        self._address = address
        self._two = bytearray(2)
        self._one = bytearray(1)
        self._latches = bytearray(2)
        self._directions = bytearray(b"\xff\xff")

    def start(self) -> None:
        """See that the chip is there, take over what its lines are, invert none. Raises OSError."""
        self._i2c.readfrom_mem_into(self._address, _LATCHES, self._latches)
        self._i2c.readfrom_mem_into(self._address, _DIRECTIONS, self._directions)
        for port in (0, 1):
            self._write(_INVERTED + port, 0)

    def line(self, number: int, level: "Optional[int]" = None) -> "Line":
        """Line P00 to P07 as 0 to 7, P10 to P17 as 8 to 15: an output at this level, or an input without one.

        The level is set before the direction, so an output never shows another one. Raises OSError, ValueError.
        """
        if not 0 <= number < LINES:
            raise ValueError("line %d" % number)
        port, bit = number >> 3, 1 << (number & 7)
        if level is not None:
            self.set(number, level)
        directions = self._directions[port] & ~bit | (bit if level is None else 0)
        self._write(_DIRECTIONS + port, directions)
        self._directions[port] = directions
        return Line(self, number)

    def set(self, number: int, level: int) -> None:
        """Set the latch of a line; it shows on an output. Raises OSError, EIO if the chip did not take it."""
        port, bit = number >> 3, 1 << (number & 7)
        latches = self._latches[port] & ~bit | (bit if level else 0)
        self._write(_LATCHES + port, latches)
        self._latches[port] = latches

    def inputs(self) -> int:
        """The levels of all lines, line 0 in the lowest bit. Frees the interrupt line. Raises OSError."""
        self._i2c.readfrom_mem_into(self._address, _INPUTS, self._two)
        return self._two[0] | self._two[1] << 8

    def _write(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(self._address, register, self._one)
        self._i2c.readfrom_mem_into(self._address, register, self._one)
        if self._one[0] != value:
            raise OSError(errno.EIO)


class Line:
    """One line, called as a `machine.Pin` is."""

    def __init__(self, chip: Xl9555, number: int) -> None:
        self._chip = chip
        self._number = number

    def __call__(self, level: "Optional[int]" = None) -> "Optional[int]":
        """Set the level, or without one read what is on the line. Raises OSError."""
        if level is None:
            return self._chip.inputs() >> self._number & 1
        self._chip.set(self._number, level)
        return None
