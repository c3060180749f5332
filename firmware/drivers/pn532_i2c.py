"""The PN532 on I2C. UM0701-02 section 6.2.4. At most 400 kHz, and a bus that lets the chip stretch the clock.

Each read begins with a status byte, 1 if a frame follows. A read that was too short loses the rest: the chip is asked
to send the frame again, and a longer read follows. Most frames are short, and reading 276 bytes takes 6 ms.
"""

from micropython import const

from drivers.pn532_frames import BODY, DAMAGED, FRAME_BYTES, NACK_FRAME, NONE, Reader

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class I2c(Protocol):
        """What the driver uses of `machine.I2C`."""

        def writeto(self, addr: int, buf: "bytes | memoryview") -> object:
            """Send bytes. Raises OSError."""
            ...

        def readfrom_into(self, addr: int, buf: "bytearray | memoryview") -> object:
            """Fill the buffer. Raises OSError."""
            ...

    class InterruptPin(Protocol):
        """What the driver uses of `machine.Pin`."""

        def __call__(self) -> int:
            """The level."""
            ...

        def irq(self, handler: "Callable[[object], None]", trigger: int) -> object:
            """Call the handler, softly, at edges."""
            ...


ADDRESS = const(0x24)
_FALLING = const(2)
"""`machine.Pin.IRQ_FALLING` on the ESP32."""
_SHORT = const(24)
"""Status, the frame around a body, and 14 bytes of body: every frame but those with a command for the card."""
_READY = const(1)
_WAKE_TRIES = const(10)
_WAKE_US = const(1_000)
"""Between two looks: the oscillator starts within 2 ms (data sheet)."""


class I2cLink:
    """One chip on one bus."""

    speed_code = -1
    """The bus has its own clock."""

    def __init__(self, i2c: "I2c", delay_us: "Callable[[int], object]", ready: "Optional[InterruptPin]" = None) -> None:
        """`ready` is the chip's pin P70_IRQ, low when a frame waits; without it the chip is asked again and again."""
        self._i2c = i2c
        self._delay_us = delay_us
        self._ready = ready
        self.buffer = bytearray(FRAME_BYTES)
        """Where `reader` has found the last body."""
        self._short = memoryview(self.buffer)[:_SHORT]
        self.reader = Reader()

    def wake(self, fast: bool) -> None:
        """Wake the chip, which does not answer to its address at first. Raises OSError."""
        for left in range(_WAKE_TRIES, -1, -1):
            try:
                self._i2c.readfrom_into(ADDRESS, self._short)
                return
            except OSError:
                if not left:
                    raise
            self._delay_us(_WAKE_US)

    def change_speed(self) -> None:
        """Nothing to change."""

    def listen(self, handler: "Callable[[object], None]") -> None:
        """Call when a frame waits, if there is a line that tells."""
        if self._ready:
            self._ready.irq(handler, _FALLING)

    def waiting(self) -> bool:
        """True if a frame waits; without a line nobody knows before asking."""
        return self._ready is not None and not self._ready()

    def send(self, frame: "bytes | memoryview") -> None:
        """Send a frame. Raises OSError."""
        self._i2c.writeto(ADDRESS, frame)

    def flush(self) -> None:
        """Forget what has come. Raises OSError."""
        self._i2c.readfrom_into(ADDRESS, self._short)

    def poll(self) -> int:
        """What has come, as `Reader.kind`. Allocates nothing. Raises OSError."""
        if self._ready and self._ready():
            return NONE
        buffer, reader = self.buffer, self.reader
        self._i2c.readfrom_into(ADDRESS, self._short)
        if not buffer[0] & _READY:
            return NONE
        reader.look(buffer, 1, _SHORT)
        if reader.kind == NONE:  # longer than that
            self.send(NACK_FRAME)
            return self._read_whole()
        return reader.kind

    def _read_whole(self) -> int:
        for _ in range(_WAKE_TRIES):  # each takes 6 ms: there is no need to wait between them
            self._i2c.readfrom_into(ADDRESS, self.buffer)
            if self.buffer[0] & _READY:
                self.reader.look(self.buffer, 1, FRAME_BYTES)
                return BODY if self.reader.kind == BODY else DAMAGED
        return DAMAGED
