"""A radio chip reduced to what its driver reads, to measure the driver alone: no model, no time, nothing allocated."""

from micropython import const

from drivers.st25r3916 import St25r3916
from drivers.st25r3916_bus import copy

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

_READ_STATUS = const(0x5A)
_READ_FIFO = const(0x9F)
_READ_DISPLAY = const(0x71)
_TRANSMIT = const(0xC4)
_FIELD_AND_CLOCK = const(0x50)
_CLOCK = const(0x10)

_RXS_RXE = const(0x30)
_EON = const(0x10)
_EOF = const(0x08)
_WU_A = const(0x01)
_ACTIVE = const(5)


class CannedRadio:
    """SPI, select pin, interrupt line and clock of a chip in one; `port` is the driver on it.

    The reader sends the frames of `put`, each when the one before is answered, and then goes away.
    """

    def __init__(self) -> None:
        self.transfers = 0
        """How often the chip was selected."""
        self.sent = 0
        """How many transmit commands it got."""
        self._frames: "list[bytes]" = []
        self._next = 0
        self._on = False
        self._calls = False
        self.port = St25r3916(self, self._select, self, self._no_time, self._no_delay)
        self.port.arm(b"\x08\x12\x34\x56", b"\x04\x00", 0x20)

    def put(self, frames: "list[bytes]") -> None:
        """A reader comes, selects the card and has these frames to send, each with its CRC."""
        self._frames = frames
        self._next = 0
        self._calls = True

    def rewind(self) -> None:
        """The same reader comes again. Allocates nothing."""
        self._next = 0
        self._calls = True

    def __call__(self) -> int:
        """The level of the interrupt line."""
        return 1 if self._calls else 0

    def irq(self, handler: "Callable[[object], None]", trigger: int) -> None:
        """Nobody is called: whoever measures calls `receive`."""

    def write(self, buf: "bytes | bytearray | memoryview") -> None:
        """What the driver sends; only "transmit" means anything, after which the reader goes on."""
        if buf[0] == _TRANSMIT:
            self.sent += 1
            self._calls = True

    def readinto(self, buf: "bytearray | memoryview", write: int = 0) -> None:
        """What the driver reads: status, FIFO and display register."""
        if write == _READ_STATUS:
            self._report(buf)
        elif write == _READ_FIFO:
            copy(buf, self._frames[self._next - 1], len(buf))
        elif write == _READ_DISPLAY:
            buf[1] = _FIELD_AND_CLOCK if self._on else _CLOCK

    def _report(self, status: "bytearray | memoryview") -> None:
        main = timer = target = count = 0
        if not self._calls:
            pass
        elif not self._on:
            self._on = True
            timer, target = _EON, _WU_A
        elif self._next < len(self._frames):
            main, count = _RXS_RXE, len(self._frames[self._next]) - 1
            self._next += 1
            self._calls = False
        else:
            self._on = self._calls = False
            timer = _EOF
        status[1] = main
        status[2] = timer
        status[3] = 0
        status[4] = target
        status[5] = count & 0xFF
        status[6] = count >> 8 << 6
        status[8] = _ACTIVE

    def _select(self, level: int) -> None:
        self.transfers += 1 - level

    def _no_time(self) -> int:
        return 0

    def _no_delay(self, delay_us: int) -> None:
        """A chip that is always ready needs none."""


def on_air(data: bytes) -> bytes:
    """A frame as `CannedRadio` wants it: behind the byte that is read while "read FIFO" is sent, and with its CRC."""
    crc = 0x6363
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return b"\0" + data + bytes((crc & 0xFF, crc >> 8))
