"""The wires of the modelled PN532: a serial port as `machine.UART` has it, and a chip on the modelled I2C bus."""

from micropython import const

from board.simulator.chips.pn532 import Parser, Pn532
from board.simulator.chips.spi import InterruptPin

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

CALL_US = const(20)
"""What a call costs the board besides the bits (an estimate)."""
_BITS = const(10)
"""A byte on a serial port: start, eight bits, stop."""
_EDGES_TO_WAKE = const(5)
"""Rising edges on its line wake the chip; PN532 data sheet section 8.3.3."""
WAKE_US = const(400)
"""Until it hears what is said to it (unsure)."""
LONGEST_WAKE_US = const(2_000)
"""Start of the oscillator; PN532 data sheet, table of switching characteristics."""
CHANGE_US = const(200)
"""Until the chip has another speed: the manual has the host wait so long, UM0701-02 section 7.2.11."""
LONGEST_CHANGE_US = const(1_000)
"""What nfcpy waits."""
GAP_US = const(20)
"""Between two bytes that the chip sends (unsure); none unless a test wants it."""
LONGEST_GAP_US = const(50)
"""So much, and the longest frame is there within 40 ms at 115200 baud (the driver waits 50)."""
_I2C_BYTE_US = const(23)
"""Nine bits at 400 kHz."""


class Uart:
    """`machine.UART` with a chip at the other end, both at 115200 baud at first. The chip sleeps."""

    timings: "tuple[tuple[str, int, int], ...]" = (
        ("wake_us", WAKE_US, LONGEST_WAKE_US),
        ("change_us", CHANGE_US, LONGEST_CHANGE_US),
        ("gap_us", GAP_US, LONGEST_GAP_US),
    )
    """As of the chip."""

    def __init__(self, chip: Pn532) -> None:
        self.chip = chip
        self.baud = self.chip_baud = 115200
        self.wake_us = WAKE_US
        self.change_us = CHANGE_US
        self.gap_us = 0
        self.awake_at: "Optional[int]" = None
        self.garbled = 0
        """Bytes sent at another speed than the chip's, which hears none of them."""
        self._edges = 0
        self._coming: "list[tuple[int, int]]" = []  # when each byte is here, and the byte
        self._line_free = 0
        self._handler: "Optional[Callable[[object], None]]" = None
        self._parser = Parser(chip)
        chip.on_frame = self._give
        chip.on_speed = self._change

    def init(self, baudrate: int) -> None:
        """Change the speed of the host's end."""
        self.baud = baudrate

    def irq(self, handler: "Callable[[object], None]", trigger: int) -> None:
        """Call the handler when a frame has come."""
        self._handler = handler

    def any(self) -> int:
        """How many bytes have come."""
        self.chip.time.advance(CALL_US)
        return self._come()

    def readinto(self, buf: "bytearray | memoryview", nbytes: int) -> "Optional[int]":
        """Take what has come, at most `nbytes`."""
        self.chip.time.advance(CALL_US)
        count = min(self._come(), nbytes)
        for index in range(count):
            buf[index] = self._coming.pop(0)[1]
        return count or None

    def write(self, buf: "bytes | memoryview") -> int:
        """Send; returns when the last bit is out."""
        time = self.chip.time
        time.advance(CALL_US)
        for byte in bytes(buf):
            time.advance(_BITS * 1_000_000 // self.baud)
            if self.baud != self.chip_baud:
                self.garbled += 1
            elif self._awake(byte):
                self._parser.take(bytes((byte,)))
        return len(buf)

    def _awake(self, byte: int) -> bool:
        if self.awake_at is None:
            self._edges += 5 if byte == 0x55 else 1
            if self._edges >= _EDGES_TO_WAKE:
                self.awake_at = self.chip.time.now + self.wake_us
            return False
        return self.chip.time.now >= self.awake_at

    def _come(self) -> int:
        now = self.chip.time.now
        return sum(1 for when, _ in self._coming if when <= now)

    def _give(self, data: bytes) -> None:
        time = self.chip.time
        when = max(time.now, self._line_free)
        for byte in data:
            when += _BITS * 1_000_000 // self.chip_baud + self.gap_us
            self._coming.append((when, byte if self.baud == self.chip_baud else byte ^ 0x5A))
        self._line_free = when
        if self._handler:
            handler = self._handler
            time.at(when - time.now, lambda: handler(self))

    def _change(self, baud: int) -> None:
        def changed() -> None:
            self.chip_baud = baud

        self.chip.time.at(self.change_us, changed)  # the last byte of the acknowledgement is still to come


class OnI2c:
    """The chip on an `I2c` bus; `line` is its interrupt line, low when a frame waits. It sleeps."""

    timings: "tuple[tuple[str, int, int], ...]" = (("wake_us", WAKE_US, LONGEST_WAKE_US),)
    """As of the chip."""

    def __init__(self, chip: Pn532) -> None:
        self.chip = chip
        self.line = InterruptPin(1)
        self.wake_us = WAKE_US
        self.awake_at: "Optional[int]" = None
        self._frames: "list[bytes]" = []
        self._parser = Parser(chip)
        chip.on_frame = self._give

    def answers(self) -> bool:
        """Its address wakes it, and is not acknowledged until it is awake."""
        time = self.chip.time
        time.advance(CALL_US)
        if self.awake_at is None:
            self.awake_at = time.now + self.wake_us
        return time.now >= self.awake_at

    def take(self, data: bytes) -> None:
        """What is written to it."""
        self.chip.time.advance(CALL_US + len(data) * _I2C_BYTE_US)
        self._parser.take(bytes(data))

    def give(self, into: "bytearray | memoryview") -> None:
        """Status and frame. What does not fit is lost."""
        count = len(into)
        data = b"\x01" + self._frames.pop(0) if self._frames else b"\x00"
        for index in range(count):
            into[index] = data[index] if index < len(data) else 0
        if not self._frames:
            self.line.drive(1)
        self.chip.time.advance(CALL_US + count * _I2C_BYTE_US)

    def _give(self, data: bytes) -> None:
        self._frames.append(data)
        self.line.drive(0)
