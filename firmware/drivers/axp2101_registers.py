"""Registers of the AXP2101 power chip on I2C, with a fence around the rail that feeds the processor.

Writes go through one door, `write`. It takes the registers that this driver needs and no others: not 81h (mode of the
converters), not 82h (voltage of DC1), not the start sequence at 28h. In 80h, where all converters are switched, the bit
of DC1 is always written as 1. So no program error can take the processor's own supply away.

Source: X-Powers, AXP2101 datasheet; numbers compared with XPowersLib (AXP2101Constants.h) and Zephyr's regulator
driver. The maker can set voltages and reset values of single chips at the factory, so nothing here relies on them
(UNSURE-AXP-RESET).
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class I2c(Protocol):
        """What the driver uses of `machine.I2C`."""

        def readfrom_mem_into(self, addr: int, memaddr: int, buf: bytearray) -> object:
            """Fill the buffer from a register on. Raises OSError."""
            ...

        def writeto_mem(self, addr: int, memaddr: int, buf: "bytes | bytearray") -> object:
            """Write registers. Raises OSError."""
            ...


ADDRESS = const(0x34)

STATUS = const(0x00)
CHARGE_STATUS = const(0x01)
ID = const(0x03)
SCRATCH = const(0x04)
"""First of four bytes that the chip keeps for anybody."""
COMMON = const(0x10)
INPUT_VOLTAGE = const(0x15)
INPUT_CURRENT = const(0x16)
MODULES = const(0x18)
LOW_BATTERY = const(0x1A)
ON_SOURCE = const(0x20)
OFF_SOURCE = const(0x21)
OFF_BY = const(0x22)
CUT_OFF = const(0x24)
SLEEP = const(0x26)
KEY = const(0x27)
ADC = const(0x30)
BATTERY_MV = const(0x34)
INPUT_MV = const(0x38)
EVENTS_ON = const(0x40)
EVENTS = const(0x48)
THERMISTOR = const(0x50)
PRECHARGE = const(0x61)
FAST_CHARGE = const(0x62)
CHARGE_END = const(0x63)
CHARGE_VOLTAGE = const(0x64)
BATTERY_DETECT = const(0x68)
LED = const(0x69)
CLOCK_CELL = const(0x6A)
CONVERTERS = const(0x80)
LDOS = const(0x90)
PERCENT = const(0xA4)

_PROCESSOR = const(0x01)
"""Bit of DC1 in CONVERTERS."""
_WRITABLE = (
    b"\x04\x05\x06\x07\x10\x15\x16\x18\x1a\x22\x24\x26\x27\x30\x40\x41\x42\x48\x49\x4a\x50\x61\x62\x63\x64\x68\x69\x6a"
    b"\x80\x83\x84\x85\x86\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99"
)


class Registers:
    """One chip on its bus. Allocates nothing after it is made."""

    def __init__(self, i2c: "I2c", address: int) -> None:
        self._i2c = i2c
        self._address = address
        self._one = bytearray(1)

    def read(self, register: int) -> int:
        """One register. Raises OSError."""
        self._i2c.readfrom_mem_into(self._address, register, self._one)
        return self._one[0]

    def read_into(self, register: int, into: bytearray) -> None:
        """Registers from this one on. Raises OSError."""
        self._i2c.readfrom_mem_into(self._address, register, into)

    def write(self, register: int, value: int) -> None:
        """Set one register. Raises OSError, ValueError for one that is out of bounds."""
        if register not in _WRITABLE:
            raise ValueError("register %02x is not written" % register)
        if register == CONVERTERS:
            value |= _PROCESSOR
        self._one[0] = value
        self._i2c.writeto_mem(self._address, register, self._one)

    def change(self, register: int, mask: int, bits: int, certain: bool = True) -> None:
        """Set the bits of `mask`, keep the others; read back if that is `certain` to give what was written.

        Raises OSError, EIO if the chip did not take them.
        """
        self.write(register, (self.read(register) & ~mask & 0xFF) | bits)
        if certain and (self.read(register) ^ bits) & mask:
            raise OSError(errno.EIO)
