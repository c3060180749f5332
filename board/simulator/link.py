"""The watch's end of the host link.

The host hands the watch one end of a socket pair as an open file, so no other program can join. Both ends trust each
other as chip and wire do; what does not parse is a bug and ends the watch with a clear error.
"""

import asyncio
import errno
import select
import struct

from micropython import const

from board.simulator import frames

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Stream(Protocol):
        """An open non-blocking file or socket; both calls return None when they would have to wait."""

        def readinto(self, into: memoryview) -> "int | None":
            """Read what is there; 0 at the end of the stream."""
            ...

        def write(self, data: bytes, offset: int, size: int) -> "int | None":
            """Write as much of `size` bytes from `offset` as fits."""
            ...


_DEADLINE_MS = const(5000)
"""Longest wait for the rest of a frame or for an answer: flash access on the host takes well under a second."""
_FIRST_BUFFER_BYTES = const(8192)
"""Two flash sectors; the buffer grows when a longer frame comes."""


class Link:
    """Frames over one non-blocking stream."""

    def __init__(self, stream: "Stream") -> None:
        """Take over `stream`."""
        self._stream = stream
        self._poll = select.poll()
        self._poll.register(stream, select.POLLIN)
        self._header_out = bytearray(frames.HEADER_BYTES)
        self._header_in = bytearray(frames.HEADER_BYTES)
        self._buffer = bytearray(_FIRST_BUFFER_BYTES)
        self._handlers = {}
        self._asked = 0
        self._answered = 0
        self._early = {}

    def handle(self, kind: int, function: "Callable[[memoryview], None]") -> None:
        """Call `function(payload)` for each frame of this kind; the payload is lent for the call."""
        self._handlers[kind] = function

    def send(self, kind: int, first: bytes, second: bytes = b"", size: int = 0) -> None:
        """Send one frame: `first`, then `size` bytes of `second`. Allocates nothing while the host reads.

        Raises OSError when the host is gone or has stopped reading.
        """
        struct.pack_into(">BI", self._header_out, 0, kind, len(first) + size)
        self._write(self._header_out, frames.HEADER_BYTES)
        self._write(first, len(first))
        self._write(second, size)

    def call(self, kind: int, first: bytes, second: bytes = b"", size: int = 0) -> memoryview:
        """Send one frame and wait for its REPLY; frames that come in between are handled at once.

        A handler may call in turn. The host answers in order, so the answer to the call outside comes first and is kept
        for it. Returns what was read, lent until the next frame. Raises OSError with the number the host gave.
        """
        self.send(kind, first, second, size)
        self._asked += 1
        turn = self._asked
        while True:
            if turn in self._early:
                return _read(self._early.pop(turn))
            got, payload = self._receive()
            if got != frames.REPLY:
                self._dispatch(got, payload)
                continue
            self._answered += 1
            if self._answered == turn:
                return _read(payload)
            self._early[self._answered] = memoryview(bytes(payload))

    def first(self, kind: int) -> bytes:
        """Wait for the first frame, which must be of this kind. Raises OSError or ValueError."""
        got, payload = self._receive()
        if got != kind:
            raise ValueError(f"host link: frame 0x{got:02x} came before the configuration")
        return bytes(payload)

    async def run(self) -> None:
        """Serve incoming frames until the host goes away, which is an OSError."""
        while True:
            await self._readable()
            while self._waiting(select.POLLIN, 0):
                got, payload = self._receive()
                self._dispatch(got, payload)

    def serve(self, limit_ms: int) -> None:
        """Without a loop: wait for frames, `limit_ms` at most, and handle those that have come. Raises OSError."""
        while self._waiting(select.POLLIN, limit_ms):
            got, payload = self._receive()
            self._dispatch(got, payload)
            limit_ms = 0

    def _readable(self) -> "Any":
        # A generator, which MicroPython awaits; asyncio's own streams wait like this. They would also read, and a
        # half-read frame must not be left behind.
        yield asyncio.core._io_queue.queue_read(self._stream)

    def _dispatch(self, kind: int, payload: memoryview) -> None:
        handler = self._handlers.get(kind)
        if handler is None:
            raise ValueError(f"host link: unexpected frame 0x{kind:02x}")
        handler(payload)

    def _receive(self) -> "tuple[int, memoryview]":
        self._read(memoryview(self._header_in), frames.HEADER_BYTES)
        kind, length = struct.unpack(">BI", self._header_in)
        if length > frames.MAX_PAYLOAD:
            raise ValueError(f"host link: a frame of {length} bytes")
        if length > len(self._buffer):
            self._buffer = bytearray(length)
        payload = memoryview(self._buffer)[:length]
        self._read(payload, length)
        return kind, payload

    def _read(self, into: memoryview, size: int) -> None:
        done = 0
        while done < size:
            self._wait(select.POLLIN)
            count = self._stream.readinto(into[done:])
            if count == 0:
                raise OSError(errno.ECONNRESET)
            done += count or 0

    def _write(self, data: bytes, size: int) -> None:
        done = 0
        while done < size:
            count = self._stream.write(data, done, size - done)
            if not count:
                self._wait(select.POLLOUT)
            else:
                done += count

    def _wait(self, direction: int) -> None:
        if not self._waiting(direction, _DEADLINE_MS):
            raise OSError(errno.ETIMEDOUT)

    def _waiting(self, direction: int, timeout_ms: int) -> bool:
        self._poll.modify(self._stream, direction)
        for _ in self._poll.ipoll(timeout_ms):
            return True
        return False


def _read(reply: memoryview) -> memoryview:
    """What was read, behind the number of the error. Raises OSError."""
    (code,) = struct.unpack_from(">B", reply)
    if code:
        raise OSError(code)
    return reply[1:]
