"""The PN532 on its serial port (high speed UART). UM0701-02 section 6.2.1, PN532 data sheet section 8.3.3.

The board opens the port with 115200 baud, 8N1, no waiting (`timeout=0`) and a receive buffer of 512 bytes at least.
"""

from micropython import const

from drivers.pn532_frames import DAMAGED, FRAME_BYTES, NONE, Reader

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class Uart(Protocol):
        """What the driver uses of `machine.UART`."""

        def init(self, baudrate: int) -> object:
            """Change the speed."""
            ...

        def any(self) -> int:
            """How many bytes wait."""
            ...

        def readinto(self, buf: memoryview, nbytes: int) -> "Optional[int]":
            """Read at most `nbytes`; None for none."""
            ...

        def write(self, buf: "bytes | memoryview") -> object:
            """Send."""
            ...

        def irq(self, handler: "Callable[[object], None]", trigger: int) -> object:
            """Call the handler, softly, when bytes have come."""
            ...


_SPEEDS = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1288000)
"""By the code of the command SetSerialBaudRate."""
_START_BAUD = const(115200)
_WAKE = b"\x55\x55\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
"""Enough edges to wake the chip, and enough time for it to do so before the frame that follows."""
_STUCK_US = const(50_000)
"""The longest frame takes 24 ms at 115200 baud: the rest of one that is not there by then will not come."""
_TICKS = const(0x3FFF_FFFF)


class Hsu:
    """One chip at one port."""

    def __init__(self, uart: "Uart", ticks_us: "Callable[[], int]", trigger: int, baud: int = 921600) -> None:
        """`trigger` is `machine.UART.IRQ_RXIDLE`; `baud` is what the chip is asked for. Raises ValueError."""
        if baud not in _SPEEDS:
            raise ValueError("pn532: no such speed")
        self.speed_code = -1 if baud == _START_BAUD else _SPEEDS.index(baud)
        """Code of the speed to change to; -1 to stay."""
        self._uart = uart
        self._ticks_us = ticks_us
        self._trigger = trigger
        self._baud = baud
        self.buffer = bytearray(FRAME_BYTES)
        """Where `reader` has found the last body."""
        view = memoryview(self.buffer)
        self._from = [view[at:] for at in range(FRAME_BYTES)]
        self.reader = Reader()
        self._start = self._end = 0
        self._begun = False  # of a frame, and the rest is to come
        self._begun_us = 0

    def wake(self, fast: bool) -> None:
        """Wake the chip, which has 115200 baud then; `fast`: it was awake and has ours. A command follows at once."""
        self._uart.init(self._baud if fast else _START_BAUD)
        self.flush()
        self._uart.write(_WAKE)

    def change_speed(self) -> None:
        """Go on at the speed that the chip was told."""
        self._uart.init(self._baud)

    def listen(self, handler: "Callable[[object], None]") -> None:
        """Call when something has come."""
        self._uart.irq(handler, self._trigger)

    def waiting(self) -> bool:
        """True if something has come."""
        return self._uart.any() > 0 or self._start < self._end

    def send(self, frame: "bytes | memoryview") -> None:
        """Send a frame."""
        self._uart.write(frame)

    def flush(self) -> None:
        """Forget what has come."""
        while True:
            self._start = self._end = 0
            if not self._fill():
                return

    def poll(self) -> int:
        """What has come, as `Reader.kind`. Allocates nothing."""
        self._fill()
        if self._start == self._end:
            return NONE
        self._start = self.reader.look(self.buffer, self._start, self._end)
        kind = self.reader.kind
        if kind == NONE and self._end - self._start > 1:  # more than the last byte of a frame
            return self._wait_for_the_rest()
        self._begun = False
        return kind

    def _wait_for_the_rest(self) -> int:
        now_us = self._ticks_us()
        if not self._begun:
            self._begun = True
            self._begun_us = now_us
        if (now_us - self._begun_us) & _TICKS < _STUCK_US:
            return NONE
        self._begun = False
        self._start = self._end = 0
        return DAMAGED

    def _fill(self) -> int:
        """Take what has come. Returns how many bytes."""
        self._compact()
        room = FRAME_BYTES - self._end
        count = min(self._uart.any(), room)
        if not count:
            return 0
        got = self._uart.readinto(self._from[self._end], count) or 0
        self._end += got
        return got

    def _compact(self) -> None:
        """Make room: a frame that has begun moves to the front."""
        start = self._start
        if start:
            buffer = self.buffer
            for at in range(start, self._end):
                buffer[at - start] = buffer[at]
            self._end -= start
            self._start = 0
