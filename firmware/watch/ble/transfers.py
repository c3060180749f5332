"""Messages in fragments, over links that may go at any byte; docs/bluetooth.md, "Token exchange service".

Nothing here knows of Bluetooth. A transfer belongs to a bond and outlives its link, so that it can go on over the next.
"""

from micropython import const

from watch.crypto.scrub import zero
from watch.kernel.clock import ticks_diff

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

MAX_BYTES = const(4096)
"""Of a message or an answer; docs/formats.md."""
HEAD_BYTES = const(8)
"""In front of each fragment: transfer (4), length of the whole (2), offset (2)."""
NUMBER_BYTES = const(4)
STATE_BYTES = const(10)
VERSION = const(1)

NOTHING = const(0)
RECEIVING = const(1)
WORKING = const(2)
ANSWERED = const(3)
"""Phases of a transfer."""

SILENCE = const(0)
TELL = const(1)
WORK = const(2)
SEND = const(3)
"""What a fragment asks for: nothing, that the state is told, that the message is worked on, that the answer is sent."""

_QUIET_MS = const(10_000)  # a transfer on which nothing came for so long gives way to another bond
_NEXT_MS = const(
    3000
)  # after an answer: the stack has yet to send it, and a conversation goes on with the next message
_NOBODY = const(-1)
_EMPTY = bytes((VERSION, NOTHING)) + bytes(STATE_BYTES - 2)


class Transfer:
    """The one message of a bond that is under way, and then its answer, in the same buffer."""

    def __init__(self) -> None:
        self.bond = _NOBODY
        self.state = _EMPTY
        """Ten bytes for the other side. A new object after each change, so it can be read between any two steps."""
        self.phase = NOTHING
        self.send_from = 0
        """First byte of the answer that the other side lacks."""
        self.touched_ms = 0
        self._buffer = bytearray(MAX_BYTES)
        self._view = memoryview(self._buffer)
        self._number = self._worked = b""
        self._length = self._held = self._answer_bytes = 0

    @property
    def patience_ms(self) -> int:
        """How long after the last step one may expect another: 0 if there is none to come."""
        if self.phase == ANSWERED and self.send_from >= self._answer_bytes:
            return _NEXT_MS
        return _QUIET_MS if self.phase != NOTHING else 0

    def give(self, bond: int) -> None:
        """Let the slot belong to another bond."""
        self.drop()
        self._worked = b""
        self.bond = bond

    def take(self, fragment: memoryview) -> int:
        """Take a fragment; returns what it asks for."""
        if len(fragment) < HEAD_BYTES:
            return self.drop()
        number = bytes(fragment[:NUMBER_BYTES])
        length, offset = _short(fragment, NUMBER_BYTES), _short(fragment, NUMBER_BYTES + 2)
        data = fragment[HEAD_BYTES:]
        if self.phase == NOTHING or number != self._number:
            if not length or number == self._worked:
                return TELL  # a question about what is not held, or a late piece of what was answered
            self._begin(number, length)
        if not length:
            return self.drop() if len(data) else self._go_on(offset)
        if length != self._length or length > MAX_BYTES or offset + len(data) > length:
            return self.drop()
        return self._add(offset, data)

    def message(self) -> memoryview:
        """The whole message, lent until `answer`. It counts as worked on from now on, whatever comes of it."""
        self._worked = self._number
        return self._view[: self._length]

    def answer(self, data: bytes) -> None:
        """Keep the answer, at most MAX_BYTES, in the place of the message."""
        self._answer_bytes = len(data)
        self._buffer[: self._answer_bytes] = data
        self.send_from = 0
        self.phase = ANSWERED
        self._publish()

    def drop(self) -> int:
        """Hold nothing any more; the other side is to be told."""
        self.phase = NOTHING
        self._number = b""
        self._length = self._held = self._answer_bytes = self.send_from = 0
        self.state = _EMPTY
        return TELL

    def wipe(self) -> None:
        """Drop what is held, and overwrite it."""
        self.give(_NOBODY)
        zero(self._buffer)

    def put(self, into: bytearray, most: int) -> int:
        """Write the next fragment of the answer, `most` bytes at most, and count it as sent; 0 if none is left."""
        count = min(most - HEAD_BYTES, self._answer_bytes - self.send_from)
        if self.phase != ANSWERED or count <= 0:
            return 0
        into[:NUMBER_BYTES] = self._number
        _put_short(into, NUMBER_BYTES, self._answer_bytes)
        _put_short(into, NUMBER_BYTES + 2, self.send_from)
        into[HEAD_BYTES : HEAD_BYTES + count] = self._view[self.send_from : self.send_from + count]
        return HEAD_BYTES + count

    def sent(self, count: int) -> bool:
        """A fragment of `count` bytes has gone out; True while more are to come."""
        self.send_from += count - HEAD_BYTES
        return self.send_from < self._answer_bytes

    def _begin(self, number: bytes, length: int) -> None:
        self.drop()
        self._number, self._length = number, length
        self.phase = RECEIVING
        self._publish()

    def _go_on(self, offset: int) -> int:
        """The other side has `offset` bytes of the answer."""
        if self.phase != ANSWERED:
            return TELL
        if offset > self._answer_bytes:
            return self.drop()
        self.send_from = offset
        return SEND if offset < self._answer_bytes else TELL

    def _add(self, offset: int, data: memoryview) -> int:
        if self.phase != RECEIVING or offset != self._held or not len(data):
            return TELL
        self._buffer[offset : offset + len(data)] = data
        self._held += len(data)
        if self._held == self._length:
            self.phase = WORKING
        self._publish()
        return WORK if self.phase == WORKING else SILENCE

    def _publish(self) -> None:
        state = bytearray(STATE_BYTES)
        state[0], state[1] = VERSION, self.phase
        state[2 : 2 + NUMBER_BYTES] = self._number
        _put_short(state, 6, self._held)
        _put_short(state, 8, self._answer_bytes)
        self.state = bytes(state)


