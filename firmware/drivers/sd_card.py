"""A memory card on a SPI bus that others use, and nothing but its silence: the watch does not use it.

A card that nobody has spoken to is in the mode for SD, where it may take what is sent to others for a command to
itself. After CMD0 with its select line low it only listens while that line is low. Source: SD Association, Physical
Layer Simplified Specification, sections 6.4.1 (power-up), 7.2.1 (SPI mode) and 7.3.1 (commands).
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    class Spi(Protocol):
        """What the driver uses of `machine.SPI`."""

        def write(self, buf: "bytes | bytearray") -> object:
            """Send bytes."""
            ...

        def readinto(self, buf: bytearray, write: int) -> object:
            """Fill the buffer while sending `write` again and again."""
            ...


MOST_BAUD = const(400_000)
"""For a card that has not been started."""
_IDLE = b"\xff" * 10  # 80 clocks; 74 are asked for
_GO_IDLE = b"\x40\x00\x00\x00\x00\x95"
_IN_IDLE = const(0x01)
_NOTHING = const(0xFF)
_ANSWER_BYTES = const(10)
"""The answer comes within 8 bytes."""
_TRIES = const(5)


class SdCard:
    """One card that is in the slot and has its supply."""

    def __init__(self, spi: "Spi", select: "Callable[[int], object]") -> None:
        """`spi` is in mode 0 at 400 kHz at most; `select` sets a line that is high now."""
        self._spi = spi
        self._select = select
        self._answer = bytearray(_ANSWER_BYTES)

    def hush(self) -> None:
        """Make it deaf until it is selected. Raises OSError(ENODEV) if it does not answer."""
        for _ in range(_TRIES):
            self._spi.write(_IDLE)
            if self._go_idle():
                return
        raise OSError(errno.ENODEV)

    def _go_idle(self) -> bool:
        self._select(0)
        try:
            self._spi.write(_GO_IDLE)
            self._spi.readinto(self._answer, _NOTHING)
        finally:
            self._select(1)
        self._spi.write(b"\xff")  # a card lets go of the line at the next clock only
        for byte in self._answer:
            if byte != _NOTHING:
                return byte == _IN_IDLE
        return False
