"""`machine.I2S` and `machine.UART` of the ESP32 port, joined to what a board has there."""

from micropython import const

from board.simulator.esp32s3.hardware import current
from board.simulator.esp32s3.pin import Pin, gpio

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Buffer = bytes | bytearray | memoryview

_CONTROLLERS = const(2)
_PORTS = const(3)
_US = const(1_000_000)


class I2S:
    """Sound in or out; always standard frames. A wiring's object at (SCK, SD) gives or takes bytes."""

    RX = 1
    TX = 2
    MONO = 0
    STEREO = 1

    def __init__(
        self,
        id: int,  # noqa: A002 # so called by the port
        *,
        sck: "Pin | int",
        ws: "Pin | int",
        sd: "Pin | int",
        mode: int,
        bits: int,
        format: int,  # noqa: A002 # so called by the port
        rate: int,
        ibuf: int,
    ) -> None:
        """Raises ValueError for a controller there is not, or a wrong format."""
        if not 0 <= id < _CONTROLLERS:
            raise ValueError("invalid id")
        self._wires = gpio(sck), gpio(sd)
        self.word_select = gpio(ws)
        if bits not in (16, 32) or mode not in (self.RX, self.TX) or format not in (self.MONO, self.STEREO):
            raise ValueError("invalid bits, mode or format")
        self.rate, self.bits, self.mode, self.format, self.buffer_bytes = rate, bits, mode, format, ibuf
        self._handler: "Callable[[I2S], object] | None" = None
        self._other = current().i2s.get(self._wires)  # type: ignore[arg-type] # both are pins

    def irq(self, handler: "Callable[[I2S], object]") -> None:
        """Do not wait any more: call back once a buffer is full or sent, when its time has passed."""
        self._handler = handler

    def readinto(self, buf: "bytearray | memoryview") -> int:
        """Fill the buffer; silence where nobody speaks."""
        self._after(buf, self._give)
        return len(buf)

    def write(self, buf: "Buffer") -> int:
        """Play the buffer."""
        self._after(buf, self._take)
        return len(buf)

    def _give(self, buf: "bytearray | memoryview") -> None:
        if self._other:
            self._other.give(self, buf)  # type: ignore[attr-defined] # what a wiring puts there
        else:
            buf[:] = bytes(len(buf))

    def _take(self, buf: "Buffer") -> None:
        if self._other:
            self._other.take(self, buf)  # type: ignore[attr-defined] # what a wiring puts there

    def _after(self, buf: "Any", move: "Callable[[Any], None]") -> None:
        """Move the bytes when their time has passed: at once for a caller who waits, later for one who is called."""
        channels = 2 if self.format == self.STEREO else 1
        us = len(buf) * 8 * _US // (self.rate * self.bits * channels)
        hardware = current()
        if self._handler is None:
            hardware.time.advance_us(us)
            move(buf)
            return

        def over() -> None:
            handler = self._handler
            if handler is not None:
                move(buf)
                handler(self)

        hardware.counters.at(us, over)

    def deinit(self) -> None:
        """Stop."""
        self._handler = self._other = None


class UART:
    """A serial line; what is on the other side is a list of what came and a buffer of what is said."""

    def __init__(
        self,
        id: int,  # noqa: A002 # so called by the port
        baudrate: int = 115_200,
        *,
        tx: "Pin | int | None" = None,
        rx: "Pin | int | None" = None,
        rxbuf: int = 256,
        timeout: int = 0,
    ) -> None:
        """Raises ValueError for a line there is not."""
        if not 0 <= id < _PORTS:
            raise ValueError("UART(%d) does not exist" % id)
        key = ("UART wires", gpio(tx), gpio(rx))
        self._said: bytearray
        self._heard: bytearray
        self._said, self._heard = current().objects.setdefault(key, (bytearray(), bytearray()))  # type: ignore[misc] # a pair

    def any(self) -> int:
        """Bytes that wait."""
        return len(self._said)

    def read(self, nbytes: int = -1) -> "bytes | None":
        """What waits, at most `nbytes`; None if nothing does."""
        count = len(self._said) if nbytes < 0 else min(nbytes, len(self._said))
        found = bytes(self._said[:count])
        self._said[:] = self._said[count:]
        return found or None

    def readinto(self, buf: "bytearray | memoryview") -> "int | None":
        """Fill what can be filled; None if nothing waits."""
        found = self.read(len(buf))
        if not found:
            return None
        buf[: len(found)] = found
        return len(found)

    def write(self, buf: "Buffer") -> int:
        """Send."""
        self._heard.extend(bytes(buf))
        return len(buf)

    def deinit(self) -> None:
        """Let the wires go."""
        self._heard = bytearray()
