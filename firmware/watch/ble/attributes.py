"""An answer of the Apple Notification Center Service, put together from the notifications that carry it.

The answer repeats the head of the question; then each attribute has its number (1), its length (2, low byte first) and
its bytes. Nothing says where it ends but the number of attributes.
"""

from micropython import const

from watch.kernel.errors import InputError
from watch.kernel.loop import Flag

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

MOST_BYTES = const(1536)
"""Of one answer: everything that is asked for at its longest, with heads."""
_ATTRIBUTE_HEAD_BYTES = const(3)


class Answer:
    """One answer at a time. What comes while none is expected is dropped."""

    def __init__(self) -> None:
        """Nothing is expected."""
        self._buffer = bytearray(MOST_BYTES)
        self._filled = 0
        self._head = b""
        self._kinds: "tuple[int, ...]" = ()
        self._expecting = self._spoilt = False
        self._news = Flag()

    def expect(self, head: bytes, kinds: "tuple[int, ...]") -> None:
        """The next answer begins with `head` and has attributes of these numbers, in this order."""
        self._head, self._kinds = head, kinds
        self._filled, self._spoilt, self._expecting = 0, False, True
        self._news.clear()

    def stop(self) -> None:
        """Nobody waits any more."""
        self._expecting = False

    def add(self, piece: bytes) -> None:
        """A notification of the data source."""
        end = self._filled + len(piece)
        if not self._expecting:
            return
        if end > MOST_BYTES:
            self.spoil()
            return
        self._buffer[self._filled : end] = piece
        self._filled = end
        self._news.set()

    def spoil(self) -> None:
        """A piece was lost: the answer cannot be put together any more."""
        self._spoilt = True
        self._news.set()

    async def whole(self) -> "list[bytes]":
        """The bytes of each attribute, once all are there. Raises InputError for an answer to something else."""
        while True:
            await self._news.wait()
            found = self._look()
            if found is not None:
                return found

    def _look(self) -> "Optional[list[bytes]]":
        """The attributes, or None while some are missing."""
        if self._spoilt:
            raise InputError("a piece of the answer was lost")
        at = len(self._head)
        known = min(at, self._filled)
        if self._buffer[:known] != self._head[:known]:
            raise InputError("an answer to another question")
        found: "list[bytes]" = []
        for kind in self._kinds:
            start = at + _ATTRIBUTE_HEAD_BYTES
            if start > self._filled:
                return None
            if self._buffer[at] != kind:
                raise InputError("another attribute than was asked for")
            at = start + (self._buffer[at + 1] | self._buffer[at + 2] << 8)
            if at > self._filled:
                return None
            found.append(bytes(self._buffer[start:at]))
        return found