class Transfers:
    """Two transfers, for two bonds at once. `ticks_ms` tells how long one has been quiet."""

    def __init__(self, ticks_ms: "Callable[[], int]") -> None:
        self._ticks_ms = ticks_ms
        self.moved: "Callable[[], None]" = _nobody
        """Called whenever something was received or sent."""
        self._slots = (Transfer(), Transfer())

    def of(self, bond: int) -> "Optional[Transfer]":
        """The transfer of this bond, None if it has none."""
        for slot in self._slots:
            if slot.bond == bond:
                return slot
        return None

    def state(self, bond: int) -> bytes:
        """What a device reads from the state characteristic."""
        slot = self.of(bond)
        return _EMPTY if slot is None else slot.state

    def take(self, bond: int, fragment: memoryview) -> int:
        """Take a fragment from a bond; returns what it asks for. While two others are busy it is thrown away."""
        slot = self.of(bond) or self._free()
        if slot is None:
            return TELL
        if slot.bond != bond:
            slot.give(bond)
        wanted = slot.take(fragment)
        self.touch(slot)
        return wanted

    def touch(self, transfer: Transfer) -> None:
        """A transfer has moved on."""
        transfer.touched_ms = self._ticks_ms()
        self.moved()

    def busy_ms(self) -> int:
        """Milliseconds until nothing more is to be expected of any transfer; 0 if that is so now."""
        now_ms, most_ms = self._ticks_ms(), 0
        for slot in self._slots:
            passed_ms = ticks_diff(now_ms, slot.touched_ms)
            if passed_ms >= 0:  # else nobody has looked for days
                most_ms = max(most_ms, slot.patience_ms - passed_ms)
        return most_ms

    def forget(self, bond: int) -> None:
        """The bond is no more, and its number may become that of another one."""
        slot = self.of(bond)
        if slot is not None:
            slot.wipe()

    def clear(self) -> None:
        """Hold nothing for anybody, and overwrite what was held: the watch erases itself."""
        for slot in self._slots:
            slot.wipe()
        self.moved()

    def _free(self) -> "Optional[Transfer]":
        """A slot without a transfer, else the older one of those that are quiet."""
        now_ms, found = self._ticks_ms(), None
        for slot in self._slots:
            if slot.phase == NOTHING:
                return slot
            quiet = not 0 <= ticks_diff(now_ms, slot.touched_ms) < _QUIET_MS
            if quiet and (found is None or ticks_diff(slot.touched_ms, found.touched_ms) < 0):
                found = slot
        return found


def _nobody() -> None:
    """Nobody wants to know."""


def _short(data: memoryview, at: int) -> int:
    return data[at] << 8 | data[at + 1]


def _put_short(data: bytearray, at: int, value: int) -> None:
    data[at], data[at + 1] = value >> 8, value & 0xFF
