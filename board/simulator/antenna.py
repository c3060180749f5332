"""The simulated antenna: `ports.Nfc` over the `udp:` device protocol of nfcpy.

The watch binds the port; readers send text datagrams: `106A <hex>` is one frame without CRC, `RFOFF` the end of their
field. ISO/IEC 14443-3 (REQA, anticollision, SELECT) is answered here, as a radio chip does in hardware; frames after
SELECT go to the watch. A datagram in another technology (`106B`, `212F` ...) is a field without anything for us.
"""

import asyncio
import asyncio.core
import binascii
import select
import socket

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple

    Datagram = Tuple[bytes, Any]

_TECHNOLOGY = b"106A"
_FIELD_OFF = b"RFOFF"
_DATAGRAM_BYTES = const(1024)
_FRAME_BYTES = const(254)
"""Longest frame without CRC that the watch's radio takes (FSC 256); longer ones are lost, as on the board."""

_REQA = const(0x26)
_WUPA = const(0x52)
_ANTICOLLISION = b"\x93\x20"
_SELECT = b"\x93\x70"

# States of ISO/IEC 14443-3 section 6.3.
_IDLE = const(0)
_READY = const(1)
_ACTIVE = const(2)
_HALT = const(3)


class Antenna:
    """One radio, one reader at a time."""

    def __init__(self, host: str, port: int) -> None:
        """Bind `host:port`. Raises OSError, for example EADDRINUSE."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(socket.getaddrinfo(host, port)[0][-1])
        self._socket.setblocking(False)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._callback: "Optional[Callable[[], None]]" = None
        self._taken = asyncio.Event()
        self._armed = False
        self._uid = self._atqa = self._sak = b""
        self._state = _IDLE
        self._field = False
        self._reader: "Any" = None
        self._ahead: "Optional[Datagram]" = None
        """What began a new field, kept while the end of the old one is reported."""

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when a field appears or a frame waits while nobody is in `receive`. Needs `pump` to run."""
        self._callback = callback

    async def pump(self) -> None:
        """The task that watches the socket while nobody is in `receive`."""
        while True:
            await self._readable()
            self._taken.clear()
            if self._callback is None:
                self._next(0)
            else:
                self._callback()
                await self._taken.wait()

    def arm(self, uid: bytes, atqa: bytes, sak: int) -> None:
        """Answer readers with this UID (4 bytes), ATQA (low byte first) and SAK. Raises ValueError."""
        if len(uid) != 4 or len(atqa) != 2:
            raise ValueError("antenna: UID of 4 and ATQA of 2 bytes")
        self._uid = uid + bytes((uid[0] ^ uid[1] ^ uid[2] ^ uid[3],))
        self._atqa = atqa
        self._sak = bytes((sak,))
        self._armed = True

    def disarm(self) -> None:
        """Answer no reader any more."""
        self._armed = False
        self._state = _IDLE

    def field(self) -> bool:
        """True while a reader's field is on."""
        return self._field

    def receive(self, frame: bytearray, timeout_us: int) -> int:
        """Wait for one frame after SELECT: its length, 0 at the timeout, -1 when the field went off."""
        timeout_ms = (timeout_us + 999) // 1000
        while True:
            got = self._next(timeout_ms)
            if got is None:
                return 0
            datagram, reader = got
            if datagram == _FIELD_OFF:
                if reader == self._reader and self._end_field():
                    return -1
                continue
            data = _frame(datagram)
            if self._begins_field(data, reader) and self._end_field():
                self._ahead = got
                if self._callback:
                    self._callback()
                return -1
            self._field = True
            self._reader = reader
            if self._state != _ACTIVE:
                self._anticollision(data)
            elif 0 < len(data) <= _FRAME_BYTES:
                for i in range(len(data)):
                    frame[i] = data[i]
                return len(data)

    def transmit(self, frame: bytearray, length: int) -> None:
        """Send `length` bytes to the reader."""
        self._send(memoryview(frame)[:length])

    def halt(self) -> None:
        """Go to the HALT state: only WUPA wakes the card again."""
        self._state = _HALT

    def _readable(self) -> "Any":
        # How asyncio's own streams wait; they have no datagrams.
        yield asyncio.core._io_queue.queue_read(self._socket)

    def _next(self, timeout_ms: int) -> "Optional[Datagram]":
        """The next datagram and who sent it; None at the timeout."""
        self._taken.set()
        ahead = self._ahead
        if ahead is not None:
            self._ahead = None
            return ahead
        for _ in self._poll.ipoll(timeout_ms):
            return self._socket.recvfrom(_DATAGRAM_BYTES)
        return None

    def _send(self, data: "bytes | memoryview") -> None:
        self._socket.sendto(_TECHNOLOGY + b" " + binascii.hexlify(data), self._reader)

    def _begins_field(self, data: bytes, reader: "Any") -> bool:
        """A reader that polls again has switched its field off, whether or not it said so."""
        return reader != self._reader or (self._state == _ACTIVE and len(data) == 1 and data[0] in (_REQA, _WUPA))

    def _end_field(self) -> bool:
        """Forget the reader; True if there was one."""
        was_on = self._field
        self._field = False
        self._state = _IDLE
        return was_on

    def _anticollision(self, data: bytes) -> None:
        """Answer as the radio chip does, up to SELECT."""
        if not self._armed:
            return
        if len(data) == 1:
            if data[0] == _WUPA or (data[0] == _REQA and self._state != _HALT):
                self._state = _READY
                self._send(self._atqa)
        elif self._state == _READY and data == _ANTICOLLISION:
            self._send(self._uid)
        elif self._state == _READY and data[:2] == _SELECT and data[2:] == self._uid:
            self._state = _ACTIVE
            self._send(self._sak)


def _frame(datagram: bytes) -> bytes:
    """The frame in a datagram of type A at 106 kbit/s; empty for anything else."""
    parts = datagram.split()
    if len(parts) != 2 or parts[0] != _TECHNOLOGY:
        return b""
    try:
        return binascii.unhexlify(parts[1])
    except ValueError:  # noise on the air: a frame with errors is no frame
        return b""
