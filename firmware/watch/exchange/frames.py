"""Whole messages out of a byte stream: each has its length in front, two bytes, big-endian."""

from micropython import const

from watch.exchange.messages import MAX_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

_LENGTH_BYTES = const(2)


class Frames:
    """Collects bytes and gives back messages.

    A length over the maximum cannot be skipped safely: everything up to the next `reset` is dropped.
    """

    def __init__(self) -> None:
        self._buffer = bytearray(_LENGTH_BYTES + MAX_BYTES)
        self._filled = 0
        self.broken = False

    def reset(self) -> None:
        """Start anew, after the stream was quiet or reopened."""
        self._filled = 0
        self.broken = False

    def room(self) -> int:
        """How many bytes the next `add` takes at most."""
        return len(self._buffer) - self._filled

    def add(self, data: "bytes | memoryview") -> None:
        """Take bytes from the stream, `room()` at most."""
        end = self._filled + len(data)
        self._buffer[self._filled : end] = data
        self._filled = end

    def next(self) -> "Optional[bytes]":
        """The next whole message, or None if more bytes are needed."""
        if self._filled < _LENGTH_BYTES or self.broken:
            return None
        length = self._buffer[0] << 8 | self._buffer[1]
        if length > MAX_BYTES:
            self.broken = True
            return None
        end = _LENGTH_BYTES + length
        if self._filled < end:
            return None
        message = bytes(memoryview(self._buffer)[_LENGTH_BYTES:end])
        rest = self._filled - end
        self._buffer[:rest] = bytes(memoryview(self._buffer)[end : self._filled])
        self._filled = rest
        return message


def framed(message: bytes) -> bytes:
    """The bytes that carry `message` on a stream."""
    return bytes((len(message) >> 8, len(message) & 0xFF)) + message
