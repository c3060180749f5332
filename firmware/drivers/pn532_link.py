"""Commands of the PN532 and their answers, whatever the wire. UM0701-02 sections 6.2.2 and 7.1.

The chip acknowledges a command within 15 ms and answers when it is done. An answer that came damaged is asked for
again; an acknowledgement from the host ends a command that takes too long.
"""

import errno

from micropython import const

from drivers.pn532_frames import ACK, ACK_FRAME, BODY, BODY_BYTES, DAMAGED, NACK_FRAME, Writer, copy

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    from drivers.pn532_frames import Reader

    class Wire(Protocol):
        """`pn532_hsu.Hsu` or `pn532_i2c.I2cLink`."""

        speed_code: int
        buffer: bytearray
        reader: Reader

        def wake(self, fast: bool) -> None:
            """Wake the chip, which may have kept its speed over a restart of the board."""
            ...

        def change_speed(self) -> None:
            """Go on at another speed."""
            ...

        def listen(self, handler: "Callable[[object], None]") -> None:
            """Call when something has come."""
            ...

        def waiting(self) -> bool:
            """True if something has come."""
            ...

        def send(self, frame: "bytes | memoryview") -> None:
            """Send a frame."""
            ...

        def flush(self) -> None:
            """Forget what has come."""
            ...

        def poll(self) -> int:
            """What has come."""
            ...


_ACK_US = const(20_000)
"""The chip acknowledges within 15 ms."""
_ABORT_US = const(2_000)
"""How long it is given to end a command; nfcpy gives 1 ms, the manual is silent. A command too soon is lost."""
_RESENDS = const(3)
_TICKS = const(0x3FFF_FFFF)
_FROM_CHIP = const(0xD5)
_SYNTAX_ERROR = const(0x7F)


class Link:
    """One chip: at most one command at a time."""

    def __init__(self, wire: "Wire", ticks_us: "Callable[[], int]", delay_us: "Callable[[int], object]") -> None:
        self.wire = wire
        self.writer = Writer()
        self.reply = bytearray(BODY_BYTES)
        """The last answer: D5, its code, then data."""
        self.ticks_us = ticks_us
        self._delay_us = delay_us
        self._code = 0
        self._damaged = 0

    def command(self, code: int, data: bytes, timeout_us: int) -> int:
        """Run a command to its end. Returns the length of `reply`. Allocates. Raises OSError, ETIMEDOUT or EIO."""
        at = self.writer.begin(code, len(data))
        copy(self.writer.out, at, data, 0, len(data))
        self.issue(code)
        start = self.ticks_us()
        while (self.ticks_us() - start) & _TICKS < timeout_us:
            count = self.poll()
            if count:
                return count
        self.abort()
        raise OSError(errno.ETIMEDOUT)

    def issue(self, code: int) -> None:
        """Send what `writer` has begun, and wait until the chip has understood. Allocates nothing. Raises OSError."""
        self._code = code
        self._damaged = 0
        wire = self.wire
        wire.send(self.writer.finish())
        start = self.ticks_us()
        while (self.ticks_us() - start) & _TICKS < _ACK_US:
            if wire.poll() == ACK:
                return
        raise OSError(errno.ETIMEDOUT)

    def poll(self) -> int:
        """Length of `reply` if the answer has come, else 0. Allocates nothing.

        Raises OSError(EIO) if it stays damaged, belongs to another command, or says that the chip did not understand.
        """
        wire = self.wire
        kind = wire.poll()
        if kind == BODY:
            reader = wire.reader
            copy(self.reply, 0, wire.buffer, reader.body_at, reader.body_count)
            if reader.body_count > 1 and self.reply[0] == _FROM_CHIP and self.reply[1] == self._code + 1:
                self._damaged = 0
                return reader.body_count
            if self.reply[0] == _SYNTAX_ERROR:
                raise OSError(errno.EIO)
            kind = DAMAGED
        if kind == DAMAGED:
            self._damaged += 1
            if self._damaged > _RESENDS:
                raise OSError(errno.EIO)
            wire.send(NACK_FRAME)
        return 0

    def abort(self) -> None:
        """End the command under way, and forget its answer. Raises OSError."""
        self.wire.send(ACK_FRAME)
        self._delay_us(_ABORT_US)
        self.wire.flush()
