"""`ports.Stream` over the serial line of the USB port: `sys.stdin.buffer` and `sys.stdout.buffer`.

The stock port tells nobody that bytes wait, so a timer looks. `readinto` of the port waits for as many bytes as it was
asked for (shared/runtime/sys_stdio_mphal.c), so bytes are taken one at a time, each after a look. The host is slowed
down by USB itself while nobody reads: the port holds 260 bytes and takes no more.

In a development image the stream does what Ctrl-C does, for `mpremote`: docs/updates.md, "Development images".
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class Input(Protocol):
        """What is used of `sys.stdin.buffer`."""

        def readinto(self, into: bytearray) -> object:
            """Fill the buffer, however long that takes."""
            ...

    class Output(Protocol):
        """What is used of `sys.stdout.buffer`."""

        def write(self, data: "bytes | memoryview") -> "Optional[int]":
            """Send; how many bytes were taken."""
            ...

    class Timer(Protocol):
        """What is used of `machine.Timer`."""

        def init(self, *, mode: int, period: int, callback: "Callable[[object], object]") -> object:
            """Call back every `period` milliseconds."""
            ...


_PERIODIC = const(1)
"""`machine.Timer.PERIODIC`."""
_LOOK_MS = const(20)
_BREAK = b"\r\x03"
_QUIET_MS = const(500)
"""Before a break nothing has come for so long."""
_SILENCE_MS = const(20)
"""After it nothing comes for so long, or another 0Dh."""
_RETURN = const(0x0D)
_TICKS = const(0x3FFF_FFFF)


class UsbStream:
    """`ports.Stream`."""

    def __init__(
        self,
        source: "Input",
        sink: "Output",
        waits: "Callable[[], bool]",
        timer: "Timer",
        ticks_ms: "Callable[[], int]",
        breaks: bool,
    ) -> None:
        """`waits()`: a byte can be read at once. `breaks`: in a development image, see above."""
        self._source = source
        self._sink = sink
        self._waits = waits
        self._timer = timer
        self._ticks_ms = ticks_ms
        self._breaks = breaks
        self._one = bytearray(1)
        self._early = bytearray(3)
        self._early_count = 0
        self._last_ms = ticks_ms()
        self._callback: "Optional[Callable[[], None]]" = None

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when bytes wait."""
        self._callback = callback
        self._timer.init(mode=_PERIODIC, period=_LOOK_MS, callback=self._look)

    def read(self, into: bytearray) -> int:
        """Read what waits, at most the buffer's length. Raises KeyboardInterrupt at a break, OSError."""
        if self._breaks and self._waits() and self._since() >= _QUIET_MS:
            self._take_break()
        count = 0
        while count < len(into) and count < self._early_count:
            into[count] = self._early[count]
            count += 1
        self._early[: self._early_count - count] = self._early[count : self._early_count]
        self._early_count -= count
        while count < len(into) and self._waits():
            if not self._more():
                break  # a line that has ended: what is asked then says that there is something, for ever
            into[count] = self._one[0]
            count += 1
        return count

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises OSError."""
        rest = memoryview(data)
        while rest:
            taken = self._sink.write(rest)
            rest = rest[len(rest) if taken is None else taken :]

    def _look(self, timer: object) -> None:
        if self._callback and self._waits():
            self._callback()

    def _since(self) -> int:
        return (self._ticks_ms() - self._last_ms) & _TICKS

    def _more(self) -> bool:
        """Take one byte; False if none comes any more."""
        taken = self._source.readinto(self._one)
        self._last_ms = self._ticks_ms()
        return taken != 0

    def _take_break(self) -> None:
        """Bytes that are no break are kept for the reader."""
        self._early_count = 0
        for wanted in _BREAK:
            if not self._wait():
                return
            found = self._keep()
            if found != wanted:
                return
        if not self._wait() or self._keep() == _RETURN:
            self._early_count = 0
            raise KeyboardInterrupt

    def _wait(self) -> bool:
        """True if a byte comes within the silence."""
        start_ms = self._ticks_ms()
        while not self._waits():
            if (self._ticks_ms() - start_ms) & _TICKS >= _SILENCE_MS:
                return False
        return True

    def _keep(self) -> int:
        """The next byte; the reader gets it too, unless it is part of a break."""
        self._more()
        self._early[self._early_count] = found = self._one[0]
        self._early_count += 1
        return found
