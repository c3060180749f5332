"""The ST25R3916 on its SPI bus: registers, commands, FIFO and memory. One method is one transfer, chip select included.

SPI mode 1, MSB first, at most 10 MHz. The first byte of a transfer says what it is; while a register or the FIFO is
read, the chip ignores what follows on MOSI, so one `readinto` does both halves. Source: DS12484 section 4.2.
Everything on the frame path is allocation-free: buffers and the views into them are made once.
"""

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    class Spi(Protocol):
        """What the driver uses of `machine.SPI`."""

        def write(self, buf: "bytes | bytearray | memoryview") -> object:
            """Send bytes."""
            ...

        def readinto(self, buf: "bytearray | memoryview", write: int) -> object:
            """Fill the buffer while sending `write` again and again."""
            ...

    Select = Callable[[int], object]
    """Sets the chip select line, as `machine.Pin` does when called."""


FRAME_BYTES = const(256)
"""Longest frame with its CRC (FSC 256), the most that EMV uses; the FIFO itself holds 512."""
_CRC_START = const(0x6363)
"""ISO/IEC 14443-3 section 6.2.4, CRC_A."""

_READ = const(0x40)
_SPACE_B = const(0xFB)
_TEST = const(0xFC)
_FIFO_LOAD = const(0x80)
_FIFO_READ = const(0x9F)
_PT_MEMORY_LOAD = const(0xA0)

_STATUS = const(0x1A)
_STATUS_BYTES = const(8)

MAIN = const(1)
TIMER = const(2)
ERROR = const(3)
TARGET = const(4)
FIFO_COUNT = const(5)
FIFO_STATE = const(6)
STATE = const(8)
"""Places in `Bus.status` of registers 1A to 21: four of interrupts, two of the FIFO, (collision,) state as a target."""


@micropython.viper
def copy(target: ptr8, source: ptr8, count: int) -> object:
    """Copy `count` bytes."""
    i = 0
    while i < count:
        target[i] = source[i]
        i += 1


@micropython.viper
def copy_checked(target: ptr8, source: ptr8, count: int) -> int:
    """Copy `count` bytes less the CRC_A at their end. Returns 0 if that CRC is right."""
    crc = _CRC_START
    body = count - 2
    i = 0
    while i < count:
        byte = int(source[i])
        if i < body:
            target[i] = byte
        byte ^= crc & 0xFF
        byte = (byte ^ (byte << 4)) & 0xFF
        crc = (crc >> 8) ^ (byte << 8) ^ (byte << 3) ^ (byte >> 4)
        i += 1
    return crc


class Bus:
    """One chip behind one select line."""

    def __init__(self, spi: "Spi", select: "Select") -> None:
        """`spi` is configured; `select` sets the level of the select line, which is high now."""
        self._spi = spi
        self._select = select
        self.status = bytearray(1 + _STATUS_BYTES)
        self._one = bytearray(1)
        self._two = bytearray(2)
        self._three = bytearray(3)
        self._fifo = bytearray(1 + FRAME_BYTES)
        self._payload = memoryview(self._fifo)[1:]
        # A view is made for each length, because making one later would allocate.
        self._first = [memoryview(self._fifo)[: 1 + count] for count in range(1 + FRAME_BYTES)]

    def command(self, code: int) -> None:
        """A direct command."""
        self._one[0] = code
        self._send(self._one)

    def read(self, register: int) -> int:
        """One register."""
        self._fill(self._two, _READ | register)
        return self._two[1]

    def write(self, register: int, value: int) -> None:
        """One register."""
        self._two[0] = register
        self._two[1] = value
        self._send(self._two)

    def write_pair(self, register: int, first: int, second: int) -> None:
        """Two registers in a row."""
        self._three[0] = register
        self._three[1] = first
        self._three[2] = second
        self._send(self._three)

    def write_space_b(self, register: int, value: int) -> None:
        """One register of space B."""
        self.write_pair(_SPACE_B, register, value)  # the prefix, then what an ordinary write would be

    def write_test(self, register: int, value: int) -> None:
        """One test register."""
        self.write_pair(_TEST, register, value)

    def write_all(self, register: int, values: bytes) -> None:
        """Registers in a row. Allocates."""
        self._send(bytes((register,)) + values)

    def load_identity(self, memory: bytes) -> None:
        """The 15 bytes that the chip answers anticollision with (PT memory A). Allocates."""
        self._send(bytes((_PT_MEMORY_LOAD,)) + memory)

    def read_status(self) -> None:
        """Read interrupts, which clears them, the state of the FIFO and that of the target into `status`.

        All in one transfer: reading the first interrupt register alone would clear the third one unseen.
        """
        self._fill(self.status, _READ | _STATUS)

    def read_fifo(self, frame: "bytearray | memoryview", count: int) -> bool:
        """Take `count` bytes (at most FRAME_BYTES) from the FIFO into `frame`, less their CRC. False if it is wrong."""
        self._fill(self._first[count], _FIFO_READ)
        return copy_checked(frame, self._payload, count) == 0

    def load_fifo(self, frame: "bytes | bytearray | memoryview", length: int) -> None:
        """Put the first `length` bytes (at most FRAME_BYTES) of `frame` into the FIFO."""
        self._fifo[0] = _FIFO_LOAD
        copy(self._payload, frame, length)
        self._send(self._first[length])

    def _send(self, data: "bytes | bytearray | memoryview") -> None:
        self._select(0)
        try:
            self._spi.write(data)
        finally:
            self._select(1)

    @micropython.native  # the frame of a bytecode function of this size comes from the heap: twice the cost
    def _fill(self, buffer: "bytearray | memoryview", first: int) -> None:
        self._select(0)
        try:
            self._spi.readinto(buffer, first)
        finally:
            self._select(1)
