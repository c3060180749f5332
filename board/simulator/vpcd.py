"""Card link to vpcd, the virtual smart card reader of PC/SC (vsmartcard): the watch connects to the reader's TCP port.

Each way a message is a 2-byte big-endian length and that many bytes. One byte from the reader is a command of its own:
0 power off, 1 power on, 2 reset, 4 send the ATR; only the last is answered.
"""

import asyncio
import asyncio.core
import errno
import select
import socket
import struct

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.nfc.isodep import Card

    class LinkedCard(Card):
        """A card that wants to look at what happened."""

        def served(self) -> None:
            """A command or the power was dealt with."""
            ...

        def silent(self) -> bool:
            """True while no reader is answered."""
            ...


_ATR = b"\x3b\x80\x80\x01\x01"
"""What PC/SC part 3 section 3.1.3.2.3 gives a contactless card without historical bytes; allows T=0 and T=1."""
_POWER_OFF = const(0)
_POWER_ON = const(1)
_RESET = const(2)
_SEND_ATR = const(4)
_GET_UID = b"\xff\xca\x00\x00"
"""Pseudo command of PC/SC part 3 section 3.2.2.1.3. A real reader answers it; vpcd passes it to the card."""
_OK = b"\x90\x00"

_REQUEST_BYTES = const(262)
_REPLY_BYTES = const(258)
_TCP = const(6)
_TCP_QUICKACK = const(12)
"""vpcd sends length and body apart, so each command would wait 40 ms for our delayed acknowledgement. Linux clears the
option after a while, hence again before each read."""
_REST_MS = const(1000)
"""Longest wait for the rest of a message."""
_RETRY_MS = const(500)
"""Between attempts to connect: pcscd may start later or come back."""


class VpcdLink:
    """Serves one card through the virtual reader. While the card is silent there is none in the reader."""

    def __init__(self, host: str, port: int, card: "LinkedCard", uid: bytes) -> None:
        """`uid` is what the reader's own command for the UID reports."""
        self._address = socket.getaddrinfo(host, port)[0][-1]
        self._card = card
        self._uid = uid
        self._request = bytearray(_REQUEST_BYTES)
        self._reply = bytearray(_REPLY_BYTES)
        self._header = bytearray(2)
        self._powered = False
        self._selected = False

    async def run(self) -> None:
        """The task: connect, serve, and connect again when the reader goes away; for ever."""
        while True:
            try:
                if self._card.silent():
                    raise OSError(errno.ENODEV)
                stream = self._connect()
            except OSError:  # no reader yet, or no card: it simply is in no reader's field
                await asyncio.sleep_ms(_RETRY_MS)
                continue
            try:
                await self._serve(stream)
            except OSError:  # the reader went away; run() connects again
                await asyncio.sleep_ms(_RETRY_MS)
            finally:
                stream.close()
                self._power(False)

    def _connect(self) -> "socket.socket":
        stream = socket.socket()
        try:
            stream.connect(self._address)
        except OSError:
            stream.close()
            raise
        stream.setblocking(False)
        return stream

    async def _serve(self, stream: "socket.socket") -> None:
        """Until the reader goes away, or the card: vpcd asks for the ATR often enough to notice."""
        poll = select.poll()
        poll.register(stream, select.POLLIN)
        while True:
            await _readable(stream)
            length = self._receive(stream, poll)
            if self._card.silent():
                return
            answer = self._handle(length)
            if answer:
                stream.write(struct.pack(">H", len(answer)) + answer)
            self._card.served()

    def _receive(self, stream: "socket.socket", poll: "select.poll") -> int:
        """One message into the request buffer; its length. Too long ones are cut, and the card refuses them."""
        _read(stream, poll, memoryview(self._header))
        length = self._header[0] << 8 | self._header[1]
        kept = min(length, _REQUEST_BYTES)
        _read(stream, poll, memoryview(self._request)[:kept])
        for _ in range(length - kept):
            _read(stream, poll, memoryview(self._header)[:1])
        return kept

    def _handle(self, length: int) -> bytes:
        """The answer to one message; empty if there is none."""
        request = self._request
        if length == 1:
            return self._control(request[0])
        if length == 5 and request[:4] == _GET_UID:
            return self._uid + _OK
        if self._powered and not self._selected:
            # Not before the first command: after a reset the watch first settles what came before, then may arm again.
            self._card.select()
            self._selected = True
        return bytes(self._reply[: self._card.apdu(request, length, self._reply)])

    def _control(self, command: int) -> bytes:
        if command == _SEND_ATR:
            return _ATR
        if command in (_POWER_OFF, _POWER_ON, _RESET):
            self._power(False)
            self._power(command != _POWER_OFF)
        return b""

    def _power(self, on: bool) -> None:
        self._powered = on
        if self._selected and not on:
            self._selected = False
            self._card.deselect()
            self._card.served()


def _readable(stream: "socket.socket") -> "Any":
    # How asyncio's own streams wait; they cannot set the socket option between two reads.
    yield asyncio.core._io_queue.queue_read(stream)


def _read(stream: "socket.socket", poll: "select.poll", into: memoryview) -> None:
    """Fill the buffer. Raises OSError when the reader is gone or has stopped in the middle of a message."""
    done = 0
    while done < len(into):
        stream.setsockopt(_TCP, _TCP_QUICKACK, 1)
        if not any(True for _ in poll.ipoll(_REST_MS)):
            raise OSError(errno.ETIMEDOUT)
        count = stream.readinto(into[done:])
        if count == 0:
            raise OSError(errno.ECONNRESET)
        done += count or 0
