"""Writes on their way from the interrupt to the radio's task.

One side puts, the other takes, and neither waits for the other: an interrupt may come between any two steps of the
task. Each moves only its own end. A record lies in one piece, so that its bytes can be lent without a copy.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

BYTES = const(8192)
"""Room for all links together: sixteen of the longest writes of the token exchange, or 400 lines of a phone."""

_HEAD_BYTES = const(6)  # serial number of the link, handle, length; two bytes each
_SKIP = const(0xFFFF)  # in place of a length: the next record lies at the beginning


class Ring:
    """Records of (serial, handle, bytes), oldest first. After `next`, their parts are in the fields of that name."""

    def __init__(self, size: int = BYTES) -> None:
        """`size`: bytes of all records with their heads."""
        self._bytes = bytearray(size)
        self._view = memoryview(self._bytes)
        self._put = self._take = 0
        self.serial = self.handle = 0
        self.data = self._view[:0]

    def put(self, serial: int, handle: int, data: "Union[bytes, memoryview]") -> bool:
        """Append a record; False, and nothing is changed, if there is no room. For the interrupt."""
        length = len(data)
        at = self._place(_HEAD_BYTES + length)
        if at < 0:
            return False
        self._head(at, serial, handle, length)
        end = at + _HEAD_BYTES + length
        self._bytes[at + _HEAD_BYTES : end] = data
        self._put = end  # last: from now on the task sees it
        return True

    def next(self) -> bool:
        """Go to the oldest record; False if there is none. It stays where it is until `done`."""
        if self._take == self._put:
            return False
        at = self._take
        if len(self._bytes) - at < _HEAD_BYTES or self._number(at + 4) == _SKIP:
            at = self._take = 0
        self.serial, self.handle = self._number(at), self._number(at + 2)
        start = at + _HEAD_BYTES
        self.data = self._view[start : start + self._number(at + 4)]
        return True

    def done(self) -> None:
        """The oldest record is not needed any more. Its bytes may be overwritten from now on."""
        self._take += _HEAD_BYTES + len(self.data)
        self.data = self._view[:0]

    def _place(self, need: int) -> int:
        """Where a record of `need` bytes goes, or -1. Never fills the ring: that would look like an empty one."""
        put, take, size = self._put, self._take, len(self._bytes)
        if put < take:
            return put if put + need < take else -1
        if put + need <= size:
            return put
        if need >= take:
            return -1
        if size - put >= _HEAD_BYTES:
            self._head(put, 0, 0, _SKIP)
        return 0

    def _head(self, at: int, serial: int, handle: int, length: int) -> None:
        """Write three numbers."""
        into = self._bytes
        into[at], into[at + 1] = serial >> 8, serial & 0xFF
        into[at + 2], into[at + 3] = handle >> 8, handle & 0xFF
        into[at + 4], into[at + 5] = length >> 8, length & 0xFF

    def _number(self, at: int) -> int:
        return self._bytes[at] << 8 | self._bytes[at + 1]
