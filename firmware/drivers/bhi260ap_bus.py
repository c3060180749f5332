"""Bosch BHI260AP: its registers, commands and parameters on I2C.

A command is its number, the length of what follows, and that, filled up to a multiple of four bytes. Lengths are in
bytes, only that of an upload is in words of four. Source: BST-BHI260AP-DS000; Bosch's `bhy2_hif.c` and `bhy2_defs.h`.
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from drivers.motion_sensor import I2c

ADDRESS = const(0x28)

COMMANDS = const(0x00)
FIFO_WAKE = const(0x01)
FIFO_QUIET = const(0x02)
"""The FIFO of events that need not wake the processor."""
_ANSWERS = const(0x03)
INTERFACE = const(0x06)
INTERRUPTS = const(0x07)
RESET = const(0x14)
PRODUCT = const(0x1C)
KERNEL = const(0x20)
BOOT = const(0x25)
_PENDING, _ANSWER_WAITS = const(0x2D), const(0x20)

_HEADER = const(4)
_PARAMETER_READ = const(0x1000)
_CONFIGURE = const(0x0D)
_CONFIGURE_BYTES = const(8)
_ANSWER_MS = const(10)
_ANSWER_TRIES = const(100)
"""A second: right after its start the hub has much to do, and answers late."""
_REFUSED = const(0x0F)
_NUMBER = const(0x0FFF)
"""Of what an answer begins with; the tables of the data sheet have it with the bit of a question and without."""
_NOT_OURS = const(-1)
_LONGEST = const(255)
_SKIP = const(16)

RATE_OFF = b"\x00\x00\x00\x00"
RATE_ON = b"\x00\x00\x80\x3f"
"""1 Hz as a 32-bit float: any rate lets a sensor of events run."""
RATE_25_HZ = b"\x00\x00\xc8\x41"


class HubBus:
    """One hub on its bus."""

    def __init__(self, i2c: "I2c", delay_ms: "Callable[[int], object]") -> None:
        self._i2c = i2c
        self.delay_ms = delay_ms
        self._one = bytearray(1)
        self._configure = bytearray((_CONFIGURE, 0, _CONFIGURE_BYTES, 0)) + bytearray(_CONFIGURE_BYTES)

    def read(self, register: int) -> int:
        """One register. Allocates nothing. Raises OSError."""
        self._i2c.readfrom_mem_into(ADDRESS, register, self._one)
        return self._one[0]

    def fill(self, register: int, into: "bytearray | memoryview") -> None:
        """Registers from one on, or what waits in a FIFO. Allocates nothing. Raises OSError."""
        self._i2c.readfrom_mem_into(ADDRESS, register, into)

    def write(self, register: int, value: int) -> None:
        """One register. Allocates nothing. Raises OSError."""
        self._one[0] = value
        self._i2c.writeto_mem(ADDRESS, register, self._one)

    def send(self, data: "bytearray | memoryview") -> None:
        """A part of a command, a multiple of four bytes. Raises OSError."""
        self._i2c.writeto_mem(ADDRESS, COMMANDS, data)

    def command(self, number: int) -> None:
        """A command without arguments. Raises OSError."""
        self.send(bytearray((number & 0xFF, number >> 8, 0, 0)))

    def configure(self, sensor: int, rate: bytes) -> None:
        """Let a virtual sensor run at one of the rates above, and tell at once. Allocates nothing. Raises OSError."""
        data = self._configure
        data[_HEADER] = sensor
        for place in range(4):
            data[_HEADER + 1 + place] = rate[place]
        self.send(data)

    def set_parameter(self, number: int, data: bytes) -> None:
        """Write a parameter of up to 255 bytes, a multiple of four. Raises OSError."""
        self.send(bytearray((number & 0xFF, number >> 8, len(data), 0)) + data)

    def parameter(self, number: int, into: bytearray) -> int:
        """Fill the buffer with a parameter; its length, which may be less than the buffer's.

        Raises OSError: ETIMEDOUT if no answer comes, EIO if the hub refuses or the answer is too long.
        """
        self.command(number | _PARAMETER_READ)
        for _ in range(_ANSWER_TRIES):
            length = self._answer(number, into) if self.read(_PENDING) & _ANSWER_WAITS else _NOT_OURS
            if length != _NOT_OURS:
                return length
            self.delay_ms(_ANSWER_MS)
        raise OSError(errno.ETIMEDOUT)

    def _answer(self, number: int, into: bytearray) -> int:
        """Take what waits; its length, or _NOT_OURS: what belongs to an earlier question may come first."""
        head = bytearray(_HEADER)
        self.fill(_ANSWERS, head)
        code, length = head[0] | head[1] << 8, head[2] | head[3] << 8
        ours = code & _NUMBER == number
        if code == _REFUSED or length > _LONGEST or (ours and length > len(into)):
            raise OSError(errno.EIO)
        if ours and length:
            self.fill(_ANSWERS, memoryview(into)[:length])
        for at in range(0, 0 if ours else length, _SKIP):
            self.fill(_ANSWERS, bytearray(min(_SKIP, length - at)))
        return length if ours else _NOT_OURS
