"""Commands and answers of ISO 7816-4 in parts that fit a GATT value (docs/bluetooth.md "Payment service").

A part is one byte, FIRST and LAST or-ed to a counter, and then at least one byte of the APDU.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterator

FIRST = const(0x80)
LAST = const(0x40)
_COUNTER = const(0x3F)

COMMAND_BYTES = const(261)
"""Longest short command, ISO/IEC 7816-4 section 5.1: header 4, Lc 1, data 255, Le 1."""
RESPONSE_BYTES = const(258)
"""Longest short answer: data 256, SW1 SW2."""
_LEAST_COMMAND = const(4)
NONSENSE = const(-1)


class CommandParts:
    """Puts one command together. `data` holds it once `add` has said how long it is."""

    def __init__(self) -> None:
        self.data = bytearray(COMMAND_BYTES)
        self._length = 0
        self._counter = NONSENSE
        """Of the next part; NONSENSE while none is expected."""

    def add(self, part: memoryview) -> int:
        """Take a part: 0 if more must come, the command's length with the last, NONSENSE if it does not fit.

        After NONSENSE only a first part begins anew; further ones of the bad command are NONSENSE again.
        """
        size = len(part) - 1
        head = part[0] if size > 0 else 0
        if head & FIRST:
            self._length = self._counter = 0
        length = self._length + size
        if size < 1 or head & _COUNTER != self._counter or length > COMMAND_BYTES:
            self._counter = NONSENSE
            return NONSENSE
        self.data[self._length : length] = part[1:]
        self._length = length
        if not head & LAST:
            self._counter += 1
            return 0
        self._counter = NONSENSE
        return length if length >= _LEAST_COMMAND else NONSENSE


def response_parts(reply: bytearray, size: int, room: int) -> "Iterator[bytes]":
    """The parts of an answer of `size` bytes, each at most `room` bytes, which are at least 20."""
    step = room - 1
    for counter, at in enumerate(range(0, size, step)):
        end = min(at + step, size)
        head = counter | (0 if at else FIRST) | (LAST if end == size else 0)
        yield bytes((head,)) + bytes(reply[at:end])
