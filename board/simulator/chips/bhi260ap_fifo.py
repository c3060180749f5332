"""The FIFOs of a BHI260AP: events wait there until the host reads how many bytes there are, and then those.

What does not fit pushes the oldest events out, and a note about that comes first.
"""

from micropython import const

_WAKE, _QUIET = const(1), const(2)
_WAKING = (53, 57, 59, 61, 67, 139, 143)
_OVERFLOW = const(12)
_SHORT_TIME = {_WAKE: b"\xf5\x01", _QUIET: b"\xfb\x01"}
"""Before each event comes when it happened; here always a short time after the one before."""
SIZE = const(1024)
"""Bytes; that of the chip depends on its firmware."""


def event_of(number: int, data: bytes) -> "tuple[int, bytes]":
    """The channel of an event, and its bytes."""
    channel = _WAKE if number in _WAKING else _QUIET
    return channel, _SHORT_TIME[channel] + bytes((number,)) + data


class Fifo:
    """One of them."""

    def __init__(self, meta: int) -> None:
        """`meta`: number of the events by which the hub speaks of itself."""
        self._lost = bytes((meta, _OVERFLOW, 1, 0))
        self._events: "list[bytes]" = []
        self._block = bytearray()
        self._left = 0
        """Bytes of the block that is being read."""
        self.raw: "bytes | None" = None
        """What is read next in the place of anything true, with how many bytes it says there are."""

    def put(self, event: bytes) -> None:
        """An event, whole."""
        self._events.append(event)
        while sum(len(old) for old in self._events) > SIZE:
            self._events.pop(0)
            self._events[0] = self._lost

    def waits(self) -> bool:
        """True if there is something to read."""
        return bool(self._events) or bool(self._left) or self.raw is not None

    def abort(self) -> None:
        """The host does not want the rest of the block."""
        self._block, self._left, self.raw = bytearray(), 0, None

    def give(self, into: "bytearray | memoryview") -> None:
        """The next bytes. A read at the beginning of a block starts with its length."""
        if not self._left:
            self._begin()
        for place in range(len(into)):
            into[place] = self._block[place] if place < len(self._block) else 0
        self._block = self._block[len(into) :]
        self._left = max(0, self._left - len(into))

    def _begin(self) -> None:
        if self.raw is not None:
            self._block, self.raw = bytearray(self.raw), None
            told = self._block[0] | self._block[1] << 8 if len(self._block) > 1 else 0
            self._left = 2 + told
            return
        data = b"".join(self._events)
        self._events = []
        self._block = bytearray((len(data) & 0xFF, len(data) >> 8)) + data
        self._left = len(self._block)
